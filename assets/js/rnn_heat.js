// Something of every unit at every time step, as a heat map: time runs to the right, a row is a unit.

import { element, fill, write } from "./dom.js";
import { short } from "./rnn_panel.js";
import { bytesOf, colourTable, scaleBar } from "./tensors.js";

const ROW = 7; // pixels a unit, within these heights of the whole map
const [LOWEST, HIGHEST] = [84, 260];
const LETTER = 7.2; // width of a character below the map
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class HeatMap {
  // `picked(step)` hears where the pointer or the arrow keys are, null when they are gone.
  constructor({ text, title, picked = () => {} }) {
    this.text = text;
    this.picked = picked;
    this.title = title;
    this.canvas = element("canvas", { tabindex: 0, role: "img", class: "lt-heat-canvas" });
    this.cross = element("i", { class: "lt-heat-cross", hidden: true, "aria-hidden": "true" });
    this.ticks = element("div", { class: "lt-heat-ticks", "aria-hidden": "true" });
    this.scale = scaleBar();
    this.note = element("span");
    this.read = element("span", { class: "lt-heat-read", role: "status" });
    const head = element("header", {}, element("b", {}, title), this.note, this.read, this.scale.bar);
    this.element = element("section", { class: "lt-layer lt-heat" }, head, element("div", { class: "lt-heat-place" }, this.canvas, this.cross), this.ticks);
    this.canvas.onpointermove = (event) => this.point(event);
    this.canvas.onpointerleave = () => this.leave();
    this.canvas.onblur = () => this.leave();
    this.canvas.onkeydown = (event) => this.key(event);
  }

  show(block, axis, dark) {
    Object.assign(this, { block, axis, bytes: bytesOf(block.values), steps: block.height, units: block.width });
    const { canvas, steps, units, bytes } = this;
    const colours = colourTable(block, dark);
    canvas.width = steps;
    canvas.height = units;
    canvas.style.height = `${Math.min(HIGHEST, Math.max(LOWEST, units * ROW))}px`;
    const image = new ImageData(steps, units);
    for (let step = 0; step < steps; step++)
      for (let unit = 0; unit < units; unit++) {
        const byte = bytes[step * units + unit];
        const at = 4 * (unit * steps + step);
        image.data.set(colours.subarray(3 * byte, 3 * byte + 3), at);
        image.data[at + 3] = 255;
      }
    canvas.getContext("2d").putImageData(image, 0, 0);
    canvas.setAttribute("aria-label", fill(this.text.heat_alt, { title: this.title, units, steps, low: short(block.low), high: short(block.high) }));
    this.scale.show(block, dark);
    this.label();
    if (this.at) this.mark(this.at);
  }

  say(words) {
    write(this.note, words);
  }

  // As many of the steps' names below the map as fit.
  label() {
    const { axis, steps } = this;
    const longest = Math.max(...axis.map((name) => name.length), 1);
    const every = Math.max(1, Math.ceil(((longest * LETTER + 4) * steps) / (this.canvas.clientWidth || 480)));
    const key = JSON.stringify([axis, every]);
    if (key === this.labelled) return;
    this.labelled = key;
    const names = axis.map((name, at) => [name, at]).filter(([, at]) => at % every === 0);
    this.ticks.replaceChildren(...names.map(([name, at]) => element("span", { "data-edge": at === 0 ? "first" : at === steps - 1 ? "last" : null, style: `left: ${(100 * (at + 0.5)) / steps}%` }, name)));
  }

  point({ clientX, clientY }) {
    const box = this.canvas.getBoundingClientRect();
    const within = (share, count) => Math.min(count - 1, Math.max(0, Math.floor(share * count)));
    this.mark([within((clientX - box.left) / box.width, this.steps), within((clientY - box.top) / box.height, this.units)]);
  }

  key(event) {
    const by = MOVES[event.key];
    if (!by || !this.block) return;
    event.preventDefault();
    const [step, unit] = this.at ?? [0, 0];
    this.mark([Math.min(this.steps - 1, Math.max(0, step + by[0])), Math.min(this.units - 1, Math.max(0, unit + by[1]))]);
  }

  mark([step, unit]) {
    if (step >= this.steps || unit >= this.units) return this.leave();
    const { block, bytes, units, steps } = this;
    this.at = [step, unit];
    const value = block.low + (bytes[step * units + unit] / 255) * (block.high - block.low);
    write(this.read, fill(this.text.heat_read, { unit: unit + 1, step: step + 1, name: this.axis[step] ?? "", value: short(value) }));
    Object.assign(this.cross.style, { left: `${(100 * step) / steps}%`, width: `${100 / steps}%`, top: `${(100 * unit) / units}%`, height: `${100 / units}%` });
    this.cross.hidden = false;
    this.picked(step);
  }

  leave() {
    this.at = null;
    this.cross.hidden = true;
    write(this.read, "");
    this.picked(null);
  }
}
