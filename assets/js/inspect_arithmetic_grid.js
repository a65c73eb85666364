// Grids of numbers: patch x kernel = products. Whoever points at a cell reads the three numbers that belong together.

import { element, fill, write } from "./dom.js";
import { full, shade, strongest, tiny } from "./inspect_arithmetic_numbers.js";

const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

// `outside(i, j)`: whether a cell is padding; `pick(i, j)`: what a click on it does; `chosen`: [i, j] of one that is outlined.
export function cells(rows, { name, label, scale, dark, outside = () => false, pick, chosen }) {
  const columns = rows[0]?.length ?? 0;
  const made = rows.flatMap((row, i) =>
    row.map((value, j) => {
      const padded = outside(i, j);
      const clickable = pick && !padded;
      return element(clickable ? "button" : "span", {
        type: clickable ? "button" : null, tabindex: clickable ? -1 : null, "data-cell": `${i},${j}`, "data-value": full(value), title: full(value), "data-outside": padded,
        "data-chosen": Boolean(chosen && chosen[0] === i && chosen[1] === j), style: shade(value, scale, dark), ...(clickable ? { onclick: () => pick(i, j) } : {}),
      }, tiny(value));
    }),
  );
  return element("span", { class: "lt-ar-grid", "data-grid": name, role: "img", "aria-label": label, "data-size": columns > 3 ? "small" : "usual", style: `--columns:${columns}` }, ...made);
}

// The largest value of each of three grids over all rows, so that rows can be compared.
export function scalesOf(rows) {
  return Object.fromEntries(["patch", "kernel", "products"].map((name) => [name, strongest(rows.map((row) => row[name]))]));
}

// A group of grids that share their cells; what is pointed at, or walked to with the arrow keys, is read out exactly.
export function group(text, label, ...children) {
  const said = element("output", { class: "lt-ar-read" });
  const root = element("div", { class: "lt-ar-group", tabindex: 0, role: "group", "aria-label": label }, ...children, said);
  root.onpointerover = (event) => {
    const cell = event.target.closest?.("[data-cell]");
    if (cell) hot(event.currentTarget, cell.dataset.cell, text);
  };
  root.onkeydown = (event) => {
    const by = MOVES[event.key];
    if (!by || event.target.closest("[data-keys]")) return;
    event.preventDefault();
    event.stopPropagation();
    const [i, j] = (event.currentTarget.querySelector("[data-hot]")?.dataset.cell ?? "0,-1").split(",").map(Number);
    hot(event.currentTarget, `${i + by[0]},${j + by[1]}`, text);
  };
  return root;
}

function hot(root, cell, text) {
  const found = [...root.querySelectorAll(`[data-cell="${cell}"]`)];
  if (!found.length) return;
  for (const one of root.querySelectorAll("[data-hot]")) one.removeAttribute("data-hot");
  for (const one of found) one.setAttribute("data-hot", "");
  const values = found.map((one) => one.dataset.value);
  const [i, j] = cell.split(",").map(Number);
  const place = { row: i + 1, column: j + 1, x: values[0], w: values[1], product: values[2] };
  const sentence = found[0].hasAttribute("data-outside") ? text.read_padding : values.length > 2 ? text.read_product : text.read_value;
  write(root.querySelector(".lt-ar-read"), fill(sentence, place));
}

// After the numbers have changed: read out again what is pointed at.
export function reread(root, text) {
  for (const one of root.querySelectorAll(".lt-ar-group")) {
    const cell = one.querySelector("[data-hot]")?.dataset.cell;
    if (cell) hot(one, cell, text);
  }
}
