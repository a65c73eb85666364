// The gradients that backward() left: a row a parameter, with a bar, and what it is without the switch.

import { element, write } from "./dom.js";
import { shapeText } from "./tensors.js";

// A norm: "None" is said elsewhere; what is not finite comes as text.
export function shown(value) {
  if (typeof value !== "number") return value ?? "–";
  if (value === 0) return "0";
  return Math.abs(value) >= 1e4 || Math.abs(value) < 1e-3 ? value.toExponential(2) : value.toPrecision(4);
}

export class GradientTable {
  // `chosen(name)`: a parameter is to be shown in the graph.
  constructor(words, chosen) {
    this.words = words;
    this.chosen = chosen;
    this.head = element("thead");
    this.rows = element("tbody");
    this.element = element(
      "div", { class: "lt-autograd-gradients" }, element("h5", {}, words.table.title), element("p", { class: "lt-caption" }, words.table.lead),
      element("div", { class: "lt-scroll lt-autograd-scroll", tabindex: 0, role: "region", "aria-label": words.table.title }, element("table", { class: "lt-table" }, this.head, this.rows)),
    );
  }

  show({ gradients, nodes, switch: done }) {
    const drawn = new Set(nodes.filter(({ kind }) => kind === "parameter" || kind === "input").map(({ label }) => label));
    const columns = this.columns(done.name, gradients.some((row) => "plain" in row));
    const key = JSON.stringify([columns, gradients.map(({ name, shape }) => [name, shape])]);
    if (key !== this.key) this.build(key, columns, gradients);
    const most = Math.max(0, ...gradients.flatMap((row) => columns.map(([field]) => row[field])).filter((value) => typeof value === "number"));
    gradients.forEach((row, at) => {
      const { cells, bar, line, button } = this.lines[at];
      button.disabled = !drawn.has(row.name); // detached, frozen or left out
      columns.forEach(([field], place) => write(cells[place], row[field] === null || row[field] === undefined ? this.words.table.none : shown(row[field])));
      const last = row[columns.at(-1)[0]];
      bar.style.width = `${typeof last === "number" && most > 0 ? (100 * last) / most : 0}%`;
      line.dataset.gradient = row.norm ?? "none";
    });
  }

  // `compared`: whether the gradients without the switch are there, too.
  columns(name, compared) {
    const { table } = this.words;
    if (name === "none" || (name !== "twice" && !compared)) return [["norm", table.norm]];
    if (name === "twice") return [["norm", table.once], ["twice", table.twice]];
    return [["plain", table.plain], ["norm", table.switched]];
  }

  build(key, columns, gradients) {
    this.key = key;
    const { table } = this.words;
    const number = (word) => element("th", { scope: "col", class: "lt-number" }, word);
    this.head.replaceChildren(element("tr", {}, element("th", { scope: "col" }, table.parameter), element("th", { scope: "col" }, table.shape), ...columns.map(([, word]) => number(word)), element("th", { "aria-hidden": "true" })));
    this.lines = gradients.map(({ name, shape }) => {
      const cells = columns.map(() => element("td", { class: "lt-number" }));
      const bar = element("i");
      const button = element("button", { type: "button", title: table.show, "data-parameter": name, onclick: () => this.chosen(name) }, name);
      const line = element("tr", {}, element("td", {}, button), element("td", { class: "lt-shape" }, shapeText(shape)), ...cells, element("td", { class: "lt-autograd-bar", "aria-hidden": "true" }, bar));
      return { line, cells, bar, button };
    });
    this.rows.replaceChildren(...this.lines.map(({ line }) => line));
  }
}
