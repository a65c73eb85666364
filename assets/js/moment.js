// The time machine's slider: now, or any step of the past; everything on the page shows the network of that moment.

import { element, fill, write } from "./dom.js";

const SETTLE = 120; // milliseconds after the last movement until a moment is asked for

export class Moment {
  // `moved(at)` hears of a step, or of null for now; `branch(step)`, where it may be done, of a run that is to go on from there.
  constructor({ text, lang, at, moved, branch }) {
    Object.assign(this, { text, lang, moved });
    this.at = at ?? null;
    this.range = element("input", { type: "range", min: 0, max: 0, value: 0, step: 1, "aria-label": text.moment_label, title: text.moment_help, oninput: () => this.slide(Number(this.range.value)) });
    this.number = element("input", { type: "number", min: 0, step: 1, "aria-label": text.moment_step, onchange: () => this.slide(Number(this.number.value)) });
    this.now = element("button", { type: "button", class: "lt-chip", "data-moment": "now", title: text.moment_now_help, onclick: () => this.choose(null) }, text.moment_now);
    this.said = element("span", { class: "lt-moment-said", role: "status" });
    this.fork = element("button", { type: "button", class: "lt-chip", "data-moment": "branch", title: text.branch_help, hidden: !branch, onclick: () => branch(this.at ?? this.last) }, text.branch);
    this.element = element("div", { class: "lt-moment", "data-at": this.at ?? "now" }, element("b", {}, text.moment), this.range, this.number, this.now, this.fork, this.said);
    this.last = 0;
  }

  slide(step) {
    clearTimeout(this.settling);
    const at = Math.max(0, Math.min(Number.isFinite(step) ? Math.round(step) : this.last, this.last));
    this.show(at);
    this.settling = setTimeout(() => this.choose(at), SETTLE);
  }

  choose(at) {
    clearTimeout(this.settling);
    this.at = at;
    this.element.dataset.at = at ?? "now";
    this.show(at ?? this.last);
    this.moved(at);
  }

  show(step) {
    this.range.value = step;
    this.number.value = step;
  }

  // `status`: of the run; `answer`: one that is shown, whose step tells which moment it is of.
  draw(status, answer = null) {
    if (status.step !== this.last) {
      this.last = status.step;
      this.range.max = this.number.max = this.last;
    }
    if (this.at === null && document.activeElement !== this.number) this.show(this.last);
    else if (this.at !== null && document.activeElement !== this.range && document.activeElement !== this.number) this.show(this.at);
    this.now.setAttribute("aria-pressed", this.at === null);
    this.fork.disabled = this.last === 0;
    write(this.said, this.words(status, answer));
  }

  words(status, answer) {
    const number = (step) => step.toLocaleString(this.lang);
    if (this.at === null) return fill(this.text.moment_is_now, { step: number(status.step) });
    if (answer && answer.data && answer.step !== this.at) return fill(this.text.moment_near, { step: number(answer.step), wanted: number(this.at) });
    return fill(this.text.moment_is_past, { step: number(this.at), total: number(status.step) });
  }
}
