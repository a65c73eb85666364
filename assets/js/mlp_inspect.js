// The line below the network: the neuron or link that is pointed at or held, its numbers, and a field that sets them.

import { element, fill, write } from "./dom.js";

const number = (value) => (Number.isFinite(value) ? (Math.abs(value) >= 1000 || (value && Math.abs(value) < 1e-3) ? value.toExponential(2) : value.toFixed(3)).replace("-", "−") : "–");

export class Inspector {
  // `set([layer, row, column, value])` is called for a number that the visitor gave.
  constructor({ text, set, release }) {
    Object.assign(this, { text, set });
    this.held = null;
    this.said = element("p", { class: "lt-mlp-said", "aria-live": "off" });
    this.which = element("select", { "aria-label": text.which_number, onchange: () => this.choose() });
    this.field = element("input", { type: "number", step: 0.1, min: -1000, max: 1000, "aria-label": text.new_value, onkeydown: (event) => this.key(event), onchange: () => this.give() });
    const close = element("button", { type: "button", "aria-label": text.release, title: text.release, onclick: release }, "×");
    this.form = element("div", { class: "lt-mlp-set lt-buttons", hidden: true }, this.which, this.field, element("button", { type: "button", "data-set": true, onclick: () => this.give(true) }, text.set), close);
    this.release = release;
    this.element = element("div", { class: "lt-mlp-inspect" }, this.said, this.form);
  }

  // Hold a neuron {layer, index} or a link {layer, row, column}; null lets go.
  hold(held) {
    this.held = held;
    this.key_ = null;
    this.wanted = held?.column;
  }

  focus() {
    if (!this.form.hidden) this.field.focus({ preventScroll: true });
  }

  key(event) {
    if (event.key === "Escape") this.release();
    else if (event.key === "Enter") this.give(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  get row() {
    return this.held?.row ?? this.held?.index;
  }

  choose() {
    this.touched = false;
    this.show(true);
  }

  // The number in the field, once for each that is given.
  give(again = false) {
    const value = Number(this.field.value);
    if (this.field.value === "" || !Number.isFinite(value) || !this.held) return;
    const poke = [this.held.layer, this.row, Number(this.which.value), Math.max(-1000, Math.min(1000, value))];
    const key = JSON.stringify(poke);
    if (key === this.given && !again) return;
    if (again && key === this.given && performance.now() - this.givenAt < 300) return; // Enter is heard twice
    this.given = key;
    this.givenAt = performance.now();
    this.set(poke);
  }

  // `what` is pointed at, or what is held; `detail`: the answer of the look "neuron", if it has come.
  draw(answer, { what, detail, readonly, gradients }) {
    this.answer = answer;
    const shown = what ?? this.held;
    write(this.said, shown ? this.sentence(answer, shown, detail, gradients) : this.text.inspect_hint);
    const open = Boolean(this.held && this.held.layer >= 0 && !readonly && answer.layers[this.held.layer]);
    this.form.hidden = !open;
    if (open) this.fit(answer);
  }

  name(layer, index) {
    const { text } = this;
    return layer < 0 ? text.inputs[this.answer.inputs[index]] : fill(text.neuron, { layer: text.layer(this.answer.layers[layer].name), number: index + 1 });
  }

  sentence(answer, what, detail, gradients) {
    const { text } = this;
    if (what.column !== undefined) {
      const { weights, weight_gradients: slopes } = answer.layers[what.layer] ?? {};
      const said = fill(text.link, { from: this.name(what.layer - 1, what.column), to: this.name(what.layer, what.row), weight: number(weights?.[what.row]?.[what.column]) });
      const slope = slopes?.[what.row]?.[what.column];
      return gradients && slope !== undefined ? `${said} ${fill(text.link_gradient, { gradient: number(slope) })}` : said;
    }
    const layer = answer.layers[what.layer];
    const parts = [what.layer < 0 ? this.name(-1, what.index) : fill(text.neuron_bias, { name: this.name(what.layer, what.index), bias: number(layer?.biases[what.index]) })];
    if (detail) parts.push(fill(text.neuron_range, { low: number(detail.low), high: number(detail.high), mean: number(detail.mean) }));
    if (detail?.saturated) parts.push(fill(text.neuron_saturated, { percent: Math.round(100 * detail.saturated) }));
    return parts.join(" ");
  }

  fit(answer) {
    const layer = answer.layers[this.held.layer];
    const key = JSON.stringify([this.held, answer.inputs, layer.weights.length, layer.weights[0]?.length]);
    if (key !== this.key_) {
      this.key_ = key;
      const inputs = layer.weights[this.row] ?? [];
      const option = (column, label) => element("option", { value: column }, label);
      this.which.replaceChildren(option(-1, this.text.bias), ...inputs.map((_, column) => option(column, fill(this.text.weight_of, { from: this.name(this.held.layer - 1, column) }))));
      this.which.value = String(this.wanted ?? -1);
      this.show(true);
    } else this.show(false);
  }

  // The field follows the run until somebody is in it.
  show(always) {
    if (!always && document.activeElement === this.field) return;
    const layer = this.answer.layers[this.held.layer];
    const column = Number(this.which.value);
    const value = column < 0 ? layer.biases[this.row] : layer.weights[this.row]?.[column];
    this.field.value = Number.isFinite(value) ? Number(value.toFixed(4)) : "";
  }
}
