// What ails the layers, in words, what to try against it, and a button that opens the training page with that change.

import { element, fill, write } from "./dom.js";

const OFFERED = 8; // layers named beside a sentence

export class Verdicts {
  constructor({ text, lang, picked, opened }) {
    Object.assign(this, { text, lang, picked, opened });
    this.list = element("div", { class: "lt-health-cards" });
    this.earlier = element("details", { class: "lt-health-earlier", hidden: true });
    this.element = element("section", { class: "lt-health-verdicts", "aria-live": "polite", "data-verdicts": "none" }, this.list, this.earlier);
  }

  // `entry`: a moment with its verdicts; `before`: entries of earlier moments.
  draw(entry, before) {
    if (!entry) return;
    const now = JSON.stringify([entry.step, entry.verdicts, before.length]);
    if (now === this.drawn) return;
    this.drawn = now;
    const { verdicts } = entry;
    this.labels = Object.fromEntries(entry.layers.map(({ name, label }) => [name, label]));
    const step = entry.step.toLocaleString(this.lang);
    this.element.dataset.verdicts = verdicts.map(({ verdict }) => verdict).join(" ") || "healthy";
    this.list.replaceChildren(...(verdicts.length ? verdicts.map((one) => this.card(one, step)) : [this.healthy(step)]));
    this.past(before, new Set(verdicts.map(({ verdict }) => verdict)));
  }

  healthy(step) {
    return element("section", { class: "lt-card lt-health-card", "data-verdict": "healthy" }, element("h4", {}, this.text.healthy_title), element("p", {}, fill(this.text.healthy, { step })));
  }

  card({ verdict, values, layers, remedy, change, before }, step) {
    const [title, sentence] = this.text.verdicts[verdict];
    const named = layers.slice(0, OFFERED).map((name) =>
      element("button", { type: "button", class: "lt-health-layer", "data-layer": name, title: this.text.show_layer, onclick: () => this.picked(name) }, this.labels[name] ?? name),
    );
    const card = element(
      "section", { class: "lt-card lt-health-card", "data-verdict": verdict },
      element("h4", {}, title, element("span", { class: "lt-health-step" }, fill(this.text.at_step, { step }))),
      element("p", {}, fill(sentence, values)),
      element("p", { class: "lt-health-try" }, element("b", {}, this.text.try), " ", this.text.tries[remedy]),
    );
    if (change) card.append(element("div", { class: "lt-health-change" }, element("span", {}, this.changes(change, before)), this.button(verdict, change)));
    card.append(element("div", { class: "lt-health-layers" }, this.text.affected, ...named, ...(layers.length > OFFERED ? [` + ${layers.length - OFFERED}`] : [])));
    return card;
  }

  button(verdict, change) {
    return element("button", { type: "button", class: "lt-health-open", "data-change": verdict, title: this.text.open_change_help, onclick: () => this.opened(change) }, this.text.open_change);
  }

  // "Learning rate: 0.03 -> 0.003"; what is changed alike in several places is said once.
  changes(change, before) {
    const said = Object.entries(change).map(([path, value]) => `${this.text.settings[path.split(".").at(-1)] ?? path}: ${this.value(before[path])} → ${this.value(value)}`);
    return [...new Set(said)].map((one) => {
      const times = said.filter((other) => other === one).length;
      return times > 1 ? `${one} (${times} ×)` : one;
    }).join(", ");
  }

  value(value) {
    if (typeof value === "boolean") return value ? this.text.on : this.text.off;
    return typeof value === "number" ? Number(value.toPrecision(6)).toLocaleString(this.lang, { maximumSignificantDigits: 6 }) : (this.text.values[value] ?? value);
  }

  // What was so before and is over.
  past(entries, now) {
    const seen = new Map();
    for (const { step, verdicts } of entries) for (const { verdict } of verdicts) if (!now.has(verdict)) seen.set(verdict, [...(seen.get(verdict) ?? []), step]);
    this.earlier.hidden = seen.size === 0;
    const number = (step) => step.toLocaleString(this.lang);
    const rows = [...seen].map(([verdict, steps]) => element("li", {}, fill(this.text.earlier_row, { name: this.text.verdicts[verdict][0], first: number(steps[0]), last: number(steps.at(-1)) })));
    const summary = this.earlier.querySelector("summary") ?? element("summary");
    write(summary, this.text.earlier);
    this.earlier.replaceChildren(summary, element("ul", {}, ...rows));
  }
}
