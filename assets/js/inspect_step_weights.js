// The weights of the chosen layer as a picture to choose one from: before, gradient, update, after.

import { element, fill, write } from "./dom.js";
import { chooser } from "./inspect_parts.js";
import { whole } from "./inspect_step_numbers.js";
import { bytesOf, colourTable, scaleBar } from "./tensors.js";

const MEASURES = ["before", "gradient", "update", "after"];
const ROOM = 330; // pixels, each way
const [LEAST, MOST] = [4, 30]; // pixels of a value
const ACROSS = 16; // values of a single column side by side
const GAP = 2; // between kernels

export class Weights {
  // `chosen({layer, parameter, unit, source, place})` hears of another weight; what is left out is open.
  constructor({ text, chosen, redraw }) {
    Object.assign(this, { text, chosen, redraw });
    this.measure = "before";
    this.layer = chooser(text.layer, "layer", (layer) => chosen({ layer }));
    this.parameter = chooser(text.parameter, "parameter", (parameter) => chosen({ layer: this.data.chosen.layer, parameter }));
    this.switch = element("div", { class: "lt-switch", role: "group", "aria-label": text.measure }, ...MEASURES.map((one) => element("button", { type: "button", "data-measure": one, onclick: () => this.show(one) }, text.measures[one])));
    this.canvas = element("canvas", { tabindex: 0, role: "img", class: "lt-step-map" });
    this.canvas.onclick = (event) => this.press(event);
    this.canvas.onkeydown = (event) => this.walk(event);
    this.canvas.onmousemove = (event) => this.hover(event);
    this.canvas.onmouseleave = () => write(this.pointed, "");
    this.ring = element("span", { class: "lt-step-ring", "aria-hidden": "true" });
    this.scale = scaleBar();
    this.pointed = element("p", { class: "lt-caption" });
    this.numbers = ["unit", "source", "place"].map((name) => this.number(name));
    this.largest = element("button", { type: "button", class: "lt-chip", title: text.largest_help, onclick: () => chosen({ layer: this.data.chosen.layer, parameter: this.data.chosen.parameter }) }, text.largest);
    this.part = element("p", { class: "lt-caption" });
    this.element = element(
      "section", { class: "lt-step-weights", "aria-label": text.weights },
      element("h5", {}, text.weights),
      element("div", { class: "lt-inspect-bar" }, this.layer.element, this.parameter.element),
      this.switch,
      element("div", { class: "lt-step-frame" }, element("div", { class: "lt-step-board" }, this.canvas, this.ring)),
      element("div", { class: "lt-step-legend" }, this.scale.bar),
      element("div", { class: "lt-inspect-bar" }, ...this.numbers.map((one) => one.label), this.largest),
      this.pointed, this.part,
    );
  }

  number(name) {
    const input = element("input", { type: "number", min: 0, step: 1, "data-choose": name, onchange: () => this.typed(name, Number(input.value)) });
    const word = element("span");
    return { name, input, word, label: element("label", {}, word, input) };
  }

  typed(name, value) {
    const { chosen, maps } = this.data;
    const most = { unit: maps.units, source: maps.sources, place: maps.kernel[0] * maps.kernel[1] }[name] - 1;
    const at = Math.max(0, Math.min(Number.isFinite(value) ? Math.round(value) : 0, most));
    this.chosen({ layer: chosen.layer, parameter: chosen.parameter, unit: chosen.unit, source: chosen.source, place: chosen.place, [name]: at });
  }

  show(measure) {
    this.measure = measure;
    this.redraw();
  }

  draw(data, theme) {
    this.data = data;
    const { chosen, maps } = data;
    this.layer.offer(data.layers.filter((row) => row.own && row.parameters.length).map((row) => [row.id, row.title]), chosen.layer);
    this.parameter.offer(chosen.parameters.map((one) => [one, one]), chosen.parameter);
    if (!maps[this.measure]) this.measure = "before";
    for (const button of this.switch.children) {
      button.hidden = !maps[button.dataset.measure];
      button.setAttribute("aria-pressed", button.dataset.measure === this.measure);
    }
    this.paint(maps[this.measure], theme);
    this.mark();
    this.scale.show(maps[this.measure], theme.dark);
    this.words();
  }

  words() {
    const { chosen, maps } = this.data;
    const names = this.text.axes[chosen.kind] ?? this.text.axes.other;
    const sizes = [maps.units, maps.sources, maps.kernel[0] * maps.kernel[1]];
    this.numbers.forEach(({ name, input, word, label }, at) => {
      write(word, names[at]);
      label.hidden = sizes[at] < 2;
      input.max = sizes[at] - 1;
      if (document.activeElement !== input) input.value = chosen[name];
    });
    const said = fill(this.text.map_label, { layer: chosen.title, parameter: chosen.parameter, units: maps.units, sources: maps.sources, what: this.text.measures[this.measure] });
    this.canvas.setAttribute("aria-label", said);
    const all = maps.rows[1] - maps.rows[0] === maps.units && maps.columns[1] - maps.columns[0] === maps.sources;
    write(this.part, all ? "" : fill(this.text.map_part, { rows: `${maps.rows[0]}–${maps.rows[1] - 1}`, units: maps.units, columns: `${maps.columns[0]}–${maps.columns[1] - 1}`, sources: maps.sources }));
  }

