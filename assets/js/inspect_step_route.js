// The chain rule at one place, spelled out: from what lies behind back to the output of the chosen layer.

import { element, fill } from "./dom.js";
import { held, short } from "./inspect_step_numbers.js";
import { rest, table, times } from "./inspect_step_sums.js";

// "unit 3" or "channel 3, row 2, column 5"
export function placeWords(place, text) {
  if (place.length === 1) return `${text.unit} ${place[0]}`;
  if (place.length === 2) return `${text.step_of_time} ${place[0] + 1}, ${text.unit} ${place[1]}`;
  return `${text.channel} ${place[0]}, ${text.row} ${place[1]}, ${text.column} ${place[2]}`;
}

const LINKS = {
  activation: (link, text) => [fill(text.link_activation, { function: link.function, input: short(link.input, text), formula: link.formula }), `${short(link.derivative, text)} × ${held(link.gradient, text)}`],
  dropout: (link, text) => [link.derivative === 0 ? text.link_dropped : fill(text.link_kept, { scale: short(link.derivative, text) }), `${short(link.derivative, text)} × ${held(link.gradient, text)}`],
  max: (link, text) => [fill(link.derivative ? text.link_max : text.link_not_max, { size: link.size }), link.gradient === null ? short(link.derivative, text) : `1 × ${held(link.gradient, text)}`],
  average: (link, text) => [text.link_average, `${short(link.derivative, text)} × ${held(link.gradient, text)}`],
  reshape: (link, text) => [text.link_reshape, short(link.gradient, text)],
  normalization: (link, text) => [text.link_normalization, `${short(link.scale, text)} / ${short(link.deviation, text)} × (${short(link.gradient, text)} − ${held(link.mean, text)} − ${held(link.normalized, text)} × ${held(link.product, text)})`],
  loss: (_link, text) => [text.link_loss, ""],
  other: (_link, text) => [text.link_other, ""],
  layer: (link, text) => [fill(text.link_layer, { function: link.function }), ""],
};

function summed(link, title, text) {
  const rows = link.terms.map((term) => [placeWords(term.place, text), times(term.weight, term.delta, text), short(term.product, text)]);
  return element("div", {}, element("p", {}, fill(text.link_sum, { layer: title, count: link.count.toLocaleString() })), table([text.behind, "w × δ", text.product], rows, { label: title }), rest(link.total, link.terms, link.count, text) ?? "");
}

// One link; `titles`: names of layers by network and id.
export function linkOf(link, titles, text) {
  const title = titles.get(`${link.network}/${link.layer}`) ?? link.layer;
  const value = element("b", { class: "lt-step-result" }, `= ${short(link.value, text, 6)}`);
  if (link.kind === "sum") return element("li", {}, element("b", {}, title), summed(link, title, text), element("p", { class: "lt-step-link" }, value));
  const [said, filled] = LINKS[link.kind](link, text);
  return element("li", {}, element("b", {}, title), element("p", {}, said), element("p", { class: "lt-step-link" }, element("code", {}, filled), " ", value));
}

// Up to the first sum the links explain the gradient; behind it the largest product is followed.
export function direct(route) {
  const sum = route.findIndex((link) => link.kind === "sum");
  return sum < 0 ? route : route.slice(0, sum + 1);
}

// The links that explain the gradient of the chosen output, the one farthest behind first, which is how it comes.
export function routeOf(data, text) {
  const titles = new Map(data.layers.map((row) => [`${row.network}/${row.id}`, row.title]));
  const links = direct(data.route).toReversed().map((link) => linkOf(link, titles, text));
  return element("ol", { class: "lt-step-route" }, ...links);
}
