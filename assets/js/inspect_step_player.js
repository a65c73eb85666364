// Previous, play, next: goes through the moments of an update, by hand or in slow motion.

import { element, fill, recall, remember, write } from "./dom.js";
import { PHASES } from "./inspect_step_frames.js";

const SPEEDS = { slow: 4000, normal: 2200, fast: 900 }; // milliseconds a moment
const KEY = "livetorch.step.speed";
const TYPED = "input, select, textarea, [contenteditable], canvas, [role=slider], [role=tab], [role=radio]";

export class Player {
  // `moved(at)` hears which moment is chosen.
  constructor({ text, moved }) {
    Object.assign(this, { text, moved });
    this.at = 0;
    this.frames = [];
    const speed = recall(KEY, "normal");
    this.speed = speed in SPEEDS ? speed : "normal";
    this.build();
    this.heard = (event) => this.hear(event);
    document.addEventListener("keydown", this.heard);
  }

  build() {
    const { text } = this;
    this.before = element("button", { type: "button", title: text.frame_before, "aria-label": text.frame_before, onclick: () => this.go(this.at - 1) }, "‹");
    this.after = element("button", { type: "button", title: text.frame_after, "aria-label": text.frame_after, onclick: () => this.go(this.at + 1) }, "›");
    this.play = element("button", { type: "button", class: "lt-step-play", "data-play": "off", title: text.play_help, onclick: () => this.toggle() }, text.play);
    const speeds = element("select", { "aria-label": text.speed, "data-choose": "speed", onchange: (event) => this.pace(event.target.value) }, ...Object.keys(SPEEDS).map((one) => element("option", { value: one }, text.speeds[one])));
    speeds.value = this.speed;
    this.count = element("span", { class: "lt-step-count", role: "status" });
    this.chips = new Map(PHASES.map((phase) => [phase, element("button", { type: "button", "data-phase": phase, onclick: () => this.jump(phase) }, text.phases[phase])]));
    this.element = element(
      "div", { class: "lt-step-player" },
      element("div", { class: "lt-step-phases", role: "group", "aria-label": text.phases_label }, ...this.chips.values()),
      element("div", { class: "lt-inspect-bar" }, this.before, this.play, this.after, element("label", {}, text.speed, speeds), this.count),
    );
  }

  offer(frames, at) {
    this.frames = frames;
    this.at = at;
    for (const [phase, chip] of this.chips) chip.hidden = !frames.some((frame) => frame.phase === phase);
    this.show();
  }

  get frame() {
    return this.frames[this.at];
  }

  go(at, playing = false) {
    if (!playing) this.pause();
    this.at = Math.max(0, Math.min(at, this.frames.length - 1));
    this.show();
    this.moved(this.at);
  }

  jump(phase) {
    this.go(this.frames.findIndex((frame) => frame.phase === phase));
  }

  toggle() {
    if (this.timer) return this.pause();
    if (this.at >= this.frames.length - 1) this.go(0);
    this.play.dataset.play = "on";
    write(this.play, this.text.pause);
    this.next();
  }

  next() {
    this.timer = setTimeout(() => {
      this.go(this.at + 1, true);
      if (this.at >= this.frames.length - 1) this.pause();
      else this.next();
    }, SPEEDS[this.speed]);
  }

  pause() {
    clearTimeout(this.timer);
    this.timer = null;
    this.play.dataset.play = "off";
    write(this.play, this.text.play);
  }

  pace(speed) {
    this.speed = speed;
    remember(KEY, speed);
    if (!this.timer) return;
    clearTimeout(this.timer);
    this.next();
  }

  show() {
    this.before.disabled = this.at === 0;
    this.after.disabled = this.at >= this.frames.length - 1;
    for (const [phase, chip] of this.chips) chip.setAttribute("aria-current", phase === this.frame?.phase ? "step" : "false");
    write(this.count, fill(this.text.frame_of, { at: this.at + 1, count: this.frames.length }));
  }

  hear(event) {
    if (!this.frames.length || event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.(TYPED)) return;
    if (event.key === "ArrowLeft") this.go(this.at - 1);
    else if (event.key === "ArrowRight") this.go(this.at + 1);
    else if (event.key === "p") this.toggle();
    else return;
    event.preventDefault();
  }

  close() {
    this.pause();
    document.removeEventListener("keydown", this.heard);
  }
}
