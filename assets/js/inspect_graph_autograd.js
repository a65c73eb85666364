// What backward() goes through: torchviz's graph of the loss, what each node computes, and what no_grad, detach and others do to it.

import { element, fill, write } from "./dom.js";
import { GraphCanvas } from "./graph_canvas.js";
import { drawing, legend } from "./inspect_graph_autograd_drawing.js";
import { GradientTable, shown } from "./inspect_graph_autograd_gradients.js";
import { NodePanel } from "./inspect_graph_autograd_node.js";
import { chooser, elsewhere, problem, stepper } from "./inspect_parts.js";

const STEPS = 8; // of a sequence that are drawn at first
const MOST_STEPS = 32;
const MOST_IN_BOXES = 100; // nodes
const PAGES = ["gradients", "step", "arithmetic", "features"];

export class AutogradView {
  constructor(view) {
    const { data, changed, asked } = view;
    Object.assign(this, { data, changed, asked, text: data.text, words: data.text.autograd });
    this.wanted = { part: data.focus.part ?? "", example: whole(data.focus.example), attributes: false, saved: false, switch: "none", parameters: data.page !== "zoo", steps: STEPS };
    this.layer = data.focus.layer ?? ""; // whose output is detached, and what other pages are led to
    this.boxes = null; // a large graph has none unless they are asked for: its layout takes several times as long with them
    this.picked = null;
    this.build(view);
  }

  build(view) {
    const { data, words, text } = this;
    this.part = chooser(text.part, "part", (part) => this.want({ part, example: 0 }));
    this.example = stepper(text, text.example, "example", (example) => this.want({ example }));
    this.steps = element("input", { type: "number", min: 1, max: MOST_STEPS, step: 1, value: STEPS, title: words.steps_help, "data-choose": "steps", onchange: () => this.want({ steps: bounded(this.steps.value) }) });
    this.stepsRow = element("label", { hidden: true }, words.steps, this.steps);
    this.detached = chooser(text.layer, "layer", (layer) => this.detach(layer));
    this.problem = problem(text, () => this.again());
    this.waiting = element("p", { class: "lt-waiting", role: "status" });
    this.hint = element("p", { class: "lt-caption" });
    this.loss = element("span");
    this.canvas = new GraphCanvas({ label: words.graph_label, words: text.canvas, picked: (id) => this.pick(id) });
    this.panel = new NodePanel(words);
    this.table = new GradientTable(words, (name) => this.pickParameter(name));
    this.legend = element("ul", { class: "lt-autograd-legend" });
    this.element = element(
      "section", { class: "lt-card lt-autograd", "data-view": "autograd", "data-kind": "empty" },
      element("p", { class: "lt-lead" }, words.lead),
      element("details", {}, element("summary", {}, words.how), ...[...words.explained, data.page === "zoo" ? words.drawn_model : words.drawn].map((one) => element("p", { class: "lt-caption" }, one))),
      element("div", { class: "lt-inspect-bar" }, this.part.element, this.example.element, this.stepsRow, ...this.options()),
      this.switches(), this.problem.element, this.waiting, this.hint,
      element("div", { class: "lt-autograd-body" }, element("div", {}, this.canvas.element, element("div", { class: "lt-autograd-below" }, this.legend, this.downloads())), this.panel.element),
      this.table.element, elsewhere(view, PAGES, () => this.focus()),
    );
  }

  options() {
    const { words } = this;
    const box = (name, checked, chosen) => element("label", { title: words[`${name}_help`] }, element("input", { type: "checkbox", "data-option": name, checked, onchange: (event) => chosen(event.target.checked) }), words[name]);
    this.boxed = box("boxes", true, (on) => {
      this.boxes = on;
      this.changed();
    });
    return [
      ...["parameters", "saved", "attributes"].map((name) => box(name, this.wanted[name], (on) => this.want({ [name]: on }))),
      this.boxed,
    ];
  }

