// The network as a chain of its layers: the one whose turn it is is lit, and numbers run towards it.

import { element, fill } from "./dom.js";
import { short } from "./inspect_step_numbers.js";
import { shapeText } from "./tensors.js";

export class Chain {
  // `opened(place)` hears of a layer that was pressed, by its place in data.layers; null: the batch, -1: the loss.
  constructor({ text, opened }) {
    Object.assign(this, { text, opened });
    this.row = element("ol", { class: "lt-step-chain", "aria-label": text.chain });
    this.element = element("div", { class: "lt-step-scroll", tabindex: "-1" }, this.row);
  }

  draw(data) {
    const key = JSON.stringify([data.part, data.layers.map((row) => [row.network, row.id])]);
    if (key !== this.key) {
      this.key = key;
      this.boxes = [
        this.box(this.text.phases.batch, "", null),
        ...data.layers.map((row, at) => this.box(row.title, row.kind === row.title ? "" : row.kind, at)),
        this.box(this.text.phases.loss, "", -1),
      ];
      this.row.replaceChildren(...this.boxes.map((box) => box.item));
    }
    const { part, parts } = data;
    data.layers.forEach((row, at) => {
      const box = this.boxes[at + 1];
      box.shape.textContent = shapeText(row.shape.slice(1));
      box.shape.title = shapeText(row.shape);
      box.item.toggleAttribute("data-other", !row.own);
      box.button.title = row.own || parts.length < 2 ? "" : fill(this.text.other_network, { part: this.text.parts[row.network] ?? row.network, mine: this.text.parts[part] ?? part });
    });
  }

  box(title, kind, at) {
    const shape = element("small");
    const bar = element("i");
    const number = element("small", { class: "lt-step-number" });
    const name = element("b", {}, title);
    name.title = title;
    const button = element("button", { type: "button", onclick: () => this.opened(at), "data-layer": at ?? "batch" }, name, ...(kind ? [element("span", {}, kind)] : []), shape, element("span", { class: "lt-step-track", "aria-hidden": "true" }, bar), number);
    const flow = element("span", { class: "lt-step-flow", "aria-hidden": "true" });
    return { item: element("li", {}, flow, button), button, shape, bar, number, flow };
  }

  // `frame`: {phase, layer}; what each box shows depends on the phase.
  light(data, frame) {
    const lit = this.litBox(frame);
    const weights = frame.phase === "gradient" || frame.phase === "clip" || frame.phase === "optimizer" || frame.phase === "weight";
    const measure = weights ? "ratio" : frame.phase === "backward" ? "gradient_rms" : "rms";
    const values = data.layers.map((row) => row[measure]);
    const most = Math.max(...values.filter((value) => Number.isFinite(value)), 0);
    this.boxes.forEach((box, at) => {
      const row = data.layers[at - 1];
      const mine = weights && row?.own && row.id === data.chosen.layer;
      box.item.dataset.lit = at === lit || mine;
      box.item.dataset.way = frame.phase === "backward" ? "back" : "on";
      box.flow.dataset.flow = this.flows(frame, at, lit);
      if (!row) {
        box.number.textContent = at === 0 ? fill(data.batch.size === 1 ? this.text.example_count : this.text.examples_count, { size: data.batch.size }) : short(data.loss.value, this.text, 3);
        return;
      }
      const value = row[measure];
      const known = Number.isFinite(value) && (measure === "rms" || this.reached(frame, at, lit));
      box.bar.style.width = `${known && most > 0 ? Math.max(2, 100 * Math.sqrt(value / most)) : 0}%`;
      box.number.textContent = known ? short(value, this.text, 3) : "";
      box.button.setAttribute("aria-label", `${row.title}, ${row.kind}, ${shapeText(row.shape)}`);
    });
    this.into(weights ? this.boxes.findIndex((box) => box.item.dataset.lit === "true") : lit);
  }

  litBox({ phase, layer }) {
    if (phase === "batch") return 0;
    if (phase === "loss") return this.boxes.length - 1;
    return layer === null ? -1 : layer + 1;
  }

  reached(frame, at, lit) {
    return frame.phase !== "backward" || at >= lit;
  }

  flows(frame, at, lit) {
    if ((frame.phase === "forward" || frame.phase === "loss") && at === lit) return "on";
    return frame.phase === "backward" && at === lit + 1 ? "back" : "";
  }

  // Brings the lit box into sight within the row, never moving the page.
  into(lit) {
    const item = this.boxes[lit]?.item;
    if (!item || lit === this.last) return;
    this.last = lit;
    const { offsetLeft, offsetWidth } = item;
    const left = offsetLeft - this.element.offsetLeft - (this.element.clientWidth - offsetWidth) / 2;
    this.element.scrollTo({ left, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  }
}
