// From one noise to another: what the generator makes of the places between.

import { element, fill, write } from "./dom.js";
import { Axes } from "./gan_axes.js";
import { percent } from "./gan_numbers.js";
import { paintSheet } from "./gan_tiles.js";
import { Panel } from "./panel.js";
import { viridis } from "./tensors.js";

const STEPS = { images: 10, plane: 16 };
const SEEDS = 10_000;
const CELL = 72;

export class Interpolation extends Panel {
  build() {
    const words = this.text.gan.interpolation;
    this.ends = { start: 0, end: 1 };
    this.label = 0;
    const { classes } = this.views.data.has;
    const number = (name) =>
      element("label", {}, words[name], element("input", { type: "number", min: 0, max: SEEDS - 1, step: 1, value: this.ends[name], onchange: (event) => this.to(name, event.target) }));
    this.inputs = { start: number("start"), end: number("end") };
    const random = element("button", { type: "button", onclick: () => this.shuffle() }, words.random);
    const choice = element("select", { onchange: (event) => this.choose(Number(event.target.value)) }, ...classes.map((name, at) => element("option", { value: at }, name)));
    const asked = classes.length ? [element("label", {}, words.label, choice)] : [];
    this.canvas = element("canvas", { class: "lt-gan-strip", role: "img", "aria-label": words.alt });
    this.said = element("div", { class: "lt-gan-judged" });
    this.axes = new Axes({ label: words.alt, resized: () => (this.shown = null) || this.views.changed() });
    this.note = element("p", { class: "lt-caption" });
    const strip = element("div", { class: "lt-gan-striped" }, this.canvas, this.said);
    this.plane = element("div", { class: "lt-gan-square" }, this.axes.canvas);
    this.body.append(element("div", { class: "lt-buttons" }, this.inputs.start, this.inputs.end, random, ...asked), this.views.data.kind === "images" ? strip : this.plane, this.note);
  }

  close() {
    this.axes.close();
  }

  to(name, input) {
    this.ends[name] = Math.max(0, Math.min(SEEDS - 1, Math.floor(Number(input.value)) || 0));
    input.value = this.ends[name];
    this.renew();
  }

  shuffle() {
    for (const name of ["start", "end"]) {
      this.ends[name] = Math.floor(Math.random() * SEEDS);
      this.inputs[name].querySelector("input").value = this.ends[name];
    }
    this.renew();
  }

  choose(label) {
    this.label = label;
    this.renew();
  }

  renew() {
    this.views.ask();
    this.views.changed();
  }

  looks() {
    const { kind } = this.views.data;
    const path = { name: "interpolation", args: { ...this.ends, label: this.label, steps: STEPS[kind] ?? STEPS.plane } };
    return kind === "images" ? [path] : [path, { name: "plane", args: {} }];
  }

  // While the answer to new ends is under way, the last one stays.
  answer() {
    return this.views.answer(this.looks()[0]) ?? this.shown ?? undefined;
  }

  render(data) {
    const words = this.text.gan.interpolation;
    if (data.kind === "images") {
      paintSheet(this.canvas, data, { cell: CELL });
      this.said.style.gridTemplateColumns = `repeat(${data.columns}, 1fr)`;
      this.said.replaceChildren(...data.judged.map((name, at) => element("span", { title: fill(words.tile, { said: name, confidence: percent(data.confidence[at], 1) }) }, name, element("small", {}, percent(data.confidence[at])))));
      write(this.note, words.images);
      return;
    }
    const { axes } = this;
    if (!axes.clear(this.theme)) return;
    axes.grid();
    const plane = this.views.answer({ name: "plane", args: {} })?.data;
    if (plane) axes.points(plane.real, { colour: "--lt-train", radius: 2.2, ring: true, alpha: 0.5 });
    const tone = (share) => viridis(this.theme.dark ? 0.3 + 0.7 * share : 0.85 * share);
    for (let at = 1; at < data.x.length; at++) axes.line([[data.x[at - 1], data.y[at - 1]], [data.x[at], data.y[at]]], { colour: tone(at / (data.x.length - 1)), width: 2 });
    axes.points(data, { colour: "--lt-validation", radius: 4 });
    write(this.note, words.plane);
  }
}
