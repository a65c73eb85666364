// What the network is given: an example of its data, a drawing, or a point of the plane that the visitor chose.

import { element, write } from "./dom.js";
import { chooser, stepper } from "./inspect_parts.js";
import { Pad } from "./pad.js";
import { textOf } from "./tensors.js";

const WAIT = 200; // milliseconds after the last stroke
const EDGE = 6; // the plane is [-6, 6] x [-6, 6]

export class Given {
  // `changed()` hears of every other thing to be given.
  constructor({ text, page, focus, changed }) {
    Object.assign(this, { text, page, changed });
    const example = Number.parseInt(focus.example ?? "0", 10);
    this.part = focus.part ?? "";
    this.example = Number.isInteger(example) && example >= 0 ? example : 0;
    this.member = 0;
    this.drawing = "";
    this.point = null;
    this.parts = chooser(text.part, "part", (part) => this.set({ part, member: 0 }));
    this.examples = stepper(text, text.example, "example", (at) => this.set({ example: at, point: null }));
    this.members = chooser(text.member, "member", (at) => this.set({ member: Number(at) }));
    this.name = element("span", { class: "lt-ar-name" });
    this.bar = element("div", { class: "lt-inspect-bar" }, this.parts.element, this.examples.element, this.members.element, this.name);
    this.element = element("div", { class: "lt-ar-given" }, this.bar);
    if (page === "cnn") this.offerPad();
    if (page === "mlp") this.offerPoint();
  }

  set(values) {
    Object.assign(this, values);
    this.changed();
  }

  // Back to what any run has, where a link pointed at something that this one has not.
  forget() {
    this.set({ part: "", example: 0, member: 0 });
  }

  offerPad() {
    const { text } = this;
    this.pad = new Pad({ label: text.pad, help: text.pad_help, changed: () => this.drawn() });
    this.pad.canvas.setAttribute("data-keys", "");
    const mode = (drawing, word) => element("button", { type: "button", "aria-pressed": String(!drawing), onclick: () => this.mode(drawing) }, word);
    this.modes = [mode(false, text.from_data), mode(true, text.from_pad)];
    const clear = element("button", { type: "button", onclick: () => this.pad.clear() }, text.clear);
    this.invitation = element("span", { class: "lt-note" }, text.draw_first);
    this.board = element("div", { class: "lt-ar-pad", hidden: true }, this.pad.element, element("div", { class: "lt-buttons" }, clear, this.invitation));
    this.bar.prepend(element("span", { class: "lt-switch lt-ar-switch", role: "group", "aria-label": text.given }, ...this.modes));
    this.element.append(this.board);
  }

  mode(drawing) {
    this.drawn_on = drawing;
    this.modes.forEach((button, at) => button.setAttribute("aria-pressed", Boolean(at) === drawing));
    this.board.hidden = !drawing;
    this.examples.element.hidden = drawing;
    this.drawing = drawing && !this.pad.blank ? textOf(this.pad.pixels()) : "";
    this.changed();
  }

  drawn() {
    this.invitation.hidden = !this.pad.blank;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.set({ drawing: this.pad.blank ? "" : textOf(this.pad.pixels()) }), WAIT);
  }

  offerPoint() {
    const number = (name) => element("input", { type: "number", min: -EDGE, max: EDGE, step: 0.1, "data-choose": name, "aria-label": name, onchange: () => this.moved() });
    this.x1 = number("x1");
    this.x2 = number("x2");
    this.back = element("button", { type: "button", hidden: true, onclick: () => this.set({ point: null }) }, this.text.to_example);
    this.bar.append(element("label", { title: this.text.point_help }, "x1", this.x1), element("label", { title: this.text.point_help }, "x2", this.x2), this.back);
  }

  moved() {
    const values = [this.x1, this.x2].map((one) => Math.max(-EDGE, Math.min(EDGE, Number(one.value) || 0)));
    this.set({ point: values });
  }

  get args() {
    const given = { part: this.part, example: this.example, member: this.member };
    if (this.drawing) given.drawing = this.drawing;
    if (this.point) [given.x1, given.x2] = this.point;
    return given;
  }

  // `info`: the answer of the look "layers".
  show(info) {
    this.parts.offer(info.parts.map((part) => [part, this.text.parts[part] ?? part]), info.part);
    this.examples.show(info.example, info.examples);
    this.members.offer(info.members.map((name, at) => [at, this.text.samples[name] ?? name]), info.member);
    const own = this.point || this.drawing;
    write(this.name, own || info.members.length > 1 ? "" : (info.name && `${this.text.truth} ${info.name}`));
    if (info.size) this.pad?.fit(...info.size);
    if (!info.point) return;
    for (const [at, input] of [this.x1, this.x2].entries()) if (document.activeElement !== input) input.value = Number(info.point[at].toFixed(2));
    this.back.hidden = !this.point;
  }

  close() {
    clearTimeout(this.timer);
  }
}
