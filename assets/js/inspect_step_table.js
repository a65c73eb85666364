// All layers in a table: how large outputs, gradients and updates are.

import { element, fill } from "./dom.js";
import { percent, short } from "./inspect_step_numbers.js";
import { shapeText } from "./tensors.js";

const COLUMNS = ["shape", "rms", "zeros", "gradient_rms", "gradient_norm", "weight_norm", "update_norm", "ratio"];

export class Table {
  // `opened(row)` hears of a layer that was pressed.
  constructor({ text, opened }) {
    Object.assign(this, { text, opened });
    const head = element("tr", {}, element("th", { scope: "col" }, text.layer), ...COLUMNS.map((one) => element("th", { scope: "col", title: text.columns_help[one] }, text.columns[one])));
    this.body = element("tbody");
    this.element = element("section", { class: "lt-step-table" }, element("h5", {}, text.table), element("div", { class: "lt-step-scroll", tabindex: 0, role: "region", "aria-label": text.table }, element("table", {}, element("thead", {}, head), this.body)));
  }

  draw(data) {
    this.body.replaceChildren(...data.layers.map((row) => this.row(data, row)));
  }

  row(data, row) {
    const mine = row.own && row.id === data.chosen.layer;
    const can = row.own && row.parameters.length > 0;
    const name = can ? element("button", { type: "button", title: fill(this.text.choose_layer, { layer: row.title }), onclick: () => this.opened(row) }, row.title) : element("span", {}, row.title);
    const said = row.kind === row.title ? [] : [" ", element("small", {}, row.kind)];
    return element("tr", { "data-layer": row.id, "data-mine": String(mine) }, element("th", { scope: "row" }, name, ...said), ...COLUMNS.map((column) => element("td", {}, this.cell(row, column))));
  }

  cell(row, column) {
    const value = row[column];
    if (column === "shape") return shapeText(value);
    if (column === "zeros") return percent(value);
    if (!(column in row)) return "";
    return value === null && (column === "update_norm" || column === "ratio") ? "–" : short(value, this.text, 3);
  }
}
