// One time step with its real numbers: what goes into the cell, what the cell makes of it, what it hands on.

import { element, fill, write } from "./dom.js";
import { visible } from "./rnn_characters.js";
import { Chooser, SequencePanel, short } from "./rnn_panel.js";

const WAIT = 80; // milliseconds a moving slider rests before it is asked for

// Up to eight numbers as coloured cells, strongest at the largest of them.
function vector(values, most) {
  const top = most ?? Math.max(...values.map((value) => Math.abs(value ?? 0)), 1e-12);
  return element("span", { class: "lt-vector" }, ...values.map((value) => {
    const cell = element("i", { "data-sign": value < 0 ? "minus" : "plus" }, short(value, 2));
    cell.style.setProperty("--lt-shade", `${Math.round((100 * Math.min(1, Math.abs(value ?? 0) / top)))}%`);
    return cell;
  }));
}

function box(kind, title, ...inside) {
  return element("div", { class: "lt-unrolled-box", "data-part": kind }, element("b", {}, title), ...inside);
}

export class Step extends SequencePanel {
  build() {
    super.build();
    this.chooser = new Chooser(this);
    this.time = null; // the last one
    const button = (by, label, sign) => element("button", { type: "button", "aria-label": label, title: label, onclick: () => this.at((this.seen ?? 0) + by) }, sign);
    this.slider = element("input", { type: "range", min: 0, max: 1, step: 1, "aria-label": this.text.time_step, oninput: (event) => this.at(Number(event.target.value)) });
    this.place = element("output", { class: "lt-step-place" });
    this.chain = element("div", { class: "lt-chain", "aria-hidden": "true" });
    this.picture = element("div", { class: "lt-unrolled", tabindex: 0, role: "group", "aria-label": this.text.unrolled, onkeydown: (event) => this.key(event) });
    this.parts = element("table", { class: "lt-race-table lt-parts" });
    this.note = element("p", { class: "lt-caption" });
    this.body.append(
      this.chooser.element, element("div", { class: "lt-buttons lt-walk" }, button(-1, this.text.step_before, "‹"), this.slider, button(1, this.text.step_after, "›"), this.place),
      this.chain, this.picture, element("h5", {}, this.text.arithmetic), element("div", { class: "lt-race-scroll" }, this.parts), this.note,
    );
  }

  looks() {
    return [{ name: "step", args: { ...this.chooser.args, ...(this.time === null ? {} : { time: this.time }) } }];
  }

  close() {
    clearTimeout(this.timer);
  }

  key(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    this.at((this.seen ?? 0) + by);
  }

  at(time) {
    this.seen = Math.min((this.steps ?? 1) - 1, Math.max(0, time));
    this.slider.value = this.seen;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.time = this.seen;
      this.renew();
    }, WAIT);
  }

  // A shorter sequence may not have the step that was chosen in a longer one.
  async draw(theme) {
    await super.draw(theme);
    if (this.shown?.error && this.time !== null && !this.refused) {
      this.refused = true;
      this.time = null;
      this.renew();
    } else if (this.shown?.data) this.refused = false;
  }

  render(data) {
    const { text } = this;
    Object.assign(this, { steps: data.steps });
    if (document.activeElement !== this.slider) this.seen = data.time;
    this.slider.max = data.steps - 1;
    if (document.activeElement !== this.slider) this.slider.value = data.time;
    this.chooser.show(data);
    write(this.place, fill(text.step_of, { step: data.time + 1, steps: data.steps, name: data.axis }));
    this.links(data);
    const top = Math.max(...[...data.previous, ...data.new].map((value) => Math.abs(value ?? 0)), 1e-12);
    const cell = (values) => (values ? [element("small", {}, text.cell_state), vector(values)] : []);
    const first = data.time === 0;
    this.picture.replaceChildren(
      box("previous", first ? text.state_first : fill(text.state_at, { step: data.time }), vector(data.previous, top), ...cell(data.previous_cell)),
      element("span", { class: "lt-arrow", "aria-hidden": "true" }),
      element("div", { class: "lt-unrolled-middle" }, this.answered(data.answer), element("span", { class: "lt-arrow", "data-up": "", "aria-hidden": "true" }), box("cell", fill(text.cell_at, { step: data.time + 1 }), element("code", {}, data.formula)), element("span", { class: "lt-arrow", "data-up": "", "aria-hidden": "true" }), box("input", fill(text.input_at, { name: data.axis }), vector(data.input), ...this.more(data.input.length, data.input_size))),
      element("span", { class: "lt-arrow", "aria-hidden": "true" }),
      box("new", fill(text.state_at, { step: data.time + 1 }), vector(data.new, top), ...cell(data.new_cell)),
    );
    const head = element("tr", {}, ...[text.part, ...data.new.map((_, at) => String(at + 1))].map((word) => element("th", {}, word)));
    const rows = data.parts.map((part) => element("tr", { "data-part": part.name }, element("td", {}, text.part_names[part.name] ?? part.name, element("code", {}, part.formula)), ...part.values.map((value) => element("td", {}, short(value, 2)))));
    this.parts.replaceChildren(element("thead", {}, head), element("tbody", {}, ...rows));
    write(this.note, fill(text.units_shown, { shown: data.shown, units: data.units }));
  }

  more(shown, size) {
    return size > shown ? [element("small", {}, fill(this.text.more_numbers, { count: size - shown }))] : [];
  }

  answered(answer) {
    if (!answer) return box("answer", this.text.no_answer);
    const rows = answer.values.map(([name, value]) => element("span", { class: "lt-answer-row" }, element("span", {}, visible(name)), element("b", {}, short(value))));
    return box("answer", this.text.answer_labels[answer.label] ?? answer.label, ...rows);
  }

  // The whole sequence as a chain of small boxes, the chosen one filled.
  links({ steps, time }) {
    const most = 60;
    const every = Math.ceil(steps / most);
    const count = Math.ceil(steps / every);
    if (this.chain.childElementCount !== count) this.chain.replaceChildren(...Array.from({ length: count }, () => element("i")));
    [...this.chain.children].forEach((link, at) => link.toggleAttribute("data-chosen", at === Math.floor(time / every)));
  }
}
