// From the answer to the loss: softmax with cross-entropy, one term an output, or what the two players of a GAN lower.

import { element, fill } from "./dom.js";
import { equation, full, joined, named, short } from "./inspect_arithmetic_numbers.js";

function table(head, rows) {
  return element("div", { class: "lt-ar-scroll" }, element("table", { class: "lt-ar-table" }, element("thead", {}, element("tr", {}, ...head.map((word) => element("th", {}, word)))), element("tbody", {}, ...rows)));
}

function cell(value, extra = {}) {
  return element("td", { title: full(value), ...extra }, short(value));
}

function bar(share) {
  return element("td", { class: "lt-ar-bar", "aria-hidden": "true" }, element("i", { "data-sign": "plain", style: `--share:${typeof share === "number" ? Math.max(0, Math.min(1, share)) : 0}` }));
}

function softmax(how, { text, goTo }) {
  const judged = how.value !== null;
  const brier = how.loss === "brier";
  const last = brier ? "(p − q)²" : "−q log p";
  const rows = how.rows.map((row) => {
    const name = element("button", { type: "button", class: "lt-ar-link", onclick: () => goTo(row.index) }, named(row.name));
    return element("tr", { "data-true": judged && row.index === how.label }, element("td", {}, name), cell(row.z), cell(row.exp), cell(row.p), bar(row.p), ...(judged ? [cell(row.q), cell(row.term)] : []));
  });
  if (how.more.count) rows.push(element("tr", {}, element("td", {}, fill(text.more_classes, { count: how.more.count })), element("td"), cell(how.more.exp), cell(how.more.p), bar(how.more.p), ...(judged ? [element("td"), cell(how.more.term)] : [])));
  rows.push(element("tr", { class: "lt-ar-total" }, element("td", {}, text.sum), element("td"), cell(how.sum), element("td", {}, "1"), element("td"), ...(judged ? [element("td", {}, "1"), brier ? element("td") : cell(how.value)] : [])));
  const truth = how.rows.find((row) => row.index === how.label);
  const ends = [];
  if (truth) {
    ends.push(equation("e ^ (", [truth.z, "z"], "−", [how.largest, text.largest_z], ") ÷", [how.sum, text.sum], "=", [truth.p, fill(text.probability_of, { name: named(truth.name) })]));
    if (!how.smoothing && !brier) ends.push(equation("− log(", [truth.p, "p"], ")", "=", [how.value, text.loss, { strong: true }]));
    else ends.push(equation(brier ? text.mean_of_terms : text.sum_of_terms, "=", [how.value, text.loss, { strong: true }]));
  }
  return [
    element("p", { class: "lt-ar-formula" }, brier ? text.loss_formulas.brier : text.loss_formulas.cross_entropy),
    table([text.class, "z", "e^(z − max)", "p", "", ...(judged ? ["q", last] : [])], rows), ...ends,
    ...(how.smoothing ? [element("p", { class: "lt-caption" }, fill(text.smoothing, { smoothing: how.smoothing }))] : []),
  ];
}

function elementwise(how, { text }) {
  const squashed = Boolean(how.squash);
  const name = { tanh: "tanh(z)", sigmoid: "σ(z)" }[how.squash];
  const judged = how.value !== null;
  const rows = how.rows.map((row) => element("tr", {}, element("td", {}, row.name || fill(text.output_n, { output: row.index })), cell(row.z), ...(squashed ? [cell(row.p)] : []), ...(judged ? [cell(row.t), cell(row.term)] : [])));
  const factor = how.factor === 1 ? [] : [[how.factor, text.factor], "×"];
  const parts = how.rows.slice(0, 6).map((row) => [row.term, row.name]);
  const sum = how.rows.length === 1 ? parts : ["(", ...joined("+", parts), ...(how.rows.length > 6 ? ["+ …"] : []), ") ÷", [how.rows.length, text.outputs_count]];
  return [
    element("p", { class: "lt-ar-formula" }, text.loss_formulas[how.loss]),
    table([text.output, "z", ...(squashed ? [name] : []), ...(judged ? [text.target, text.term] : [])], rows),
    ...(judged ? [equation(...factor, ...sum, "=", [how.value, text.loss, { strong: true }])] : []),
  ];
}

function adversarial(how, { text }) {
  const formulas = text.adversarial[how.loss];
  const formula = (how.part === "discriminator" && how.real_label !== 1 && formulas.softened) || formulas[how.part];
  const rows = how.rows.map((row) => element("tr", {}, element("td", {}, text.samples[row.name]), cell(row.z), ...(how.probability ? [cell(row.p), bar(row.p)] : []), cell(row.term)));
  return [
    element("p", { class: "lt-ar-formula" }, fill(formula, { label: short(how.real_label) })),
    table([text.sample, text.score, ...(how.probability ? ["σ(s)", ""] : []), text.term], rows),
    equation(...joined("+", how.rows.map((row) => [row.term, text.samples[row.name]])), "=", [how.value, text.loss, { strong: true }]),
  ];
}

const KINDS = { softmax, elementwise, adversarial };

export function lossForm(how, context) {
  const { text } = context;
  const penalties = Object.entries(how.penalties ?? {}).flatMap(([name, value]) => ["+", [value, text.penalties[name]]]);
  const several = (how.counted ?? 1) > 1;
  const ends = [];
  if (penalties.length && how.value !== null) ends.push(equation([how.value, text.loss], ...penalties, "=", [how.total, text.total, { strong: true }]));
  if (how.steps) ends.push(element("p", { class: "lt-caption" }, how.value === null && how.step < how.first ? fill(text.step_free, { first: how.first + 1 }) : several ? fill(text.step_mean, { count: how.counted, total: short(how.total, 4) }) : ""));
  if (how.value === null && how.kind !== "adversarial" && !(how.steps && how.step < how.first)) ends.push(element("p", { class: "lt-caption" }, text.no_target));
  return [...KINDS[how.kind](how, context), ...ends];
}
