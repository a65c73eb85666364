// The charts of a run, and the same curves of other runs laid over them.

import { layout, legendGuess } from "./chart_layout.js";
import { curveControls, storedSettings } from "./curve_controls.js";
import { element, OTHERS } from "./dom.js";
import { placeOf, shown, smooth, thinned, varies } from "./series.js";

const HOVER = { number: "%{y:.5f}", percent: "%{y:.2%}", rate: "%{y:.3~g}" };
const DASHES = ["solid", "dot", "dash", "dashdot"];
const LONGEST_NAME = 26;
const PLOT_OPTIONS = { displayModeBar: false }; // a change of width is seen in Curves

const MOST_MARKED = 100; // points; more of them hide their line, and each costs as much as a whole line

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

// Validation is marked point by point where there are few; a point alone between gaps has no line to be seen by.
function marked(values = []) {
  return values.length > MOST_MARKED && !values.includes(null) ? "lines" : "lines+markers";
}

function decadesOf(traces) {
  const rates = traces.flatMap(({ y }) => y).filter((rate) => rate > 0);
  const [low, high] = rates.reduce(([least, most], rate) => [Math.min(least, rate), Math.max(most, rate)], [Infinity, 0]);
  return rates.length ? Math.log10(high / low) : 0;
}

export class Curves {
  // `below`: there is a stage above them.
  constructor({ data, changed, below }) {
    this.data = data;
    this.settings = storedSettings();
    this.charts = {};
    this.numbers = {};
    this.cards = {};
    this.specs = data.charts;
    for (const spec of this.specs) this.build(spec);
    this.drawn = {}; // what each chart shows, in the order in which they were drawn
    this.legends = {}; // of each chart: what it lists at which width, and how high that is
    this.seeing(data, changed, below);
    this.resized = new ResizeObserver(() => this.width !== this.drawnWidth && changed());
    this.resized.observe(this.charts[this.specs[0].name]);
    const empty = !data.run && !data.overlays.length;
    const { text, run, view } = data;
    this.controls = curveControls({ text, settings: this.settings, changed, run, view, charts: this.charts, empty });
  }

  // `spec`: name (of the measured column, where no lines say otherwise), title, kind, and perhaps lines and rules.
  build({ name: metric, title }) {
    this.charts[metric] = element("div", { class: "lt-chart", role: "img", "aria-label": title, "data-metric": metric });
    this.numbers[metric] = element("div", { class: "lt-numbers" });
    const header = element("header", {}, element("h4", {}, title), this.numbers[metric]);
    this.cards[metric] = element("section", { class: "lt-card" }, header, this.charts[metric]);
    this.cards.learning_rate?.toggleAttribute("hidden", !this.data.varying_rate);
  }

  get elements() {
    return [this.controls, ...this.specs.map(({ name }) => this.cards[name])];
  }

  // Below the views, curves are drawn only while some of them are on the screen: that leaves the browser to what is.
  seeing(data, changed, below) {
    this.onScreen = !data.views_first && !below;
    this.away = Boolean(data.views_first);
    if (this.onScreen) return;
    const seen = new Set();
    const hear = (entries) => {
      for (const { target, isIntersecting } of entries) seen[isIntersecting ? "add" : "delete"](target);
      this.onScreen = seen.size > 0;
      this.away = Boolean(data.views_first) && !this.onScreen;
      if (this.onScreen) changed();
    };
    this.observer = new IntersectionObserver(hear, { rootMargin: data.views_first ? "200px" : "0px" });
    for (const card of Object.values(this.cards)) this.observer.observe(card);
  }

  close() {
    this.observer?.disconnect();
    this.resized.disconnect();
    for (const chart of Object.values(this.charts)) window.Plotly?.purge(chart);
  }

  // Every chart that is behind. `feeds`: the run's own (or null) and those laid over it, each with `title`, `baseline`,
  // `colour`, `symbol`.
  async draw(plotly, feeds) {
    const behind = this.behindSpecs(feeds);
    if (behind.length) await this.drawThese(plotly, behind, feeds);
  }

  // The one chart that has been behind for longest; says whether there was one.
  async drawOldest(plotly, feeds) {
    const order = Object.keys(this.drawn);
    const behind = this.behindSpecs(feeds).sort((one, other) => order.indexOf(one.name) - order.indexOf(other.name));
    if (behind.length) await this.drawThese(plotly, behind.slice(0, 1), feeds);
    return behind.length > 0;
  }

