// One picture, new or of the run: the probability of each class, and where on it the network looks (Grad-CAM).

import { ClassBars } from "./class_bars.js";
import { element, fill, write } from "./dom.js";
import { Panel } from "./panel.js";
import { bytesOf } from "./tensors.js";
import { Bring } from "./transfer_bring.js";

const STRONGEST = 0.62; // opacity of the warmest place

// Yellow over orange to dark red, readable on any picture: black body radiation, as far as it needs.
function warm(share) {
  return [255, Math.round(230 * (1 - share) + 30 * share), Math.round(60 * (1 - share))];
}

export class Try extends Panel {
  build() {
    this.index = null; // a position in the run's set; null: the new picture
    this.target = null;
    const mode = (name) => element("button", { type: "button", class: "lt-pick", "data-mode": name, onclick: () => this.to(name === "new" ? null : this.index ?? 0) }, this.text.try_modes[name]);
    this.modes = ["new", "own"].map(mode);
    this.number = element("input", { type: "number", min: 1, step: 1, value: 1, "aria-label": this.text.try_number, onchange: () => this.to(Math.max(0, Math.round(Number(this.number.value) || 1) - 1)) });
    const step = (by, label, sign) => element("button", { type: "button", "aria-label": label, title: label, onclick: () => this.to(Math.max(0, (this.index ?? 0) + by)) }, sign);
    this.chooser = element("span", { class: "lt-chooser" }, step(-1, this.text.picture_buttons.previous, "‹"), this.number, step(1, this.text.picture_buttons.next, "›"));
    this.heatOn = element("input", { type: "checkbox", checked: true, onchange: () => this.paint() });
    this.controls = element("div", { class: "lt-controls" }, ...this.modes, this.chooser, element("label", { title: this.text.try_heat_help }, this.heatOn, this.text.try_heat));
    this.image = element("img", { alt: this.text.try_alt });
    this.canvas = element("canvas", { "aria-hidden": "true" });
    this.verdict = element("p", { class: "lt-try-verdict", role: "status" });
    this.bars = new ClassBars(this.text.probabilities, (row, at) => this.askable(row, at));
    this.caption = element("p", { class: "lt-caption" });
    const beside = element("div", {}, this.verdict, this.bars.element, this.caption);
    this.shownPart = element("div", { class: "lt-try" }, element("div", { class: "lt-try-picture" }, this.image, this.canvas), beside);
    this.tried = null; // the fingerprint of the newest one
    this.bring = new Bring({ text: this.text, lang: this.views.data.lang, taken: (sha) => this.bringing(sha) });
    this.body.append(this.controls, this.bring.element, this.shownPart);
    this.mark();
  }

  bringing(sha) {
    this.tried = sha;
    this.to(null);
  }

  close() {
    this.bring.close();
  }

  to(index) {
    this.index = index;
    this.target = null;
    if (index !== null) this.number.value = index + 1;
    this.mark();
    this.views.ask();
    this.views.changed();
  }

  take({ index }) {
    this.to(index);
  }

  mark() {
    this.modes.forEach((one) => one.setAttribute("aria-pressed", (one.dataset.mode === "new") === (this.index === null)));
    this.chooser.hidden = this.index === null;
    this.bring.element.hidden = this.index !== null || !this.views.feed;
  }

  looks() {
    const picture = this.index === null ? this.tried && { sha: this.tried } : { index: this.index };
    return picture ? [{ name: "try", args: this.target === null ? picture : { ...picture, target: this.target } }] : [];
  }

  hint() {
    return this.views.feed && this.index === null && !this.tried ? this.text.try_none : super.hint();
  }

  async draw(theme) {
    this.mark();
    const none = !this.looks().length;
    this.shownPart.hidden = none || !this.shown;
    if (none) this.shown = null;
    await super.draw(theme);
    this.shownPart.hidden = none || !this.shown?.data;
  }

  async render({ classes, label, probabilities, target, jpeg, heat }, { step }) {
    if (this.jpeg !== jpeg) {
      this.jpeg = jpeg;
      this.image.src = `data:image/jpeg;base64,${jpeg}`;
      await this.image.decode();
    }
    const best = this.bars.show(classes, probabilities, label);
    this.bars.bars.forEach(({ row }, at) => (row.dataset.chosen = at === target));
    const said = fill(this.text.try_says, { step, said: classes[best] ?? "–", percent: (100 * (probabilities[best] ?? 0)).toFixed(0) });
    write(this.verdict, label === null ? said : `${said} ${fill(this.text.try_truth, { truth: classes[label] })}`);
    this.heat = heat;
    write(this.caption, heat ? fill(this.text.try_heat_for, { name: classes[target] }) : this.text.try_no_heat);
    this.paint();
  }

  // A class can be asked why.
  askable(row, at) {
    row.tabIndex = 0;
    row.onclick = () => this.aim(at);
    row.onkeydown = (event) => ["Enter", " "].includes(event.key) && (event.preventDefault(), this.aim(at));
  }

  aim(target) {
    this.target = target;
    this.views.ask();
    this.views.changed();
  }

  // The map lies over the picture, smoothly enlarged by the browser, its opacity the value.
  paint() {
    const { heat, canvas } = this;
    canvas.hidden = !heat || !this.heatOn.checked;
    if (canvas.hidden) return;
    canvas.width = heat.width;
    canvas.height = heat.height;
    const image = new ImageData(heat.width, heat.height);
    bytesOf(heat.values).forEach((byte, at) => image.data.set([...warm(byte / 255), Math.round(byte * STRONGEST)], 4 * at));
    canvas.getContext("2d").putImageData(image, 0, 0);
  }
}
