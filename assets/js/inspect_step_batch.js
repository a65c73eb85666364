// What an update is made from: pictures, points, sequences, text or samples.

import { element, fill } from "./dom.js";

const EXTENT = 6; // of the plane, each way
const SIDE = 190;

function svg(name, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// Pictures of a sprite in rows, each with what it shows beneath it.
function pictures(sheet, shown, captions) {
  const row = element("div", { class: "lt-step-pictures" });
  for (let at = 0; at < shown; at++) {
    const tile = element("span", { class: "lt-step-picture", role: "img", "aria-label": captions[at] ?? "" });
    tile.style.backgroundImage = `url(data:image/png;base64,${sheet.png})`;
    tile.style.backgroundSize = `${100 * sheet.columns}% ${100 * sheet.rows}%`;
    const [column, line] = [at % sheet.columns, Math.floor(at / sheet.columns)];
    tile.style.backgroundPosition = `${(100 * column) / Math.max(1, sheet.columns - 1)}% ${(100 * line) / Math.max(1, sheet.rows - 1)}%`;
    row.append(element("figure", {}, tile, element("figcaption", {}, captions[at] ?? "")));
  }
  return row;
}

function plane(clouds, colours, label) {
  const most = Math.max(EXTENT, ...clouds.flat(2).map(Math.abs));
  const to = (value) => ((value + most) / (2 * most)) * SIDE;
  const picture = svg("svg", { viewBox: `0 0 ${SIDE} ${SIDE}`, width: SIDE, height: SIDE, role: "img", "aria-label": label, class: "lt-step-plane" });
  picture.append(svg("path", { d: `M0 ${SIDE / 2}H${SIDE}M${SIDE / 2} 0V${SIDE}`, class: "lt-step-axes" }));
  clouds.forEach((cloud, at) => cloud.forEach(([x, y], number) => {
    const colour = typeof colours[at] === "function" ? colours[at](number) : colours[at];
    picture.append(svg("circle", { cx: to(x), cy: SIDE - to(y), r: 3, fill: colour, class: "lt-step-point" }));
  }));
  return picture;
}

function line(values, label) {
  const flat = values.filter(Number.isFinite);
  const [low, high] = [Math.min(...flat), Math.max(...flat)];
  const to = (value) => 38 - (34 * (value - low)) / (high - low || 1);
  const points = values.map((value, at) => `${(200 * at) / Math.max(1, values.length - 1)},${to(value)}`).join(" ");
  const picture = svg("svg", { viewBox: "-2 0 204 42", width: 204, height: 42, role: "img", "aria-label": label, class: "lt-step-series" });
  picture.append(svg("polyline", { points, fill: "none" }));
  return picture;
}

// The pictures of `data.batch`, as an element.
export function batchPicture(data, text, theme) {
  const { batch, names } = data;
  const colour = (name) => theme.colours[name];
  if (batch.kind === "pictures") return pictures(batch.pictures, batch.shown, names.all);
  if (batch.kind === "points") {
    const by = (at) => (batch.targets[at] > 0.5 ? colour("--lt-train") : batch.targets[at] < 0 || batch.targets[at] === 0 ? colour("--lt-validation") : colour("--lt-quiet"));
    return plane([batch.points], [by], fill(text.points_label, { size: batch.size }));
  }
  if (batch.kind === "text") return element("div", { class: "lt-step-texts" }, ...batch.text.map((row) => element("code", {}, row.replaceAll("\n", "⏎"))));
  if (batch.kind === "sequences") {
    return element("div", { class: "lt-step-texts" }, ...batch.rows.map((row, at) => line(row.map((step) => step[0]), fill(text.sequence_label, { at: at + 1, steps: row.length }))));
  }
  if (batch.kind !== "samples") return element("span");
  if (batch.points) return plane(batch.points, batch.parts.map((one) => colour(one === "real" ? "--lt-train" : "--lt-validation")), text.samples_label);
  const half = batch.shown / batch.parts.length;
  return pictures(batch.pictures, batch.shown, Array.from({ length: batch.shown }, (_one, at) => text.sample_names[batch.parts[Math.floor(at / half)]]));
}
