// How often each class is right, and what is taken for what.

import { element, fill, write } from "./dom.js";
import { bar, Panel } from "./panel.js";

export class Classes extends Panel {
  build() {
    this.bars = element("div", { class: "lt-bars", role: "list", "aria-label": this.text.per_class });
    this.table = element("table", { class: "lt-matrix", role: "grid", "aria-label": this.text.matrix, onkeydown: (event) => this.walk(event) });
    this.caption = element("p", { class: "lt-caption" }, this.text.matrix_caption);
    this.body.append(
      element("h5", {}, this.text.per_class), this.bars, element("h5", {}, this.text.matrix), this.table, this.caption,
    );
  }

  looks() {
    return [{ name: "classes", args: {} }];
  }

  // Rows and cells are made when the classes are known, and then only their numbers change.
  fit(classes) {
    const key = JSON.stringify(classes);
    if (key === this.fitted) return;
    this.fitted = key;
    this.barOf = classes.map((name) => bar(name));
    this.bars.replaceChildren(...this.barOf.map(({ row }) => row));
    const head = element("tr", {}, element("th", { class: "lt-corner" }, this.text.matrix_corner), ...classes.map((name) => this.head(name, "col")));
    this.cells = classes.map((_truth, row) => classes.map((_said, column) => this.cell(row, column)));
    const rows = this.cells.map((cells, row) => element("tr", {}, this.head(classes[row], "row"), ...cells.map((cell) => element("td", {}, cell))));
    this.table.replaceChildren(element("thead", {}, head), element("tbody", {}, ...rows));
    this.table.dataset.long = classes.some((name) => name.length > 2);
    this.cells[0][0].tabIndex = 0;
  }

  head(name, scope) {
    return element("th", { scope, title: name }, element("span", {}, name));
  }

  cell(row, column) {
    return element("button", {
      type: "button", tabindex: -1, "data-row": row, "data-column": column, "data-right": String(row === column),
      onclick: () => this.views.open("predictions", { cell: { true: row, predicted: column } }),
    });
  }

  // Arrow keys move within the matrix; one cell alone is reached by Tab.
  walk(event) {
    const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    const { row, column } = event.target.dataset;
    const next = by && this.cells[Number(row) + by[0]]?.[Number(column) + by[1]];
    if (!next) return;
    event.preventDefault();
    event.target.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }

  render({ classes, matrix, accuracy }) {
    this.fit(classes);
    accuracy.forEach((value, at) => this.barOf[at].show(value, value === null ? "–" : `${(100 * value).toFixed(1)} %`));
    matrix.forEach((counts, row) => {
      const total = counts.reduce((sum, count) => sum + count, 0);
      counts.forEach((count, column) => this.showCell(this.cells[row][column], count, total, [classes[row], classes[column]]));
    });
  }

  showCell(cell, count, total, [truth, said]) {
    if (cell.dataset.count === String(count)) return;
    cell.dataset.count = count;
    write(cell, count ? String(count) : "");
    // by the root of the share, so that a few mistakes among many pictures are still seen
    cell.style.setProperty("--lt-share", `${total ? Math.round(60 * Math.sqrt(count / total)) : 0}%`);
    const told = fill(this.text.matrix_cell, { truth, said, count });
    cell.title = told;
    cell.setAttribute("aria-label", told);
  }
}