  behindSpecs({ main, others, theme, data }) {
    this.data = data;
    if (this.away) return [];
    const runs = [...(main ? [main] : []), ...others];
    this.now = JSON.stringify([
      runs.map((feed) => [feed.run, feed.cursor, feed.series.train.step.length, feed.title, feed.baseline]),
      main?.status?.edits.length, main?.at, this.settings, theme.key, data.target, this.width,
    ]);
    const rate = data.varying_rate || runs.some((feed) => varies(feed.series.train.learning_rate));
    this.cards.learning_rate?.toggleAttribute("hidden", !rate);
    return this.specs.filter(({ name }) => (rate || name !== "learning_rate") && this.drawn[name] !== this.now);
  }

  async drawThese(plotly, specs, { main, others, theme }) {
    for (const { name } of specs) {
      delete this.drawn[name]; // the newest stands last
      this.drawn[name] = this.now;
    }
    const scene = this.scene(main, others, theme);
    this.drawnWidth = scene.width;
    await Promise.all(specs.map((spec) => this.drawChart(plotly, spec, scene)));
  }

  get width() {
    return this.charts[this.specs[0].name].clientWidth;
  }

  scene(main, others, theme) {
    const { axis } = this.settings;
    const runs = [...(main ? [main] : []), ...others];
    const series = runs.flatMap((feed) => [feed.series.train, feed.series.validation]);
    return {
      main, others, theme,
      text: this.data.text, settings: this.settings, target: this.data.target,
      run: this.data.run ?? this.data.overlays.map((one) => one.run).join(),
      width: this.width,
      last: Math.max(1, ...series.map((one) => one[axis].at(-1) ?? 0)),
      blank: runs.every((feed) => feed.series.train.step.length === 0),
      edits: main?.status?.edits ?? [],
      moment: main && main.at !== null ? placeOf(main.series, main.at, axis) : null,
      first: (column) => main?.series.validation[column]?.[0] ?? 0,
    };
  }

  async drawChart(plotly, spec, scene) {
    const { main, others } = scene;
    const own = spec.lines ? this.namedTraces(spec, main?.series, scene) : this.ownTraces(spec, main?.series, scene);
    const traces = [...(main ? own : []), ...others.flatMap((feed) => this.otherTraces(spec, feed, scene))];
    const chart = this.charts[spec.name];
    const legend = this.legendOf(spec.name, traces, scene.width);
    const decades = spec.kind === "rate" ? decadesOf(traces) : 0;
    const put = () => {
      const drawn = layout(spec, scene, { legend: legend.height, decades });
      chart.style.height = `${drawn.height}px`;
      // the width is told, for plotly keeps the one it knew, and its own way to another takes a tenth of a second
      return plotly.react(chart, traces, { ...drawn, width: scene.width }, PLOT_OPTIONS);
    };
    await put();
    if (this.wrongGuess(chart, legend)) await put();
  }

  legendOf(metric, traces, width) {
    const names = traces.filter((one) => one.showlegend !== false && one.visible !== false).map((one) => one.name);
    const key = JSON.stringify([width, names]);
    if (this.legends[metric]?.key !== key) this.legends[metric] = { key, height: legendGuess(names, width), measured: false };
    return this.legends[metric];
  }

  // How many rows a legend takes depends on its words and their font, so it is measured once it is drawn.
  wrongGuess(chart, legend) {
    const box = chart.querySelector(".legend .bg");
    if (!box || legend.measured) return false;
    const height = box.getBoundingClientRect().height;
    const wrong = Math.abs(height - legend.height) > 2;
    Object.assign(legend, { height, measured: true });
    return wrong;
  }

  line(series, values, extra) {
    const at = thinned(values);
    const over = series[this.settings.axis];
    return { x: at.map((i) => over[i]), y: at.map((i) => values[i]), type: "scatter", ...extra };
  }

  ownTraces({ name: metric, kind }, series, { text, theme }) {
    if (!series) return [];
    const { train, validation } = series;
    const { smoothing } = this.settings;
    const strong = { color: theme.colours["--lt-train"], width: 2 };
    const hovertemplate = HOVER[kind];
    if (kind === "rate")
      return [this.line(train, train.learning_rate ?? [], { name: text.this_run, mode: "lines", line: strong, hovertemplate })];
    const smoothed = smoothing > 0;
    const orange = { color: theme.colours["--lt-validation"], width: 2 };
    return [
      this.line(train, train[metric] ?? [], {
        name: text.train, mode: "lines", line: { ...strong, width: smoothed ? 1 : 2 }, opacity: smoothed ? 0.3 : 1, hovertemplate,
      }),
      this.line(train, smoothed ? smooth(train[metric] ?? [], smoothing) : [], {
        name: text.smoothed, mode: "lines", line: strong, hovertemplate, visible: smoothed,
      }),
      this.line(validation, validation[metric] ?? [], { name: text.validation, mode: marked(validation[metric]), line: orange, marker: { size: 5 }, hovertemplate }),
    ];
  }

