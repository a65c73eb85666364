// A series and what the network makes of it: one step ahead, and running free on its own answers, against naive forecasts.

import { element, fill, loadPlotly, write } from "./dom.js";
import { forecastLayout, forecastTraces, timeAxis } from "./rnn_forecast_chart.js";
import { SequencePanel, short } from "./rnn_panel.js";

const SPANS = ["one_step", "free_12", "free_24"];
const METHODS = ["network", "naive", "seasonal_naive"];
const WAIT = 120; // milliseconds a moving slider rests before it is asked for

export class Forecast extends SequencePanel {
  build() {
    super.build();
    this.origin = null;
    this.slider = element("input", { type: "range", min: 0, max: 1, step: 1, "aria-label": this.text.free_from, oninput: (event) => this.from(Number(event.target.value)) });
    this.place = element("output", { class: "lt-note" });
    this.chart = element("div", { class: "lt-chart", role: "img", style: "height: 330px" });
    this.table = element("table", { class: "lt-race-table lt-scores" });
    this.caption = element("p", { class: "lt-caption" });
    this.body.append(
      this.chart,
      element("div", { class: "lt-controls lt-origin" }, element("label", { title: this.text.free_help }, this.text.free_from, this.slider), this.place),
      element("h5", {}, this.text.scores), element("div", { class: "lt-race-scroll" }, this.table), this.caption,
    );
  }

  close() {
    clearTimeout(this.timer);
    window.Plotly?.purge(this.chart);
  }

  looks() {
    return [{ name: "forecast", args: { origin: this.origin } }];
  }

  from(origin) {
    write(this.place, this.axis?.text(this.split + origin) ?? "");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.origin = origin;
      this.renew();
    }, WAIT);
  }

  async render(data) {
    this.axis = timeAxis(data.times);
    this.split = data.split;
    this.slider.max = data.values.length - data.split - 1;
    this.slider.disabled = !this.views.feed; // before a run only the first picture was asked for
    if (document.activeElement !== this.slider) this.slider.value = data.free.origin - data.split;
    write(this.place, this.axis.text(data.free.origin));
    this.score(data);
    const said = fill(this.text.forecast_alt, { name: data.name, mase: short(data.scores.network.one_step.mase) });
    this.chart.setAttribute("aria-label", said);
    const plotly = await loadPlotly();
    const traces = forecastTraces(data, this.axis, this.theme, this.text);
    await plotly.react(this.chart, traces, forecastLayout(data, this.axis, this.theme, this.text), { displayModeBar: false, responsive: true });
    if (!this.listens) this.chart.on("plotly_click", ({ points }) => this.clicked(points[0]));
    this.listens = true;
  }

  clicked({ customdata }) {
    if (this.views.feed && customdata >= this.split && customdata - this.split <= Number(this.slider.max)) this.from(customdata - this.split);
  }

  score({ scores, unit, season, origins }) {
    const methods = METHODS.filter((name) => scores[name]);
    const best = Object.fromEntries(SPANS.map((span) => [span, Math.min(...methods.map((name) => scores[name][span]?.mase ?? Infinity))]));
    const cell = (name, span) => {
      const { mase = null, mae = null } = scores[name][span] ?? {};
      const shown = element("td", { "data-best": String(mase !== null && mase === best[span]), "data-method": name, "data-span": span, "data-mase": mase }, short(mase));
      shown.append(element("small", {}, short(mae)));
      return shown;
    };
    const head = element("tr", {}, ...["", ...SPANS.map((span) => this.text.spans[span])].map((word) => element("th", {}, word)));
    const rows = methods.map((name) => element("tr", {}, element("td", {}, this.text.methods[name]), ...SPANS.map((span) => cell(name, span))));
    this.table.replaceChildren(element("thead", {}, head), element("tbody", {}, ...rows));
    write(this.caption, fill(season ? this.text.scores_caption_season : this.text.scores_caption, { season, origins, unit: this.text.units[unit] ?? (unit || this.text.own_unit) }));
  }
}
