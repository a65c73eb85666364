// The forward graph by modules: boxes fold and unfold here, numbers of what is in view come from the network.

import { element, fill, recall, remember, write } from "./dom.js";
import { GraphCanvas } from "./graph_canvas.js";
import { keyOf } from "./feed.js";
import { amount, duration, Legend, said, Scale, size } from "./inspect_graph_colours.js";
import { dot, save } from "./inspect_graph_dot.js";
import { Fold, MOST } from "./inspect_graph_fold.js";
import { SidePanel } from "./inspect_graph_side.js";
import { chooser, elsewhere, problem, stepper } from "./inspect_parts.js";
import { shapeText } from "./tensors.js";

const COLOURS = ["activation", "gradient", "parameters", "flops", "time"];
const FIXED = new Set(["parameters", "flops"]); // known from the structure
const PAGES = ["gradients", "step", "arithmetic", "features"];
const KEPT = "livetorch_graph_colour";

function whole(text) {
  return /^\d{1,6}$/.test(text ?? "") ? Number(text) : 0;
}

export class ModuleView {
  constructor(view) {
    const { data, changed, asked } = view;
    Object.assign(this, { data, changed, asked, text: data.text });
    this.part = data.focus.part ?? "";
    this.example = whole(data.focus.example);
    this.unrolled = false;
    this.colour = COLOURS.includes(recall(KEPT, "")) ? recall(KEPT, "") : "activation";
    this.graphs = new Map(); // structures that were answered, by their question
    this.numbers = new Map(); // operation -> {value, gradient}
    this.seconds = null;
    this.selected = null;
    this.build(view);
  }

  build(view) {
    const { text } = this;
    this.parts = chooser(text.part, "part", (part) => this.want({ part, example: 0 }));
    this.examples = stepper(text, text.example, "example", (example) => this.want({ example }));
    this.shownName = element("span", { class: "lt-graph-example" });
    this.colours = chooser(text.colour_by, "colour", (colour) => this.recolour(colour));
    this.colours.offer(COLOURS.map((name) => [name, text.colours[name]]), this.colour);
    this.unroll = element("input", { type: "checkbox", "data-option": "unrolled", onchange: () => this.want({ unrolled: this.unroll.checked }) });
    this.unrollRow = element("label", { title: text.unrolled_help, hidden: true }, this.unroll, text.unrolled);
    const button = (name, onclick) => element("button", { type: "button", "data-graph": name, title: text.buttons[name].help, onclick }, text.buttons[name].name);
    this.folding = [button("unfold", () => this.unfoldAll()), button("fold", () => this.foldAll())];
    this.problem = problem(text, () => this.again());
    this.waiting = element("p", { class: "lt-waiting", role: "status" });
    this.about = element("p", { class: "lt-caption" });
    this.note = element("p", { class: "lt-caption", role: "status" });
    this.canvas = new GraphCanvas({ label: text.graph_label, words: text.canvas, picked: (id) => this.pick(id), toggled: (id) => this.toggle(id), moved: () => this.asked() });
    this.legend = new Legend(text);
    const links = elsewhere(view, PAGES, () => this.focus());
    this.side = new SidePanel(text, { toggle: () => this.toggle(this.selected), links });
    this.downloads = [button("svg", () => this.saveSvg()), button("dot", () => this.saveDot())];
    for (const one of this.downloads) one.disabled = true;
    this.element = element(
      "section", { class: "lt-card lt-graph-modules", "data-view": "modules", "data-kind": "empty" },
      element("p", { class: "lt-lead" }, text.lead),
      element("details", {}, element("summary", {}, text.how), ...text.explained.map((one) => element("p", { class: "lt-caption" }, one))),
      element("div", { class: "lt-inspect-bar" }, this.parts.element, this.examples.element, this.shownName, this.colours.element, this.unrollRow, ...this.folding),
      this.problem.element, this.waiting, this.about,
      element("div", { class: "lt-graph-columns" }, element("div", {}, this.canvas.element, element("div", { class: "lt-graph-below" }, this.legend.element, element("span", { class: "lt-inspect-bar" }, ...this.downloads)), this.note), this.side.element),
    );
  }

  follow(feed) {
    this.feed = feed;
  }

  update(data) {
    this.data = data;
  }

  close() {
    this.canvas.close();
  }

