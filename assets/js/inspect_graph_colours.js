// Numbers of nodes as colours: one scale for all that is in view, by powers of ten, with its legend.

import { element, fill, write } from "./dom.js";
import { viridis } from "./tensors.js";

const UNITS = [[1e12, " T"], [1e9, " G"], [1e6, " M"], [1e3, " k"]];

// A count as people say it: 11.7 M.
export function amount(value) {
  const [unit, name] = UNITS.find(([least]) => value >= least) ?? [1, ""];
  const scaled = value / unit;
  return `${unit === 1 ? scaled.toLocaleString("en") : scaled.toFixed(scaled < 10 ? 2 : scaled < 100 ? 1 : 0)}${name}`;
}

export function duration(seconds) {
  if (seconds >= 1) return `${seconds.toFixed(2)} s`;
  return seconds >= 1e-3 ? `${(seconds * 1e3).toFixed(2)} ms` : `${(seconds * 1e6).toFixed(0)} µs`;
}

export function size(value) {
  if (value === null || value === undefined) return "–";
  if (value === 0) return "0";
  return Math.abs(value) >= 0.001 && Math.abs(value) < 1e5 ? Number(value.toPrecision(4)).toString() : value.toExponential(2);
}

const SAID = { activation: size, gradient: size, parameters: amount, flops: amount, time: duration };

export function said(colour, value) {
  return value === null || value === undefined ? "–" : SAID[colour](value);
}

// The scale of some numbers: `colour(value)`, or null where there is nothing to colour.
export class Scale {
  constructor(values) {
    const positive = values.filter((value) => value > 0 && Number.isFinite(value));
    this.low = positive.length ? Math.min(...positive) : null;
    this.high = positive.length ? Math.max(...positive) : null;
  }

  colour(value) {
    if (value === null || value === undefined) return null;
    if (!(value > 0) || this.low === null) return viridis(0);
    const span = Math.log(this.high) - Math.log(this.low);
    return viridis(span > 0 ? Math.max(0, Math.min(1, (Math.log(value) - Math.log(this.low)) / span)) : 0.5);
  }
}

export class Legend {
  constructor(text) {
    this.text = text;
    this.name = element("span");
    [this.low, this.high] = [element("b"), element("b")];
    this.bar = element("span", { class: "lt-scale" }, this.low, element("i", { "aria-hidden": "true", "data-scale": "viridis" }), this.high);
    this.broken = element("span", { class: "lt-graph-broken", hidden: true }, text.broken);
    this.element = element("p", { class: "lt-graph-legend" }, this.name, this.bar, this.broken);
  }

  show(colour, scale, broken) {
    write(this.name, this.text.legends[colour]);
    this.name.title = this.text.colour_help[colour];
    write(this.low, said(colour, scale.low));
    write(this.high, said(colour, scale.high));
    this.bar.hidden = scale.low === null;
    this.broken.hidden = !broken;
    this.element.setAttribute("aria-label", fill(this.text.legend_alt, { what: this.text.legends[colour], low: said(colour, scale.low), high: said(colour, scale.high) }));
  }
}
