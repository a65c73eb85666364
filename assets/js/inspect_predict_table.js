// The models side by side: how long each took, how large it is, how good it is said to be.

import { element, fill, write } from "./dom.js";

export class PredictTable {
  constructor(text, lang) {
    Object.assign(this, { text, lang });
    this.body = element("tbody");
    const heads = text.heads.map((head) => element("th", { scope: "col" }, head));
    this.notes = element("div");
    this.element = element("div", { class: "lt-scroll" }, element("table", { class: "lt-table lt-predict-table" }, element("thead", {}, element("tr", {}, ...heads)), this.body), this.notes);
  }

  draw(backbones, answersOf) {
    const rows = backbones.map((backbone) => this.row(backbone, answersOf(backbone)));
    const key = JSON.stringify(rows);
    if (key === this.key) return;
    this.key = key;
    this.body.replaceChildren(...rows.map(([name, ...cells]) => element("tr", {}, element("th", { scope: "row" }, name), ...cells.map((cell) => element("td", {}, cell)))));
    const random = backbones.filter((backbone) => backbone.weights === "random").map(({ title }) => title);
    this.notes.replaceChildren(...(random.length ? [element("p", { class: "lt-held lt-predict-random" }, fill(this.text.random, { names: random.join(", ") }))] : []));
  }

  row(backbone, answers) {
    const { text, lang } = this;
    const number = (value, digits) => value.toLocaleString(lang, { maximumFractionDigits: digits });
    const mean = answers.reduce((sum, { seconds }) => sum + seconds, 0) / answers.length;
    return [
      backbone.title, text.weights[backbone.weights], answers.length ? fill(text.milliseconds, { count: number(1000 * mean, 0) }) : "…",
      fill(text.million, { count: number(backbone.parameters / 1e6, 1) }), fill(text.megabytes, { count: number(backbone.megabytes, 0) }), backbone.weights === "random" ? "–" : fill(text.percent, { count: number(backbone.top1, 1) }),
    ];
  }
}
