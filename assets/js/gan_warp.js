// The generator as a map: the grid of noises on the left, and where each of its points lands on the right.

import { element, write } from "./dom.js";
import { Axes } from "./gan_axes.js";
import { drawWarp } from "./gan_plane.js";
import { Panel } from "./panel.js";
import { viridis } from "./tensors.js";

const LOOK = { name: "plane", args: {} };

export class Warp extends Panel {
  build() {
    const words = this.text.gan.warp;
    const again = () => (this.shown = null) || this.views.changed();
    this.before = new Axes({ label: words.before, resized: again });
    this.after = new Axes({ label: words.after, resized: again });
    const figure = (axes, text) => element("figure", { class: "lt-gan-square" }, axes.canvas, element("figcaption", { class: "lt-caption" }, text));
    this.note = element("p", { class: "lt-caption" });
    this.body.append(element("div", { class: "lt-gan-pair" }, figure(this.before, words.before), figure(this.after, words.after)), this.note);
  }

  close() {
    this.before.close();
    this.after.close();
  }

  looks() {
    return [LOOK];
  }

  render(data) {
    const { warp } = data;
    const words = this.text.gan.warp;
    write(this.note, warp ? words.colours : words.none);
    if (!warp) return;
    const [before, after] = [this.before, this.after];
    if (before.clear(this.theme)) this.paint(before, this.plain(warp, data.extent));
    if (!after.clear(this.theme)) return;
    after.extent = data.extent;
    after.grid();
    after.points(data.real, { colour: "--lt-train", radius: 2, ring: true, alpha: 0.45 });
    this.paint(after, warp);
    this.element.dataset.cells = warp.x.length;
  }

  // The same grid before anybody bent it, scaled into the square.
  plain({ dimension, columns, rows }, extent) {
    const side = 0.9 * extent;
    const along = (at, count) => (count > 1 ? -side + (2 * side * at) / (count - 1) : 0);
    const x = [];
    const y = [];
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        // the first latent number changes from row to row, the second from column to column
        x.push(dimension === 1 ? along(column, columns) : along(row, rows));
        y.push(dimension === 1 ? 0 : along(column, columns));
      }
    return { dimension, columns, rows, x, y };
  }

  // Lines in the order of the first latent number, dark to bright, so that each finds its like on the other side.
  paint(axes, warp) {
    const { columns, rows, x, y } = warp;
    const tone = (share) => viridis(this.theme.dark ? 0.3 + 0.7 * share : 0.85 * share);
    if (rows > 1) {
      drawWarp(axes, warp, axes.colour("--lt-quiet"), 0.45);
      for (let row = 0; row < rows; row++) {
        const at = (column) => row * columns + column;
        axes.line(Array.from({ length: columns }, (_, column) => [x[at(column)] ?? 0, y[at(column)] ?? 0]), { colour: tone(row / (rows - 1)), width: 1.6 });
      }
    } else
      for (let at = 1; at < columns; at++)
        axes.line([[x[at - 1] ?? 0, y[at - 1] ?? 0], [x[at] ?? 0, y[at] ?? 0]], { colour: tone(at / (columns - 1)), width: 3 });
  }
}
