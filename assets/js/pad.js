// A small board to draw on with mouse, finger, pen or arrow keys; it yields the drawing in the size of the network's pictures.

import { element } from "./dom.js";

const FINEST = 64; // side of the finest drawing that is sent; the server fits it to the network's pictures
const SIDE = 280; // about this many canvas pixels, a whole number for each picture pixel
const PEN = 0.085; // width of the pen as a share of the side, as in MNIST
const MOVES = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

export class Pad {
  // `changed` hears of every stroke.
  constructor({ label, help, changed }) {
    this.changed = changed;
    this.thickness = 1;
    this.blank = true;
    this.canvas = element("canvas", { class: "lt-pad-canvas", tabindex: 0, role: "img", "aria-label": label, title: help });
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
    this.ring = element("i", { class: "lt-pad-ring", "aria-hidden": "true" });
    this.element = element("div", { class: "lt-pad" }, this.canvas, this.ring);
    this.canvas.onpointerdown = (event) => this.down(event);
    this.canvas.onpointermove = (event) => this.move(event);
    this.canvas.onpointerup = this.canvas.onpointercancel = () => (this.pointer = null);
    this.canvas.onkeydown = (event) => this.key(event);
    this.fit(28, 28);
  }

  // The board holds a whole number of its own pixels for each of the network's.
  fit(height, width) {
    if (height === this.height && width === this.width) return;
    Object.assign(this, { height, width, enlarge: Math.max(1, Math.round(SIDE / Math.max(height, width))) });
    const most = Math.min(8, Math.max(1, Math.floor(FINEST / Math.max(height, width))));
    this.finer = Array.from({ length: most }, (_, at) => at + 1).filter((count) => this.enlarge % count === 0).at(-1);
    this.canvas.width = width * this.enlarge; // also clears
    this.canvas.height = height * this.enlarge;
    this.blank = true;
    this.at = [this.canvas.width / 2, this.canvas.height / 2];
    this.ringTo(this.at);
  }

  call(label) {
    if (this.canvas.getAttribute("aria-label") !== label) this.canvas.setAttribute("aria-label", label);
  }

  clear() {
    this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.blank = true;
    this.pen = false;
    this.changed();
  }

  down(event) {
    if (event.button !== 0) return;
    event.preventDefault(); // no scrolling, no selection
    this.canvas.focus({ preventScroll: true });
    this.canvas.setPointerCapture(event.pointerId);
    this.pointer = event.pointerId;
    this.at = this.place(event);
    this.line(this.at, this.at);
  }

  move(event) {
    if (event.pointerId !== this.pointer) return;
    const between = event.getCoalescedEvents?.() ?? [];
    for (const one of between.length ? between : [event]) {
      const to = this.place(one);
      this.line(this.at, to);
      this.at = to;
    }
  }

  place({ clientX, clientY }) {
    const box = this.canvas.getBoundingClientRect();
    return [((clientX - box.left) / box.width) * this.canvas.width, ((clientY - box.top) / box.height) * this.canvas.height];
  }

  // Arrow keys move the pen by one picture pixel, Space lowers and lifts it, Delete clears.
  key(event) {
    const by = MOVES[event.key];
    if (by) {
      const limit = [this.canvas.width, this.canvas.height];
      const to = this.at.map((value, axis) => Math.max(0, Math.min(limit[axis], value + by[axis] * this.enlarge)));
      if (this.pen) this.line(this.at, to);
      this.at = to;
    } else if (event.key === " ") {
      this.pen = !this.pen;
      if (this.pen) this.line(this.at, this.at);
    } else if (event.key === "Delete" || event.key === "Backspace") this.clear();
    else return;
    event.preventDefault();
    event.stopPropagation();
    this.ringTo(this.at);
  }

  ringTo([x, y]) {
    this.ring.style.left = `${(100 * x) / this.canvas.width}%`;
    this.ring.style.top = `${(100 * y) / this.canvas.height}%`;
    this.ring.dataset.down = Boolean(this.pen);
  }

  line([fromX, fromY], [toX, toY]) {
    const { context } = this;
    context.lineCap = context.lineJoin = "round";
    context.strokeStyle = "#ffffff";
    context.lineWidth = Math.max(this.enlarge, PEN * this.canvas.width * this.thickness);
    context.beginPath();
    context.moveTo(fromX, fromY);
    context.lineTo(toX, toY);
    context.stroke();
    this.blank = false;
    this.changed();
  }

  // Bytes of the drawing, 255 is ink: `finer` squared of them for each of the network's pixels, each the mean of its part of
  // the board. A drawing of 8 x 8 bytes alone could not be fitted without tearing it.
  pixels() {
    const { finer } = this;
    const [width, height, cell] = [this.width * finer, this.height * finer, this.enlarge / finer];
    const ink = this.context.getImageData(0, 0, this.canvas.width, this.canvas.height).data;
    const sums = new Float64Array(width * height);
    for (let y = 0, at = 3; y < height * cell; y++)
      for (let x = 0; x < width * cell; x++, at += 4) sums[Math.floor(y / cell) * width + Math.floor(x / cell)] += ink[at];
    return Uint8Array.from(sums, (sum) => Math.round(sum / (cell * cell)));
  }
}
