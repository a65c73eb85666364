// Sums written out: tables of products, a total, bars of what each part adds.

import { element, fill } from "./dom.js";
import { held, short } from "./inspect_step_numbers.js";

export function formula(text) {
  return element("code", { class: "lt-step-formula" }, text);
}

// A line "name: value" of facts.
export function facts(pairs) {
  return element("dl", { class: "lt-step-facts" }, ...pairs.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
}

// `rows`: cells each; a row with `pressed` can be pressed.
export function table(heads, rows, { chosen = -1, pressed = null, label = "" } = {}) {
  const body = rows.map((cells, at) => {
    const row = element("tr", { "data-chosen": String(at === chosen) }, ...cells.map((cell) => element("td", {}, cell)));
    if (pressed) {
      const button = element("button", { type: "button", "aria-pressed": String(at === chosen), title: pressed.title, "data-term": at, onclick: () => pressed.take(at) }, cells[0]);
      row.firstChild.replaceChildren(button);
    }
    return row;
  });
  const head = element("tr", {}, ...heads.map((one) => element("th", { scope: "col" }, one)));
  return element("div", { class: "lt-step-scroll" }, element("table", { class: "lt-step-terms", "aria-label": label }, element("thead", {}, head), element("tbody", {}, ...body)));
}

// "0.3 × (−0.2)", a product with its numbers.
export function times(one, other, text) {
  return `${short(one, text)} × ${held(other, text)}`;
}

// What is left out of a sum of which only the largest terms are shown.
export function rest(total, terms, count, text) {
  if (terms.length >= count) return null;
  const shown = terms.reduce((sum, term) => sum + (term.product ?? 0), 0);
  return element("p", { class: "lt-caption" }, fill(text.rest, { shown: terms.length, count: count.toLocaleString(), rest: short(total - shown, text) }));
}

export function total(name, value, text) {
  return element("p", { class: "lt-step-total" }, `${name} = `, element("b", {}, short(value, text, 6)));
}

// One bar for each part of a sum, up for positive and down for negative ones.
export function bars(values, label, name, text) {
  const finite = values.map((value) => (Number.isFinite(value) ? value : 0));
  const most = Math.max(...finite.map(Math.abs), 1e-30);
  const row = element("div", { class: "lt-step-bars", role: "img", "aria-label": label });
  values.forEach((value, at) => {
    const bar = element("i", { "data-sign": finite[at] < 0 ? "minus" : "plus", title: `${name} ${at}: ${short(value, text)}` });
    bar.style.setProperty("--lt-size", `${(50 * Math.abs(finite[at])) / most}%`);
    row.append(bar);
  });
  return element("figure", { class: "lt-step-parts" }, element("figcaption", { class: "lt-caption" }, label), row);
}
