// What each moment of an update says: a sentence, the formula, the numbers in it.

import { element, fill } from "./dom.js";
import { batchPicture } from "./inspect_step_batch.js";
import { held, percent, short, whole } from "./inspect_step_numbers.js";
import { direct, linkOf, placeWords, routeOf } from "./inspect_step_route.js";
import { bars, facts, formula, rest, table, times, total } from "./inspect_step_sums.js";
import { shapeText } from "./tensors.js";

// "example 5 (3)", with its step or its place where there are such.
function followedWords(data, text) {
  const { followed, names } = data;
  const name = names.example ? ` (${text.sample_names[names.example] ?? names.example})` : "";
  const step = followed && "step" in followed ? `, ${text.step_of_time} ${followed.step + 1}` : "";
  return data.example >= 0 ? `${text.the_example}${name}${step}` : `${text.example_word} ${followed?.example ?? 0}${name}${step}`;
}

function batch(data, { text, theme }) {
  const alone = data.example >= 0;
  const said = alone ? fill(text.batch_alone, { at: data.example + 1, name: [...new Set(data.names.all)].map((name) => text.sample_names[name] ?? name).filter(Boolean).join(", ") || text.no_name }) : fill(text[`batch_${data.batch.kind}`] ?? text.batch_points, { size: data.batch.size, steps: data.batch.steps ?? "" });
  return [element("p", {}, said), batchPicture(data, text, theme), facts([[text.optimizer, data.optimizer], [text.rate, whole(data.constants.lr, text)], ...(alone ? [] : [[text.of_step, `${data.step.toLocaleString()} → ${(data.step + 1).toLocaleString()}`]])])];
}

function forward(data, tools, frame) {
  const { text } = tools;
  const row = data.layers[frame.layer];
  const mine = row.own && row.id === data.chosen.layer;
  const made = [formula(row.forward || row.kind), facts([[text.columns.shape, shapeText(row.shape)], [text.columns.rms, short(row.rms, text)], [text.columns.zeros, percent(row.zeros)], ...(row.count ? [[text.parameters, row.count.toLocaleString()]] : [])])];
  if (mine && data.forward) made.push(...sumForward(data, text));
  const link = (data.route ?? []).find((one) => one.layer === row.id && one.network === row.network && one.kind === "activation");
  if (link) made.push(element("p", {}, fill(text.forward_activation, { unit: data.chosen.unit, example: followedWords(data, text), input: short(link.input, text) })));
  return made;
}

function sumForward(data, text) {
  const { forward: found, chosen } = data;
  const rows = found.terms.map((term) => [placeWords(term.place, text), times(term.input, term.weight, text), short(term.product, text)]);
  return [
    element("p", {}, fill(text.forward_unit, { unit: chosen.unit, example: followedWords(data, text) })),
    table([text.input, "x × w", text.product], rows),
    rest(found.total - (found.bias ?? 0), found.terms, found.count, text) ?? "",
    ...(found.bias === null ? [] : [element("p", { class: "lt-step-link" }, `+ b = ${short(found.bias, text)}`)]),
    total("z", found.value, text),
  ];
}

function loss(data, { text }) {
  const { loss: found } = data;
  const heads = [text.output, "z", ...(found.squashed ? [found.squashed] : []), "y", "δ = ∂L/∂z"];
  const rows = found.rows.map((row, at) => [row.name || String(at), short(row.output, text), ...(found.squashed ? [short(row.squashed, text)] : []), short(row.target, text), short(row.delta, text)]);
  return [
    formula(found.formula), total("L", found.value, text),
    element("p", {}, fill(text.loss_said, { example: followedWords(data, text), over: found.over.toLocaleString() })), formula(found.delta), table(heads, rows),
    ...(found.rows.length < found.outputs ? [element("p", { class: "lt-caption" }, fill(text.outputs_left, { shown: found.rows.length, count: found.outputs }))] : []),
  ];
}