  switches() {
    const { words } = this;
    this.buttons = Object.entries(words.switches).map(([name, { name: word, help }]) => element("button", { type: "button", title: help, "data-switch": name, "aria-pressed": name === "none", onclick: () => this.want({ switch: name }) }, word));
    this.consequence = element("p", { role: "status" });
    this.said = element("code");
    this.quote = element("p", { class: "lt-autograd-quote", hidden: true }, words.pytorch_says, " ", this.said);
    const row = element("div", { class: "lt-autograd-switches", role: "group", "aria-label": words.question }, element("span", {}, words.question), ...this.buttons, this.detached.element);
    this.detached.element.hidden = true;
    return element("div", { class: "lt-autograd-question" }, row, this.consequence, this.quote, element("p", { class: "lt-caption" }, this.loss));
  }

  downloads() {
    const { words } = this;
    this.dot = element("button", { type: "button", title: words.dot_help, "data-download": "dot", disabled: true, onclick: () => this.askDot() }, words.dot);
    this.svg = element("button", { type: "button", title: words.svg_help, "data-download": "svg", disabled: true, onclick: () => save(this.canvas.svg(), "image/svg+xml", "backward-graph.svg") }, words.svg);
    return element("span", { class: "lt-downloads" }, this.dot, this.svg);
  }

  // ---- what is asked

  follow(feed) {
    this.feed = feed;
  }

  update(data) {
    this.data = data;
  }

  get args() {
    const { wanted } = this;
    return { ...wanted, layer: wanted.switch === "detach" ? this.detachable : "" };
  }

  // A layer of a link need not be one that can be detached.
  get detachable() {
    return this.answered?.layers.some(([name]) => name === this.layer) ? this.layer : "";
  }

  looks() {
    const look = { name: "autograd", args: this.args };
    if (this.pausing) return [];
    return this.fetching ? [look, { name: "autograd_dot", args: this.args }] : [look];
  }

  want(what) {
    Object.assign(this.wanted, what);
    this.fetching = false;
    this.asked();
    this.changed();
  }

  detach(layer) {
    this.layer = layer;
    this.want({});
  }

  // Ask once more what was answered with an error; what a link wished for may have been the reason.
  again() {
    if (!this.answered) Object.assign(this.wanted, { part: "", example: 0 });
    for (const [key, answer] of this.feed?.answers ?? []) if (answer.error) this.feed.answers.delete(key);
    this.answer = null;
    this.problem.show("");
    this.pausing = true; // who looks away and back is answered anew
    this.asked();
    this.pausing = false;
    this.want({});
  }

  askDot() {
    this.fetching = true;
    this.dot.disabled = true;
    this.asked();
    this.changed();
  }

  focus() {
    const layer = this.node?.module || (this.picked?.startsWith("m") && this.picked.slice(1)) || this.layer;
    const other = this.answered?.parts.find((part) => part !== this.answered.part && layer.startsWith(`${part}.`));
    return { part: other ?? this.answered?.part, layer: other ? layer.slice(other.length + 1) : layer, example: this.wanted.example };
  }

  // ---- what is drawn

  async draw(theme) {
    this.theme = theme;
    const answer = this.feed?.answer({ name: "autograd", args: this.args });
    this.element.toggleAttribute("data-busy", Boolean(this.feed) && !answer);
    write(this.waiting, answer || this.answered ? "" : this.feed ? this.words.waiting : this.words.none_yet);
    for (const button of this.buttons) button.setAttribute("aria-pressed", button.dataset.switch === this.wanted.switch);
    this.detached.element.hidden = this.wanted.switch !== "detach";
    if (answer && answer !== this.answer) this.receive(answer);
    if (this.fetching) this.receiveDot();
    if (this.answered) await this.render(theme);
  }

