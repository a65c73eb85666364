// The charts of a run, and the same curves of other runs laid over them.

import { layout } from "./chart_layout.js";
import { curveControls, storedSettings } from "./curve_controls.js";
import { element, OTHERS } from "./dom.js";
import { shown, smooth, thinned, varies } from "./series.js";

const METRICS = ["loss", "accuracy", "learning_rate"];
const HOVER = { loss: "%{y:.5f}", accuracy: "%{y:.2%}", learning_rate: "%{y:.3~g}" };
const LONGEST_NAME = 26;
const PLOT_OPTIONS = { displayModeBar: false, responsive: true };

const SYMBOLS = ["square", "diamond", "triangle-up", "x", "star", "cross"];

// Tells runs laid over each other apart: a colour and a mark for each, grey and dashed for the baseline.
export function looksOf(overlays) {
  let number = 0;
  return overlays.map(({ baseline }) => {
    if (baseline) return { colour: "--lt-quiet", symbol: "circle-open" };
    const at = number++ % OTHERS.length;
    return { colour: OTHERS[at], symbol: SYMBOLS[at] };
  });
}

// A title as Plotly may show it: no markup, no formula, no longer than a legend bears. Titles differ at their end.
function plain(title) {
  const name = title.replace(/[$<>]/g, "");
  return name.length > LONGEST_NAME ? `… ${name.slice(-LONGEST_NAME).replace(/^\S+\s+/, "")}` : name;
}

export class Curves {
  constructor({ data, changed }) {
    this.data = data;
    this.settings = storedSettings();
    this.charts = {};
    this.numbers = {};
    this.cards = {};
    for (const metric of METRICS) this.build(metric);
    const empty = !data.run && !data.overlays.length;
    const { text, run, view } = data;
    this.controls = curveControls({ text, settings: this.settings, changed, run, view, charts: this.charts, empty });
  }

  build(metric) {
    const { text } = this.data;
    const title = text[metric];
    this.charts[metric] = element("div", { class: "lt-chart", role: "img", "aria-label": title, "data-metric": metric });
    this.numbers[metric] = element("div", { class: "lt-numbers" });
    const header = element("header", {}, element("h4", {}, title), this.numbers[metric]);
    this.cards[metric] = element("section", { class: "lt-card" }, header, this.charts[metric]);
    this.cards.learning_rate?.toggleAttribute("hidden", !this.data.varying_rate);
  }

  get elements() {
    return [this.controls, ...METRICS.map((metric) => this.cards[metric])];
  }

  close() {
    for (const chart of Object.values(this.charts)) window.Plotly?.purge(chart);
  }

  // `feeds`: the run's own (or null) and those laid over it, each with `title`, `baseline`, `colour`, `symbol`.
  async draw(plotly, { main, others, theme, data }) {
    this.data = data;
    const runs = [...(main ? [main] : []), ...others];
    const seen = JSON.stringify([
      runs.map((feed) => [feed.run, feed.cursor, feed.series.train.step.length, feed.title, feed.baseline]),
      main?.status?.edits.length, this.settings, theme.key, data.target, this.charts.loss.clientWidth,
    ]);
    if (seen === this.seen) return;
    this.seen = seen;
    const rate = data.varying_rate || runs.some((feed) => varies(feed.series.train.learning_rate));
    this.cards.learning_rate.hidden = !rate;
    const drawn = METRICS.filter((metric) => rate || metric !== "learning_rate");
    const scene = this.scene(main, others, theme);
    await Promise.all(drawn.map((metric) => this.drawChart(plotly, metric, scene)));
  }

