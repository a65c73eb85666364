// The gradient of the loss with respect to the input: beside the picture, as bars or as a heat strip.

import { element, fill, loadPlotly, write } from "./dom.js";
import { stepper } from "./inspect_parts.js";
import { decoded } from "./panel.js";
import { paint, scaleBar, signedColours } from "./tensors.js";

const CELL = 168; // pixels a side of a picture
const BARS = 200;

export class InputGradient {
  constructor({ text, lang, chosen }) {
    Object.assign(this, { text, lang });
    this.example = stepper(text, text.example, "example", chosen);
    this.items = element("div", { class: "lt-input-items" });
    this.said = element("p", { class: "lt-caption" });
    this.element = element(
      "section", { class: "lt-card lt-health-input", "data-kind": "empty" }, element("header", {}, element("h4", {}, text.input_title), element("div", { class: "lt-inspect-bar" }, this.example.element)),
      element("p", { class: "lt-lead" }, text.input_lead), this.items, this.said,
    );
    this.charts = [];
  }

  close() {
    for (const chart of this.charts) window.Plotly?.purge(chart);
    this.charts = [];
  }

  async draw(theme, answer, example) {
    if (!answer?.data) return;
    const { data } = answer;
    this.example.show(example, data.examples);
    if (answer === this.shown && theme.key === this.theme) return;
    [this.shown, this.theme] = [answer, theme.key];
    const made = await Promise.all(data.items.map((item) => this.item(item, theme)));
    if (answer !== this.shown) return;
    this.close();
    this.items.replaceChildren(...made.map(({ figure }) => figure));
    for (const { after } of made) await after?.();
    this.element.dataset.kind = data.items[0]?.kind ?? "empty";
    write(this.said, fill(this.text.input_said, { loss: short(data.loss), step: answer.step.toLocaleString(this.lang) }));
  }

  async item(item, theme) {
    const named = item.name === "" ? "" : (this.text.samples[item.name] ?? fill(this.text.labelled, { name: item.name }));
    const caption = element("figcaption", {}, [named, fill(this.text.input_norm, { norm: short(item.norm) })].filter(Boolean).join(" · "));
    const figure = element("figure", { class: "lt-input-item", "data-kind": item.kind });
    const after = await { picture: () => this.picture(figure, item, theme), numbers: () => this.numbers(figure, item, theme), series: () => this.series(figure, item, theme), tokens: () => this.bars(figure, item, theme, false) }[item.kind]();
    figure.append(caption);
    return { figure, after }; // not called "then": a promise would take it for one of its kind
  }

  async picture(figure, { picture, gradient }, theme) {
    const image = await decoded(picture.png);
    const [seen, canvas] = [element("canvas", { role: "img", "aria-label": this.text.input_picture }), element("canvas", { role: "img", "aria-label": this.text.input_map })];
    const high = Math.max(1, Math.round(CELL / image.height));
    Object.assign(seen, { width: image.width * high, height: image.height * high });
    const context = seen.getContext("2d");
    context.imageSmoothingEnabled = false;
    context.drawImage(image, 0, 0, seen.width, seen.height);
    paint(canvas, gradient, { columns: gradient.count, cell: CELL, dark: theme.dark });
    figure.append(element("div", { class: "lt-input-pair" }, seen, element("div", {}, canvas, this.scale(gradient, theme))));
  }

  scale(block, theme) {
    const { bar, show } = scaleBar();
    show(block, theme.dark);
    return bar;
  }