  // Lines that a chart names itself, each a column of one split; what is measured at every step is smoothed.
  namedTraces({ lines, kind }, series, { theme }) {
    if (!series) return [];
    const { smoothing } = this.settings;
    return lines.flatMap(({ split, column, label, colour, dash }) => {
      const values = series[split][column] ?? [];
      const line = { color: theme.colours[colour], width: 2, dash: dash ?? "solid" };
      const shared = { name: label, legendgroup: label, hovertemplate: HOVER[kind] };
      if (split === "validation") return [this.line(series[split], values, { ...shared, mode: marked(values), line, marker: { size: 5 } })];
      const smoothed = smoothing > 0;
      return [
        this.line(series[split], values, { ...shared, mode: "lines", line: { ...line, width: smoothed ? 1 : 2 }, opacity: smoothed ? 0.3 : 1, showlegend: !smoothed, hoverinfo: smoothed ? "skip" : undefined, hovertemplate: smoothed ? undefined : HOVER[kind] }),
        ...(smoothed ? [this.line(series[split], smooth(values, smoothing), { ...shared, mode: "lines", line })] : []),
      ];
    });
  }

  // Validation as points, training smoothed and pale; one entry in the legend shows and hides both.
  otherTraces({ name: metric, kind, lines }, feed, scene) {
    const { text, theme } = scene;
    if (lines) return this.otherNamed({ lines, kind }, feed, scene);
    const { train, validation } = feed.series;
    const color = theme.colours[feed.colour];
    const name = plain(feed.title);
    const dash = feed.baseline ? "dash" : "solid";
    const shared = { legendgroup: feed.run, hovertemplate: HOVER[kind] };
    if (kind === "rate")
      return [this.line(train, train.learning_rate ?? [], { ...shared, name, mode: "lines", line: { color, width: 1.5, dash } })];
    const values = train[metric] ?? [];
    return [
      this.line(validation, validation[metric] ?? [], {
        ...shared, name, mode: marked(validation[metric]), line: { color, width: 2, dash }, marker: { size: 5, symbol: feed.symbol },
      }),
      this.line(train, this.settings.smoothing > 0 ? smooth(values, this.settings.smoothing) : values, {
        ...shared, name: `${name}, ${text.training}`, mode: "lines", line: { color, width: 1 }, opacity: 0.5, showlegend: false,
      }),
    ];
  }

  // The same lines of another run: its colour tells the run, the dash tells the line.
  otherNamed({ lines, kind }, feed, { theme }) {
    const color = theme.colours[feed.colour];
    return lines.map(({ split, column, label }, at) => {
      const values = feed.series[split][column] ?? [];
      const drawn = split === "train" && this.settings.smoothing > 0 ? smooth(values, this.settings.smoothing) : values;
      return this.line(feed.series[split], drawn, {
        name: `${plain(feed.title)}, ${label}`, legendgroup: feed.run, hovertemplate: HOVER[kind], mode: "lines", line: { color, width: 1.5, dash: DASHES[at % DASHES.length] },
      });
    });
  }

  // The newest numbers beside the headings.
  write(status, rate) {
    const { text } = this.data;
    for (const { name, title, kind, lines } of this.specs) {
      const numbers = this.numbers[name];
      const part = (split, label, value) => element("span", { class: `lt-${split}` }, label, " ", element("b", {}, shown(value, kind)));
      const latest = (split, column) => status.latest[split]?.[column];
      if (kind === "rate") numbers.replaceChildren(part("rate", text.rate, rate));
      else if (lines) {
        numbers.replaceChildren(
          ...lines.map(({ split, column, label, colour }) => {
            const shownPart = part("line", label, latest(split, column));
            shownPart.style.setProperty("--lt-line-colour", `var(${colour})`);
            return shownPart;
          }),
        );
      } else numbers.replaceChildren(...["train", "validation"].map((split) => part(split, text[split], latest(split, name))));
      this.charts[name].setAttribute("aria-label", `${title}: ${numbers.textContent}`);
    }
  }
}