  // ---- what is asked

  get graphLook() {
    const sequence = this.data.page === "rnn"; // their lengths differ, so an example has a graph of its own
    return { name: "graph", args: { part: this.part, example: sequence ? this.example : 0, unrolled: this.unrolled } };
  }

  get common() {
    return { part: this.part, example: this.example, unrolled: this.unrolled };
  }

  get valuesLook() {
    const colour = FIXED.has(this.colour) ? "activation" : this.colour;
    const known = (id) => this.fold.boxes.has(id) || Number(id.slice(1)) < this.graph.operations.length;
    const seen = this.canvas.inView().filter(known).map((id) => this.fold.output(id));
    return { name: "graph_values", args: { ...this.common, nodes: ranges(seen), colour } };
  }

  get nodeLook() {
    return { name: "graph_node", args: { ...this.common, node: this.fold.output(this.selected) } };
  }

  looks() {
    if (!this.graph) return [this.graphLook];
    const looks = this.canvas.key ? [this.valuesLook] : [];
    return this.selected ? [this.nodeLook, ...looks] : looks;
  }

  want(what) {
    const structural = "part" in what || "unrolled" in what || ("example" in what && this.data.page === "rnn");
    Object.assign(this, what);
    if (structural) {
      this.graph = null;
      this.selected = null;
    }
    this.forget();
    this.asked();
    this.changed();
  }

  forget() {
    this.numbers.clear();
    this.seconds = null;
    this.answer = null;
  }

  // After an error: the same question once more, with what there certainly is.
  again() {
    for (const look of this.looks()) this.feed?.answers.delete(keyOf(this.feed.placed?.(look) ?? look));
    this.feed?.look([]);
    this.want({ part: this.failed === "graph" ? "" : this.part, example: this.failed ? 0 : this.example, unrolled: false });
    this.unroll.checked = false;
  }

  // ---- what is done

  recolour(colour) {
    this.colour = colour;
    remember(KEPT, colour);
    this.asked();
    this.changed();
  }

  pick(id) {
    this.selected = id;
    this.canvas.select(id);
    this.asked();
    this.changed();
  }

  toggle(id) {
    if (!this.fold?.boxes.has(id)) return;
    this.fold.toggle(id);
    const full = this.fold.count() > MOST;
    if (full) this.fold.toggle(id);
    write(this.note, full ? fill(this.text.too_many, { most: MOST }) : "");
    this.folded();
  }

  unfoldAll() {
    if (!this.fold) return;
    const everything = this.fold.unfold();
    write(this.note, everything ? "" : fill(this.text.too_many, { most: MOST }));
    this.folded();
  }

  foldAll() {
    this.fold?.foldAll();
    write(this.note, "");
    this.folded();
  }

  folded() {
    this.shape = null;
    if (this.selected?.startsWith("o") && this.fold.seen(Number(this.selected.slice(1))) !== this.selected) this.selected = this.fold.seen(Number(this.selected.slice(1)));
    this.asked();
    this.changed();
  }

  focus() {
    const node = this.selected && this.chosen();
    return { part: this.graph?.part, layer: node?.module, example: this.example };
  }

  saveSvg() {
    save(this.canvas.svg(), "image/svg+xml", "network.svg");
  }

  saveDot() {
    save(dot(this.drawn), "text/vnd.graphviz", "network.dot");
  }

  // ---- what is drawn

  async draw(theme) {
    if (this.feed?.at !== this.at) {
      this.at = this.feed?.at;
      this.forget();
    }
    this.receiveGraph();
    write(this.waiting, this.graph ? "" : this.feed ? this.text.waiting : this.text.no_run);
    this.element.toggleAttribute("data-busy", Boolean(this.feed) && !this.graph);
    if (!this.graph) return;
    this.receiveValues();
    this.render(theme);
    this.renderSide(theme);
  }

