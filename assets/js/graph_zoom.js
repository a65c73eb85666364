// Moving about in a drawing: wheel, pinch, drag and keys change its scale and place.

const LEAST = 0.04;
const MOST = 4;
const STEP = 1.25; // of a button or a key
const PAN = 60; // pixels of an arrow key
const STILL = 5; // pixels a pointer may move and still have clicked

export class Zoom {
  // `frame`: the element that is looked through; `moved()` hears of every change, `clicked(event)` of a press without a drag.
  constructor(frame, { moved, clicked }) {
    Object.assign(this, { frame, moved, clicked, scale: 1, x: 0, y: 0, width: 0, height: 0 });
    this.fingers = new Map();
    this.passed = 0;
    frame.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    frame.addEventListener("pointerdown", (event) => this.down(event));
    frame.addEventListener("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel"]) frame.addEventListener(name, (event) => this.up(event));
    frame.addEventListener("keydown", (event) => this.key(event));
  }

  // Of the frame; read once after each change of it, since reading it lays out the page anew.
  get size() {
    const { clientWidth, clientHeight } = this.room ? {} : this.frame;
    this.room ??= clientWidth && clientHeight ? [clientWidth, clientHeight] : null;
    return this.room ?? [1, 1];
  }

  resized() {
    this.room = null;
  }

  // The scale at which everything is seen.
  get all() {
    const [wide, high] = this.size;
    return Math.max(LEAST, Math.min(1, (wide - 24) / (this.width || 1), (high - 24) / (this.height || 1)));
  }

  to(scale, x, y) {
    Object.assign(this, { scale: Math.max(Math.min(LEAST, this.all), Math.min(MOST, scale)), x, y });
    this.moved();
  }

  fit() {
    const [wide, high] = this.size;
    const scale = this.all;
    this.to(scale, (wide - this.width * scale) / 2, (high - this.height * scale) / 2);
  }

  // The first sight: everything where it can be read, else the beginning.
  begin(across) {
    const [wide, high] = this.size;
    const scale = Math.max(this.all, Math.min(1, Math.max(0.6, across ? (high - 24) / this.height : (wide - 24) / this.width)));
    const place = (room, length) => (length * scale <= room ? (room - length * scale) / 2 : 12);
    const x = across ? place(wide, this.width) : (wide - this.width * scale) / 2;
    this.to(scale, x, across ? (high - this.height * scale) / 2 : place(high, this.height));
  }

  by(factor, px = this.size[0] / 2, py = this.size[1] / 2) {
    const before = this.scale;
    const scale = Math.max(Math.min(LEAST, this.all), Math.min(MOST, before * factor));
    const ratio = scale / before;
    this.to(scale, px - (px - this.x) * ratio, py - (py - this.y) * ratio);
  }

  pan(dx, dy) {
    this.to(this.scale, this.x + dx, this.y + dy);
  }

  centre(x, y, scale = this.scale) {
    const [wide, high] = this.size;
    this.to(scale, wide / 2 - x * scale, high / 2 - y * scale);
  }

  // What is seen, in the drawing's own coordinates.
  get window() {
    const [wide, high] = this.size;
    return { x: -this.x / this.scale, y: -this.y / this.scale, width: wide / this.scale, height: high / this.scale };
  }

  wheel(event) {
    const outermost = event.deltaY > 0 && this.scale <= this.all * 1.001;
    if (outermost && !event.ctrlKey) return; // nothing is left to zoom out of: the page scrolls
    event.preventDefault();
    const box = this.frame.getBoundingClientRect();
    const lines = event.deltaMode === 1 ? 16 : 1;
    const factor = Math.exp(-Math.max(-120, Math.min(120, event.deltaY * lines)) * (event.ctrlKey ? 0.01 : 0.0022));
    this.by(factor, event.clientX - box.left, event.clientY - box.top);
    if (this.scale < this.all) this.fit();
  }

  down(event) {
    if (event.button) return;
    this.fingers.set(event.pointerId, [event.clientX, event.clientY]);
    if (this.fingers.size === 1) this.passed = 0;
  }

  move(event) {
    const before = this.fingers.get(event.pointerId);
    if (!before) return;
    const now = [event.clientX, event.clientY];
    const others = [...this.fingers].filter(([id]) => id !== event.pointerId).map(([, place]) => place);
    if (others.length) this.pinch(before, now, others[0]);
    else {
      this.passed += Math.hypot(now[0] - before[0], now[1] - before[1]);
      if (this.passed <= STILL) return this.fingers.set(event.pointerId, now);
      if (!this.frame.hasPointerCapture(event.pointerId)) this.frame.setPointerCapture(event.pointerId);
      this.pan(now[0] - before[0], now[1] - before[1]);
    }
    this.fingers.set(event.pointerId, now);
  }

  pinch(before, now, other) {
    const box = this.frame.getBoundingClientRect();
    const apart = (one) => Math.hypot(one[0] - other[0], one[1] - other[1]) || 1;
    this.passed = STILL + 1;
    this.by(apart(now) / apart(before), (now[0] + other[0]) / 2 - box.left, (now[1] + other[1]) / 2 - box.top);
    this.pan((now[0] - before[0]) / 2, (now[1] - before[1]) / 2);
  }

  up(event) {
    const held = this.fingers.delete(event.pointerId);
    if (held && event.type === "pointerup" && !this.fingers.size && this.passed <= STILL) this.clicked(event);
  }

  key(event) {
    if (event.target !== this.frame || event.altKey || event.ctrlKey || event.metaKey) return;
    const ways = { ArrowLeft: [PAN, 0], ArrowRight: [-PAN, 0], ArrowUp: [0, PAN], ArrowDown: [0, -PAN] };
    if (event.key in ways) this.pan(...ways[event.key]);
    else if (event.key === "+" || event.key === "=") this.by(STEP);
    else if (event.key === "-") this.by(1 / STEP);
    else if (event.key === "0") this.fit();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
