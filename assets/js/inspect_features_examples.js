// Examples beside what a unit makes of them: pictures with the spot marked, points, sequences with the step marked.

import { element, fill } from "./dom.js";
import { short, signed } from "./inspect_features_numbers.js";
import { visible } from "./rnn_characters.js";
import { paint } from "./tensors.js";

const SOFT = 0.55; // strongest colour behind text, which stays readable
const AROUND = 24; // steps shown before and after the one that excites most

// One example as a button that opens it. `most`: the largest size of a value among all, for colours.
export function exampleCard(item, { text, kind, most, dark, names, opened }) {
  const card = element("button", { type: "button", class: "lt-example", "data-kind": kind, "data-value": item.value, onclick: () => opened(item), title: fill(text.open_example, { number: item.index + 1 }) });
  card.append(...picture(item, text), ...sequence(item, { text, most, dark }), ...point(item, text));
  const name = names(item.name);
  card.append(element("span", { class: "lt-example-said" }, element("b", {}, short(item.value, text)), name ? ` ${name}` : ""));
  card.setAttribute("aria-label", fill(text.example_alt, { number: item.index + 1, name: name || "", value: short(item.value, text) }));
  return card;
}

function picture(item, text) {
  if (!item.picture) return [];
  const image = element("img", { src: `data:image/png;base64,${item.picture.png}`, alt: "" });
  const frame = element("span", { class: "lt-example-picture" }, image);
  if (item.box) {
    const spot = element("i", { class: "lt-spot", title: text.spot });
    image.onload = () => place(spot, item.box, image.naturalWidth, image.naturalHeight, item.sides);
    frame.append(spot);
  }
  return [frame];
}

function place(spot, [top, left, height, width], wide, high, sides) {
  const [rows, columns] = sides ?? [high, wide];
  if (height >= rows && width >= columns) return spot.remove(); // all of it is no spot
  Object.assign(spot.style, { top: `${(100 * top) / rows}%`, left: `${(100 * left) / columns}%`, height: `${(100 * height) / rows}%`, width: `${(100 * width) / columns}%` });
}

function sequence(item, { text, most, dark }) {
  if (!item.steps) return [];
  const [at] = item.place;
  const letters = item.steps.every((step) => step.length === 1);
  const parts = [];
  if (item.given && item.given.height > 1) {
    const canvas = element("canvas", { "aria-hidden": "true" });
    paint(canvas, item.given, { columns: 1, cell: 120, dark });
    parts.push(element("span", { class: "lt-example-block" }, canvas, ...(at === undefined ? [] : [element("i", { class: "lt-spot", style: `left: ${(100 * at) / item.given.width}%; width: ${100 / item.given.width}%; top: 0; height: 100%` })])));
  } else if (item.given) parts.push(line(item, at));
  if (letters || !item.given) parts.push(characters(item, at, { most, dark }));
  else if (at !== undefined) parts.push(element("small", {}, fill(text.at_step, { step: item.steps[at] ?? at + 1 })));
  return parts;
}

// The characters around the one, in the colour of what the unit says at each.
function characters(item, at, { most, dark }) {
  const from = at === undefined ? 0 : Math.max(0, at - AROUND);
  const spans = item.steps.slice(from, from + 2 * AROUND + 1).map((step, offset) => {
    const value = item.values?.[from + offset];
    const [red, green, blue] = signed(Math.sign(value ?? 0), dark);
    const style = `background: rgba(${red},${green},${blue},${(SOFT * Math.min(1, Math.abs(value ?? 0) / most)).toFixed(3)})`;
    return element("span", { style, "data-at": from + offset === at ? "here" : null, title: value === undefined ? "" : String(value) }, step.length === 1 ? visible(step) : `${step} `);
  });
  return element("span", { class: "lt-example-text" }, ...(from > 0 ? ["…"] : []), ...spans);
}

const SVG = "http://www.w3.org/2000/svg";

// A series as a line, the unit's step marked. What is drawn is the input as bytes of its own range.
function line(item, at) {
  const bytes = [...atob(item.given.values)].map((one) => one.charCodeAt(0));
  const x = (place) => ((place + 0.5) * 100) / bytes.length;
  const y = (byte) => 38 - (byte / 255) * 36;
  const chart = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 100 40", preserveAspectRatio: "none", class: "lt-example-line", "aria-hidden": "true" })) chart.setAttribute(key, value);
  const path = document.createElementNS(SVG, "polyline");
  path.setAttribute("points", bytes.map((byte, place) => `${x(place)},${y(byte).toFixed(1)}`).join(" "));
  chart.append(path);
  if (at !== undefined) {
    const mark = document.createElementNS(SVG, "line");
    for (const [key, value] of Object.entries({ x1: x(at), x2: x(at), y1: 0, y2: 40 })) mark.setAttribute(key, value);
    chart.append(mark);
  }
  return chart;
}

function point(item, text) {
  if (!item.point) return [];
  return [element("span", { class: "lt-example-point" }, `(${item.point.map((value) => short(value, text)).join(", ")})`)];
}
