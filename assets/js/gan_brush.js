// Putting down and wiping off the real points by hand: mouse, finger, pen, or arrow keys and Space.

import { element } from "./dom.js";

const MOST = 2000; // points a run may have
const LIMIT = 1.5; // of a coordinate
const APART = 0.035; // between two points of one stroke
const WIPE = 0.12; // radius of the eraser
const STEP = 0.05; // of the cursor that the arrow keys move
const SEND = 500; // milliseconds between two messages while a stroke goes on
const PATIENCE = 3000; // until a message that the page did not confirm is taken for lost
const MOVES = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

const near = ([x, y], [a, b], distance) => Math.hypot(x - a, y - b) < distance;
const inside = (value) => Math.max(-LIMIT, Math.min(LIMIT, Math.round(1000 * value) / 1000));

export class Brush {
  // `plane`: where to draw; `send(points)` hears of every stroke and gives the message's id; `words`: its texts.
  constructor({ plane, send, words }) {
    Object.assign(this, { plane, send, words });
    this.points = [];
    this.at = [0, 0];
    this.tool = "draw";
    this.on = false;
    const { canvas } = plane;
    canvas.addEventListener("pointerdown", (event) => this.down(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => this.up());
    canvas.addEventListener("keydown", (event) => this.key(event));
    plane.over = (axes) => this.draw(axes);
    this.tools = Object.fromEntries(
      ["draw", "erase"].map((tool) => [tool, element("button", { type: "button", "data-tool": tool, onclick: () => this.choose(tool) }, words[tool])]),
    );
    const clear = element("button", { type: "button", "data-tool": "clear", onclick: () => this.replace([]) }, words.clear);
    this.count = element("span", { class: "lt-note" });
    this.element = element("div", { class: "lt-buttons lt-gan-brush", role: "group", "aria-label": words.label, hidden: true }, ...Object.values(this.tools), clear, this.count);
    this.choose("draw");
  }

  // What the page knows; while a stroke goes on, or one is on its way there, what was drawn here counts.
  take(points, on, id) {
    this.on = on;
    this.element.hidden = !on;
    const { canvas } = this.plane;
    canvas.toggleAttribute("data-drawing", on);
    if (on) Object.assign(canvas, { tabIndex: 0, title: this.words.help });
    else {
      canvas.removeAttribute("tabindex");
      canvas.removeAttribute("title");
    }
    if (id && id === this.sent) this.arrived();
    if (!on || this.pointer !== undefined || (this.sent && id !== this.sent)) return; // the newest is still under way
    const told = JSON.stringify(points);
    if (told === this.told) return;
    this.told = told;
    this.points = points.map(([x, y]) => [x, y]);
    this.changed();
  }

  choose(tool) {
    this.tool = tool;
    for (const [name, button] of Object.entries(this.tools)) button.setAttribute("aria-pressed", name === tool);
  }

  replace(points) {
    this.points = points;
    this.changed();
    this.say();
  }

  down(event) {
    if (!this.on || event.button !== 0) return;
    event.preventDefault();
    this.plane.canvas.focus({ preventScroll: true });
    this.plane.canvas.setPointerCapture(event.pointerId);
    this.pointer = event.pointerId;
    this.touch(this.plane.axes.place(event));
  }

  move(event) {
    if (event.pointerId !== this.pointer) return;
    const between = event.getCoalescedEvents?.() ?? [];
    for (const one of between.length ? between : [event]) this.touch(this.plane.axes.place(one));
    if (performance.now() - (this.sentAt ?? 0) > SEND) this.say();
  }

  up() {
    if (this.pointer === undefined) return;
    this.pointer = undefined;
    this.say();
  }

  // One place under the pointer: a new point if it is far enough from the last, or no points around it.
  touch(place) {
    const here = place.map(inside);
    this.at = here;
    if (this.tool === "erase") this.points = this.points.filter((point) => !near(point, here, WIPE));
    else if (this.points.length < MOST && !this.points.some((point) => near(point, here, APART))) this.points.push(here);
    this.changed();
  }

  key(event) {
    if (!this.on) return;
    const by = MOVES[event.key];
    if (by) this.at = this.at.map((value, axis) => inside(value + STEP * by[axis]));
    else if (event.key === " " || event.key === "Delete") {
      const tool = this.tool;
      this.tool = event.key === " " ? tool : "erase";
      this.touch(this.at);
      this.tool = tool;
      this.say();
    } else return;
    event.preventDefault();
    event.stopPropagation();
    this.keyed = true;
    this.changed();
  }

  changed() {
    this.count.textContent = this.words.count.replace("{count}", this.points.length).replace("{most}", MOST);
    this.plane.canvas.dataset.drawn = this.points.length;
    this.plane.paint();
  }

  // One message at a time: the page answers each with a rerun, and hurrying it makes it slower.
  say() {
    if (!this.points.length) return; // a run needs something to learn: an empty page waits for its first point
    clearTimeout(this.timer);
    const left = this.underway ? PATIENCE - (performance.now() - this.sentAt) : 0;
    if (left > 0) {
      this.timer = setTimeout(() => this.say(), left);
      this.late = true;
      return;
    }
    this.late = false;
    this.underway = true;
    this.sentAt = performance.now();
    this.told = JSON.stringify(this.points);
    this.sent = this.send(this.points);
  }

  arrived() {
    this.underway = false;
    if (this.late) this.say();
  }

  close() {
    clearTimeout(this.timer);
  }

  // What was drawn, as small crosses over the noisy points that are made of it.
  draw(axes) {
    if (!this.on) return;
    const { context } = axes;
    context.strokeStyle = axes.colour("--lt-train");
    context.lineWidth = 1.5;
    context.beginPath();
    for (const [x, y] of this.points) {
      const [left, top] = [axes.x(x), axes.y(y)];
      context.moveTo(left - 3, top);
      context.lineTo(left + 3, top);
      context.moveTo(left, top - 3);
      context.lineTo(left, top + 3);
    }
    context.stroke();
    if (!this.keyed || document.activeElement !== axes.canvas) return;
    context.strokeStyle = axes.colour("--lt-text");
    context.beginPath();
    context.arc(axes.x(this.at[0]), axes.y(this.at[1]), 8, 0, 2 * Math.PI);
    context.stroke();
  }
}
