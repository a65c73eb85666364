// Setting points by hand on the large map: paint, erase, take back, clear; with mouse, finger, pen or keyboard.

import { element, fill, write } from "./dom.js";
import { css } from "./mlp_maps.js";
import { EDGE } from "./mlp_plane.js";

const APART = 0.4; // units of the plane between the points of a stroke
const REACH = 0.5; // of the eraser
const LEAST_WAIT = 350; // milliseconds between two lists sent
const MOST = 2000;
const UNDO = 20;
const STEP = 0.3; // of an arrow key
const MOVES = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const VALUES = [-1, -0.5, 0, 0.5, 1];

export class Paint {
  // `send(points)` hears of every finished stroke, `changed()` of every point.
  constructor({ text, plane, send, changed }) {
    Object.assign(this, { text, plane, send, changed });
    this.points = [];
    this.past = [];
    this.cursor = null;
    this.brush = 0;
    this.palette = element("div", { class: "lt-mlp-palette", role: "radiogroup", "aria-label": text.brush });
    const button = (what, onclick) => element("button", { type: "button", "data-paint": what, onclick }, text.paint[what]);
    this.undo = button("undo", () => this.back());
    this.clear = button("clear", () => this.replace([]));
    this.note = element("span", { class: "lt-note", role: "status" });
    this.element = element("div", { class: "lt-mlp-paint", hidden: true }, element("div", { class: "lt-buttons" }, this.palette, this.undo, this.clear), this.note);
    const { canvas } = plane;
    canvas.addEventListener("pointerdown", (event) => this.down(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => this.up());
    canvas.addEventListener("keydown", (event) => this.key(event));
    canvas.addEventListener("blur", () => this.aim(null));
  }

  close() {
    clearTimeout(this.later);
  }

  // `given`: the page's list; the visitor's own one counts until the page has taken what was sent last.
  update({ active, given, taken, task, classes, theme }) {
    this.active = active;
    this.element.hidden = !active;
    this.plane.canvas.dataset.paint = Boolean(active);
    if (!active) return;
    if (!this.stroke && !this.later && (this.sent === undefined || taken === this.sent) && given !== this.given) {
      this.given = given;
      this.points = given.map((one) => [...one]);
    }
    Object.assign(this, { task, classes });
    this.fitPalette(theme);
    this.tell();
  }

  fitPalette(theme) {
    const key = JSON.stringify([this.task, this.classes, theme?.key]);
    if (key === this.paletteKey || !theme || !this.plane.scene) return;
    this.paletteKey = key;
    const values = this.task === "regression" ? VALUES : Array.from({ length: this.classes }, (_, at) => at);
    if (this.brush !== "erase" && !values.includes(this.brush)) this.brush = values.at(-1);
    const name = (value) => (this.task === "regression" ? String(value).replace("-", "−") : fill(this.text.class_name, { name: value }));
    const chip = (value, label, colour) => element("button", {
      type: "button", role: "radio", "aria-checked": String(value === this.brush), "data-brush": value, title: label,
      onclick: () => this.take(value),
    }, ...(colour ? [element("i", { style: `background:${css(colour)}` })] : []), label);
    this.palette.replaceChildren(...values.map((value) => chip(value, name(value), this.plane.colour(value))), chip("erase", this.text.paint.erase));
  }

  take(value) {
    this.brush = value;
    for (const one of this.palette.children) one.setAttribute("aria-checked", one.dataset.brush === String(value));
  }

  tell() {
    write(this.note, this.points.length >= MOST ? fill(this.text.paint_full, { most: MOST }) : fill(this.text.paint_count, { count: this.points.length }));
    this.undo.disabled = !this.past.length;
    this.clear.disabled = !this.points.length;
  }

  down(event) {
    if (!this.active || event.button !== 0) return;
    event.preventDefault();
    this.plane.canvas.focus({ preventScroll: true });
    this.plane.canvas.setPointerCapture(event.pointerId);
    this.begin();
    this.stroke = event.pointerId;
    this.last = null;
    this.dab(this.plane.at(event));
  }

  move(event) {
    if (this.stroke !== event.pointerId) return;
    const between = event.getCoalescedEvents?.() ?? [];
    for (const one of between.length ? between : [event]) this.dab(this.plane.at(one));
  }

  up() {
    if (this.stroke === undefined || this.stroke === null) return;
    this.stroke = null;
    this.finish();
  }

  begin() {
    this.past.push(this.points);
    if (this.past.length > UNDO) this.past.shift();
  }

  dab([x, y]) {
    if (Math.abs(x) > EDGE || Math.abs(y) > EDGE) return;
    if (this.brush === "erase") this.points = this.points.filter((one) => Math.hypot(one[0] - x, one[1] - y) > REACH);
    else {
      if (this.points.length >= MOST || (this.last && Math.hypot(x - this.last[0], y - this.last[1]) < APART)) return;
      this.last = [x, y];
      this.points = [...this.points, [Number(x.toFixed(3)), Number(y.toFixed(3)), this.brush]];
    }
    this.tell();
    this.changed();
  }

  back() {
    if (!this.past.length) return;
    this.points = this.past.pop();
    this.finish();
  }

  replace(points) {
    this.begin();
    this.points = points;
    this.finish();
  }

  // The whole list goes out, at most about three times a second.
  finish() {
    this.tell();
    this.changed();
    clearTimeout(this.later);
    const wait = Math.max(0, LEAST_WAIT - (performance.now() - (this.sentAt ?? -LEAST_WAIT)));
    this.later = setTimeout(() => {
      this.later = null;
      this.sentAt = performance.now();
      this.sent = this.send(this.points);
    }, wait);
  }

  // Arrow keys move a cursor, Space sets a point there (or erases), Delete erases.
  key(event) {
    if (!this.active) return;
    const by = MOVES[event.key];
    if (by) {
      const [x, y] = this.cursor ?? [0, 0];
      this.aim([x + STEP * by[0], y + STEP * by[1]].map((value) => Math.max(-EDGE, Math.min(EDGE, value))));
      this.plane.say(this.cursor);
    } else if ((event.key === " " || event.key === "Delete" || event.key === "Backspace") && this.cursor) {
      const brush = this.brush;
      if (event.key !== " ") this.brush = "erase";
      this.begin();
      this.last = null;
      this.dab(this.cursor);
      this.brush = brush;
      this.finish();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  aim(cursor) {
    this.cursor = cursor;
    this.changed();
  }
}
