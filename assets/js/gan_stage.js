// The stage: the plane or the sheet, beside it the data-flow picture with the numbers of now, below it the verdict.

import { element, fill, recall, remember, write } from "./dom.js";
import { Brush } from "./gan_brush.js";
import { Flow } from "./gan_flow.js";
import { short } from "./gan_numbers.js";
import { Plane, span } from "./gan_plane.js";
import { Sheet } from "./gan_sheet.js";
import { Verdict } from "./gan_verdict.js";

const KEPT = "livetorch_gan_layers";
const FIRST = { surface: true, real: true, generated: true, arrows: true, modes: true, warp: false };

export class GanStage {
  constructor({ data, changed, asked, trigger }) {
    Object.assign(this, { changed, asked, trigger, feed: null });
    const { gan, lang } = { gan: data.text.gan, lang: data.lang };
    this.words = gan;
    this.kind = data.kind;
    this.edits = 0;
    this.flow = new Flow(gan.flow);
    this.verdict = new Verdict({ words: gan, lang });
    this.note = element("p", { class: "lt-gan-note", hidden: true });
    this.problem = element("p", { class: "lt-problem", role: "status", hidden: true });
    this.state = element("span", { class: "lt-note" });
    const seen = this.kind === "images" ? this.sheetPart() : this.planePart();
    const side = element("figure", { class: "lt-gan-side-picture" }, this.flow.element, element("figcaption", { class: "lt-caption" }, gan.flow.lead));
    this.element = element(
      "section", { class: "lt-card lt-gan-stage", "data-kind": this.kind, "data-step": "" },
      element("header", {}, element("h4", {}, gan.titles[this.kind]), this.state), element("p", { class: "lt-lead" }, gan.leads[this.kind]),
      this.note, this.problem, element("div", { class: "lt-gan-main" }, seen, side), this.verdict.element,
    );
    this.observer = new IntersectionObserver(([entry]) => {
      this.onScreen = entry.isIntersecting;
      this.asked();
    });
    this.observer.observe(this.element);
    this.hear = () => this.asked();
    document.addEventListener("visibilitychange", this.hear);
    this.update(data);
  }

  planePart() {
    this.layers = { ...FIRST, ...recall(KEPT, {}) };
    this.picture = new Plane({ label: this.words.plane_alt, layers: this.layers });
    const send = (points) => this.edit("data.points", points);
    this.brush = new Brush({ plane: this.picture, send, words: this.words.brush });
    this.toggles = Object.fromEntries(Object.keys(FIRST).map((name) => [name, this.toggle(name)]));
    const chips = element("div", { class: "lt-gan-layers", role: "group", "aria-label": this.words.layers_label }, ...Object.values(this.toggles));
    this.scale = Object.fromEntries(["low", "middle", "high"].map((name) => [name, element("b")]));
    const legend = element(
      "div", { class: "lt-gan-legend" }, element("span", {}, this.words.says_fake), this.scale.low,
      element("i", { class: "lt-gan-ramp", "aria-hidden": "true" }), this.scale.high, element("span", {}, this.words.says_real),
    );
    return element("div", { class: "lt-gan-picture" }, chips, this.brush.element, this.picture.canvas, legend);
  }

  toggle(name) {
    const { label, help } = this.words.layers[name];
    const press = () => {
      this.layers[name] = !this.layers[name];
      remember(KEPT, this.layers);
      button.setAttribute("aria-pressed", this.layers[name]);
      this.shown = null;
      this.changed();
    };
    const button = element("button", { type: "button", class: "lt-gan-layer", "data-layer": name, "aria-pressed": String(this.layers[name]), title: help, onclick: press }, element("i", { "aria-hidden": "true" }), label);
    return button;
  }

  sheetPart() {
    this.picture = new Sheet({ label: this.words.sheet_alt, words: this.words.sheet, empty: this.words.empty });
    return element("div", { class: "lt-gan-picture" }, this.picture.element);
  }

  // Something was changed in the picture: the page and, where a run is on, the run hear of it.
  edit(name, value) {
    this.edits += 1;
    const id = `${Date.now()}-${this.edits}`;
    this.trigger("edit", { name, value, id });
    return id;
  }

  update(data) {
    this.data = data;
    this.flow.describe(data.facts);
    write(this.note, data.note);
    this.note.hidden = !data.note;
    this.brush?.take(data.points ?? [], Boolean(data.points) && !data.readonly, data.points_id);
    if (this.toggles) {
      this.toggles.modes.hidden = !data.has.modes;
      this.toggles.warp.hidden = !data.has.warp;
    }
  }

  follow(feed) {
    this.feed = feed;
  }

  close() {
    this.observer.disconnect();
    document.removeEventListener("visibilitychange", this.hear);
    this.picture.close?.();
    this.brush?.close();
  }

  get main() {
    return { name: this.kind === "images" ? "sheet" : "plane", args: {} };
  }

  looks() {
    return this.onScreen && !document.hidden ? [this.main, { name: "verdict", args: {} }] : [];
  }

  async draw(theme) {
    const status = this.feed?.status;
    this.numbers(status);
    this.element.toggleAttribute("data-running", status?.state === "running");
    const told = this.feed?.answer({ name: "verdict", args: {} });
    if (told?.data) this.verdict.show(told.data);
    const answer = this.feed ? this.feed.answer(this.main) : this.data.preview && { data: this.data.preview, step: 0 };
    if (!answer || (answer.data === this.shown && theme.key === this.theme)) return this.hint();
    write(this.problem, answer.error ?? "");
    this.problem.hidden = !answer.error;
    if (!answer.data) return;
    this.shown = answer.data;
    this.theme = theme.key;
    this.element.dataset.step = answer.step;
    write(this.state, fill(this.feed ? this.words.after : this.words.before, { step: answer.step.toLocaleString(this.data.lang) }));
    this.picture.show(answer.data, theme);
    if (this.scale && answer.data.surface) this.legend(answer.data);
  }

  hint() {
    const said = this.kind === "images" ? "" : this.words.empty; // an empty sheet says it itself
    if (!this.shown) write(this.state, this.feed ? this.words.waiting : said);
  }

  numbers(status) {
    const now = status?.latest?.train ?? {};
    this.flow.numbers({ d_real: now.d_real, d_fake: now.d_fake, loss_g: now.loss, loss_d: now.loss_d });
  }

  // The values at the ends of the colours.
  legend(data) {
    const { middle, reach } = span(data);
    write(this.scale.low, short(middle - reach));
    write(this.scale.high, short(middle + reach));
  }
}
