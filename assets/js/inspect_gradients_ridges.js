// How the weights, gradients or activations of one layer are spread, a ridge for each moment: the oldest behind, the newest in front.

import { element, fill, write } from "./dom.js";
import { BINS, rangeOf, rebinned } from "./inspect_gradients_bins.js";
import { chooser } from "./inspect_parts.js";
import { viridis } from "./tensors.js";

const KINDS = ["weight", "gradient", "activation"];
const MOST = 40; // ridges
const [TOP, BOTTOM, LEFT, RIGHT] = [8, 26, 58, 14];
const HEIGHT = 344;
const TALL = 74; // pixels of the highest ridge
const DEEP = 1000; // how many times fainter a density is that still shows on the logarithmic scale

export class Ridges {
  constructor({ text, lang, changed, picked }) {
    Object.assign(this, { text, lang, changed });
    this.kind = "weight";
    this.row = null;
    this.layers = chooser(text.layer, "ridge-layer", picked);
    this.kinds = chooser(text.ridge_kind, "ridge-kind", (kind) => this.set({ kind }));
    this.kinds.offer(KINDS.map((kind) => [kind, text.ridge_kinds[kind]]), this.kind);
    this.log = element("input", { type: "checkbox", "data-choose": "ridge-log", onchange: () => changed() });
    this.canvas = element("canvas", {
      class: "lt-ridges", tabindex: 0, role: "img", onpointermove: (event) => this.point(event), onpointerleave: () => this.set({ row: null }), onkeydown: (event) => this.key(event),
    });
    this.said = element("p", { class: "lt-caption lt-ridge-said", role: "status" });
    this.element = element(
      "section", { class: "lt-card lt-health-ridges" }, element("header", {}, element("h4", {}, text.ridges_title)),
      element("div", { class: "lt-controls" }, this.layers.element, this.kinds.element, element("label", {}, this.log, text.log_density)), this.canvas, this.said,
    );
    this.resized = new ResizeObserver(() => changed());
    this.resized.observe(this.canvas);
  }

  close() {
    this.resized.disconnect();
  }

  set(what) {
    Object.assign(this, what);
    if (what.row !== undefined && what.row === this.rowShown) return;
    this.changed();
  }

  draw(theme, history, layer) {
    const steps = history.steps;
    const newest = history.entries.get(steps.at(-1));
    if (newest) this.layers.offer(newest.layers.map(({ name, label }) => [name, label]), layer);
    const wide = this.canvas.clientWidth;
    const now = JSON.stringify([steps.length, steps.at(-1), history.part, layer, this.kind, this.log.checked, this.row, wide, theme.key]);
    if (now === this.drawn || !newest || !wide) return;
    this.drawn = now;
    this.rowShown = this.row;
    this.ridges = this.gather(history, steps, layer);
    this.range = rangeOf(this.ridges.map(({ histogram }) => histogram));
    this.paint(theme, wide);
    this.tell(newest.layers.find(({ name }) => name === layer)?.label ?? "");
  }

  gather(history, steps, layer) {
    const every = Math.ceil(steps.length / MOST);
    const shown = steps.filter((_step, at) => (steps.length - 1 - at) % every === 0);
    return shown.flatMap((step) => {
      const histogram = history.entries.get(step).layers.find(({ name }) => name === layer)?.histograms?.[this.kind];
      return histogram ? [{ step, histogram }] : [];
    });
  }

  paint(theme, wide) {
    const dense = window.devicePixelRatio || 1;
    Object.assign(this.canvas, { width: Math.round(wide * dense), height: Math.round(HEIGHT * dense) });
    const context = this.canvas.getContext("2d");
    context.scale(dense, dense);
    context.font = `11px ${theme.font}`;
    if (!this.range) return;
    this.place = { wide: wide - LEFT - RIGHT, rows: this.ridges.length };
    const shapes = this.ridges.map(({ histogram }) => (histogram.low === null ? null : rebinned(histogram, this.range)));
    const peak = Math.max(...shapes.flatMap((shape) => (shape ? [...shape] : [0])));
    const height = (share) => (this.log.checked ? Math.log1p((DEEP * share) / peak) / Math.log1p(DEEP) : share / peak);
    this.axis(context, theme);
    shapes.forEach((shape, row) => this.ridge(context, theme, shape?.map(height), row));
    this.labels(context, theme);
  }

