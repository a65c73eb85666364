// The numbers of every layer at the moment that is looked at.

import { element, fill, write } from "./dom.js";
import { depthColour, MEASURES } from "./inspect_gradients_lines.js";

const SHARES = new Set(["dead", "saturated"]);

export class Table {
  constructor({ text, lang, picked }) {
    Object.assign(this, { text, lang, picked });
    this.title = element("h4", {}, text.table_title);
    const shown = MEASURES.filter((measure) => measure !== "ratio");
    const head = element("tr", {}, element("th", { scope: "col" }, text.layer), ...shown.map((measure) => element("th", { scope: "col", title: text.measure_captions[measure] }, text.measures[measure])));
    this.shown = shown;
    this.rows = element("tbody");
    this.said = element("p", { class: "lt-caption" });
    this.element = element(
      "section", { class: "lt-card lt-health-table" }, element("header", {}, this.title),
      element("div", { class: "lt-health-scroll", tabindex: 0, role: "region", "aria-label": text.table_title }, element("table", {}, element("thead", {}, head), this.rows)), this.said,
    );
  }

  draw(theme, answer, layer) {
    if (!answer?.data) return;
    const now = JSON.stringify([answer.step, layer, theme.key]);
    if (now === this.drawn && answer === this.answer) return;
    [this.drawn, this.answer] = [now, answer];
    const { layers, examples, loss } = answer.data;
    this.rows.replaceChildren(...layers.map((one, at) => this.row(one, depthColour(at, layers.length, theme.dark), one.name === layer)));
    write(this.said, fill(this.text.table_said, { step: answer.step.toLocaleString(this.lang), examples, loss: this.number(loss) }));
    this.element.dataset.step = answer.step;
  }

  row(one, colour, chosen) {
    const button = element("button", { type: "button", class: "lt-health-layer", "data-layer": one.name, "aria-pressed": chosen, title: this.text.show_layer, onclick: () => this.picked(one.name) }, one.label);
    const about = element("span", { class: "lt-health-kind" }, `${one.kind} ${one.shape.join(" × ")}`);
    const cells = this.shown.map((measure) => element("td", {}, SHARES.has(measure) ? this.share(one[measure]) : this.number(one[measure])));
    return element("tr", { "data-layer": one.name, style: `--lt-run: ${colour}` }, element("th", { scope: "row" }, button, about), ...cells);
  }

  share(value) {
    return typeof value === "number" ? `${Math.round(100 * value)} %` : "–";
  }

  number(value) {
    if (typeof value === "string") return value === "nan" ? this.text.nan : value;
    if (typeof value !== "number") return "–";
    return value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e4) ? value.toExponential(2) : Number(value.toPrecision(3)).toString();
  }
}
