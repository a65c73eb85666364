// One picture, drawn by hand or from the validation set: what the network says to it, and what each layer makes of it.

import { ClassBars } from "./class_bars.js";
import { element, fill, write } from "./dom.js";
import { LayerMaps } from "./layer_maps.js";
import { Pad } from "./pad.js";
import { decoded, Panel } from "./panel.js";
import { textOf } from "./tensors.js";

const LEAST_WAIT = 125; // milliseconds between two drawings sent
const PATIENCE = 1000; // an answer that takes longer is not waited for
const WRONG = { name: "predictions", args: { order: "wrong" } };

export class Closer extends Panel {
  build() {
    this.mode = "picture";
    this.index = 0;
    this.drawing = null; // the look that holds the drawing
    this.sentAt = -Infinity;
    this.visited = new Set();
    const mode = (name) => element("button", { type: "button", "aria-pressed": name === this.mode, onclick: () => this.switch(name) }, this.text.modes[name]);
    this.modes = { draw: mode("draw"), picture: mode("picture") };
    this.bars = new ClassBars(this.text.probabilities);
    this.input = element("img", { class: "lt-input-picture", alt: this.text.input });
    this.verdict = element("p", { class: "lt-verdict", "aria-live": "polite" });
    this.maps = new LayerMaps(this.text);
    const seen = element("figure", { class: "lt-seen" }, this.input, element("figcaption", {}, this.text.input));
    this.body.append(
      element("div", { class: "lt-switch", role: "group", "aria-label": this.text.modes_label }, this.modes.draw, this.modes.picture),
      element("div", { class: "lt-closer" }, element("div", {}, this.drawTools(), this.pictureTools(), seen), element("div", {}, this.verdict, this.bars.element)),
      element("h5", {}, this.text.layers), element("p", { class: "lt-caption" }, this.text.layers_caption), this.maps.element,
    );
    this.showMode();
  }

  drawTools() {
    this.pad = new Pad({ label: this.text.pad_picture, help: this.text.pad_help, changed: () => this.drawn() });
    const pen = element("input", {
      type: "range", min: 0.5, max: 2, step: 0.1, value: 1, "aria-label": this.text.pen, oninput: (event) => (this.pad.thickness = Number(event.target.value)),
    });
    const clear = element("button", { type: "button", class: "lt-clear", onclick: () => this.pad.clear() }, this.text.clear);
    this.draw_tools = element("div", { class: "lt-tools" }, this.pad.element, element("div", { class: "lt-buttons" }, clear, element("label", { title: this.text.pen_help }, this.text.pen, pen)));
    return this.draw_tools;
  }

  pictureTools() {
    const button = (what, onclick) => element("button", { type: "button", "data-what": what, onclick }, this.text.picture_buttons[what]);
    this.number = element("input", {
      type: "number", min: 0, step: 1, value: this.index, "aria-label": this.text.index, onchange: (event) => this.to(Math.floor(Number(event.target.value))),
    });
    this.note = element("span", { class: "lt-note", role: "status" });
    this.picture_tools = element(
      "div", { class: "lt-tools lt-buttons" }, button("previous", () => this.to(this.index - 1)), this.number, button("next", () => this.to(this.index + 1)),
      button("random", () => this.to(Math.floor(Math.random() * this.pictures))), button("wrong", () => this.seek()), this.note,
    );
    return this.picture_tools;
  }

  get pictures() {
    return this.views.data.validation_pictures ?? 1;
  }

  switch(mode) {
    this.mode = mode;
    this.showMode();
    this.renew();
  }

  showMode() {
    const { mode } = this;
    for (const [name, button] of Object.entries(this.modes)) button.setAttribute("aria-pressed", name === mode);
    this.draw_tools.hidden = mode !== "draw";
    this.picture_tools.hidden = mode !== "picture";
    this.element.dataset.mode = mode;
  }

  take({ index }) {
    this.to(index);
    this.switch("picture");
  }

  to(index) {
    this.index = ((index % this.pictures) + this.pictures) % this.pictures || 0;
    this.number.value = this.index;
    write(this.note, "");
    this.renew();
  }

  renew() {
    this.views.ask();
    this.views.changed();
  }

  looks() {
    const look = this.mode === "draw" ? this.drawing : { name: "picture", args: { index: this.index } };
    return [...(look ? [look] : []), ...(this.seeking ? [WRONG] : [])];
  }

  // While the answer to the newest stroke is under way, the last one stays.
  answer() {
    if (this.mode === "draw") return this.drawing && (this.views.answer(this.drawing) ?? (this.shown?.args.pixels ? this.shown : undefined));
    return this.views.answer(this.looks()[0]);
  }

  hint() {
    return this.views.feed && this.mode === "draw" ? this.text.draw_first : super.hint();
  }

  async draw(theme) {
    const { shape, classes = [] } = this.views.status ?? {};
    if (shape?.length) this.pad.fit(shape[1], shape[2]);
    this.pad.call(classes.length && classes.every((name) => /^\d$/.test(name)) ? this.text.pad_digit : this.text.pad_picture);
    this.send();
    this.sought();
    if (this.mode === "draw" && !this.drawing) this.clear();
    await super.draw(theme);
  }

  clear() {
    this.shown = null;
    this.problem.hidden = true;
    this.maps.clear();
    this.input.removeAttribute("src");
    write(this.verdict, "");
    this.bars.clear();
    this.element.dataset.kind = "empty";
  }

  // ---- the drawing: sent a few times a second, and not before the last one was answered

  drawn() {
    this.pending = true;
    this.send();
  }

  send() {
    if (!this.pending) return;
    const passed = performance.now() - this.sentAt;
    const unanswered = this.drawing && !this.views.answer(this.drawing);
    const wait = (unanswered ? PATIENCE : LEAST_WAIT) - passed;
    clearTimeout(this.timer);
    if (wait > 0) {
      this.timer = setTimeout(() => this.send(), wait); // an answer comes here sooner, by way of draw()
      return;
    }
    this.pending = false;
    this.sentAt = performance.now();
    this.drawing = this.pad.blank ? null : { name: "picture", args: { pixels: textOf(this.pad.pixels()) } };
    this.renew();
  }

  close() {
    clearTimeout(this.timer);
  }

  // ---- the next mistake: asked for when the button is pressed

  seek() {
    this.seeking = true;
    this.before = this.views.answer(WRONG);
    this.renew();
  }

  sought() {
    const found = this.seeking && this.views.answer(WRONG);
    const current = found && (found !== this.before || found.step === this.views.status?.step);
    if (!current) return;
    this.seeking = false;
    this.visited.add(this.index);
    const wrong = found.data?.index ?? [];
    if (wrong.every((index) => this.visited.has(index))) this.visited = new Set([this.index]);
    const next = wrong.find((index) => !this.visited.has(index));
    if (next !== undefined) this.to(next);
    else this.renew();
    write(this.note, next === undefined ? (found.error ?? this.text.no_wrong) : "");
  }

  // ---- the answer

  async render({ classes, label, probabilities, input, layers }, { step }) {
    if (input.png !== this.png || !this.input.src) {
      const image = await decoded(input.png);
      this.png = input.png;
      this.input.src = image.src;
    }
    const best = this.bars.show(classes, probabilities, label);
    const said = fill(this.text.says, { said: classes[best] ?? "–", step });
    write(this.verdict, label === null ? said : `${said} ${fill(this.text.truth, { truth: classes[label] })}`);
    this.maps.show(layers, this.theme.dark);
  }
}
