// A square piece of the plane on a canvas: its size on the screen, its axes, and how points, lines and arrows are drawn on it.

import { element } from "./dom.js";

const TICKS = [-1, 0, 1];

export class Axes {
  // `resized` hears that everything is to be drawn again. `extent` is half its width in units of the plane.
  constructor({ label, resized, extent = 1.6 }) {
    this.extent = extent;
    this.share = 1; // its height as a share of its width: less than 1 for a strip around the horizontal axis
    this.canvas = element("canvas", { class: "lt-gan-plane", role: "img", "aria-label": label });
    this.context = this.canvas.getContext("2d");
    this.observer = new ResizeObserver(() => resized());
    this.observer.observe(this.canvas);
  }

  close() {
    this.observer.disconnect();
  }

  // Begin a picture: an empty ground with as many pixels as the screen has. False while it is not on the screen.
  clear(theme) {
    const side = this.canvas.clientWidth;
    if (!side) return false;
    const scale = window.devicePixelRatio || 1;
    const pixels = Math.round(side * scale);
    const high = Math.round(pixels * this.share);
    if (this.canvas.width !== pixels || this.canvas.height !== high) [this.canvas.width, this.canvas.height] = [pixels, high];
    this.side = side;
    this.theme = theme;
    this.context.setTransform(scale, 0, 0, scale, 0, 0);
    this.context.clearRect(0, 0, side, side);
    return true;
  }

  colour(name) {
    return this.theme.colours[name];
  }

  // A square, or a strip.
  shape(share) {
    this.share = share;
    this.canvas.style.aspectRatio = share < 1 ? String(1 / share) : "";
  }

  x(value) {
    return ((value + this.extent) / (2 * this.extent)) * this.side;
  }

  y(value) {
    return ((this.share * this.extent - value) / (2 * this.extent)) * this.side;
  }

  // Where on the plane a pointer is.
  place({ clientX, clientY }) {
    const box = this.canvas.getBoundingClientRect();
    const along = (at, from, length) => ((at - from) / length) * 2 * this.extent - this.extent;
    return [along(clientX, box.left, box.width), -along(clientY, box.top, box.height)];
  }

  grid() {
    const { context, side } = this;
    context.strokeStyle = this.colour("--lt-grid");
    context.fillStyle = this.colour("--lt-quiet");
    context.lineWidth = 1;
    context.font = `11px ${this.theme.font}`;
    for (const tick of TICKS) {
      const [x, y] = [Math.round(this.x(tick)) + 0.5, Math.round(this.y(tick)) + 0.5];
      context.beginPath();
      context.moveTo(x, 0);
      context.lineTo(x, side);
      context.moveTo(0, y);
      context.lineTo(side, y);
      context.stroke();
      context.fillText(String(tick).replace("-", "−"), x + 3, side - 4);
      if (tick) context.fillText(String(tick).replace("-", "−"), 4, y - 4);
    }
  }

  // Filled dots with a rim in the ground's colour, or rings; the shape tells them apart where the colour does not.
  points({ x, y }, { colour, radius = 2.6, ring = false, alpha = 1 }) {
    const { context } = this;
    context.globalAlpha = alpha;
    context.fillStyle = context.strokeStyle = this.colour(colour);
    context.lineWidth = 1.3;
    context.beginPath();
    for (let at = 0; at < x.length; at++) {
      if (x[at] === null || y[at] === null) continue;
      const [left, top] = [this.x(x[at]), this.y(y[at])];
      context.moveTo(left + radius, top);
      context.arc(left, top, radius, 0, 2 * Math.PI);
    }
    if (ring) context.stroke();
    else {
      context.fill();
      context.strokeStyle = this.colour("--lt-panel");
      context.lineWidth = 0.7;
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  line(places, { colour, width = 1, alpha = 1 }) {
    const { context } = this;
    context.globalAlpha = alpha;
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.lineJoin = context.lineCap = "round"; // pieces of a curve meet without a seam
    context.beginPath();
    places.forEach(([x, y], at) => (at ? context.lineTo(this.x(x), this.y(y)) : context.moveTo(this.x(x), this.y(y))));
    context.stroke();
    context.globalAlpha = 1;
  }
}
