// A landscape as contour, surface or slice, with the run's path in it.

import { element, fill, loadPlotly, write } from "./dom.js";

function exact(value) {
  return Number(value.toPrecision(4));
}

export class LandscapePicture {
  constructor({ text, lang }) {
    Object.assign(this, { text, lang });
    this.chart = element("div", { class: "lt-landscape-chart", role: "img" });
    this.caption = element("p", { class: "lt-caption" });
    this.element = element("div", {}, this.chart, this.caption);
  }

  close() {
    window.Plotly?.purge(this.chart);
  }

  async draw({ plan, rows, chosen, step, theme }) {
    const key = JSON.stringify([rows.size, chosen, step, theme.key, plan.part, this.chart.clientWidth]);
    if (key === this.drawn) return;
    const plotly = await loadPlotly();
    const traces = chosen.shape === "slice" ? this.slice(plan, rows, theme) : this.plane(plan, rows, chosen, theme);
    await plotly.react(this.chart, traces, this.layout(plan, chosen, theme), { displayModeBar: false, responsive: true });
    this.drawn = key;
    this.describe(plan, rows, chosen, step);
  }

  get narrow() {
    return this.chart.clientWidth < 500;
  }

  // Height on the screen of a loss; what is not finite is left out.
  height(loss, log) {
    if (loss === null || !Number.isFinite(loss)) return null;
    return log ? Math.log10(Math.max(loss, 1e-12)) : loss;
  }

  plane(plan, rows, chosen, theme) {
    const losses = plan.y.map((_y, row) => rows.get(row)?.losses ?? plan.x.map(() => null));
    const z = losses.map((row) => row.map((loss) => this.height(loss, chosen.log)));
    const text = losses.map((row) => row.map((loss) => (loss === null ? this.text.nan : exact(loss))));
    const bar = { title: { text: chosen.log ? this.text.log_loss : this.text.loss, side: this.narrow ? "top" : "right" }, thickness: 12, tickfont: { size: 11 } };
    if (this.narrow) Object.assign(bar, { orientation: "h", x: 0.5, xanchor: "center", y: 1.02, yanchor: "bottom", len: 0.9 }); // beside the map it would take a third of a phone
    const common = { x: plan.x, y: plan.y, z, text, colorscale: "Viridis", reversescale: false, colorbar: bar };
    const hover = `${this.text.hover}<extra></extra>`;
    if (chosen.shape === "surface") {
      return [
        { type: "surface", ...common, hovertemplate: hover, contours: { z: { show: true, usecolormap: true, width: 1 } }, opacity: 0.95 },
        ...this.pathInSpace(plan, z, theme),
      ];
    }
    return [
      { type: "contour", ...common, connectgaps: false, ncontours: 24, line: { width: 0.5 }, contours: { coloring: "heatmap" }, hovertemplate: hover },
      ...this.path(plan, theme),
    ];
  }

  path(plan, theme) {
    const marks = { x: plan.path.map(({ x }) => x), y: plan.path.map(({ y }) => y), text: plan.path.map(({ step }) => step.toLocaleString(this.lang)) };
    const hovertemplate = `${this.text.path_hover}<extra></extra>`;
    const ink = "#ffffff"; // on the colours of the map, in both themes
    const line = plan.path.length ? [{ type: "scatter", mode: "lines+markers", ...marks, hovertemplate, line: { color: ink, width: 2 }, marker: { size: 5, color: ink, line: { color: "#000000", width: 1 } }, showlegend: false }] : [];
    return [...line, { type: "scatter", mode: "markers", x: [0], y: [0], marker: { symbol: "star", size: 15, color: theme.colours["--lt-validation"], line: { color: "#ffffff", width: 1.5 } }, hovertemplate: `${this.text.here}<extra></extra>`, showlegend: false }];
  }

