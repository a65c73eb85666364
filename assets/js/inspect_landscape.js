// The loss around the weights: asked for row by row, drawn as it comes, as a map with the run's path, a surface, or a slice.

import { element, fill, recall, remember, write } from "./dom.js";
import { LandscapePicture } from "./inspect_landscape_picture.js";
import { chooser, elsewhere, problem } from "./inspect_parts.js";

const KEPT = "livetorch_landscape";
const FIRST = { kind: "path", shape: "contour", side: 25, reach: 100, seed: 0, log: true };
const AT_ONCE = 3; // rows that are asked for together
const SIDES = [13, 25, 41];
const REACHES = [25, 50, 100, 200];

export class View {
  constructor({ data, changed, asked, trigger }) {
    Object.assign(this, { data, changed, asked, text: data.text });
    this.chosen = { ...FIRST, ...recall(KEPT, {}) };
    this.part = data.focus.part ?? "";
    this.rows = new Map();
    this.going = true;
    this.held = null; // the step that is looked at, where the run is at "now"
    this.picture = new LandscapePicture({ text: this.text, lang: data.lang });
    this.trouble = problem(this.text, () => this.begin());
    this.build(trigger);
  }

  build(trigger) {
    const { text } = this;
    const set = (name, read = (value) => value) => (value) => this.set(name, read(value));
    this.choosers = {
      part: chooser(text.part, "part", (value) => this.choosePart(value)),
      kind: chooser(text.directions, "kind", set("kind")),
      shape: chooser(text.shape, "shape", set("shape")),
      side: chooser(text.points, "side", set("side", Number)),
      reach: chooser(text.reach, "reach", set("reach", Number)),
    };
    this.again = element("button", { type: "button", title: text.other_help, onclick: () => this.set("seed", (this.chosen.seed + 1) % 10000) }, text.other);
    this.log = element("input", { type: "checkbox", checked: this.chosen.log, onchange: () => this.set("log", this.log.checked, false) });
    this.renew = element("button", { type: "button", "data-landscape": "renew", title: text.renew_help, onclick: () => this.begin() }, text.renew);
    this.cancel = element("button", { type: "button", "data-landscape": "cancel", onclick: () => this.halt() }, text.cancel);
    this.bar = element("progress", { max: 1, value: 0, "aria-label": text.progress });
    this.said = element("span", { role: "status", class: "lt-note" });
    const bar = element("div", { class: "lt-inspect-bar" }, ...Object.values(this.choosers).map((one) => one.element), this.again, element("label", { title: text.log_help }, this.log, text.log), this.renew);
    this.links = elsewhere({ data: this.data, trigger }, ["gradients", "step", "graph"], () => ({ part: this.part }));
    this.element = element(
      "section", { class: "lt-card lt-landscape", "data-kind": "empty" },
      element("p", { class: "lt-lead" }, text.lead), bar, this.trouble.element,
      element("div", { class: "lt-landscape-progress" }, this.bar, this.cancel, this.said),
      this.picture.element, element("p", { class: "lt-caption" }, text.caveat),
      element("details", {}, element("summary", {}, text.more), ...text.more_says.map((line) => element("p", { class: "lt-caption" }, line))), this.links,
    );
  }

  follow(feed) {
    this.feed = feed;
  }

  close() {
    this.picture.close();
  }

  set(name, value, anew = true) {
    this.chosen[name] = value;
    remember(KEPT, this.chosen);
    if (anew && name !== "shape") this.begin();
    this.going = true;
    this.failure = null;
    this.changed();
    this.asked();
  }

  choosePart(part) {
    this.part = part;
    this.begin();
  }

  // Everything anew, at the moment that is now.
  begin() {
    this.rows = new Map();
    this.plan = null;
    this.key = "";
    this.going = true;
    this.failure = null;
    this.held = null;
    for (const [key, answer] of this.feed?.answers ?? []) if (answer.error) this.feed.answers.delete(key);
    this.changed();
    this.asked();
  }

