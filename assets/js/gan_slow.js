// Slow motion: the next round phase by phase, with the numbers that flow through it.

import { element, fill, write } from "./dom.js";
import { Axes } from "./gan_axes.js";
import { Flow } from "./gan_flow.js";
import { short } from "./gan_numbers.js";
import { paintSheet } from "./gan_tiles.js";
import { Panel } from "./panel.js";
import { shapeText } from "./tensors.js";

const LOOK = { name: "flow", args: {} };
const CELL = 64;
const UPDATE = ["gradient_norm", "weights_before", "change", "relative", "learning_rate"];

export class Slow extends Panel {
  build() {
    const { gan } = this.text;
    const words = gan.slow;
    this.at = 0;
    this.flow = new Flow(gan.flow);
    this.buttons = {
      previous: element("button", { type: "button", "data-what": "previous", onclick: () => this.to(this.at - 1) }, words.previous),
      next: element("button", { type: "button", "data-what": "next", onclick: () => this.to(this.at + 1) }, words.next),
    };
    this.place = element("span", { class: "lt-note" });
    this.round = element("span", { class: "lt-note" });
    this.title = element("h5", {});
    this.formula = element("code", { class: "lt-gan-formula" });
    this.explained = element("p", { class: "lt-gan-explained" });
    this.facts = element("dl", { class: "lt-gan-facts" });
    this.axes = new Axes({ label: words.points, resized: () => this.redraw() });
    this.canvas = element("canvas", { role: "img", "aria-label": words.pictures });
    this.points = element("div", { class: "lt-gan-small" }, this.axes.canvas);
    const card = element("div", { class: "lt-gan-phase", "aria-live": "polite" }, this.title, this.formula, this.explained, this.facts, this.points, this.canvas);
    const bar = element("div", { class: "lt-buttons" }, this.buttons.previous, this.buttons.next, this.place, this.round);
    this.element.tabIndex = 0;
    this.element.onkeydown = (event) => this.key(event);
    this.body.append(bar, element("div", { class: "lt-gan-slow" }, this.flow.element, card));
  }

  close() {
    this.axes.close();
  }

  looks() {
    return [LOOK];
  }

  // In the middle of a round this round stays; the run may be far ahead.
  answer() {
    const running = this.views.status?.state === "running";
    return running && this.at > 0 && this.shown ? this.shown : super.answer();
  }

  key(event) {
    const to = { ArrowRight: this.at + 1, ArrowLeft: this.at - 1, Home: 0 }[event.key];
    if (to === undefined || event.target.closest("[role=tab]")) return;
    event.preventDefault();
    this.to(to);
  }

  // Past the last phase the newest round begins.
  to(at) {
    if (!this.phases) return;
    this.at = at < 0 ? 0 : at % this.phases.length;
    this.phase();
    this.views.changed();
  }

  render({ phases, next_step: step }) {
    this.phases = phases;
    this.at = Math.min(this.at, phases.length - 1);
    const words = this.text.gan.slow;
    write(this.round, fill(this.views.feed?.over ? words.over : words.round, { step: step.toLocaleString(this.views.data.lang) }));
    this.flow.describe(this.views.data.facts);
    const value = (name) => phases.find((one) => one.name === name);
    this.flow.numbers({ d_real: value("d_real")?.mean, d_fake: value("d_fake")?.mean, loss_g: value("loss_g")?.numbers[0], loss_d: value("loss_d")?.numbers[0] });
    this.phase();
  }

  phase() {
    const phase = this.phases[this.at];
    const words = this.text.gan.slow;
    const { title, formula, explained } = words.phases[phase.name];
    this.element.dataset.phase = phase.name;
    this.flow.light(phase.name);
    write(this.place, fill(words.place, { number: this.at + 1, count: this.phases.length }));
    this.buttons.previous.disabled = this.at === 0;
    write(this.title, title);
    write(this.formula, formula);
    write(this.explained, explained);
    this.facts.replaceChildren(...this.rows(phase).flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
    this.redraw();
  }

  rows(phase) {
    const { facts } = this.text.gan.slow;
    if (phase.gradient_norm !== undefined) return UPDATE.map((name) => [facts[name], short(phase[name])]);
    if (!phase.shape.length) return [[facts.value, short(phase.numbers[0])]];
    return [
      [facts.shape, shapeText(phase.shape)], [facts.first, phase.numbers.map(short).join("  ")],
      [facts.mean, short(phase.mean)], [facts.deviation, short(phase.deviation)],
    ];
  }

  redraw() {
    const phase = this.phases?.[this.at];
    if (!phase || !this.theme) return;
    this.points.hidden = !phase.x;
    this.canvas.hidden = !phase.pixels;
    const real = phase.name === "real";
    if (phase.x && this.axes.clear(this.theme)) {
      this.axes.grid();
      this.axes.points(phase, { colour: real ? "--lt-train" : "--lt-validation", radius: 2.8, ring: real });
    }
    if (phase.pixels) paintSheet(this.canvas, { columns: phase.tiles, rows: 1, height: phase.height, width: phase.width, pixels: phase.pixels }, { cell: CELL });
  }
}
