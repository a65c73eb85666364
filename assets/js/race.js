// Which run got where, and when: a row for each run, from the points the page already has.

import { element, write } from "./dom.js";
import { race, shown } from "./series.js";

function clock(seconds) {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")} min`;
}

export class Race {
  constructor({ text }) {
    this.text = text;
    this.head = element("tr");
    this.rows = element("tbody");
    const table = element("table", { class: "lt-race-table" }, element("thead", {}, this.head), this.rows);
    const scroller = element("div", { class: "lt-race-scroll", tabindex: 0, role: "region", "aria-label": text.race }, table);
    this.element = element(
      "section", { class: "lt-card lt-race", hidden: true }, element("header", {}, element("h4", {}, text.race)), scroller,
      element("p", { class: "lt-caption" }, text.race_caption),
    );
  }

  draw({ main, others, theme, data }) {
    const raced = others.length > 0 && data.charts.some(({ name }) => name === "accuracy");
    this.element.hidden = !raced;
    if (!raced) return;
    const runs = [
      ...(main ? [{ feed: main, title: main.status?.title || this.text.this_run, colour: theme.colours["--lt-validation"] }] : []),
      ...others.map((feed) => ({ feed, title: feed.title, colour: theme.colours[feed.colour], baseline: feed.baseline })),
    ];
    const { thresholds, rows } = race(runs.map(({ feed }) => feed.series.validation));
    this.cells(this.head, "th", [this.text.race_run, this.text.race_best, this.text.race_loss, ...thresholds.map((one) => `${Math.round(100 * one)} %`)]);
    while (this.rows.children.length > runs.length) this.rows.lastChild.remove();
    runs.forEach((run, at) => {
      const row = this.rows.children[at] ?? this.rows.appendChild(element("tr"));
      const { best, loss, reached } = rows[at];
      const when = reached.map((one) => (one ? `${clock(one.seconds)}\n${one.step.toLocaleString(data.lang)} ${this.text.steps}` : "–"));
      this.cells(row, "td", [run.baseline ? `${run.title} (${this.text.baseline})` : run.title, shown(best, "percent"), shown(loss, "number"), ...when]);
      row.firstChild.style.setProperty("--lt-run", run.colour);
    });
  }

  cells(row, kind, texts) {
    while (row.children.length > texts.length) row.lastChild.remove();
    texts.forEach((text, at) => write(row.children[at] ?? row.appendChild(element(kind)), text));
  }
}
