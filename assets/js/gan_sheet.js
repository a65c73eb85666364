// The sheet: what the generator makes of the same noises all along, and how sure a judge is of each picture.

import { element, fill, write } from "./dom.js";
import { percent } from "./gan_numbers.js";
import { paintSheet } from "./gan_tiles.js";

const CELL = 56; // pixels of a tile
const BAR = 5; // of the judge's confidence below it
const SURE = 0.8;

export class Sheet {
  constructor({ label, words, empty }) {
    this.words = words;
    this.canvas = element("canvas", { class: "lt-gan-sheet", role: "img", "aria-label": label });
    this.labels = element("div", { class: "lt-gan-rows", "aria-hidden": "true" });
    this.note = element("p", { class: "lt-caption" });
    this.tip = element("p", { class: "lt-caption lt-gan-tip" }, words.tip);
    this.empty = element("p", { class: "lt-empty" }, empty);
    this.element = element("div", { "data-empty": true }, this.empty, element("div", { class: "lt-gan-sheetbox" }, this.labels, this.canvas), this.note, this.tip);
    this.canvas.onpointermove = (event) => this.point(event);
    this.canvas.onpointerleave = () => write(this.tip, words.tip);
  }

  show(data, theme) {
    this.data = data;
    this.element.removeAttribute("data-empty");
    this.empty.hidden = true;
    const { columns, rows, judged, confidence, labels } = data;
    this.placed = paintSheet(this.canvas, data, { cell: CELL, below: BAR + 2 });
    const { context, wide, high, side, tall } = this.placed;
    for (let at = 0; at < judged.length; at++) {
      const [x, y] = [(at % columns) * wide, Math.floor(at / columns) * high + tall + 2];
      context.fillStyle = theme.colours["--lt-line"];
      context.fillRect(x, y, side, BAR);
      context.fillStyle = theme.colours[confidence[at] > SURE ? "--lt-right" : "--lt-quiet"];
      context.fillRect(x, y, side * (confidence[at] ?? 0), BAR);
    }
    this.canvas.dataset.tiles = judged.length;
    const sure = confidence.filter((share) => share > SURE).length;
    this.canvas.dataset.sure = sure;
    const seen = new Set(judged.filter((_name, at) => confidence[at] > SURE));
    write(this.note, fill(this.words.sure, { sure, count: judged.length, kinds: seen.size, accuracy: percent(data.judge.accuracy, 1), seconds: Number(data.judge.seconds).toFixed(1) }));
    this.labels.replaceChildren(...(labels ?? []).map((name) => element("span", {}, name)));
    this.labels.style.gridTemplateRows = `repeat(${rows}, 1fr)`;
    this.labels.hidden = !labels;
  }

  // What the judge says of the tile under the pointer.
  point({ clientX, clientY }) {
    if (!this.data) return;
    const box = this.canvas.getBoundingClientRect();
    const { columns, rows, judged, confidence } = this.data;
    const column = Math.min(columns - 1, Math.max(0, Math.floor(((clientX - box.left) / box.width) * columns)));
    const row = Math.min(rows - 1, Math.max(0, Math.floor(((clientY - box.top) / box.height) * rows)));
    const at = row * columns + column;
    write(this.tip, fill(this.words.tile, { said: judged[at], confidence: percent(confidence[at], 1) }));
  }
}