  halt() {
    this.going = false;
    this.changed();
    this.asked();
  }

  // The step that is looked at: the chosen moment or, once for a whole picture, now.
  get at() {
    if (!this.feed?.status?.step) return null;
    if (this.feed.at !== null) return this.feed.at;
    this.held ??= this.feed.status.step;
    return this.held;
  }

  get args() {
    const { kind, seed, reach, side } = this.chosen;
    return { part: this.part, kind, seed, reach, side };
  }

  ask(name, more = {}) {
    return { name, args: { ...this.args, ...more }, at: this.at };
  }

  // Rows that are wanted: of a slice only the one through the weights; of a map, rows from the middle outwards.
  wanted() {
    if (this.chosen.shape === "slice") return [-1];
    const middle = (this.chosen.side - 1) / 2;
    return [...Array(this.chosen.side).keys()].sort((one, other) => Math.abs(one - middle) - Math.abs(other - middle));
  }

  missing() {
    return this.wanted().filter((row) => !this.rows.has(row));
  }

  looks() {
    if (this.at === null) return [];
    const key = JSON.stringify([this.args, this.at]);
    if (key !== this.key) {
      Object.assign(this, { key, rows: new Map(), plan: null, failure: null, going: true });
    }
    const plan = this.ask("landscape");
    if (!this.plan) return [plan];
    if (!this.going) return [];
    return this.missing().slice(0, AT_ONCE).map((row) => this.ask("landscape_row", { row }));
  }

  // Answers go into a store of our own, as the feed keeps only the newest.
  collect() {
    for (const look of this.looks()) {
      const answer = this.feed.answer(look);
      if (answer?.error) this.failure = answer.error; // stays until something else is asked
      if (!answer?.data) continue;
      if (look.name === "landscape") [this.plan, this.step] = [answer.data, answer.step];
      else this.rows.set(answer.data.row, answer.data);
    }
    this.trouble.show(this.failure);
    if (this.failure) this.going = false;
  }

  async draw(theme) {
    this.fit();
    if (!this.feed) return write(this.said, this.text.no_run);
    if (this.at === null) return write(this.said, this.text.first_step);
    this.looks(); // settles what is to be shown
    this.collect();
    this.asked();
    this.progress();
    if (!this.plan) return;
    this.element.dataset.kind = this.chosen.shape;
    this.element.dataset.rows = this.rows.size;
    this.element.dataset.step = this.step;
    await this.picture.draw({ plan: this.plan, rows: this.rows, chosen: this.chosen, step: this.step, theme });
  }

  fit() {
    const { text, chosen } = this;
    const words = (names, said) => names.map((name) => [name, said[name] ?? name]);
    this.choosers.kind.offer(words(["path", "random"], text.kinds), chosen.kind);
    this.choosers.shape.offer(words(["contour", "surface", "slice"], text.shapes), chosen.shape);
    this.choosers.side.offer(SIDES.map((side) => [side, `${side} x ${side}`]), chosen.side);
    this.choosers.reach.offer(REACHES.map((reach) => [reach, `${reach} %`]), chosen.reach);
    const parts = this.plan?.parts ?? [];
    this.choosers.part.offer(words(parts, text.parts), this.plan?.part ?? "");
    this.again.hidden = chosen.kind !== "random";
  }

  progress() {
    const { text, plan } = this;
    const whole = this.wanted().length;
    const done = whole - this.missing().length;
    this.bar.value = plan ? done / whole : 0;
    this.bar.hidden = this.cancel.hidden = Boolean(plan) && (done === whole || !this.going);
    if (!plan) return write(this.said, this.going ? text.waiting : "");
    const seconds = plan.seconds * this.chosen.side * (whole - done);
    const facts = { examples: plan.examples.toLocaleString(this.data.lang), step: this.step.toLocaleString(this.data.lang), done, whole, seconds: Math.max(1, Math.round(seconds)) };
    write(this.said, this.failure ? "" : fill(done === whole ? text.done : this.going ? text.going : text.halted, facts));
  }
}
