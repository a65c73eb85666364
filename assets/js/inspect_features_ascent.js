// A picture that grows until a unit answers as strongly as it can, asked for piece by piece.

import { element, fill, write } from "./dom.js";
import { seconds, short } from "./inspect_features_numbers.js";
import { problem } from "./inspect_parts.js";
import { decoded } from "./panel.js";

const STEPS = 128;
const SHORTEST = 16; // steps of a piece that takes no time
const PATIENCE = 1.0; // seconds of a piece
const FREE = 4; // seconds all of it may take without asking first

export class Ascent {
  constructor({ text, asking, changed }) {
    Object.assign(this, { text, asking, changed });
    this.seed = 0;
    this.agreed = new Set();
    this.image = element("img", { class: "lt-ascent-picture", alt: "" });
    this.said = element("p", { class: "lt-caption", role: "status" });
    this.chart = element("div", { class: "lt-ascent-line" });
    this.problem = problem(text, () => {
      asking.forgetErrors();
      changed();
    });
    this.go = element("button", { type: "button", class: "lt-chip lt-go", hidden: true, onclick: () => this.agree() });
    this.other = element("button", { type: "button", class: "lt-chip", title: text.other_start_help, onclick: () => this.again() }, text.other_start);
    this.element = element("section", { class: "lt-ascent" }, element("h5", {}, text.ascent), element("p", { class: "lt-caption" }, text.ascent_says), this.go, this.problem.element, element("div", { class: "lt-ascent-shown" }, this.image, this.chart), this.said, this.other);
  }

  again() {
    this.seed += 1;
    this.changed();
  }

  agree() {
    this.agreed.add(this.key);
    this.changed();
  }

  get key() {
    return JSON.stringify([this.part, this.layer, this.unit]);
  }

  fit(facts, { part, layer, unit, best }) {
    Object.assign(this, { facts, part, layer, unit, best });
    this.possible = facts.kind === "picture";
    this.element.hidden = !this.possible;
  }

  get stages() {
    const piece = Math.max(2, Math.min(SHORTEST, Math.floor(PATIENCE / this.facts.both)));
    const made = [];
    for (let steps = piece; steps < STEPS; steps = piece === SHORTEST ? 2 * steps : steps + piece) made.push(steps);
    return [...made, STEPS];
  }

  get estimate() {
    return STEPS * this.facts.both;
  }

  get dear() {
    return this.estimate > FREE && !this.agreed.has(this.key);
  }

  look(steps) {
    return { name: "ascent", args: { part: this.part, layer: this.layer, unit: this.unit, steps, ...(this.seed ? { seed: this.seed } : {}) } };
  }

  looks() {
    if (!this.possible || this.dear || this.layer === null) return [];
    for (const steps of this.stages) {
      const answer = this.asking.answer(this.look(steps));
      if (answer?.error) return [];
      if (!answer) return this.asking.open([this.look(steps)]);
    }
    return [];
  }

  async draw() {
    if (!this.possible || this.layer === null) return;
    const { text } = this;
    this.go.hidden = !this.dear;
    write(this.go, fill(text.draw_it, { time: seconds(this.estimate, text) }));
    const answers = this.dear ? [] : this.stages.map((steps) => this.asking.answer(this.look(steps))).filter(Boolean);
    this.problem.show(answers.find((answer) => answer.error)?.error);
    const data = answers.filter((answer) => answer.data).at(-1)?.data;
    if (!data) {
      this.image.removeAttribute("src");
      this.chart.replaceChildren();
      this.shown = null;
      return write(this.said, this.dear ? "" : text.computing);
    }
    if (data === this.shown) return;
    this.shown = data;
    this.image.src = (await decoded(data.picture.png)).src;
    this.image.alt = fill(text.ascent_alt, { steps: data.steps, value: short(data.value, text) });
    this.element.dataset.steps = data.steps;
    const best = this.best === null || this.best === undefined ? "" : ` ${fill(text.ascent_beside, { best: short(this.best, text) })}`;
    write(this.said, data.silent ? text.ascent_silent : fill(text.ascent_said, { steps: data.steps, of: STEPS, value: short(data.value, text), peak: short(data.peak, text) }) + best);
    this.line(data.values);
  }

  // What the unit said on the way.
  line(values) {
    const finite = values.map((value) => value ?? 0);
    const [low, high] = [Math.min(...finite), Math.max(...finite)];
    const points = finite.map((value, at) => `${((at / (STEPS - 1)) * 100).toFixed(2)},${(38 - ((value - low) / (high - low || 1)) * 36).toFixed(2)}`).join(" ");
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    for (const [key, value] of Object.entries({ viewBox: "0 0 100 40", preserveAspectRatio: "none", role: "img", "aria-label": fill(this.text.ascent_line, { low: short(low, this.text), high: short(high, this.text) }) })) svg.setAttribute(key, value);
    const line = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
    line.setAttribute("points", points);
    svg.append(line);
    this.chart.replaceChildren(svg, element("span", {}, short(high, this.text)), element("span", {}, short(low, this.text)));
  }
}
