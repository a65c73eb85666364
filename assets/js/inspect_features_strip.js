// Attributions to what is no picture: bars by input number, columns by step, characters in colour.

import { element, fill, write } from "./dom.js";
import { largest, short, signed } from "./inspect_features_numbers.js";
import { visible } from "./rnn_characters.js";
import { paint } from "./tensors.js";

const MOST_BARS = 40;
const SOFT = 0.55; // strongest colour behind text, which stays readable
const NAMED = 5; // characters that are named in words
const [HEIGHT, HALF] = [120, 60];
const SVG = "http://www.w3.org/2000/svg";

function svg(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export class Strip {
  constructor(text) {
    this.text = text;
    this.element = element("div", { class: "lt-strip" });
  }

  show(data, dark) {
    const most = largest(data.heat) || 1;
    if (data.kind === "numbers") this.element.replaceChildren(this.bars(data, most, dark));
    else if (data.kind === "tokens") this.element.replaceChildren(this.characters(data, most, dark), this.strongest(data));
    else this.element.replaceChildren(this.columns(data, most, dark), ...this.block(data, dark), this.strongest(data));
  }

  bars({ names, values, heat }, most, dark) {
    const rows = names.slice(0, MOST_BARS).map((name, at) => {
      const [red, green, blue] = signed(Math.sign(heat[at] ?? 0) * 0.8, dark);
      const share = (50 * Math.abs(heat[at] ?? 0)) / most;
      const place = (heat[at] ?? 0) >= 0 ? `left: 50%; width: ${share}%` : `right: 50%; width: ${share}%`;
      return element(
        "div", { class: "lt-share", role: "listitem" }, element("span", { class: "lt-share-name" }, name), element("span", { class: "lt-share-value" }, `= ${short(values[at], this.text)}`),
        element("span", { class: "lt-share-track" }, element("i", { style: `${place}; background: rgb(${red},${green},${blue})` })), element("b", {}, short(heat[at], this.text)),
      );
    });
    return element("div", { class: "lt-shares", role: "list", "aria-label": this.text.shares }, ...rows);
  }

  characters({ names, heat }, most, dark) {
    const spans = names.map((name, at) => {
      const share = (heat[at] ?? 0) / most;
      const [red, green, blue] = signed(Math.sign(share), dark);
      const said = `${name === "\n" ? "\\n" : name}: ${short(heat[at], this.text)}`;
      return element("span", { title: said, style: `background: rgba(${red},${green},${blue},${(SOFT * Math.abs(share)).toFixed(3)})` }, name === "\n" ? "⏎\n" : name);
    });
    return element("pre", { class: "lt-characters lt-heat-text", role: "group", "aria-label": this.text.characters }, ...spans);
  }

  // A column for each step, up where it speaks for the answer and down where it speaks against it; the input as a line.
  columns({ names, values, heat, features }, most, dark) {
    const count = heat.length;
    const width = 100 / count;
    const made = heat.map((value, at) => {
      const size = (HALF * Math.abs(value ?? 0)) / most;
      const [red, green, blue] = signed(Math.sign(value ?? 0) * 0.8, dark);
      const bar = svg("rect", { x: at * width + width * 0.1, width: width * 0.8, y: (value ?? 0) >= 0 ? HALF - size : HALF, height: Math.max(0.5, size), fill: `rgb(${red},${green},${blue})` });
      bar.append(svg("title", {}, `${names[at] ?? at + 1}: ${short(value, this.text)}`));
      return bar;
    });
    const line = features && features.width === 1 ? [this.line(values, count)] : [];
    const chart = svg("svg", { viewBox: `0 0 100 ${HEIGHT}`, preserveAspectRatio: "none", class: "lt-columns", role: "img", "aria-label": fill(this.text.columns_alt, { count, most: short(most, this.text) }) }, svg("line", { x1: 0, x2: 100, y1: HALF, y2: HALF, class: "lt-zero" }), ...made, ...line);
    const ends = [names[0] ?? "1", names[count - 1] ?? count].map((name) => element("span", {}, visible(String(name))));
    return element("figure", { class: "lt-columns-figure" }, chart, element("figcaption", {}, ends[0], line.length ? element("span", {}, this.text.line_is_input) : "", ends[1]));
  }

  line(values, count) {
    const finite = values.map((value) => value ?? 0);
    const [low, high] = [Math.min(...finite), Math.max(...finite)];
    const y = (value) => HEIGHT - 6 - ((value - low) / (high - low || 1)) * (HEIGHT - 12);
    return svg("polyline", { points: finite.map((value, at) => `${((at + 0.5) * 100) / count},${y(value).toFixed(1)}`).join(" "), class: "lt-input-line" });
  }

  // Several numbers at each step: the attribution of each, a row a step.
  block({ features }, dark) {
    if (!features || features.width < 2) return [];
    const canvas = element("canvas", { role: "img", "aria-label": this.text.features_alt });
    paint(canvas, features, { columns: 1, cell: 160, dark });
    return [element("figure", {}, canvas, element("figcaption", {}, this.text.features_caption))];
  }

  strongest({ names, heat }) {
    const order = heat.map((value, at) => [Math.abs(value ?? 0), at]).sort((one, other) => other[0] - one[0]).slice(0, NAMED);
    const said = order.map(([, at]) => `${visible(String(names[at] ?? at + 1))} (${at + 1}): ${short(heat[at], this.text)}`).join(", ");
    const line = element("p", { class: "lt-caption" });
    write(line, fill(this.text.strongest, { list: said }));
    return line;
  }
}
