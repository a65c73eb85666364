// Going from layer to layer and from place to place without pointing: buttons, numbers and a slider for steps.

import { element, write } from "./dom.js";
import { named } from "./inspect_arithmetic_numbers.js";

const SIDES = { maps: ["channel", "row", "column"], sequence: ["step", "channel"], vector: ["channel"], tokens: ["step"], loss: ["step"] };

// The nearest place to `place` that the layer of `row` has.
export function within(row, place) {
  const found = { ...place };
  (SIDES[row.layout] ?? []).forEach((name, at) => (found[name] = Math.max(0, Math.min(found[name], row.shape[at] - 1))));
  return found;
}

export class Walk {
  // `moved(by)` hears of another layer, `placed(place)` of another place.
  constructor({ text, moved, placed }) {
    Object.assign(this, { text, placed });
    const move = (by, label, sign) => element("button", { type: "button", "data-move": by, title: label, "aria-label": label, onclick: () => moved(by) }, sign);
    const number = (name) => element("input", { type: "number", min: 0, step: 1, "data-choose": name, onchange: () => this.put(name, Number(this.inputs[name].value)) });
    this.inputs = { channel: number("channel"), row: number("row"), column: number("column") };
    this.labels = Object.fromEntries(Object.entries(this.inputs).map(([name, input]) => [name, element("label", {}, element("span", {}, text.places[name]), input)]));
    this.step = element("input", { type: "range", min: 0, max: 0, step: 1, "data-choose": "step", "aria-label": text.step, oninput: () => this.put("step", Number(this.step.value)) });
    this.said = element("span", { class: "lt-ar-step" });
    this.steps = element("label", { class: "lt-ar-steps" }, text.step, this.step, this.said);
    this.element = element("div", { class: "lt-inspect-bar lt-ar-walk" }, element("span", { class: "lt-ar-layers" }, move(-1, text.layer_before, "‹"), text.layer, move(1, text.layer_after, "›")), ...Object.values(this.labels), this.steps);
  }

  put(name, value) {
    if (Number.isFinite(value)) this.placed({ ...this.place, [name]: Math.round(value) });
  }

  show(row, place, names) {
    this.place = place;
    const sides = SIDES[row.layout] ?? [];
    for (const [name, input] of Object.entries(this.inputs)) {
      const at = sides.indexOf(name);
      this.labels[name].hidden = at < 0 || row.shape[at] < 2;
      if (at < 0) continue;
      input.max = row.shape[at] - 1;
      if (document.activeElement !== input) input.value = place[name];
    }
    write(this.labels.channel.firstElementChild, row.layout === "maps" ? this.text.places.channel : this.text.places.unit);
    const at = sides.indexOf("step");
    this.steps.hidden = at < 0 || row.shape[at] < 2;
    if (this.steps.hidden) return;
    this.step.max = row.shape[at] - 1;
    this.step.value = place.step;
    write(this.said, `${place.step + 1} / ${row.shape[at]}  ${named(names[place.step] ?? "")}`);
  }
}
