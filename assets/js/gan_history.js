// What the same noises made at past moments of the run, on a slider.

import { element, fill, write } from "./dom.js";
import { Axes } from "./gan_axes.js";
import { Motion } from "./gan_motion.js";
import { paintSheet } from "./gan_tiles.js";
import { Panel } from "./panel.js";

const LOOK = { name: "history", args: {} };
const OLD = 4000; // milliseconds until a history that grows is fetched again; it is the largest of all answers
const FRAME = 260; // milliseconds a moment while it plays
const CELL = 44;

export class History extends Panel {
  build() {
    const words = this.text.gan.history;
    this.last = true; // stay at the newest moment
    this.at = 0;
    this.slider = element("input", { type: "range", min: 0, max: 0, step: 1, value: 0, "aria-label": words.slider, oninput: () => this.to(Number(this.slider.value)) });
    this.play = element("button", { type: "button", "data-what": "play", onclick: () => (this.timer ? this.hold() : this.begin()) }, words.play);
    this.when = element("b", { class: "lt-gan-when" });
    this.axes = new Axes({ label: words.alt, resized: () => this.paint() });
    this.canvas = element("canvas", { class: "lt-gan-sheet", role: "img", "aria-label": words.alt });
    this.motion = new Motion();
    const picture = this.views.data.kind === "images" ? this.canvas : this.axes.canvas;
    this.body.append(element("div", { class: "lt-buttons lt-gan-time" }, this.play, this.slider, this.when), element("div", { class: "lt-gan-square" }, picture));
  }

  close() {
    this.hold();
    cancelAnimationFrame(this.frame);
    this.axes.close();
  }

  looks() {
    const old = performance.now() - (this.heard ?? -OLD) >= OLD;
    const plane = this.views.data.kind === "images" ? [] : [{ name: "plane", args: {} }];
    return old || !this.views.feed || this.views.feed.over ? [LOOK, ...plane] : plane;
  }

  answer() {
    return this.views.answer(LOOK);
  }

  render({ kind, moments }) {
    this.heard = performance.now();
    this.moments = moments;
    this.kind = kind;
    this.slider.max = Math.max(0, moments.length - 1);
    this.slider.disabled = this.play.disabled = moments.length < 2;
    this.element.dataset.moments = moments.length;
    if (this.last || this.at >= moments.length) this.show(moments.length - 1);
    else this.show(this.at);
  }

  to(at) {
    this.hold();
    this.last = at === this.moments.length - 1;
    this.show(at);
  }

  begin() {
    this.last = false;
    this.show(0);
    write(this.play, this.text.gan.history.hold);
    this.timer = setInterval(() => {
      if (this.at >= this.moments.length - 1) {
        this.last = true;
        return this.hold();
      }
      this.show(this.at + 1);
    }, FRAME);
  }

  hold() {
    clearInterval(this.timer);
    this.timer = null;
    write(this.play, this.text.gan.history.play);
  }

  show(at) {
    this.at = Math.max(0, at);
    const moment = this.moments[this.at];
    if (!moment) return;
    this.slider.value = this.at;
    write(this.when, fill(this.text.gan.history.when, { step: moment.step.toLocaleString(this.views.data.lang), epoch: moment.epoch.toFixed(1) }));
    this.slider.setAttribute("aria-valuetext", this.when.textContent);
    if (this.kind === "images") paintSheet(this.canvas, moment, { cell: CELL });
    else {
      this.motion.to(moment);
      this.paint();
    }
  }

  paint() {
    cancelAnimationFrame(this.frame);
    const { axes } = this;
    if (!this.theme || !this.motion.points || !axes.clear(this.theme)) return;
    axes.grid();
    const plane = this.views.answer({ name: "plane", args: {} })?.data;
    if (plane) axes.points(plane.real, { colour: "--lt-train", radius: 2.2, ring: true, alpha: 0.5 });
    axes.points(this.motion.now(), { colour: "--lt-validation", radius: 3 });
    if (this.motion.moving) this.frame = requestAnimationFrame(() => this.paint());
  }
}
