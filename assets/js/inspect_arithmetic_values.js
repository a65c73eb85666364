// The arithmetic of a single value: a unit's products, a normalisation, an activation, and what only carries numbers on.

import { element, fill } from "./dom.js";
import { equation, full, joined, named, short, strongest } from "./inspect_arithmetic_numbers.js";
import { paint } from "./tensors.js";

// The largest products one by one, the others together; `nameOf` says what an input is.
export function terms(found, text, nameOf, go) {
  const most = strongest(found.terms.map((term) => term.product));
  const bar = (value) => element("td", { class: "lt-ar-bar", "aria-hidden": "true" }, element("i", { "data-sign": value < 0 ? "minus" : "plus", style: `--share:${most ? Math.min(1, Math.abs(value) / most) : 0}` }));
  const cell = (value) => element("td", { title: full(value) }, short(value));
  const rows = found.terms.map(({ index, x, w, product }) => {
    const name = go ? element("button", { type: "button", class: "lt-ar-link", onclick: () => go(index) }, nameOf(index)) : nameOf(index);
    return element("tr", {}, element("td", {}, name), cell(x), cell(w), cell(product), bar(product));
  });
  if (found.more.count) rows.push(element("tr", {}, element("td", { colspan: 3 }, fill(text.more_terms, { count: found.more.count })), cell(found.more.sum), bar(found.more.sum)));
  const head = [text.input_name, "x", "w", "x × w", ""].map((word) => element("th", {}, word));
  return element("div", { class: "lt-ar-scroll" }, element("table", { class: "lt-ar-table" }, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...rows)));
}

export function dotForm(how, { text, dark, nameOf, goTo, more }) {
  const strip = element("canvas", { class: "lt-ar-strip", role: "img", "aria-label": text.all_products });
  paint(strip, how.strip, { columns: 1, cell: 8, dark });
  const bias = how.bias === null ? [] : ["+", [how.bias, text.bias]];
  return [
    terms(how, text, nameOf, goTo),
    ...(how.more.count ? [element("button", { type: "button", class: "lt-chip", "data-what": "more", onclick: more }, fill(text.show_more_terms, { count: how.more.count })), element("p", { class: "lt-caption" }, text.all_products), strip] : []),
    equation([how.positive, text.positive], "+", [how.negative, text.negative], ...bias, "=", [how.result, text.z, { strong: true }]),
  ];
}

export function normForm(how, { text }) {
  const scaled = how.weight === null ? [] : ["×", [how.weight, text.gamma], "+", [how.bias ?? 0, text.beta]];
  return [
    element("p", { class: "lt-ar-formula" }, how.weight === null ? text.formula_norm_bare : text.formula_norm),
    equation("(", [how.x, "x"], "−", [how.mean, text.mean], ") ÷ √(", [how.variance, text.variance], "+", [how.eps, text.eps], ")", "=", [how.normal, text.normal]),
    ...(how.weight === null ? [] : [equation([how.normal, text.normal], ...scaled, "=", [how.result, text.y, { strong: true }])]),
    element("p", { class: "lt-caption" }, fill(text.norm_over[how.over.what], { ...how.over, last: (how.over.first ?? 0) + (how.over.channels ?? 1) - 1 })),
  ];
}

export function activationForm(how, { text }) {
  const x = [how.x, "x"];
  const y = ["=", [how.y, text.y, { strong: true }]];
  const forms = {
    ReLU: ["max(", [0, ""], ",", x, ")"],
    LeakyReLU: how.x < 0 ? [[how.constant, text.slope], "×", x] : [x],
    ELU: how.x < 0 ? [[how.constant, "α"], "× ( e ^", x, "− 1 )"] : [x],
    SiLU: [x, "×", [how.between, "σ(x)"]],
    GELU: [x, "×", [how.between, "Φ(x)"]],
    Tanh: ["tanh(", x, ")"],
    Sigmoid: ["1 ÷ ( 1 + e ^ −", x, ")"],
  };
  return [element("p", { class: "lt-ar-formula" }, text.formulas[how.name] ?? how.name), equation(...(forms[how.name] ?? [`${how.name}(`, x, ")"]), ...y)];
}

export function sameForm(how, { text, kind, sources, titleOf, go }) {
  const from = sources[how.source];
  const words = fill(text.same[kind] ?? text.same.other, { layer: titleOf(from), channel: how.from.channel, row: how.from.row, column: how.from.column, step: how.from.step + 1, p: how.p ?? 0, scale: how.p ? short(1 / (1 - how.p)) : 1 });
  return [element("p", { class: "lt-ar-said" }, words), equation([how.x, titleOf(from), { go: () => go(from, how.from) }], "=", [how.result, text.y, { strong: true }])];
}

export function addForm(how, { text, titleOf, go, place }) {
  const parts = how.terms.map(({ layer, x }) => [x, titleOf(layer), { go: () => go(layer, place) }]);
  return [element("p", { class: "lt-ar-said" }, text.added), equation(...joined("+", parts), "=", [how.result, text.y, { strong: true }])];
}

export function lookupForm(how, { text, dark, info }) {
  const strip = element("canvas", { class: "lt-ar-strip", role: "img", "aria-label": text.table_row });
  paint(strip, how.row, { columns: 1, cell: 8, dark });
  const symbol = info.symbols[how.token] ?? "";
  return [element("p", { class: "lt-ar-said" }, fill(text.lookup, { token: how.token, symbol: named(symbol), tokens: how.tokens })), strip, equation([how.result, fill(text.number_n, { number: how.unit }), { strong: true }])];
}

export function inputForm(how, { text, info }) {
  if ("pixel" in how) {
    return [element("p", { class: "lt-ar-said" }, text.input_picture), equation("(", [how.pixel, text.pixel], "−", [how.mean, text.mean_data], ") ÷", [how.std, text.std_data], "=", [how.result, "x", { strong: true }])];
  }
  if ("feature" in how) {
    const made = { x1: [[how.x1, "x1"]], x2: [[how.x2, "x2"]], x1_squared: [[how.x1, "x1"], "×", [how.x1, "x1"]], x2_squared: [[how.x2, "x2"], "×", [how.x2, "x2"]], product: [[how.x1, "x1"], "×", [how.x2, "x2"]], sin_x1: ["sin(", [how.x1, "x1"], ")"], sin_x2: ["sin(", [how.x2, "x2"], ")"] };
    return [element("p", { class: "lt-ar-said" }, text.input_point), equation(...made[how.feature], "=", [how.result, how.feature, { strong: true }])];
  }
  const words = fill(text.inputs[how.what] ?? text.inputs.other, { name: how.name ?? "", token: how.token ?? "", symbol: named(info.symbols[how.token] ?? ""), distribution: text.distributions[how.distribution] ?? "" });
  return [element("p", { class: "lt-ar-said" }, words), equation([how.result, "x", { strong: true }])];
}