  // The path lies on the surface: its height is that of the nearest point of the grid.
  pathInSpace(plan, z, theme) {
    const nearest = (ticks, value) => ticks.reduce((best, tick, at) => (Math.abs(tick - value) < Math.abs(ticks[best] - value) ? at : best), 0);
    const lifted = (x, y) => z[nearest(plan.y, y)][nearest(plan.x, x)];
    const points = plan.path.length ? plan.path : [{ step: null, x: 0, y: 0 }];
    return [{
      type: "scatter3d", mode: plan.path.length ? "lines+markers" : "markers", x: points.map(({ x }) => x), y: points.map(({ y }) => y), z: points.map(({ x, y }) => lifted(x, y)),
      text: points.map(({ step }) => step?.toLocaleString(this.lang) ?? ""), hovertemplate: plan.path.length ? `${this.text.path_hover}<extra></extra>` : `${this.text.here}<extra></extra>`,
      line: { color: theme.colours["--lt-validation"], width: 5 }, marker: { size: 3, color: theme.colours["--lt-validation"] }, showlegend: false,
    }];
  }

  slice(plan, rows, theme) {
    const losses = rows.get(-1)?.losses ?? [];
    return [
      { type: "scatter", mode: "lines+markers", x: plan.x, y: losses, line: { color: theme.colours["--lt-train"], width: 2 }, marker: { size: 4 }, hovertemplate: `${this.text.slice_hover}<extra></extra>`, showlegend: false },
      { type: "scatter", mode: "markers", x: [0], y: [plan.centre], marker: { symbol: "star", size: 15, color: theme.colours["--lt-validation"] }, hovertemplate: `${this.text.here}<extra></extra>`, showlegend: false },
    ];
  }

  axis(theme, title, more = {}) {
    return { title: { text: title, standoff: 6 }, gridcolor: theme.colours["--lt-grid"], linecolor: theme.colours["--lt-grid"], zeroline: false, automargin: true, ...more };
  }

  layout(plan, chosen, theme) {
    const names = this.text.axes[plan.kind];
    const share = (at) => (plan.explained.length ? ` (${fill(this.text.explained, { share: Math.round(100 * plan.explained[at]) })})` : "");
    const [x, y] = [0, 1].map((at) => names[at] + share(at));
    const base = { height: chosen.shape === "slice" ? 340 : this.narrow ? 430 : 560, margin: { l: 8, r: 8, t: 10, b: 8 }, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", font: { family: theme.font, size: 12, color: theme.colours["--lt-text"] }, uirevision: `${chosen.shape}-${plan.kind}`, hoverlabel: { bgcolor: theme.colours["--lt-panel"], font: { color: theme.colours["--lt-text"] } } };
    if (chosen.shape === "surface") {
      const side = (title) => ({ title: { text: title }, gridcolor: theme.colours["--lt-grid"], color: theme.colours["--lt-text"], showbackground: false });
      return { ...base, scene: { xaxis: side(names[0]), yaxis: side(names[1]), zaxis: side(chosen.log ? this.text.log_loss : this.text.loss), camera: { eye: { x: 1.5, y: -1.5, z: 1 } } } };
    }
    if (chosen.shape === "slice") return { ...base, xaxis: this.axis(theme, x), yaxis: this.axis(theme, this.text.loss, { type: chosen.log ? "log" : "linear" }) };
    return { ...base, xaxis: this.axis(theme, x), yaxis: this.axis(theme, y) };
  }

  describe(plan, rows, chosen, step) {
    const all = [...rows.values()].flatMap(({ losses }) => losses).filter((loss) => loss !== null && Number.isFinite(loss));
    const said = all.length ? { low: exact(Math.min(...all)), high: exact(Math.max(...all)), centre: exact(plan.centre), step: step.toLocaleString(this.lang) } : null;
    write(this.caption, said ? fill(this.text.summary, said) : "");
    this.chart.setAttribute("aria-label", said ? fill(this.text.alt, { ...said, shape: this.text.shapes[chosen.shape] }) : this.text.waiting);
  }
}
