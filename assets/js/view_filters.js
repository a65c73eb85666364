// The kernels of the convolutions: what each output channel looks for in each input channel.

import { element, fill, write } from "./dom.js";
import { Panel } from "./panel.js";
import { paint, scaleBar, shapeText } from "./tensors.js";

const CELL = 24; // pixels a kernel
const GAP = 4;

export class Filters extends Panel {
  looks() {
    return [{ name: "filters", args: {} }];
  }

  fit(layers) {
    const key = JSON.stringify(layers.map(({ name, shape }) => [name, shape]));
    if (key === this.fitted) return;
    this.fitted = key;
    this.rows = layers.map((layer) => {
      const canvas = element("canvas", { role: "img" });
      const scale = scaleBar();
      const note = element("p", { class: "lt-caption" }, fill(this.text.kernels_shown, { outputs: layer.rows, of: layer.shape[0], inputs: layer.columns, per: layer.shape[1] }));
      const head = element("header", {}, element("b", {}, layer.name), element("code", {}, shapeText(layer.shape)), scale.bar);
      return { element: element("section", { class: "lt-layer" }, head, canvas, note), canvas, scale };
    });
    this.body.replaceChildren(...this.rows.map((row) => row.element));
  }

  render({ layers }, { step }) {
    this.fit(layers);
    if (!layers.length) return write(this.waiting, this.text.no_kernels);
    layers.forEach((layer, at) => {
      const { canvas, scale } = this.rows[at];
      const { dark } = this.theme;
      paint(canvas, layer.tensor, { columns: layer.columns, cell: CELL, gap: GAP, down: true, dark });
      scale.show(layer.tensor, dark);
      canvas.setAttribute("aria-label", fill(this.text.kernels_alt, { layer: layer.name, step, low: layer.tensor.low, high: layer.tensor.high }));
    });
  }
}
