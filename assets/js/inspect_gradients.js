// Gradients, weights and activations of every layer over a run: what ails them, lines, ridges, numbers, the input's gradient.

import { element, write } from "./dom.js";
import { History } from "./inspect_gradients_history.js";
import { InputGradient } from "./inspect_gradients_input.js";
import { Lines } from "./inspect_gradients_lines.js";
import { Ridges } from "./inspect_gradients_ridges.js";
import { Table } from "./inspect_gradients_table.js";
import { Verdicts } from "./inspect_gradients_verdicts.js";
import { chooser, elsewhere, problem } from "./inspect_parts.js";

const PAGES = ["graph", "step", "arithmetic", "features", "landscape"];

export class View {
  constructor({ data, changed, asked, trigger }) {
    Object.assign(this, { data, changed, asked });
    const { text, lang, focus } = data;
    this.part = focus.part ?? "";
    this.layer = focus.layer ?? null;
    this.example = Math.max(0, Math.floor(Number(focus.example) || 0));
    this.histories = new Map();
    const picked = (name) => this.pick(name);
    const shared = { text, lang, changed, picked };
    this.parts = chooser(text.part, "part", (part) => this.choosePart(part));
    this.lines = new Lines(shared);
    this.ridges = new Ridges(shared);
    this.table = new Table(shared);
    this.input = new InputGradient({ ...shared, chosen: (example) => this.chooseExample(example) });
    this.verdicts = new Verdicts({ ...shared, opened: (changes) => trigger("open", { page: "train", changes, id: Date.now() }) });
    this.failed = problem(text, () => this.again());
    this.waiting = element("p", { class: "lt-waiting" });
    this.links = elsewhere({ data, trigger }, PAGES, () => ({ part: this.part, layer: this.module(), example: this.example }));
    this.element = element(
      "div", { class: "lt-health", "data-part": this.part },
      element("section", { class: "lt-card lt-health-lead" },
        element("p", { class: "lt-lead" }, text.lead), element("details", {}, element("summary", {}, text.more_label), ...text.more.map((line) => element("p", {}, line))),
        element("div", { class: "lt-inspect-bar" }, this.parts.element), this.failed.element, this.waiting),
      this.verdicts.element,
      element("div", { class: "lt-health-charts" }, this.lines.element, this.ridges.element),
      this.table.element, this.input.element, this.links,
    );
  }

  follow(feed) {
    this.feed = feed;
  }

  close() {
    for (const part of [this.lines, this.ridges, this.input]) part.close();
  }

  get history() {
    if (!this.histories.has(this.part)) this.histories.set(this.part, new History(this.part));
    return this.histories.get(this.part);
  }

  // ---- what is chosen

  choosePart(part) {
    this.part = part;
    this.layer = null;
    this.renew();
  }

  chooseExample(example) {
    this.example = example;
    this.renew();
  }

  pick(name) {
    this.layer = name;
    this.changed();
  }

  again() {
    this.history.again();
    this.part = this.known_parts?.includes(this.part) ? this.part : "";
    this.example = this.known_examples ? Math.min(this.example, this.known_examples - 1) : 0;
    this.renew();
  }

  renew() {
    this.element.dataset.part = this.part;
    this.asked();
    this.changed();
  }

  // The module of the chosen layer: of a recurrent one, whose matrices are lines of their own, the whole of it.
  module() {
    return this.layers?.find(({ name }) => name === this.layer)?.module ?? "";
  }

  // ---- what is asked

  looks() {
    return [this.now(), this.inputLook(), ...this.history.looks(this.feed ?? {})];
  }

  now() {
    return { name: "health_now", args: { part: this.part } };
  }

  inputLook() {
    return { name: "input_gradient", args: { part: this.part, example: this.example } };
  }

  // ---- drawing

  async draw(theme) {
    const { feed, history } = this;
    if (!feed) return;
    if (history.hear(feed)) this.asked();
    const [now, input] = [this.newest("now", feed.answer(this.now())), this.newest("input", feed.answer(this.inputLook()))];
    this.offer(now?.data ?? input?.data ?? (history.parts ? history : null), input?.data);
    this.failed.show(this.problems(feed));
    write(this.waiting, now || history.steps.length || history.error ? "" : this.data.text.waiting);
    const entry = history.entry(feed.at);
    this.layers = entry?.layers ?? now?.data?.layers;
    this.settle();
    this.verdicts.draw(entry ?? (now?.data && history.error ? { step: now.step, ...now.data } : null), entry ? history.steps.filter((step) => step < entry.step).map((step) => history.entries.get(step)) : []);
    this.table.draw(theme, now, this.layer);
    this.ridges.draw(theme, history, this.layer);
    await this.lines.draw(theme, history, { at: feed.at, edits: feed.status?.edits ?? [] });
    await this.input.draw(theme, input, this.example);
    if (history.looks(feed).length) this.asked();
  }

  // While the next answer is under way, the last one of the same network stays.
  newest(name, answer) {
    this.last ??= {};
    if (answer?.data) this.last[name] = { answer, part: this.part };
    return answer?.data ? answer : this.last[name]?.part === this.part ? this.last[name].answer : undefined;
  }

  problems(feed) {
    const asked = [this.now(), this.inputLook()].map((look) => feed.answer(look)?.error);
    return asked.find(Boolean) ?? this.history.error;
  }

  offer(known, input) {
    if (known?.parts) {
      this.known_parts = known.parts;
      this.parts.offer(known.parts.map((part) => [part, this.data.text.parts[part] ?? part]), this.part || known.parts[0]);
    }
    if (input) this.known_examples = input.examples;
  }

  // A layer that is there: the one that was asked for, by its own name, its module's, or its label; else the first.
  settle() {
    if (!this.layers || this.layers.some(({ name }) => name === this.layer)) return;
    const found = this.layers.find((one) => one.module === this.layer || one.label === this.layer || one.name.startsWith(`${this.layer}.`));
    this.layer = (found ?? this.layers[0]).name;
  }
}
