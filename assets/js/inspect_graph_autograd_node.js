// What one node of the backward graph is: who made it, its formula, its shapes, what it remembers.

import { element, fill } from "./dom.js";
import { kindOf, nameOf } from "./inspect_graph_autograd_drawing.js";
import { shown } from "./inspect_graph_autograd_gradients.js";
import { shapeText } from "./tensors.js";

export class NodePanel {
  constructor(words) {
    this.words = words;
    this.body = element("div");
    this.element = element("aside", { class: "lt-autograd-node", "aria-label": words.panel.title }, this.body);
  }

  // `answered`: what `node` is part of; `id`: of the node on the canvas.
  show(node, answered, id) {
    const norm = node && (node.kind === "parameter" || node.kind === "input") ? answered.gradients.find(({ name }) => name === node.label) : null;
    const key = JSON.stringify([node, norm]);
    if (key === this.key) return;
    this.key = key;
    this.element.dataset.node = node ? id : "";
    this.body.replaceChildren(...(node ? this.facts(node, answered, id, norm) : [element("p", { class: "lt-caption" }, this.words.panel.hint)]));
  }

  // All that one module made.
  module(name, { nodes, modules, gradients }) {
    const { panel } = this.words;
    const mine = nodes.filter(({ module, kind }) => module === name && kind === "function");
    const rows = gradients.filter(({ module }) => module === name);
    const key = JSON.stringify([name, mine, rows]);
    if (key === this.key) return;
    this.key = key;
    this.element.dataset.node = `m${name}`;
    const gathered = mine.filter(({ op }) => op !== "AccumulateGrad");
    const norm = (row) => element("tr", {}, element("th", { scope: "row" }, row.name), element("td", {}, row.norm === null ? this.words.table.none : shown(row.norm)));
    this.body.replaceChildren(
      element("h5", {}, `${name} (${modules[name] ?? "–"})`), element("p", {}, fill(panel.functions, { names: [...new Set(gathered.map(({ label }) => label))].join(", ") || panel.nothing })),
      ...(rows.length ? [element("h5", {}, this.words.table.title), element("table", { class: "lt-autograd-attributes" }, element("tbody", {}, ...rows.map(norm)))] : []),
    );
  }

  facts(node, answered, id, norm) {
    const { panel, kinds, functions } = this.words;
    const kind = kindOf(node);
    const [formula, says] = functions[node.op] ?? [];
    const line = (text) => element("p", {}, text);
    const facts = [element("h5", {}, nameOf(node, this.words)), element("p", { class: "lt-autograd-kind" }, kinds[kind]), line(this.place(node, answered, id))];
    if (node.kind === "function") {
      if (says) facts.push(line(says));
      facts.push(formula ? element("p", { class: "lt-autograd-formula" }, ...formula.split(/;\s+/).map((part) => element("code", {}, part))) : element("p", { class: "lt-caption" }, panel.no_formula));
      if (formula && kind !== "accumulate") facts.push(element("p", { class: "lt-caption" }, panel.notation));
    }
    return [...facts, ...this.shapes(node).map(line), ...(norm ? [line(norm.norm === null ? panel.no_norm : fill(panel.norm, { norm: shown(norm.norm) }))] : []), ...this.attributes(node)];
  }

  place(node, { modules, nodes, edges }, id) {
    const { panel } = this.words;
    const named = (template) => fill(template, { module: node.module, kind: modules[node.module] ?? "–" });
    if (node.kind === "output") return panel.is_loss;
    if (node.kind === "input") return panel.is_input;
    if (node.kind === "parameter" || node.op === "AccumulateGrad") return node.module ? named(panel.belongs) : panel.is_input;
    if (node.kind === "saved") {
      const keeper = edges.find(([, to, saved]) => saved && `n${to}` === id);
      return fill(panel.kept_by, { keeper: keeper ? nodes[keeper[0]].label : "–" });
    }
    if (node.module === null || node.module === undefined) return panel.made_by_loss;
    return node.module === "" ? panel.made_by_root : named(panel.made_by);
  }

  shapes(node) {
    const { panel } = this.words;
    const text = (shape) => (shape === null ? panel.nothing : shape.length ? shapeText(shape) : panel.scalar);
    if (node.kind !== "function") {
      const count = node.shape.reduce((product, side) => product * side, 1);
      return [fill(panel.shape, { shape: text(node.shape) }), fill(panel.count, { count: count.toLocaleString() })];
    }
    if (!node.shape) return [];
    const gives = node.gives ? [fill(panel.hands_on, { shapes: node.gives.map(text).join(", ") })] : [];
    return [fill(panel.arrives, { shape: text(node.shape) }), ...gives];
  }

  attributes(node) {
    if (!node.attributes?.length) return [];
    const rows = node.attributes.map(([name, value]) => element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, value)));
    return [element("h5", {}, this.words.panel.attributes), element("table", { class: "lt-autograd-attributes" }, element("tbody", {}, ...rows))];
  }
}
