// A small map of the whole drawing with a frame around what is seen; press or drag in it to go there.

import { element } from "./dom.js";

const LONGEST = 132; // pixels
const LEAST_SIDE = 26;

export class GraphMap {
  constructor({ label, went }) {
    this.canvas = element("canvas", { class: "lt-graph-map", role: "img", "aria-label": label, hidden: true });
    this.went = went;
    const go = (event) => {
      if (!(event.buttons & 1)) return;
      event.preventDefault();
      event.stopPropagation();
      const box = this.canvas.getBoundingClientRect();
      this.went((event.clientX - box.left) / this.scale, (event.clientY - box.top) / this.scale);
    };
    for (const name of ["pointerdown", "pointermove"]) this.canvas.addEventListener(name, go);
  }

  // `rects`: [{x, y, width, height, fill, open}], in drawing order.
  fit(width, height, rects) {
    Object.assign(this, { width, height, rects });
    this.scale = Math.min(LONGEST / width, LONGEST / height);
    const ratio = window.devicePixelRatio || 1;
    this.shown = [Math.max(LEAST_SIDE, width * this.scale), Math.max(LEAST_SIDE, height * this.scale)];
    [this.canvas.width, this.canvas.height] = this.shown.map((side) => Math.round(side * ratio));
    Object.assign(this.canvas.style, { width: `${this.shown[0]}px`, height: `${this.shown[1]}px` });
    this.ground = null;
  }

  draw(seen, theme) {
    if (!this.rects) return;
    const whole = seen.x <= 0 && seen.y <= 0 && seen.x + seen.width >= this.width && seen.y + seen.height >= this.height;
    this.canvas.hidden = whole;
    if (whole) return;
    const context = this.canvas.getContext("2d");
    const ratio = window.devicePixelRatio || 1;
    if (!this.ground) this.ground = this.paint(theme, ratio);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.drawImage(this.ground, 0, 0);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.strokeStyle = theme.colours["--lt-mark"];
    context.lineWidth = 1.5;
    const { scale } = this;
    const left = Math.max(1, seen.x * scale);
    const top = Math.max(1, seen.y * scale);
    context.strokeRect(left, top, Math.min(this.shown[0] - 1, (seen.x + seen.width) * scale) - left, Math.min(this.shown[1] - 1, (seen.y + seen.height) * scale) - top);
  }

  paint(theme, ratio) {
    const ground = document.createElement("canvas");
    [ground.width, ground.height] = [this.canvas.width, this.canvas.height];
    const context = ground.getContext("2d");
    context.scale(ratio * this.scale, ratio * this.scale);
    context.lineWidth = 1 / this.scale;
    context.strokeStyle = theme.colours["--lt-line"];
    for (const { x, y, width, height, fill, open } of this.rects) {
      context.fillStyle = fill ?? theme.colours["--lt-quiet"];
      if (open) context.strokeRect(x, y, width, height);
      else context.fillRect(x, y, width, height);
    }
    return ground;
  }
}