function backward(data, { text }, frame) {
  const row = data.layers[frame.layer];
  const made = [formula(row.backward || row.kind), facts([[text.columns.gradient_rms, short(row.gradient_rms, text)], ...(row.gradient_norm === undefined ? [] : [[text.columns.gradient_norm, short(row.gradient_norm, text)]])])];
  if (row.own && row.id === data.chosen.layer) {
    if (!data.route?.length) return [...made, element("p", {}, text.no_route)];
    return [...made, element("p", {}, fill(text.route_said, { unit: data.chosen.unit, example: followedWords(data, text) })), routeOf(data, text), total("δ", data.route[0].value, text)];
  }
  const route = data.route ?? [];
  const at = route.findIndex((one) => one.layer === row.id && one.network === row.network && one.kind !== "loss");
  if (at < 0) return made;
  const link = route[at];
  const far = at >= direct(route).length;
  const titles = new Map(data.layers.map((one) => [`${one.network}/${one.id}`, one.title]));
  return [...made, element("p", {}, fill(far ? text.link_far : text.link_here, { place: placeWords(link.place, text), unit: data.chosen.unit, layer: data.chosen.title, example: followedWords(data, text) })), element("ol", { class: "lt-step-route" }, linkOf(link, titles, text))];
}

// "block1.conv.weight[3, 0, 1, 2]", as torch would index it.
export function weightName(data) {
  const { chosen, maps } = data;
  const [tall, wide] = maps.kernel;
  const place = tall * wide > 1 ? [Math.floor(chosen.place / wide), chosen.place % wide] : [];
  const flat = maps.sources === 1 && !place.length && (chosen.bias || /Norm/.test(chosen.kind));
  const both = chosen.kind === "ConvTranspose2d" ? [chosen.source, chosen.unit] : [chosen.unit, chosen.source];
  return `${chosen.title}.${chosen.parameter.replace(/^parametrizations\.|\.original$/g, "")}[${(flat ? [chosen.unit] : [...both, ...place]).join(", ")}]`;
}

function gradient(data, { text, followed, term }) {
  const { products: found, chosen } = data;
  if (!found) return [formula("∂L/∂w"), element("p", {}, text.no_products), total("∂L/∂w", data.gradient, text)];
  const rows = found.terms.map((one) => [termWords(one, data, text), times(one.delta, one.value, text), short(one.product, text)]);
  const said = text.gradient_kinds[chosen.bias ? "bias" : chosen.kind] ?? text.gradient_kinds.Linear;
  return [
    element("p", {}, fill(said, { unit: chosen.unit, source: chosen.source, gate: text.gates[chosen.gate] ?? "" })), formula(chosen.bias ? "∂L/∂b = Σ δ" : "∂L/∂w = Σ δ·x"),
    table([found.axes.map((axis) => text.axis_names[axis]).join(", "), "δ × x", text.product], rows, { chosen: data.products.terms.length > term ? term : -1, pressed: { title: text.follow_term, take: followed } }),
    rest(found.total, found.terms, found.count, text) ?? "",
    ...(found.by_step ? [bars(found.by_step, text.by_step, text.step_of_time, text)] : []),
    ...(found.by_example.length > 1 ? [bars(found.by_example, text.by_example, text.example_word, text)] : []),
    ...extras(data, text), total("∂L/∂w", data.gradient, text),
  ];
}

function extras(data, text) {
  if (!data.extras.length) return [];
  return [total("Σ δ·x", data.products.total, text), ...data.extras.map((one) => element("p", { class: "lt-step-link" }, `${text.extras[one.name]}: + ${held(one.value, text)}`))];
}

function termWords(term, data, text) {
  const name = data.names.all[term.example];
  const said = data.example >= 0 ? [] : [`${term.example}${name ? ` (${text.sample_names[name] ?? name})` : ""}`];
  if ("step" in term) said.push(`${text.step_of_time} ${term.step + 1}`);
  if ("row" in term) said.push(`(${term.row}, ${term.column})`);
  return said.join(", ") || text.the_example;
}

