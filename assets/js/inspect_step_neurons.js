// A small dense network neuron by neuron: values run on, gradients run back, updates lie on the weights.

import { element, fill } from "./dom.js";
import { short } from "./inspect_step_numbers.js";
import { signedColours } from "./tensors.js";

const WIDE = 168;
const HIGH = 48;
const RADIUS = 19;
const MARGIN = 34;

function svg(name, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

export class Neurons {
  // `chosen({layer, unit, source})` hears of a weight that was pressed.
  constructor({ text, chosen }) {
    Object.assign(this, { text, chosen });
    this.element = element("div", { class: "lt-step-scroll", hidden: true });
  }

  draw(data, frame, theme) {
    const { neurons } = data;
    this.element.hidden = !neurons;
    if (!neurons) return;
    const columns = [neurons.inputs, ...neurons.layers.map((layer) => layer.values)];
    const tall = Math.max(...columns.map((column) => column.length));
    const width = 2 * MARGIN + (columns.length - 1) * WIDE;
    const height = Math.max(2, tall) * HIGH + 26;
    const place = (column, at) => [MARGIN + column * WIDE, 22 + (Math.max(2, tall) * HIGH) / 2 + (at - (columns[column].length - 1) / 2) * HIGH];
    const lit = this.litColumn(data, frame, columns.length);
    const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": fill(this.text.neurons_label, { example: data.followed?.example ?? 0 }), class: "lt-step-neurons" });
    const measure = this.measure(frame, neurons);
    picture.append(...this.lines(data, measure, lit, place, theme, frame), ...this.circles(data, frame, columns, lit, place, theme), ...this.names(data, columns, place));
    this.element.replaceChildren(picture);
    this.element.scrollLeft = MARGIN + lit * WIDE - this.element.clientWidth / 2; // on a phone the lit column stays in sight
  }

  measure(frame, neurons) {
    if (frame.phase === "backward" || frame.phase === "gradient" || frame.phase === "clip") return "gradients";
    return (frame.phase === "optimizer" || frame.phase === "weight") && neurons.layers[0].updates ? "updates" : "weights";
  }

  litColumn(data, { phase, layer }, columns) {
    if (phase === "batch") return 0;
    if (phase === "loss") return columns - 1;
    if (layer === null) return data.neurons.layers.findIndex((one) => one.id === data.chosen.layer) + 1;
    let column = 0;
    for (let at = 0; at <= layer; at++) if (data.neurons.layers.some((one) => one.id === data.layers[at].id)) column += 1;
    return column;
  }

  colour(value, most, dark) {
    const at = Math.round(127.5 + 127.5 * Math.max(-1, Math.min(1, most > 0 ? value / most : 0)));
    return `rgb(${signedColours(dark).slice(3 * at, 3 * at + 3).join(",")})`;
  }

  lines(data, measure, lit, place, theme, frame) {
    const { neurons, chosen } = data;
    const made = [];
    const most = Math.max(1e-30, ...neurons.layers.flatMap((layer) => layer[measure].flat().map(Math.abs)));
    neurons.layers.forEach((layer, number) => {
      layer[measure].forEach((row, unit) => row.forEach((value, source) => {
        const [[x1, y1], [x2, y2]] = [place(number, source), place(number + 1, unit)];
        const mine = layer.id === chosen.layer && !chosen.bias && unit === chosen.unit && source === chosen.source;
        const active = number + 1 === lit;
        const line = svg("line", {
          x1: x1 + RADIUS, y1, x2: x2 - RADIUS, y2, stroke: mine ? theme.colours["--lt-mark"] : this.colour(value, most, theme.dark),
          "stroke-width": mine ? 4 : 1 + 3 * Math.min(1, Math.abs(value) / most), "stroke-opacity": mine || active ? 1 : 0.45,
          class: active ? "lt-step-line" : "", "data-way": frame.phase === "backward" ? "back" : frame.phase === "forward" ? "on" : "",
        });
        const hit = svg("line", { x1: x1 + RADIUS, y1, x2: x2 - RADIUS, y2, stroke: "transparent", "stroke-width": 11, class: "lt-step-hit", "data-weight": `${layer.id}:${unit}:${source}`, onclick: () => this.chosen({ layer: layer.id, parameter: "weight", unit, source }) });
        hit.append(svg("title", {}, fill(this.text.weight_title, { unit, source, value: short(value, this.text), what: this.text.measures[measure === "gradients" ? "gradient" : measure === "updates" ? "update" : "before"] })));
        made.push(mine ? [2, line] : [1, line], [3, hit]);
      }));
    });
    return made.sort((one, other) => one[0] - other[0]).map(([, line]) => line);
  }

  circles(data, frame, columns, lit, place, theme) {
    const { neurons } = data;
    const back = frame.phase === "backward";
    const numbers = columns.map((column, number) => (back ? (number === 0 ? column.map(() => null) : neurons.layers[number - 1].deltas ?? column) : column));
    const most = Math.max(1e-30, ...numbers.flat().filter((value) => value !== null).map(Math.abs));
    const shown = (number) => (frame.phase === "forward" ? number <= lit : back ? number >= lit : frame.phase !== "batch" || number === 0);
    return numbers.flatMap((column, number) => column.map((value, at) => {
      const [x, y] = place(number, at);
      const known = value !== null && shown(number);
      const fillColour = known ? this.colour(value, most, theme.dark) : theme.colours["--lt-panel"];
      const strong = known && Math.abs(value) / most > 0.5;
      return svg("g", {},
        svg("circle", { cx: x, cy: y, r: RADIUS, fill: fillColour, stroke: number === lit ? theme.colours["--lt-mark"] : theme.colours["--lt-line"], "stroke-width": number === lit ? 2.5 : 1.2 }),
        svg("text", { x, y: y + 3.5, "text-anchor": "middle", class: "lt-step-value", fill: strong && !theme.dark ? "#ffffff" : strong ? "#111317" : theme.colours["--lt-text"] }, known ? short(value, this.text, 2) : ""));
    }));
  }

  names(data, columns, place) {
    return columns.map((_column, number) => {
      const [x] = place(number, 0);
      return svg("text", { x, y: 10, "text-anchor": "middle", class: "lt-step-name" }, number === 0 ? this.text.inputs : data.layers.find((row) => row.own && row.id === data.neurons.layers[number - 1].id).title.replace(/\.linear$/, ""));
    });
  }
}
