// The card: how the chosen number comes about, and what the layers after it make of it.

import { element, fill } from "./dom.js";
import { cellForm } from "./inspect_arithmetic_cell.js";
import { reread } from "./inspect_arithmetic_grid.js";
import { lossForm } from "./inspect_arithmetic_loss.js";
import { equation, full, morph, short } from "./inspect_arithmetic_numbers.js";
import { poolForm, windowForm } from "./inspect_arithmetic_pixels.js";
import { activationForm, addForm, dotForm, inputForm, lookupForm, normForm, sameForm } from "./inspect_arithmetic_values.js";

const FORMS = { window: windowForm, pool: poolForm, dot: dotForm, norm: normForm, activation: activationForm, same: sameForm, add: addForm, lookup: lookupForm, input: inputForm, cell: cellForm, loss: lossForm };

function form(answer, context) {
  const make = FORMS[answer.how.form];
  const how = { ...answer.how, result: answer.result };
  if (!make) return [element("p", { class: "lt-ar-said" }, context.text.unknown), equation([answer.value, context.text.y, { strong: true }])];
  return make(how, { ...context, kind: answer.kind, sources: answer.sources, place: answer.place, layer: answer.layer });
}

// "block1.conv [3, 5, 7]"
export function placeName(row, place, text) {
  const inside = { maps: [place.channel, place.row, place.column], vector: [place.channel], sequence: null, tokens: null }[row.layout];
  if (inside) return `[${inside.join(", ")}]`;
  if (row.layout === "sequence") return fill(text.step_unit, { step: place.step + 1, steps: row.shape[0], unit: place.channel });
  if (row.layout === "tokens" || row.shape[0] > 1) return fill(text.step_of, { step: place.step + 1, steps: row.shape[0] });
  return "";
}

export class Card {
  constructor({ text }) {
    this.text = text;
    this.element = element("div", { class: "lt-ar-card" });
  }

  // `context`: dark, info, readers (keys of the layers that take the number), rowOf(key), titleOf(key), go(key, place), nameOf(index), goTo(index), show(channel), shown, more().
  show(answer, context) {
    const { text } = this;
    const row = context.rowOf(answer.layer);
    const now = [answer, context.info, context.dark, context.shown];
    if (!row || this.drawn?.every((one, at) => one === now[at])) return;
    this.drawn = now;
    const settings = row.settings ? `${row.kind}(${row.settings})` : (text.kinds[row.kind] ?? row.kind);
    const value = "value" in answer ? element("b", { class: "lt-ar-big", title: full(answer.value), "data-value": full(answer.value) }, short(answer.value, 5)) : "";
    const made = element("div", {},
      element("header", {}, element("h4", {}, `${context.titleOf(answer.layer)} `, element("span", {}, placeName(row, answer.place, text))), value),
      element("p", { class: "lt-ar-settings" }, element("code", {}, settings), row.spectral ? ` ${text.spectral}` : ""),
      element("div", { class: "lt-ar-form", "data-form": answer.how.form }, ...form(answer, { text, ...context, source: context.rowOf(answer.sources[0]) })),
      ...answer.then.map((after) => this.after(after, context)),
      ...(context.readers.length ? [element("p", { class: "lt-ar-readers" }, text.readers, ...context.readers.map((key) => element("button", { type: "button", class: "lt-chip", "data-layer": key, onclick: () => context.go(key) }, context.titleOf(key))))] : []),
    );
    made.className = "lt-ar-inner";
    const kept = this.element.dataset.layer === answer.layer && this.element.firstElementChild;
    if (kept) {
      morph(kept, made);
      reread(this.element, text);
    } else this.element.replaceChildren(made);
    this.element.dataset.layer = answer.layer;
    this.element.dataset.place = JSON.stringify(answer.place);
  }

  after(answer, context) {
    const title = context.titleOf(answer.layer);
    return element("section", { class: "lt-ar-then", "data-layer": answer.layer },
      element("h5", {}, element("button", { type: "button", class: "lt-ar-link", title: this.text.open_layer, onclick: () => context.go(answer.layer, answer.place) }, title), ` ${answer.kind}`),
      ...form(answer, { text: this.text, ...context, source: context.rowOf(answer.sources[0]) }),
    );
  }
}
