// What each layer makes of one picture: a row a layer, all maps of a row on one scale.

import { element, fill, write } from "./dom.js";
import { paint, scaleBar, shapeText } from "./tensors.js";

const COLUMNS = 8;
const CELL = 56; // pixels a map

export class LayerMaps {
  constructor(text) {
    this.text = text;
    this.element = element("div", { class: "lt-layers" });
  }

  clear() {
    this.fitted = null;
    this.element.replaceChildren();
  }

  fit(layers) {
    const key = JSON.stringify(layers.map(({ name, shape }) => [name, shape]));
    if (key === this.fitted) return;
    this.fitted = key;
    this.rows = layers.map(({ name, kind, shape }) => {
      const canvas = element("canvas", { role: "img" });
      const scale = scaleBar();
      const zeros = element("span", { class: "lt-zeros" });
      const head = element("header", {}, element("b", {}, name), element("span", {}, kind), element("code", {}, shapeText(shape)), zeros, scale.bar);
      return { element: element("section", { class: "lt-layer" }, head, canvas), canvas, scale, zeros };
    });
    this.element.replaceChildren(...this.rows.map((row) => row.element));
  }

  show(layers, dark) {
    this.fit(layers);
    layers.forEach(({ name, maps, zeros }, at) => {
      const row = this.rows[at];
      paint(row.canvas, maps, { columns: COLUMNS, cell: CELL, dark });
      row.scale.show(maps, dark);
      write(row.zeros, maps.broken ? this.text.not_finite : fill(this.text.zeros, { percent: Math.round(100 * zeros) }));
      row.canvas.setAttribute("aria-label", fill(this.text.maps_alt, { layer: name, count: maps.count, low: maps.low, high: maps.high }));
    });
  }
}