function clip(data, { text }) {
  const { norm, limit, factor } = data.clip;
  return [
    element("p", {}, factor < 1 ? text.clip_on : text.clip_off), formula("g ← g · min(1, c / ‖g‖)"),
    facts([["c", short(limit, text)], ["‖g‖", short(norm, text)], [text.factor, short(factor, text, 6)]]),
    element("p", { class: "lt-step-link" }, element("code", {}, `${short(data.gradient, text, 6)} × ${short(factor, text, 6)}`)), total("g", data.given, text),
  ];
}

const NAMED = { lr: "lr", momentum: "μ", betas: "β", alpha: "α", rho: "ρ", eps: "ε", weight_decay: "λ", momentum_decay: "ψ" };

function optimizer(data, { text }) {
  const { lines, constants } = data;
  const steps = lines.slice(0, -1);
  const chips = Object.entries(constants).filter(([name, value]) => name in NAMED && value !== 0).map(([name, value]) => [NAMED[name], [value].flat().map((one) => short(one, text)).join(", ")]);
  return [
    element("p", {}, fill(data.after === null ? text.optimizer_if : text.optimizer_said, { optimizer: data.optimizer })), facts([["g", short(data.given, text, 6)], ...chips]),
    ...(steps.length ? [element("ol", { class: "lt-step-lines" }, ...steps.map((line) => lineOf(line, text)))] : [element("p", { class: "lt-caption" }, text.no_state)]),
  ];
}

function lineOf(line, text) {
  const kept = line.state ? [element("p", { class: "lt-caption" }, fill(line.after === null || line.after === undefined ? text.state_before : text.state_kept, { name: line.state, before: short(line.before, text, 6), after: short(line.after, text, 6) }))] : [];
  return element("li", { "data-word": line.word }, element("p", {}, text.lines[line.word] ?? ""), formula(`${line.symbol} ← ${line.formula}`), element("p", { class: "lt-step-link" }, element("code", {}, line.filled), " ", element("b", {}, `= ${short(line.value, text, 6)}`)), ...kept);
}

function weight(data, { text }) {
  const last = data.lines.findLast((line) => line.word === "weight");
  const clamped = data.lines.find((line) => line.word === "clamped");
  const after = data.after ?? data.formula;
  const made = [
    element("p", {}, data.after === null ? text.weight_if : fill(text.weight_said, { step: (data.step + 1).toLocaleString() })), formula(`w ← ${last.formula}`), element("p", { class: "lt-step-link" }, element("code", {}, last.filled)),
    ...(clamped ? [element("p", {}, text.lines.clamped), formula(`w ← ${clamped.formula},  ${clamped.filled}`)] : []),
    element("div", { class: "lt-step-change" }, pair(text.measures.before, whole(data.before, text), "before"), element("span", { "aria-hidden": "true" }, "→"), pair(text.measures.after, data.after === null ? short(after, text, 9) : whole(after, text), "after")),
  ];
  if (data.update !== undefined) made.push(total("Δw", data.update, text));
  if (!data.agrees) made.push(element("p", { class: "lt-caption" }, fill(text.rounds, { formula: short(data.formula, text, 9) })));
  return made;
}

function pair(name, value, which) {
  return element("span", {}, element("small", {}, name), element("b", { "data-weight-value": which }, value));
}

const CARDS = { batch, forward, loss, backward, gradient, clip, optimizer, weight };

// The contents of the card of a moment.
export function cardOf(data, frame, tools) {
  const made = CARDS[frame.phase](data, tools, frame);
  return frame.layer === null && !["batch", "loss"].includes(frame.phase) ? [element("p", { class: "lt-step-name-of" }, element("code", {}, `w = ${weightName(data)}`)), ...made] : made;
}

export function titleOf(data, frame, text) {
  const row = frame.layer === null ? null : data.layers[frame.layer];
  if (row) return fill(text[`title_${frame.phase}`], { layer: row.title });
  return fill(text.titles[frame.phase], { layer: data.chosen.title });
}