  receiveGraph() {
    if (this.graph) return;
    const key = keyOf(this.graphLook);
    const answer = this.feed?.answer(this.graphLook);
    const data = this.graphs.get(key)?.graph ?? answer?.data;
    if (!data) {
      this.failed = answer?.error ? "graph" : null;
      this.problem.show(answer?.error);
      return;
    }
    this.problem.show(null);
    this.failed = null;
    if (!this.graphs.has(key)) this.graphs.set(key, { graph: data, fold: new Fold(data) });
    ({ graph: this.graph, fold: this.fold } = this.graphs.get(key));
    this.shape = null;
    this.parts.offer(data.parts.map((name) => [name, this.text.parts[name] ?? name]), data.part);
    this.unrollRow.hidden = !data.recurrent;
    for (const one of this.folding) one.hidden = !data.boxes.length;
    const { layer } = this.data.focus;
    if (layer && !this.focused) this.selected = this.fold.reveal(layer);
    this.focused = true;
    this.tellAbout();
    this.element.dataset.operations = data.operations.length;
    for (const one of this.downloads) one.disabled = false;
    this.asked();
  }

  tellAbout(loss, names) {
    const { graph, text, data } = this;
    const parts = [fill(text.totals, { operations: graph.operations.length, parameters: amount(graph.parameters), flops: graph.flops === undefined ? "–" : amount(graph.flops) })];
    if (loss !== undefined) parts.push(fill(data.page === "zoo" ? text.loss_of_model : text.loss_is, { loss: loss === null ? text.not_a_number : size(loss) }));
    if (graph.weights) parts.push(text.weights[graph.weights]);
    write(this.about, parts.join(" "));
    this.examples.show(this.example, graph.examples);
    const shown = [...new Set(names ?? [])].filter(Boolean).join(", ");
    write(this.shownName, shown && (data.page === "zoo" ? shown : fill(text.labelled, { name: shown })));
  }

  receiveValues() {
    const answer = this.canvas.key && this.feed?.answer(this.valuesLook);
    if (!answer || answer === this.answer) return;
    this.answer = answer;
    this.failed = answer.error ? "values" : null;
    this.problem.show(answer.error);
    this.element.dataset.step = answer.step;
    if (!answer.data) return;
    for (const [place, found] of Object.entries(answer.data.nodes)) this.numbers.set(Number(place), { ...this.numbers.get(Number(place)), ...found });
    if (answer.data.seconds) this.seconds = answer.data.seconds;
    this.count(answer.data.flops);
    this.tellAbout(answer.data.loss, answer.data.names);
    this.element.dataset.kind = "shown";
    this.fresh = true;
  }

  // FLOPs come with the first numbers; like the structure they stay.
  count(flops) {
    if ("flops" in this.graph) return;
    const { operations, boxes } = this.graph;
    operations.forEach((operation, place) => (operation.flops = flops[place]));
    for (const box of boxes) box.flops = sum(flops.slice(box.first, box.last + 1));
    this.graph.flops = sum(flops);
  }

  // The number of a node that its colour stands for; undefined where it is not known (yet), null where there is none.
  measure({ box, operation, place }) {
    const one = box ?? operation;
    if (FIXED.has(this.colour)) return one[this.colour] || null;
    if (this.colour === "time") return this.seconds ? this.took(box, place) : undefined;
    const found = this.numbers.get(box ? box.output : place)?.[this.colour === "gradient" ? "gradient" : "value"];
    return found === undefined ? undefined : found === null ? null : found.rms;
  }

  took(box, place) {
    const { seconds } = this;
    return box ? sum(seconds.slice(box.first, box.last + 1)) : seconds[place];
  }

  broken({ box, place }) {
    const found = this.numbers.get(box ? box.output : place);
    return Boolean((this.colour === "gradient" ? found?.gradient : found?.value)?.broken);
  }

  render(theme) {
    const key = `${this.colour} ${theme.key}`;
    if (this.shape && !this.fresh && key === this.coloured) return;
    Object.assign(this, { fresh: false, coloured: key });
    this.shape ??= this.fold.visible();
    const closed = this.shape.nodes.filter(({ fold }) => fold !== "open");
    const scale = new Scale(closed.map((node) => this.measure(node)).filter((value) => value !== undefined && value !== null));
    const nodes = this.shape.nodes.map((node) => this.node(node, scale, theme));
    const edges = this.shape.edges.map(({ from, to, shape }) => ({ from, to, label: shapeText(shape.length > 1 ? shape.slice(1) : shape) }));
    this.drawn = { nodes, edges, direction: this.unrolled ? "RIGHT" : "DOWN" };
    this.legend.show(this.colour, scale, closed.some((node) => this.broken(node)));
    this.canvas.show(this.drawn, theme).then(() => this.arrived());
    this.canvas.select(this.selected);
  }

