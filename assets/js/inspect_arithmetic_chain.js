// The layers of the network in the order of execution, each with a few of its maps; the chosen one is looked at.

import { element, write } from "./dom.js";
import { paint, shapeText } from "./tensors.js";

const CELL = 30;

export class Chain {
  // `chosen(key)` hears of a layer that was pressed.
  constructor({ text, chosen }) {
    Object.assign(this, { text, chosen });
    this.element = element("nav", { class: "lt-ar-chain", "aria-label": text.chain });
  }

  fit(layers) {
    const key = JSON.stringify(layers.map((layer) => [layer.key, layer.shape]));
    if (key === this.fitted) return;
    this.fitted = key;
    this.rows = layers.map((layer) => {
      const canvas = element("canvas", { "aria-hidden": "true", hidden: !layer.maps });
      const kind = element("small");
      const button = element("button", { type: "button", "data-layer": layer.key, onclick: () => this.chosen(layer.key) }, element("span", {}, element("b", {}, this.titleOf(layer)), kind), element("code", {}, layer.layout === "loss" ? "" : shapeText(layer.shape)), canvas);
      return { button, canvas, kind };
    });
    this.element.replaceChildren(...this.rows.map((row) => row.button));
  }

  titleOf({ key, title }) {
    if (key === "input") return this.text.input;
    return key === "loss" ? (this.text.losses[title] ?? this.text.loss) : title;
  }

  // `sources`: keys of the layers that the chosen one takes its numbers from.
  show(layers, key, sources, dark) {
    this.fit(layers);
    layers.forEach((layer, at) => {
      const { button, canvas, kind } = this.rows[at];
      write(kind, this.text.kinds[layer.kind] ?? layer.kind);
      button.setAttribute("aria-pressed", layer.key === key);
      button.toggleAttribute("data-source", sources.includes(layer.key));
      if (layer.maps && (layer.maps !== this.rows[at].maps || dark !== this.dark)) {
        this.rows[at].maps = layer.maps;
        paint(canvas, layer.maps.block, { columns: 6, cell: layer.layout === "sequence" ? 60 : CELL, gap: 2, dark });
      }
    });
    this.dark = dark;
    if (key !== this.key) this.reveal(key);
    this.key = key;
  }

  // Scrolls the list itself, never the page.
  reveal(key) {
    const row = this.rows.find(({ button }) => button.dataset.layer === key)?.button;
    if (!row) return;
    const { element: list } = this;
    list.scrollTop = row.offsetTop - list.offsetTop - list.clientHeight / 3;
    list.scrollLeft = row.offsetLeft - list.offsetLeft - list.clientWidth / 3;
  }
}
