// The generator as a map: the grid of noises on the left, and where each of its points lands on the right.

import { element, write } from "./dom.js";
import { Axes } from "./gan_axes.js";
import { drawWarp } from "./gan_plane.js";
import { Panel } from "./panel.js";
import { viridis } from "./tensors.js";

const STRIP = 0.16; // height of the line of noises, as a share of its width
const STEP = 6; // points of the line from mark to mark
const LOOK = { name: "plane", args: {} };

export class Warp extends Panel {
  build() {
    const words = this.text.gan.warp;
    const again = () => (this.shown = null) || this.views.changed();
    this.before = new Axes({ label: words.grid.before, resized: again });
    this.after = new Axes({ label: words.grid.after, resized: again });
    this.captions = [element("figcaption", { class: "lt-caption" }), element("figcaption", { class: "lt-caption" })];
    const figures = [this.before, this.after].map((axes, at) => element("figure", { class: "lt-gan-square" }, axes.canvas, this.captions[at]));
    this.note = element("p", { class: "lt-caption" });
    this.body.append(element("div", { class: "lt-gan-pair" }, ...figures), this.note);
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
    this.say(warp);
    if (!warp) return;
    const [before, after] = [this.before, this.after];
    before.shape(warp.rows > 1 ? 1 : STRIP);
    if (before.clear(this.theme)) this.paint(before, this.plain(warp, data.extent));
    if (!after.clear(this.theme)) return;
    after.extent = data.extent;
    after.grid();
    after.points(data.real, { colour: "--lt-train", radius: 2, ring: true, alpha: 0.45 });
    this.paint(after, warp);
    this.element.dataset.cells = warp.x.length;
  }

  // One latent number is a line, two are a grid.
  say(warp) {
    const words = this.text.gan.warp;
    const said = warp?.rows === 1 ? words.line : words.grid;
    for (const [at, name] of ["before", "after"].entries()) {
      write(this.captions[at], said[name]);
      this[name].canvas.setAttribute("aria-label", said[name]);
    }
    write(this.note, warp ? said.colours : words.none);
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
    } else this.curve(axes, warp, tone);
  }

  // One latent number: a curve, with marks that lie at equal distances on the line it was bent from.
  curve(axes, { columns, x, y }, tone) {
    const place = (at) => [x[at] ?? 0, y[at] ?? 0];
    for (let at = 1; at < columns; at++) axes.line([place(at - 1), place(at)], { colour: tone(at / (columns - 1)), width: 3 });
    const marks = Array.from({ length: Math.ceil(columns / STEP) }, (_, number) => place(number * STEP));
    axes.points({ x: marks.map((one) => one[0]), y: marks.map((one) => one[1]) }, { colour: "--lt-text", radius: 2.3 });
  }
}
