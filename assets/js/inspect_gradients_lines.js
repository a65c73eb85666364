// One measure of every layer over the steps of the run, a line a layer.

import { element, fill, loadPlotly, write } from "./dom.js";
import { chooser } from "./inspect_parts.js";
import { viridis } from "./tensors.js";

const HEIGHT = 360;
export const MEASURES = ["gradient", "weight", "ratio", "mean", "std", "dead", "saturated"];
const LOG = new Set(["gradient", "weight", "ratio", "std"]); // of which the powers of ten matter
const SHARES = new Set(["dead", "saturated"]);
const RULES = { ratio: 0.001 };
const DASHES = ["solid", "dash", "dot"];
const MARKED = 60; // points; more of them hide their line

// The first layer darkest, the last one brightest; of each ground the end that cannot be seen on it is left out.
export function depthColour(at, count, dark) {
  const [from, to] = dark ? [0.3, 1] : [0, 0.85];
  return viridis(from + (to - from) * (count > 1 ? at / (count - 1) : 0));
}

export class Lines {
  constructor({ text, lang, changed }) {
    Object.assign(this, { text, lang, changed });
    this.measure = "gradient";
    this.log = true;
    this.choose = chooser(text.measure, "measure", (measure) => this.to(measure));
    this.choose.offer(MEASURES.map((one) => [one, text.measures[one]]), this.measure);
    this.scale = element("input", { type: "checkbox", checked: true, "data-choose": "log", onchange: () => this.rescale() });
    this.chart = element("div", { class: "lt-chart", role: "img", style: `height: ${HEIGHT}px`, "aria-label": text.measures.gradient });
    this.caption = element("p", { class: "lt-caption" });
    this.progress = element("progress", { max: 1, value: 0, "aria-label": text.progress_label });
    this.said = element("span", { role: "status" });
    this.element = element(
      "section", { class: "lt-card lt-health-lines", "data-measure": this.measure },
      element("header", {}, element("h4", {}, text.lines_title), element("span", { class: "lt-health-progress" }, this.progress, this.said)),
      element("div", { class: "lt-controls" }, this.choose.element, element("label", {}, this.scale, text.log)),
      this.chart, this.caption,
    );
  }

  to(measure) {
    this.measure = measure;
    this.log = LOG.has(measure);
    this.scale.checked = this.log;
    this.element.dataset.measure = measure;
    this.changed();
  }

  rescale() {
    this.log = this.scale.checked;
    this.changed();
  }

  close() {
    window.Plotly?.purge(this.chart);
  }

  async draw(theme, history, { at, edits }) {
    const { steps } = history;
    this.tell(history, steps);
    this.element.dataset.steps = steps.length;
    const now = JSON.stringify([steps.length, steps.at(-1), history.part, this.measure, this.log, at, edits.length, theme.key]);
    if (now === this.drawn || !steps.length) return;
    this.drawn = now;
    write(this.caption, this.text.measure_captions[this.measure]);
    const { layers } = history.entries.get(steps.at(-1));
    this.chart.setAttribute("aria-label", `${this.text.measures[this.measure]}: ${layers.map(({ label }) => label).join(", ")}`);
    const traces = this.traces(history, steps, layers, theme);
    const plotly = await loadPlotly();
    await plotly.react(this.chart, traces, this.layout(traces, theme, { at, edits, part: history.part }), { displayModeBar: false, responsive: true });
  }

  tell(history, steps) {
    const whole = history.moments.length;
    const done = whole - history.missing.length;
    const number = (one) => one.toLocaleString(this.lang);
    this.progress.hidden = whole === 0 || done === whole;
    this.progress.value = whole ? done / whole : 0;
    if (!whole) return write(this.said, history.error ? "" : this.text.looking_for_moments);
    write(this.said, done < whole ? fill(this.text.progress, { done: number(done), whole: number(whole) }) : fill(this.text.examined, { count: number(steps.length) }));
  }

  traces(history, steps, layers, theme) {
    return layers.map(({ name, label, kind }, at) => {
      const values = steps.map((step) => history.entries.get(step).layers.find((one) => one.name === name)?.[this.measure]);
      const seen = values.map((value) => (typeof value !== "number" || (this.log && !SHARES.has(this.measure) && this.measure !== "mean" && value <= 0) ? null : value));
      return {
        x: steps, y: seen, name: label === kind ? label : `${label} · ${kind}`, type: "scatter", mode: steps.length < MARKED ? "lines+markers" : "lines",
        line: { color: depthColour(at, layers.length, theme.dark), width: 1.6, dash: DASHES[at % DASHES.length] }, marker: { size: 4 },
        hovertemplate: SHARES.has(this.measure) ? "%{y:.0%}" : "%{y:.3~g}", connectgaps: false, visible: seen.some((value) => value !== null) ? true : "legendonly",
      };
    });
  }

  layout(traces, theme, { at, edits, part }) {
    const colour = (name) => theme.colours[name];
    const grid = { gridcolor: colour("--lt-grid"), linecolor: colour("--lt-grid"), zeroline: false, automargin: true };
    const log = this.log && traces.some(({ y }) => y.some((value) => value > 0));
    const positive = traces.flatMap(({ y }) => y).filter((value) => value > 0);
    const decades = positive.length ? Math.log10(Math.max(...positive) / Math.min(...positive)) : 0;
    const across = (y, text, name) => ({
      shape: { type: "line", xref: "paper", x0: 0, x1: 1, y0: y, y1: y, line: { color: colour(name), width: 1, dash: "dash" } },
      note: { xref: "paper", x: 1, xanchor: "right", y: log ? Math.log10(y) : y, yanchor: "bottom", text, showarrow: false, font: { size: 11, color: colour(name) }, bgcolor: colour("--lt-panel") },
    });
    const down = (x, text, name, dash) => ({
      shape: { type: "line", x0: x, x1: x, yref: "paper", y0: 0, y1: 1, line: { color: colour(name), width: 1, dash } },
      note: { x, yref: "paper", y: 1, yanchor: "top", xanchor: "left", text, showarrow: false, font: { size: 11, color: colour(name) }, bgcolor: colour("--lt-panel") },
    });
    const marks = [
      ...(this.measure in RULES ? [across(RULES[this.measure], this.text.rule, "--lt-mark")] : []),
      ...edits.map(({ step, name }) => down(step, this.text.settings[name.split(".").at(-1)] ?? "", "--lt-mark", "dot")),
      ...(at === null ? [] : [down(at, this.text.moment, "--lt-text", "solid")]),
    ];
    return {
      height: HEIGHT, margin: { l: 8, r: 8, t: 8, b: 8 }, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: theme.font, size: 12, color: colour("--lt-text") },
      showlegend: true, legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", font: { size: 11 } },
      hovermode: "x unified", hoverlabel: { bgcolor: colour("--lt-panel"), font: { color: colour("--lt-text") }, namelength: -1 },
      uirevision: `${part}-${this.measure}-${log}`,
      xaxis: { ...grid, title: { text: this.text.step, standoff: 4 }, rangemode: "tozero" },
      yaxis: {
        ...grid, type: log ? "log" : "linear", exponentformat: "power", tickformat: SHARES.has(this.measure) ? ".0%" : "",
        ...(log && { dtick: decades < 3 ? "D2" : Math.ceil(decades / 9) }), ...(SHARES.has(this.measure) && !log && { range: [-0.02, 1.02] }),
      },
      shapes: marks.map(({ shape }) => shape), annotations: marks.map(({ note }) => note),
    };
  }
}