  // A row for each number: its name, its value, a bar to the left or to the right.
  numbers(figure, { labels, values, gradient }, theme) {
    const most = Math.max(...gradient.map((one) => Math.abs(one ?? 0)), 1e-30);
    const colours = signedColours(theme.dark);
    const rows = gradient.map((one, at) => {
      const share = (one ?? 0) / most;
      const ends = share < 0 ? `right: 50%; width: ${-50 * share}%` : `left: 50%; width: ${50 * share}%`;
      const byte = Math.round(127.5 + 100 * Math.sign(share));
      const bar = element("i", { style: `${ends}; background: rgb(${colours.slice(3 * byte, 3 * byte + 3).join(",")})` });
      return element("div", { class: "lt-input-row", role: "listitem" }, element("span", {}, labels[at] ?? ""), element("code", {}, short(values[at])), element("span", { class: "lt-input-track" }, bar), element("b", {}, one === null ? this.text.nan : short(one)));
    });
    const head = element("div", { class: "lt-input-row lt-input-head", "aria-hidden": "true" }, element("span", {}, this.text.input_name), element("code", {}, this.text.input_value), element("span", {}, ""), element("b", {}, this.text.input_gradient));
    figure.append(element("div", { class: "lt-input-rows", "data-many": rows.length > 10, role: "list", "aria-label": this.text.input_map }, head, ...rows));
  }

  series(figure, item, theme) {
    if (item.each) return this.bars(figure, { labels: item.labels, gradient: item.each }, theme, true);
    for (const [block, word] of [[item.values, this.text.input_sequence], [item.gradient, this.text.input_map]]) {
      const canvas = element("canvas", { role: "img", class: "lt-input-strip", "aria-label": word });
      paint(canvas, block, { columns: 1, cell: Math.max(block.width, block.height) * Math.max(4, Math.min(22, Math.floor(520 / Math.max(block.width, block.height)))), dark: theme.dark });
      figure.append(element("div", { class: "lt-input-part" }, element("span", { class: "lt-caption" }, word), canvas, this.scale(block, theme)));
    }
    figure.append(element("p", { class: "lt-caption" }, fill(this.text.input_axes, { features: item.shape[1], steps: item.labels.length })));
    return undefined;
  }

  bars(figure, { labels, gradient }, theme, signed) {
    const chart = element("div", { class: "lt-chart", role: "img", "aria-label": this.text.input_map, style: "height: 220px" });
    figure.append(chart);
    this.charts.push(chart);
    const colours = signedColours(theme.dark);
    const side = (byte) => `rgb(${colours.slice(3 * byte, 3 * byte + 3).join(",")})`;
    const colour = (name) => theme.colours[name];
    const grid = { gridcolor: colour("--lt-grid"), linecolor: colour("--lt-grid"), zerolinecolor: colour("--lt-quiet"), automargin: true };
    const count = Math.min(BARS, gradient.length);
    const every = Math.max(1, Math.ceil(count / 24));
    const at = [...Array(count).keys()].filter((one) => one % every === 0);
    const trace = {
      type: "bar", x: [...Array(count).keys()], y: gradient.slice(0, count), customdata: labels.map((label) => (label === " " ? "␣" : label)),
      marker: { color: gradient.map((one) => (signed ? side(one < 0 ? 30 : 225) : colour("--lt-train"))) }, hovertemplate: "%{customdata}: %{y:.3~g}<extra></extra>",
    };
    const layout = {
      height: 220, margin: { l: 8, r: 8, t: 8, b: 8 }, bargap: 0.15, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", showlegend: false,
      font: { family: theme.font, size: 12, color: colour("--lt-text") }, hoverlabel: { bgcolor: colour("--lt-panel"), font: { color: colour("--lt-text") } },
      xaxis: { ...grid, zeroline: false, tickvals: at, ticktext: at.map((one) => (labels[one] === " " ? "␣" : labels[one])), title: { text: this.text.input_step, standoff: 4 } },
      yaxis: { ...grid, exponentformat: "power", title: { text: signed ? this.text.input_gradient : this.text.input_length } },
    };
    return async () => {
      const plotly = await loadPlotly();
      await plotly.react(chart, [trace], layout, { displayModeBar: false, responsive: true });
      this.charts = [...new Set([...this.charts, chart])];
    };
  }
}

function short(value) {
  if (typeof value !== "number") return "–";
  return value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e4) ? value.toExponential(2) : String(Number(value.toPrecision(3)));
}
