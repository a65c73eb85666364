// How much of the error at the end reaches each earlier step: the gradient's length on its way back through time.

import { element, fill, loadPlotly, write } from "./dom.js";
import { chartLayout, Chooser, SequencePanel, short, upright } from "./rnn_panel.js";

const HEIGHT = 330;

// A template whose numbers may say how they are written, as in Python: "{steps} steps, {ratio:.1e}".
function said({ template, values }, translated) {
  return (translated[template] ?? template).replace(/\{(\w+)(?::\.(\d)([eg]))?\}/g, (whole, name, digits, kind) => {
    const value = values[name];
    if (value === undefined) return whole;
    if (!kind) return String(value);
    return kind === "e" ? value.toExponential(Number(digits)) : String(Number(value.toPrecision(Number(digits))));
  });
}

export class Gradient extends SequencePanel {
  build() {
    super.build();
    this.chooser = new Chooser(this);
    this.verdict = element("p", { class: "lt-gradient-verdict", role: "status" });
    this.chart = element("div", { class: "lt-chart", role: "img", style: `height: ${HEIGHT}px` });
    this.caption = element("p", { class: "lt-caption" });
    this.body.append(this.verdict, this.chart, this.caption);
  }

  close() {
    window.Plotly?.purge(this.chart);
  }

  looks() {
    return [{ name: "gradient", args: { index: this.chooser.args.index } }];
  }

  async render(data) {
    const verdict = said(data.words, this.text.verdicts);
    this.verdict.dataset.verdict = data.verdict;
    write(this.verdict, verdict);
    write(this.caption, fill(this.text.gradient_caption, { sequences: data.sequences, ratio: short(data.ratio), last: data.from + 1 }));
    this.chart.setAttribute("aria-label", `${this.text.views.gradient}: ${verdict}`);
    const plotly = await loadPlotly();
    await plotly.react(this.chart, this.traces(data), this.layout(data), { displayModeBar: false, responsive: true });
  }

  traces({ norms, hidden, cell }) {
    const { colours } = this.theme;
    const steps = norms.map((_, at) => at + 1);
    const positive = (values) => values.map((value) => (value > 0 ? value : null)); // a logarithm has no zero
    const line = (values, name, colour, more = {}) => ({
      x: steps, y: positive(values), name, type: "scatter", mode: steps.length < 40 ? "lines+markers" : "lines", marker: { size: 4 },
      line: { color: colours[colour], width: 2, ...more }, hovertemplate: "%{y:.2e}",
    });
    const parts = cell ? [line(hidden, this.text.norms.hidden, "--lt-quiet", { width: 1.5, dash: "dash" }), line(cell, this.text.norms.cell, "--lt-validation", { width: 1.5, dash: "dot" })] : [];
    return [line(norms, this.text.norms.all, "--lt-train"), ...parts];
  }

  layout(data) {
    const { colours } = this.theme;
    const cut = data.truncated_at === null || data.truncated_at === undefined ? [] : [upright(data.truncated_at + 1, this.text.truncated, colours["--lt-mark"])];
    const seen = data.norms.filter((value) => value > 0);
    const decades = seen.length ? Math.log10(Math.max(...seen) / Math.min(...seen)) : 0;
    return chartLayout(this.theme, {
      height: HEIGHT, uirevision: data.norms.length,
      x: { title: { text: this.text.time_step, standoff: 4 }, range: [0.5, data.norms.length + 0.5] },
      y: { type: "log", exponentformat: "power", ...(decades < 3 ? { dtick: "D2" } : { nticks: 7 }), title: { text: this.text.gradient_axis, standoff: 4 } },
      shapes: cut.map((one) => one.shape), annotations: cut.map((one) => one.note),
    });
  }
}