  // Rows are units, columns what they listen to; each cell a value, or a kernel. A single column is laid in several rows.
  paint(block, theme) {
    const { maps } = this.data;
    const [tall, wide] = maps.kernel;
    const [rows, columns] = [maps.rows[1] - maps.rows[0], maps.columns[1] - maps.columns[0]];
    const kernels = tall * wide > 1;
    const gap = kernels ? GAP : 0;
    const per = columns > 1 ? columns : Math.min(rows, kernels ? Math.ceil(Math.sqrt(rows)) : ACROSS);
    const lines = columns > 1 ? rows : Math.ceil(rows / per);
    const fit = (room, cells, count) => Math.max(LEAST, Math.min(MOST, Math.floor((room - count * gap) / cells)));
    let [x, y] = [fit(ROOM, per * wide, per), fit(ROOM, lines * tall, lines)];
    if (kernels || columns === 1) x = y = Math.min(x, y);
    this.grid = { rows, columns, tall, wide, per, lines, x, y, across: wide * x + gap, down: tall * y + gap };
    this.canvas.width = per * this.grid.across - gap;
    this.canvas.height = lines * this.grid.down - gap;
    const bytes = bytesOf(block.values);
    const colours = colourTable(block, theme.dark);
    const context = this.canvas.getContext("2d");
    for (let at = 0; at < bytes.length; at++) {
      const cell = Math.floor(at / (tall * wide));
      const [left, top] = this.corner(Math.floor(cell / columns), cell % columns, at % (tall * wide));
      context.fillStyle = `rgb(${colours.slice(3 * bytes[at], 3 * bytes[at] + 3).join(",")})`;
      context.fillRect(left, top, x, y);
    }
    this.block = block;
    this.bytes = bytes;
  }

  // Where a row and a column of the matrix lie on the canvas, in cells.
  cellOf(row, column) {
    const { columns, per } = this.grid;
    return columns > 1 ? [column, row] : [row % per, Math.floor(row / per)];
  }

  matrixAt(across, down) {
    const { columns, per } = this.grid;
    return columns > 1 ? [down, across] : [down * per + across, 0];
  }

  corner(row, column, place) {
    const { wide, x, y, across, down } = this.grid;
    const [left, top] = this.cellOf(row, column);
    return [left * across + (place % wide) * x, top * down + Math.floor(place / wide) * y];
  }

  mark() {
    const { chosen, maps } = this.data;
    const [left, top] = this.corner(chosen.unit - maps.rows[0], chosen.source - maps.columns[0], chosen.place);
    Object.assign(this.ring.style, { left: `${left}px`, top: `${top}px`, width: `${this.grid.x}px`, height: `${this.grid.y}px` });
  }

  // The weight under the pointer; nothing beside the last one of a single column.
  at(event) {
    const box = this.canvas.getBoundingClientRect();
    const { maps } = this.data;
    const { rows, columns, tall, wide, per, lines, x, y, across, down } = this.grid;
    const [left, top] = [event.clientX - box.left, event.clientY - box.top];
    const [cell, line] = [Math.max(0, Math.min(per - 1, Math.floor(left / across))), Math.max(0, Math.min(lines - 1, Math.floor(top / down)))];
    const [i, j] = [Math.min(tall - 1, Math.floor((top - line * down) / y)), Math.min(wide - 1, Math.floor((left - cell * across) / x))];
    const [row, column] = this.matrixAt(cell, line);
    const place = Math.max(0, i) * wide + Math.max(0, j);
    if (row >= rows) return null;
    return { unit: row + maps.rows[0], source: column + maps.columns[0], place, byte: this.bytes[(row * columns + column) * tall * wide + place] };
  }

  press(event) {
    const found = this.at(event);
    if (found) this.take(found.unit, found.source, found.place);
  }

  take(unit, source, place) {
    const { layer, parameter } = this.data.chosen;
    this.chosen({ layer, parameter, unit, source, place });
  }

  hover(event) {
    const found = this.data && this.at(event);
    if (!found) return write(this.pointed, "");
    const { unit, source, place, byte } = found;
    const { low, high } = this.block;
    const names = this.text.axes[this.data.chosen.kind] ?? this.text.axes.other;
    const many = this.grid.tall * this.grid.wide > 1 ? `, ${names[2]} ${place}` : "";
    write(this.pointed, `${names[0]} ${unit}, ${names[1]} ${source}${many}: ≈ ${whole(Number((low + (byte / 255) * (high - low)).toPrecision(3)), this.text)}`);
  }

  // Arrow keys walk from weight to weight, through the kernels.
  walk(event) {
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!step || !this.data) return;
    event.preventDefault();
    const { chosen, maps } = this.data;
    const { columns, tall, wide } = this.grid;
    const [across, down] = columns > 1 ? [chosen.source, chosen.unit] : this.cellOf(chosen.unit, 0);
    const [y, x] = [down * tall + Math.floor(chosen.place / wide) + step[0], across * wide + (chosen.place % wide) + step[1]];
    const [unit, source] = x < 0 || y < 0 ? [-1, -1] : this.matrixAt(Math.floor(x / wide), Math.floor(y / tall));
    if (unit < 0 || source < 0 || unit >= maps.units || source >= maps.sources || (columns === 1 && Math.floor(x / wide) >= this.grid.per)) return;
    this.take(unit, source, (y % tall) * wide + (x % wide));
  }
}
