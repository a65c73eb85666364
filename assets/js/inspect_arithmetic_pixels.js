// The arithmetic of a pixel: a convolution's patch, kernel and products, or a pooling's window.

import { element, fill } from "./dom.js";
import { cells, group, scalesOf } from "./inspect_arithmetic_grid.js";
import { equation, joined, strongest } from "./inspect_arithmetic_numbers.js";

function sign(text) {
  return element("i", { class: "lt-ar-operator", "aria-hidden": "true" }, text);
}

// A row for each input channel that weighs most, then the sum over all of them.
export function windowForm(how, { text, dark, source, go, show, shown, more }) {
  const [, height, width] = source?.shape ?? [0, 1e9, 1e9];
  const outside = (i, j) => how.lines[i] < 0 || how.lines[i] >= height || how.columns[j] < 0 || how.columns[j] >= width;
  const scales = scalesOf(how.rows);
  const lone = how.rows.length === 1 && !how.more.count;
  const rows = how.rows.map((row) => {
    const name = fill(text.channel_n, { channel: row.channel });
    const grid = (part, label, extra = {}) => cells(row[part], { name: part, label, scale: scales[part], dark, outside, ...extra });
    const pick = (i, j) => go(source.key, { channel: row.channel, row: how.lines[i], column: how.columns[j] });
    return group(
      text, fill(text.row_label, { channel: row.channel }),
      lone ? "" : element("button", { type: "button", class: "lt-ar-channel", "aria-pressed": String(row.channel === shown), title: text.show_channel, onclick: () => show(row.channel) }, name),
      element("span", { class: "lt-ar-triple" }, grid("patch", text.patch, { pick }), sign("×"), grid("kernel", text.kernel), sign("="), grid("products", text.products)),
    );
  });
  const sums = how.rows.map((row) => [row.sum, lone ? text.sum_products : fill(text.channel_n, { channel: row.channel })]);
  if (how.more.count) sums.push([how.more.sum, fill(text.more_channels, { count: how.more.count })]);
  const bias = how.bias === null ? [] : ["+", [how.bias, text.bias]];
  const head = element("div", { class: "lt-ar-heads", "aria-hidden": "true" }, element("span", {}, text.patch), element("span", {}, text.kernel), element("span", {}, text.products));
  return [
    head, ...rows,
    ...(how.more.count ? [element("button", { type: "button", class: "lt-chip", "data-what": "more", onclick: more }, fill(text.show_more, { count: how.more.count }))] : []),
    ...(how.taps ? [element("p", { class: "lt-caption" }, fill(text.taps, { rows: how.taps.rows.join(", "), columns: how.taps.columns.join(", ") }))] : []),
    ...(how.groups > 1 ? [element("p", { class: "lt-caption" }, fill(text.grouped, { groups: how.groups }))] : []),
    equation(...joined("+", sums), ...bias, "=", [how.result, text.z, { strong: true }]),
  ];
}

export function poolForm(how, { text, dark, source, go }) {
  const pick = (i, j) => go(source.key, { channel: how.channel, row: how.lines[i], column: how.columns[j] });
  const grid = how.values && cells(how.values, { name: "values", label: text.window, scale: strongest(how.values), dark, pick, chosen: how.winner });
  const shown = grid ? [group(text, text.window, grid)] : [element("p", { class: "lt-caption" }, fill(text.whole_map, { count: how.count }))];
  if (how.how === "max") return [...shown, equation(fill(text.largest_of, { count: how.count }), "=", [how.result, text.y, { strong: true }])];
  return [...shown, equation([how.sum, text.sum_values], "÷", [how.divisor, text.values_count], "=", [how.result, text.y, { strong: true }])];
}