  // The first picture is there: what is in view is known now.
  arrived() {
    if (this.canvas.key === this.arrivedAt) return;
    this.arrivedAt = this.canvas.key;
    if (this.selected && !this.revealed) this.canvas.reveal(this.selected);
    this.revealed = true;
    this.asked();
  }

  node(node, scale, theme) {
    const { box, operation, fold } = node;
    const broken = fold !== "open" && this.broken(node);
    const fill_ = broken ? theme.colours["--lt-wrong"] : fold === "open" ? null : scale.colour(this.measure(node));
    const label = this.name(node);
    return {
      id: node.id, parent: node.parent, label, sub: this.under(node), kind: operation?.op === "input" || operation?.op === "output" ? operation.op : box ? "module" : "op",
      count: box?.count, fold, fill: fill_ ?? undefined, title: this.title(node, label, broken),
    };
  }

  name({ box, operation }) {
    const name = box ? box.type : operation.type || operation.op;
    return this.text.operations[name] ?? name;
  }

  // The name of a layer within the box around it.
  under({ box, operation, parent }) {
    const module = box ? box.module : operation.type ? operation.module : "";
    const around = parent ? this.fold.boxes.get(parent).module : "";
    const prefix = this.fold.boxes.get(parent)?.count > 1 ? around.slice(0, around.lastIndexOf(".") + 1) : around && `${around}.`;
    const name = prefix && module.startsWith(prefix) ? module.slice(prefix.length) : module;
    if (!(box?.count > 1)) return prefix ? name : this.called(name);
    const last = this.graph.operations[box.last].module;
    const length = module.split(".").length;
    return `${name} … ${last.split(".")[length - 1] ?? ""}`;
  }

  // As the page that trains it calls a layer.
  called(module) {
    return this.graph.labels[module] ?? module;
  }

  title(node, label, broken) {
    const { box, operation, place } = node;
    const one = box ?? operation;
    const output = box ? box.output : place;
    const found = this.numbers.get(output);
    const lines = [
      box?.count > 1 ? `${label} ×${box.count}` : label,
      one.module,
      fill(this.text.hover.shape, { shape: shapeText(this.graph.operations[output].shape) }),
      one.parameters ? fill(this.text.hover.parameters, { value: amount(one.parameters) }) : "",
      one.flops ? fill(this.text.hover.flops, { value: amount(one.flops) }) : "",
      found?.value ? fill(this.text.hover.activation, { value: said("activation", found.value.rms) }) : "",
      found?.gradient ? fill(this.text.hover.gradient, { value: said("gradient", found.gradient.rms) }) : "",
      this.seconds ? fill(this.text.hover.time, { value: duration(this.took(box, place) ?? 0) }) : "",
      broken ? this.text.broken : "",
    ];
    return lines.filter(Boolean).join("\n");
  }

  chosen() {
    const node = this.shape?.nodes.find(({ id }) => id === this.selected);
    if (!node) return null;
    const { box, operation, place, fold } = node;
    const output = box ? box.output : place;
    const label = this.name(node);
    const seconds = this.seconds ? this.took(box, place) : null;
    return { title: box?.count > 1 ? `${label} ×${box.count}` : label, module: (box ?? operation).module, where: this.called((box ?? operation).module), box, operation, fold, seconds, shape: this.graph.operations[output].shape };
  }

  renderSide(theme) {
    const node = this.selected && this.chosen();
    const answer = node && this.feed?.answer(this.nodeLook);
    if (answer?.error) this.problem.show(answer.error);
    // while the newest numbers are on their way, those of the same node stay
    const kept = this.sideOf === this.selected ? this.sideAnswer : null;
    Object.assign(this, { sideOf: this.selected, sideAnswer: answer ?? kept });
    this.side.show(node, this.sideAnswer, theme);
  }
}

function sum(numbers) {
  return numbers.reduce((all, one) => all + (one ?? 0), 0);
}

// Places as short as they can be said: "0-3,7".
export function ranges(places) {
  const sorted = [...new Set(places)].sort((one, two) => one - two);
  const spans = [];
  for (const place of sorted) {
    const last = spans.at(-1);
    if (last && last[1] === place - 1) last[1] = place;
    else spans.push([place, place]);
  }
  return spans.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(",");
}
