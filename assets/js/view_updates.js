// How far each update moves the weights of each layer, over the run.

import { element, loadPlotly, write } from "./dom.js";
import { Panel } from "./panel.js";
import { viridis } from "./tensors.js";

const MEASURES = ["ratio", "gradient"];
const RULE = 0.001; // a rule of thumb: an update is about a thousandth of the weights
const HEIGHT = 320;

// How many powers of ten the values span; within few, 2 and 5 are labelled too.
function decades(values) {
  const positive = values.filter((value) => value > 0);
  return positive.length ? Math.log10(Math.max(...positive) / Math.min(...positive)) : 0;
}

export class Updates extends Panel {
  build() {
    this.measure = "ratio";
    const choice = element(
      "select", { "aria-label": this.text.measure, onchange: (event) => this.choose(event.target.value) },
      ...MEASURES.map((name) => element("option", { value: name }, this.text.measures[name])),
    );
    this.chart = element("div", { class: "lt-chart", role: "img", style: `height: ${HEIGHT}px` });
    this.caption = element("p", { class: "lt-caption" });
    this.body.append(element("div", { class: "lt-controls" }, element("label", {}, this.text.measure, choice)), this.chart, this.caption);
  }

  close() {
    window.Plotly?.purge(this.chart);
  }

  choose(measure) {
    this.measure = measure;
    this.shown = null; // the same numbers, drawn otherwise
    this.views.changed();
  }

  looks() {
    return [{ name: "updates", args: {} }];
  }

  // What was measured while the run was on stays, although a run that is over answers with an error.
  answer() {
    const answer = super.answer();
    if (answer?.data) this.measured = answer;
    return answer?.error && this.measured ? this.measured : answer;
  }

  async render(data) {
    const empty = data.step.length === 0;
    this.body.hidden = empty;
    if (empty) return write(this.waiting, this.views.feed.over ? this.text.updates_missed : this.text.updates_first);
    write(this.caption, this.text.measure_captions[this.measure]);
    this.chart.setAttribute("aria-label", `${this.text.measures[this.measure]}: ${data.layers.join(", ")}`);
    const plotly = await loadPlotly();
    await plotly.react(this.chart, this.traces(data), this.layout(data), { displayModeBar: false, responsive: true });
  }

  // The first layer darkest, the last one brightest; on dark ground the other end of the scale is left out.
  traces({ layers, step, ...values }) {
    const [from, to] = this.theme.dark ? [0.35, 1] : [0, 0.85];
    return layers.map((name, at) => ({
      x: step, y: values[this.measure][at], name, type: "scatter", mode: step.length < 40 ? "lines+markers" : "lines",
      line: { color: viridis(from + (to - from) * (layers.length > 1 ? at / (layers.length - 1) : 0)), width: 1.5 },
      marker: { size: 4 }, hovertemplate: "%{y:.2e}",
    }));
  }

  layout(data) {
    const colour = (name) => this.theme.colours[name];
    const grid = { gridcolor: colour("--lt-grid"), linecolor: colour("--lt-grid"), zeroline: false, automargin: true };
    const ruled = this.measure === "ratio";
    return {
      height: HEIGHT, margin: { l: 8, r: 8, t: 26, b: 8 }, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: this.theme.font, size: 12, color: colour("--lt-text") },
      showlegend: true, legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", font: { size: 11 } },
      hovermode: "x unified", hoverlabel: { bgcolor: colour("--lt-panel"), font: { color: colour("--lt-text") }, namelength: -1 },
      uirevision: this.measure,
      xaxis: { ...grid, title: { text: this.text.step, standoff: 4 } },
      yaxis: { ...grid, type: "log", exponentformat: "power", dtick: decades(data[this.measure].flat()) < 3 ? "D2" : 1 },
      shapes: ruled ? [{ type: "line", xref: "paper", x0: 0, x1: 1, y0: RULE, y1: RULE, line: { color: colour("--lt-mark"), width: 1, dash: "dash" } }] : [],
      annotations: ruled ? [{
        xref: "paper", x: 1, xanchor: "right", y: Math.log10(RULE), yanchor: "bottom", text: this.text.rule, showarrow: false,
        font: { size: 11, color: colour("--lt-mark") }, bgcolor: colour("--lt-panel"),
      }] : [],
    };
  }
}