  receive(answer) {
    this.answer = answer;
    this.problem.show(answer.error);
    this.element.dataset.step = answer.step;
    if (!answer.data) return;
    if (JSON.stringify(answer.data.nodes[this.place]) !== JSON.stringify(this.node)) this.picked = null; // another graph
    this.answered = answer.data;
    const { parts, part, examples, layers, steps, drawn_steps, switch: done } = answer.data;
    this.part.offer(parts.map((name) => [name, this.text.parts[name] ?? name]), part);
    this.example.show(this.wanted.example, examples);
    this.stepsRow.hidden = steps === null;
    this.steps.max = Math.min(MOST_STEPS, steps ?? MOST_STEPS);
    this.detached.offer(layers.map(([name, kind]) => [name, `${name} (${kind})`]), done.layer ?? this.layer);
    this.detached.element.hidden = this.wanted.switch !== "detach";
    this.tell(done, steps, drawn_steps);
    this.table.show(answer.data);
    this.element.dataset.kind = "shown";
    this.element.dataset.nodes = answer.data.nodes.length;
    this.dot.disabled = this.svg.disabled = false;
  }

  tell(done, steps, drawn) {
    const { words, answered } = this;
    const most = answered.gradients.reduce((best, row) => (typeof row.norm === "number" && !(row.norm <= best?.norm) ? row : best), null);
    const { says, refused } = words.switches[done.name];
    const layer = answered.layers.filter(([name]) => name === done.layer).map(([name, kind]) => `${name} (${kind})`)[0];
    const values = { ...done, layer, name: most?.name, once: shown(most?.norm), twice: shown(most?.twice) };
    write(this.consequence, fill(refused && done.error ? refused : says, values));
    write(this.said, done.error ?? "");
    this.quote.hidden = !done.error;
    write(this.loss, fill(words.loss_is, { loss: shown(answered.loss) }));
    const cut = steps !== null && drawn < steps ? [fill(words.shortened, { drawn, steps })] : [];
    write(this.hint, [...cut, ...done.left_out.map((what) => words.left_out[what])].join(" "));
    this.hint.hidden = !this.hint.textContent;
  }

  async render(theme) {
    const boxes = this.boxes ?? this.answered.nodes.length <= MOST_IN_BOXES;
    this.boxed.firstChild.checked = boxes;
    const key = JSON.stringify([boxes, theme.key, this.answered.nodes, this.answered.edges, this.answered.modules]);
    if (key !== this.key) {
      this.key = key;
      this.graph = drawing(this.answered, { boxes, words: this.words, theme });
      this.legend.replaceChildren(...legend(this.answered, this.words, theme));
      if (!this.graph.nodes.some(({ id }) => id === this.picked)) this.picked = null;
    }
    this.showNode();
    await this.canvas.show(this.graph, theme);
    this.canvas.select(this.picked);
  }

  // ---- one node

  get place() {
    return this.picked?.startsWith("n") ? Number(this.picked.slice(1)) : -1;
  }

  get node() {
    return this.answered?.nodes[this.place];
  }

  pick(id) {
    this.picked = id; // "n" and a place among the nodes, or "m" and the name of a module whose box it is
    this.showNode();
    this.canvas.select(id);
  }

  pickParameter(name) {
    const at = this.answered.nodes.findIndex(({ kind, label }) => (kind === "parameter" || kind === "input") && label === name);
    if (at < 0) return;
    this.pick(`n${at}`);
    this.canvas.reveal(`n${at}`);
    this.canvas.element.scrollIntoView({ block: "nearest" });
  }

  showNode() {
    const { node } = this;
    if (this.picked?.startsWith("m")) this.panel.module(this.picked.slice(1), this.answered);
    else this.panel.show(node, node && this.answered, this.picked);
  }

  // ---- taking it away

  receiveDot() {
    const answer = this.feed?.answer({ name: "autograd_dot", args: this.args });
    if (!answer) return;
    this.fetching = false;
    this.dot.disabled = false;
    if (answer.error) this.problem.show(answer.error);
    else save(answer.data.dot, "text/vnd.graphviz", "backward-graph.dot");
    this.asked();
  }

  close() {
    this.canvas.close();
  }
}

function whole(text) {
  return /^\d{1,9}$/.test(text ?? "") ? Number(text) : 0;
}

function bounded(text) {
  return Math.max(1, Math.min(MOST_STEPS, Math.round(Number(text)) || STEPS));
}

function save(text, type, name) {
  const link = element("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