  baseline(row) {
    const { rows } = this.place;
    const first = TOP + TALL;
    return rows > 1 ? first + ((HEIGHT - BOTTOM - first) * row) / (rows - 1) : HEIGHT - BOTTOM;
  }

  x(value) {
    const [low, high] = this.range;
    return LEFT + ((value - low) / (high - low)) * this.place.wide;
  }

  ridge(context, theme, heights, row) {
    const base = this.baseline(row);
    const colour = theme.colours["--lt-text"];
    const share = this.place.rows > 1 ? row / (this.place.rows - 1) : 1;
    const [from, to] = theme.dark ? [0.2, 0.95] : [0.05, 0.92];
    const at = (bin) => LEFT + ((bin + 0.5) / BINS) * this.place.wide;
    context.beginPath();
    context.moveTo(LEFT, base);
    heights?.forEach((height, bin) => context.lineTo(at(bin), base - TALL * height));
    context.lineTo(LEFT + this.place.wide, base);
    context.closePath();
    context.fillStyle = viridis(from + (to - from) * share);
    context.globalAlpha = this.row === null || this.row === row ? 0.9 : 0.35;
    context.fill();
    context.globalAlpha = 1;
    context.strokeStyle = this.row === row ? colour : theme.colours["--lt-panel"];
    context.lineWidth = this.row === row ? 1.6 : 0.8;
    context.stroke();
  }

  axis(context, theme) {
    context.fillStyle = theme.colours["--lt-quiet"];
    context.strokeStyle = theme.colours["--lt-grid"];
    context.textAlign = "center";
    context.lineWidth = 1;
    for (const value of ticks(...this.range)) {
      const x = this.x(value);
      context.beginPath();
      context.moveTo(x, TOP);
      context.lineTo(x, HEIGHT - BOTTOM + 4);
      context.stroke();
      context.fillText(short(value), x, HEIGHT - 8);
    }
  }

  // Steps at the left, as many as have room.
  labels(context, theme) {
    context.textAlign = "right";
    let above = -Infinity;
    const rows = [...this.ridges.keys()];
    for (const row of [...rows.slice(-1), ...rows.slice(0, -1)].sort((one, other) => one - other)) {
      const y = this.baseline(row);
      const last = row === rows.at(-1);
      if (y - above < 14 || (!last && this.baseline(rows.at(-1)) - y < 14)) continue;
      above = y;
      context.fillStyle = theme.colours[this.row === row ? "--lt-text" : "--lt-quiet"];
      context.fillText(this.ridges[row].step.toLocaleString(this.lang), LEFT - 8, y + 3);
    }
  }

  tell(label) {
    const { text } = this;
    const broken = this.ridges.some(({ histogram }) => histogram.broken > 0);
    const number = (step) => step.toLocaleString(this.lang);
    const about = { layer: label, kind: text.ridge_kinds[this.kind], low: short(this.range?.[0]), high: short(this.range?.[1]) };
    const ridge = this.row === null ? null : this.ridges[this.row];
    const said = !this.range ? text.ridge_none : ridge ? fill(text.ridge_row, { ...about, step: number(ridge.step), low: short(ridge.histogram.low), high: short(ridge.histogram.high) }) : fill(text.ridge_all, about);
    write(this.said, broken ? `${said} ${text.ridge_broken}` : said);
    this.canvas.setAttribute("aria-label", this.said.textContent);
    this.element.dataset.ridges = this.ridges.length;
  }

  point(event) {
    if (!this.range || !this.place) return;
    const y = event.offsetY;
    const rows = [...this.ridges.keys()];
    const near = rows.reduce((best, row) => (Math.abs(this.baseline(row) - y) < Math.abs(this.baseline(best) - y) ? row : best), 0);
    this.set({ row: rows.length ? near : null });
  }

  key(event) {
    const move = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!move || !this.ridges?.length) return;
    event.preventDefault();
    const last = this.ridges.length - 1;
    this.set({ row: Math.max(0, Math.min(last, (this.row ?? (move > 0 ? -1 : last + 1)) + move)) });
  }
}

// About five round numbers from `low` to `high`.
function ticks(low, high) {
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((one) => one >= rough) ?? rough;
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.max(0, Math.floor(high / step) - first + 1) }, (_, at) => (first + at) * step).slice(0, 12);
}

function short(value) {
  if (value === null || value === undefined) return "–";
  return value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e5) ? value.toExponential(1) : String(Number(value.toPrecision(3)));
}
