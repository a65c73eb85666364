// One hidden unit of a recurrent cell at one step: its gates as a table, then the new state.

import { element, fill } from "./dom.js";
import { equation, full, short } from "./inspect_arithmetic_numbers.js";
import { terms } from "./inspect_arithmetic_values.js";

const SQUASHES = { sigmoid: "σ", tanh: "tanh", relu: "ReLU" };

export function cellForm(how, { text, nameOf, goTo, go, layer }) {
  const { gates } = how;
  const reset = gates.some((gate) => "reset" in gate);
  const cell = (value) => element("td", { title: full(value) }, short(value));
  const head = [text.gate, "W x", "b", ...(reset ? ["r ×"] : []), "U h", "b′", text.before, text.value].map((word) => element("th", {}, word));
  const rows = gates.map((gate) =>
    element("tr", { "data-gate": gate.name }, element("td", {}, text.gates[gate.name] ?? gate.name), cell(gate.input.sum), cell(gate.input_bias), ...(reset ? [cell(gate.reset ?? null)] : []), cell(gate.state.sum), cell(gate.state_bias), cell(gate.before),
      element("td", { title: full(gate.value), class: "lt-ar-value" }, element("i", { style: `--share:${typeof gate.value === "number" ? Math.min(1, Math.abs(gate.value)) : 0}`, "data-sign": gate.value < 0 ? "minus" : "plus" }), element("small", {}, SQUASHES[gate.squash]), " ", short(gate.value))),
  );
  const named = (name) => gates.find((gate) => gate.name === name)?.value;
  const step = how.reverse ? how.time + 1 : how.time - 1;
  const earlier = how.first ? {} : { go: () => go(layer, { step, channel: how.unit }) };
  const before = [how.previous, how.first ? text.state_zero : text.state_before, earlier];
  const y = [how.new, text.state_new, { strong: true }];
  const ends = {
    lstm: () => [
      equation([named("forget"), text.gates.forget], "×", [how.previous_cell, text.cell_before], "+", [named("input"), text.gates.input], "×", [named("candidate"), text.gates.candidate], "=", [how.new_cell, text.cell_new]),
      equation([named("output"), text.gates.output], "×", "tanh(", [how.new_cell, text.cell_new], ")", "=", y),
    ],
    gru: () => [equation("( 1 −", [named("update"), text.gates.update], ") ×", [named("candidate"), text.gates.candidate], "+", [named("update"), text.gates.update], "×", before, "=", y)],
    rnn_tanh: () => [equation("tanh(", [gates[0].before, text.before], ")", "=", y)],
    rnn_relu: () => [equation("max( 0 ,", [gates[0].before, text.before], ")", "=", y)],
  };
  return [
    element("p", { class: "lt-ar-formula" }, text.cell_formulas[how.cell]),
    element("div", { class: "lt-ar-scroll" }, element("table", { class: "lt-ar-table lt-ar-gates" }, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...rows))),
    element("p", { class: "lt-caption" }, fill(how.first ? text.cell_first : text.cell_said, { step: how.time + 1, steps: how.steps, unit: how.unit })),
    ...ends[how.cell](),
    ...gates.map((gate) => element("details", { class: "lt-ar-details", "data-gate": gate.name },
      element("summary", {}, fill(text.gate_products, { gate: text.gates[gate.name] ?? gate.name })),
      element("h5", {}, text.of_input), terms(gate.input, text, nameOf, goTo),
      element("h5", {}, text.of_state), terms(gate.state, text, (index) => fill(text.unit_n, { unit: index }), how.first ? null : (index) => go(layer, { step, channel: index })))),
  ];
}
