// All pictures as points in the plane; pointing at one shows it.

import { element, fill, loadPlotly, write } from "./dom.js";
import { keyOf } from "./feed.js";
import { Asking } from "./inspect_features_asking.js";
import { Panel } from "./panel.js";
import { classColour, photo } from "./transfer_photo.js";

const HEIGHT = 420;
const LEAST_WAIT = 2000; // milliseconds from one map of a run that is on to the next
const SHARE = 0.1; // of the time that may go into maps

export class EmbeddingMap extends Panel {
  build() {
    this.asking = new Asking();
    this.method = "pca";
    const select = element("select", { "aria-label": this.text.map_method, onchange: (event) => this.choose(event.target.value) }, ...["pca", "tsne"].map((name) => element("option", { value: name }, this.text.map_methods[name])));
    const { image, show } = photo();
    this.showPhoto = show;
    this.pointed = element("span", { role: "status" });
    this.card = element("figure", { class: "lt-map-card", hidden: true }, image, element("figcaption", {}, this.pointed));
    this.plot = element("div", { class: "lt-map-plot", role: "img" });
    this.note = element("p", { class: "lt-caption" });
    this.body.append(element("div", { class: "lt-controls" }, element("label", {}, this.text.map_method, select)), element("div", { class: "lt-map" }, this.plot, this.card), this.note);
  }

  choose(method) {
    this.method = method;
    this.renew();
  }

  renew() {
    this.asking.renew();
    this.views.ask();
    this.views.changed();
  }

  // A map takes seconds, in which the run's own process would neither train nor hear Stop: it is made elsewhere, of a moment.
  looks() {
    if (this.asking.feed !== this.views.feed) [this.asking, this.shown] = [new Asking(), null];
    this.asking.follow(this.views.feed);
    return this.asking.ready ? [this.asking.placed({ name: "map", args: { method: this.method } })] : [];
  }

  // Until the next map is there, the last one stays.
  answer() {
    const found = super.answer();
    return found ?? (this.shown?.args.method === this.method ? this.shown : undefined);
  }

  async draw(theme) {
    await super.draw(theme);
    const [look] = this.looks();
    const key = look && keyOf(look);
    if (key !== this.asked) [this.asked, this.since, this.took] = [key, performance.now(), null];
    if (!look || !this.views.answer(look)) return;
    this.took ??= performance.now() - this.since;
    if (this.asking.active && !this.timer) this.timer = setTimeout(() => this.again(), Math.max(LEAST_WAIT, this.took / SHARE));
  }

  again() {
    this.timer = null;
    if (this.asking.active && this.views.visible && !this.element.hidden) this.renew();
  }

  close() {
    clearTimeout(this.timer);
  }

  // A class is a colour; pictures that are held out are rings; a wrong answer is a cross.
  traces(data, colours) {
    const groups = data.classes.flatMap((name, number) => [[name, number, false], [name, number, true]]);
    return groups.map(([name, number, held]) => {
      const at = data.index.map((_, place) => place).filter((place) => data.labels[place] === number && data.held[place] === held);
      const wrong = (place) => data.predicted[place] !== data.labels[place];
      return {
        type: "scatter", mode: "markers", name: held ? `${name}, ${this.text.map_held}` : name, legendgroup: name, hoverinfo: "none",
        x: at.map((place) => data.x[place]), y: at.map((place) => data.y[place]), customdata: at,
        marker: { color: classColour(number), size: at.map((place) => (wrong(place) ? 11 : 8)), symbol: at.map((place) => (wrong(place) ? "x" : held ? "circle-open" : "circle")), line: { width: held ? 2 : 0.5, color: held ? classColour(number) : colours["--lt-panel"] }, opacity: 0.9 },
      };
    });
  }

  async render(data) {
    this.data = data;
    const plotly = await loadPlotly();
    const { colours, font } = this.theme;
    const axis = { showgrid: true, gridcolor: colours["--lt-grid"], zeroline: false, showticklabels: false };
    const layout = {
      height: HEIGHT, margin: { l: 8, r: 8, t: 8, b: 8 }, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", font: { family: font, size: 12, color: colours["--lt-text"] },
      xaxis: axis, yaxis: axis, hovermode: "closest", dragmode: "pan", legend: { orientation: "h", x: 0, y: -0.02, yanchor: "top" }, uirevision: this.method,
    };
    await plotly.react(this.plot, this.traces(data, colours), layout, { displayModeBar: false, responsive: true, scrollZoom: false });
    this.plot.setAttribute("aria-label", fill(this.text.map_alt, { count: data.index.length }));
    this.plot.dataset.points = data.index.length;
    if (!this.listening) {
      this.listening = true;
      this.plot.on("plotly_hover", ({ points }) => this.point(points[0].customdata));
      this.plot.on("plotly_click", ({ points }) => this.views.open("predictions", { index: this.data.index[points[0].customdata] }));
    }
    const words = data.explained
      ? fill(this.text.map_pca, { first: (100 * data.explained[0]).toFixed(0), second: (100 * data.explained[1]).toFixed(0) })
      : this.text.map_tsne;
    write(this.note, data.index.length < data.total ? `${words} ${fill(this.text.map_of, { shown: data.index.length, total: data.total })}` : words);
  }

  point(place) {
    const { data } = this;
    this.card.hidden = false;
    this.card.style.borderColor = classColour(data.labels[place]);
    this.showPhoto(this.views.feed, data.index[place], fill(this.text.photo_alt, { number: data.index[place] + 1 }));
    write(this.pointed, fill(this.text.map_point, { truth: data.classes[data.labels[place]], said: data.classes[data.predicted[place]], percent: data.confidence[place] === null ? "–" : (100 * data.confidence[place]).toFixed(0) }));
  }
}
