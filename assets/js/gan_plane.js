// The plane: what the discriminator says of every place, real and generated points, where each is told to go, and the modes.

import { Axes } from "./gan_axes.js";
import { Motion } from "./gan_motion.js";
import { percent } from "./gan_numbers.js";
import { element } from "./dom.js";
import { bytesOf, signedColours } from "./tensors.js";

const ARROW = 30; // pixels of the longest
const HEAD = 5;
const COVERED = 0.01; // of the samples, as in the run's own measure
const FEW_MODES = 12; // more have no room for their shares
const VEIL = { light: 0.4, dark: 0.4 }; // how strong the surface is under the points

// The value in the middle of the colours, and how far from it they reach: where the discriminator cannot tell.
export function span({ score, surface, equilibrium }) {
  if (score === "probability") return { middle: 0.5, reach: 0.5 };
  const middle = equilibrium ?? (surface.low + surface.high) / 2;
  return { middle, reach: Math.max(surface.high - middle, middle - surface.low, 1e-9) };
}

export class Plane {
  // `layers`: name -> whether it is shown.
  constructor({ label, layers }) {
    this.layers = layers;
    this.motion = new Motion();
    this.axes = new Axes({ label, resized: () => this.paint() });
    this.canvas = this.axes.canvas;
    this.canvas.dataset.points = 0;
  }

  close() {
    cancelAnimationFrame(this.frame);
    this.axes.close();
  }

  show(data, theme) {
    if (data !== this.data) this.motion.to(data.generated);
    this.data = data;
    this.theme = theme;
    this.axes.extent = data.extent;
    this.canvas.dataset.points = data.generated.x.length;
    this.surface = this.layers.surface ? this.image(data, theme.dark) : null;
    this.paint();
  }

  // One canvas pixel a value; the browser smooths it when it is enlarged.
  image(data, dark) {
    const { side, low, high, values } = data.surface;
    const { middle, reach } = span(data);
    const colours = signedColours(dark);
    const bytes = bytesOf(values);
    const canvas = element("canvas");
    canvas.width = canvas.height = side;
    const picture = new ImageData(side, side);
    for (let at = 0; at < bytes.length; at++) {
      const value = low + (bytes[at] / 255) * (high - low);
      const share = Math.max(0, Math.min(1, 0.5 + (value - middle) / (2 * reach)));
      const row = side - 1 - Math.floor(at / side); // the first row of values is the lowest
      picture.data.set(colours.subarray(3 * Math.round(255 * share), 3 * Math.round(255 * share) + 3), 4 * (row * side + (at % side)));
      picture.data[4 * (row * side + (at % side)) + 3] = 255;
    }
    canvas.getContext("2d").putImageData(picture, 0, 0);
    return canvas;
  }

  paint() {
    cancelAnimationFrame(this.frame);
    const { axes, data, theme, layers } = this;
    if (!theme || !axes.clear(theme)) return;
    if (data && this.surface) {
      axes.context.globalAlpha = VEIL[theme.dark ? "dark" : "light"];
      axes.context.imageSmoothingEnabled = true;
      axes.context.drawImage(this.surface, 0, 0, axes.side, axes.side);
      axes.context.globalAlpha = 1;
    }
    axes.grid();
    if (data) {
      if (layers.modes && data.modes) this.modes(data.modes);
      if (layers.warp && data.warp?.rows > 1) drawWarp(axes, data.warp, axes.colour("--lt-mark"), 0.55);
      if (layers.real) axes.points(data.real, { colour: "--lt-train", radius: 2.6, ring: true, alpha: 0.9 });
      if (layers.generated) axes.points(this.motion.now(), { colour: "--lt-validation", radius: 3, alpha: 0.92 });
      // all samples lie on the one curve, and would hide it
      if (layers.warp && data.warp?.rows === 1) drawWarp(axes, data.warp, axes.colour("--lt-mark"), 1, 2);
      if (layers.arrows) this.arrows(data.arrows);
    }
    this.over?.(axes);
    if (this.motion.moving) this.frame = requestAnimationFrame(() => this.paint());
  }

  modes({ x, y, radius, share }) {
    const { axes } = this;
    const { context } = axes;
    context.font = `11px ${this.theme.font}`;
    context.textAlign = "center";
    for (let at = 0; at < x.length; at++) {
      const covered = share[at] >= COVERED;
      context.strokeStyle = axes.colour(covered ? "--lt-right" : "--lt-quiet");
      context.lineWidth = covered ? 1.6 : 1.2;
      context.setLineDash(covered ? [] : [4, 4]);
      context.beginPath();
      const size = Math.max(6, axes.x(radius) - axes.x(0));
      context.arc(axes.x(x[at]), axes.y(y[at]), size, 0, 2 * Math.PI);
      context.stroke();
      if (x.length > FEW_MODES) continue;
      const label = [percent(share[at]), axes.x(x[at]), axes.y(y[at]) - size - 7];
      context.setLineDash([]);
      context.strokeStyle = axes.colour("--lt-panel"); // a rim, so that it can be read over points
      context.lineWidth = 3;
      context.strokeText(...label);
      context.fillStyle = axes.colour("--lt-text");
      context.fillText(...label);
    }
    context.setLineDash([]);
    context.textAlign = "start";
  }

  arrows({ x, y, dx, dy, longest }) {
    if (!longest) return;
    const { axes } = this;
    const { context } = axes;
    context.strokeStyle = context.fillStyle = axes.colour("--lt-text");
    context.lineWidth = 1.2;
    for (let at = 0; at < x.length; at++) {
      if (x[at] === null || dx[at] === null) continue;
      const [across, up] = [(dx[at] / longest) * ARROW, (-dy[at] / longest) * ARROW];
      const length = Math.hypot(across, up);
      if (length < 1) continue;
      const [left, top] = [axes.x(x[at]), axes.y(y[at])];
      const [right, end] = [left + across, top + up];
      const head = Math.min(HEAD, length);
      const angle = Math.atan2(up, across);
      context.beginPath();
      context.moveTo(left, top);
      context.lineTo(right, end);
      for (const turn of [2.6, -2.6]) {
        context.moveTo(right, end);
        context.lineTo(right + head * Math.cos(angle + turn), end + head * Math.sin(angle + turn));
      }
      context.stroke();
    }
  }
}

// The grid of noises where the generator puts it; along a single latent number, one curve.
export function drawWarp(axes, { columns, rows, x, y }, colour, alpha = 1, width = 1) {
  const place = (row, column) => [x[row * columns + column] ?? 0, y[row * columns + column] ?? 0];
  const along = (count, at) => Array.from({ length: count }, (_, step) => at(step));
  for (let row = 0; row < rows; row++) axes.line(along(columns, (column) => place(row, column)), { colour, alpha, width });
  if (rows > 1) for (let column = 0; column < columns; column++) axes.line(along(rows, (row) => place(row, column)), { colour, alpha });
}
