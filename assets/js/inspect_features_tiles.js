// What a layer puts out, unit by unit; a click, or Enter, picks a unit.

import { element, fill, write } from "./dom.js";
import { bytesOf, colourTable, scaleBar, shapeText } from "./tensors.js";

const TILE = 56; // pixels a map
const CELL = 16; // pixels a neuron
const ACROSS = 32; // neurons a line
const [WIDEST, STEP_WIDTH, ROW_HEIGHT] = [640, 20, 10]; // pixels: of units over steps, of a step at most, of a unit

function painted(canvas, bytes, from, width, height, colours, enlarge = 1) {
  canvas.width = width;
  canvas.height = height;
  const image = new ImageData(width, height);
  for (let at = 0; at < width * height; at++) {
    const byte = bytes[from + at];
    image.data.set(colours.subarray(3 * byte, 3 * byte + 3), 4 * at);
    image.data[4 * at + 3] = 255;
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
  canvas.style.width = `${width * enlarge}px`;
}

export class LayerTiles {
  // `picked(layer, unit)` hears of a choice.
  constructor({ text, picked }) {
    Object.assign(this, { text, picked });
    this.name = element("b");
    this.kind = element("span");
    this.shape = element("code");
    this.zeros = element("span");
    this.scale = scaleBar();
    this.body = element("div", { class: "lt-units" });
    this.element = element("section", { class: "lt-layer" }, element("header", {}, this.name, this.kind, this.shape, this.zeros, this.scale.bar), this.body);
  }

  // `layer` as feature_maps answers it; `chosen`: the unit that is picked in it, or null.
  show(layer, dark, chosen) {
    const { text } = this;
    write(this.name, layer.label);
    write(this.kind, layer.kind);
    write(this.shape, shapeText(layer.shape));
    write(this.zeros, layer.maps.broken ? text.not_finite : fill(text.zeros, { percent: Math.round(100 * (layer.zeros ?? 0)) }));
    this.scale.show(layer.maps, dark);
    if (this.layer !== layer || this.dark !== dark) this.paint(layer, dark);
    Object.assign(this, { layer, dark });
    this.mark(chosen);
  }

  paint(layer, dark) {
    const bytes = bytesOf(layer.maps.values);
    const colours = colourTable(layer.maps, dark);
    this.body.dataset.form = layer.form;
    this[layer.form](layer, bytes, colours);
  }

  maps(layer, bytes, colours) {
    const { count, height, width } = layer.maps;
    this.tiles = Array.from({ length: count }, (_, unit) => {
      const canvas = element("canvas", { "aria-hidden": "true" });
      painted(canvas, bytes, unit * height * width, width, height, colours);
      canvas.style.width = `${TILE}px`;
      const label = fill(this.text.tile, { unit: unit + 1, layer: layer.label });
      return element("button", { type: "button", class: "lt-unit", title: label, "aria-label": label, "data-unit": unit, onclick: () => this.picked(layer.name, unit) }, canvas);
    });
    const rest = layer.shape[0] - count;
    this.body.replaceChildren(...this.tiles, ...(rest > 0 ? [element("span", { class: "lt-note" }, fill(this.text.more_units, { count: rest }))] : []));
  }

  // A row of neurons: one button each.
  units(layer, bytes, colours) {
    this.tiles = Array.from(bytes, (byte, unit) => {
      const label = fill(this.text.tile, { unit: unit + 1, layer: layer.label });
      const value = layer.maps.low + (byte / 255) * (layer.maps.high - layer.maps.low);
      const colour = `rgb(${colours.slice(3 * byte, 3 * byte + 3).join(",")})`;
      return element("button", { type: "button", class: "lt-unit lt-neuron", style: `background: ${colour}`, title: `${label}: ${value.toPrecision(3)}`, "aria-label": label, "data-unit": unit, onclick: () => this.picked(layer.name, unit) });
    });
    const rest = layer.shape[0] - this.tiles.length;
    this.body.style.setProperty("--lt-across", Math.min(ACROSS, this.tiles.length));
    this.body.style.setProperty("--lt-cell", `${CELL}px`);
    this.body.replaceChildren(...this.tiles, ...(rest > 0 ? [element("span", { class: "lt-note" }, fill(this.text.more_units, { count: rest }))] : []));
  }

  // Units over steps: a row each.
  steps(layer, bytes, colours) {
    const { height, width } = layer.maps;
    this.tiles = Array.from({ length: height }, (_, unit) => {
      const canvas = element("canvas", { "aria-hidden": "true" });
      painted(canvas, bytes, unit * width, width, 1, colours);
      canvas.style.cssText = `width: 100%; height: ${ROW_HEIGHT}px`;
      const label = fill(this.text.tile, { unit: unit + 1, layer: layer.label });
      return element("button", { type: "button", class: "lt-unit", title: label, "aria-label": label, "data-unit": unit, onclick: () => this.picked(layer.name, unit) }, canvas);
    });
    this.body.style.setProperty("--lt-wide", `${Math.min(WIDEST, width * STEP_WIDTH)}px`);
    const rest = layer.shape[0] - height;
    this.body.replaceChildren(...this.tiles, ...(rest > 0 ? [element("span", { class: "lt-note" }, fill(this.text.more_units, { count: rest }))] : []));
  }

  mark(chosen) {
    for (const tile of this.tiles) tile.toggleAttribute("data-chosen", Number(tile.dataset.unit) === chosen);
  }
}