  scene(main, others, theme) {
    const { axis } = this.settings;
    const runs = [...(main ? [main] : []), ...others];
    const series = runs.flatMap((feed) => [feed.series.train, feed.series.validation]);
    return {
      main, others, theme,
      text: this.data.text, settings: this.settings, target: this.data.target,
      run: this.data.run ?? this.data.overlays.map((one) => one.run).join(),
      width: this.charts.loss.clientWidth,
      last: Math.max(1, ...series.map((one) => one[axis].at(-1) ?? 0)),
      blank: runs.every((feed) => feed.series.train.step.length === 0),
      edits: main?.status?.edits ?? [],
      entries: (main ? 3 : 0) + others.length,
      firstLoss: main?.series.validation.loss[0] ?? 0,
    };
  }

  async drawChart(plotly, metric, scene) {
    const { main, others } = scene;
    const traces = [...(main ? this.ownTraces(metric, main.series, scene) : []), ...others.flatMap((feed) => this.otherTraces(metric, feed, scene))];
    const chart = this.charts[metric];
    const drawn = layout(metric, scene);
    chart.style.height = `${drawn.height}px`;
    await plotly.react(chart, traces, drawn, PLOT_OPTIONS);
  }

  line(series, values, extra) {
    const at = thinned(values);
    const over = series[this.settings.axis];
    return { x: at.map((i) => over[i]), y: at.map((i) => values[i]), type: "scatter", ...extra };
  }

  ownTraces(metric, { train, validation }, { text, theme }) {
    const { smoothing } = this.settings;
    const strong = { color: theme.colours["--lt-train"], width: 2 };
    const hovertemplate = HOVER[metric];
    if (metric === "learning_rate")
      return [this.line(train, train.learning_rate ?? [], { name: text.this_run, mode: "lines", line: strong, hovertemplate })];
    const smoothed = smoothing > 0;
    const orange = { color: theme.colours["--lt-validation"], width: 2 };
    return [
      this.line(train, train[metric], {
        name: text.train, mode: "lines", line: { ...strong, width: smoothed ? 1 : 2 }, opacity: smoothed ? 0.3 : 1, hovertemplate,
      }),
      this.line(train, smoothed ? smooth(train[metric], smoothing) : [], {
        name: text.smoothed, mode: "lines", line: strong, hovertemplate, visible: smoothed,
      }),
      this.line(validation, validation[metric], { name: text.validation, mode: "lines+markers", line: orange, marker: { size: 5 }, hovertemplate }),
    ];
  }

  // Validation as points, training smoothed and pale; one entry in the legend shows and hides both.
  otherTraces(metric, feed, { text, theme }) {
    const { train, validation } = feed.series;
    const color = theme.colours[feed.colour];
    const name = plain(feed.title);
    const dash = feed.baseline ? "dash" : "solid";
    const shared = { legendgroup: feed.run, hovertemplate: HOVER[metric] };
    if (metric === "learning_rate")
      return [this.line(train, train.learning_rate ?? [], { ...shared, name, mode: "lines", line: { color, width: 1.5, dash } })];
    const values = train[metric];
    return [
      this.line(validation, validation[metric], {
        ...shared, name, mode: "lines+markers", line: { color, width: 2, dash }, marker: { size: 5, symbol: feed.symbol },
      }),
      this.line(train, this.settings.smoothing > 0 ? smooth(values, this.settings.smoothing) : values, {
        ...shared, name: `${name}, ${text.training}`, mode: "lines", line: { color, width: 1 }, opacity: 0.5, showlegend: false,
      }),
    ];
  }

  // The newest numbers beside the headings.
  write(status, rate) {
    const { text } = this.data;
    for (const [metric, numbers] of Object.entries(this.numbers)) {
      const part = (split, value) => element("span", { class: `lt-${split}` }, text[split], " ", element("b", {}, shown(value, metric)));
      if (metric === "learning_rate") numbers.replaceChildren(part("rate", rate));
      else numbers.replaceChildren(...["train", "validation"].map((split) => part(split, status.latest[split]?.[metric])));
      this.charts[metric].setAttribute("aria-label", `${text[metric]}: ${numbers.textContent}`);
    }
  }
}
