// The live view of a run: curves and a wall of predictions, fed by our WebSocket.
//
// Streamlit calls the default export again at every rerun, so what lasts is kept per parent element.
// A point's epoch is a continuous number: 2.5 is the middle of the third. All words come from `data.text`; pages/shared/live.py lists them.

const VIEWS = new WeakMap();
const MOST_POINTS = 1000;
const LABEL_ROWS = 4;
const LABEL_HEIGHT = 15;
const LETTER_WIDTH = 6.5;
const FIRST_RETRY = 300;
const LAST_RETRY = 5000;
const COLOURS = ["--lt-train", "--lt-validation", "--lt-grid", "--lt-text", "--lt-panel", "--lt-mark"];
const SETTINGS_KEY = "livetorch_curves";

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".lt-live_run");
  let view = VIEWS.get(parentElement);
  if (!view) VIEWS.set(parentElement, (view = new LiveView(root)));
  view.update(data, setTriggerValue);
  return () => {
    view.close();
    VIEWS.delete(parentElement);
  };
}

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made[key] = value;
    else if (value !== null && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

function loadPlotly() {
  window.livetorchPlotly ??= new Promise((done, failed) => {
    if (window.Plotly) return done(window.Plotly);
    const script = element("script", { src: "/livetorch/plotly.min.js" });
    script.onload = () => done(window.Plotly);
    script.onerror = () => {
      window.livetorchPlotly = undefined;
      failed(new Error("plotly.js did not load"));
    };
    document.head.append(script);
  });
  return window.livetorchPlotly;
}

// ---- numbers -------------------------------------------------------------------------------------

function emptySeries() {
  return { step: [], epoch: [], seconds: [], loss: [], accuracy: [] };
}

function append(series, more) {
  for (const name of Object.keys(series)) if (more[name]) for (const value of more[name]) series[name].push(value);
}

// Exponential moving average that starts unbiased; gaps (null) stay gaps.
function smooth(values, weight) {
  let mean = 0;
  let mass = 0;
  return values.map((value) => {
    if (value === null) return null;
    mean = weight * mean + (1 - weight) * value;
    mass = weight * mass + (1 - weight);
    return mean / mass;
  });
}

// Positions to draw: of each stretch the lowest and the highest, so that peaks stay.
function thinned(values) {
  const count = values.length;
  if (count <= MOST_POINTS) return [...values.keys()];
  const width = Math.ceil(count / (MOST_POINTS / 2));
  const kept = [];
  for (let start = 0; start < count; start += width) {
    let low = start;
    let high = start;
    for (let at = start; at < Math.min(start + width, count); at++) {
      if (values[at] !== null && (values[low] === null || values[at] < values[low])) low = at;
      if (values[at] !== null && (values[high] === null || values[at] > values[high])) high = at;
    }
    kept.push(Math.min(low, high));
    if (low !== high) kept.push(Math.max(low, high));
  }
  if (kept[kept.length - 1] !== count - 1) kept.push(count - 1);
  return kept;
}

// Short at any size, so that a heading never needs another line for its numbers.
function shown(value, metric) {
  if (value === null || value === undefined) return "–";
  if (metric === "accuracy") return (100 * value).toFixed(1) + " %";
  return value > 0 && value < 0.001 ? value.toExponential(2) : value.toPrecision(4);
}

// A colour variable as rgba: Plotly understands neither light-dark() nor color-mix().
const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
function resolved(parent, name) {
  const probe = element("span", { style: `color: var(${name}); display: none` });
  parent.append(probe);
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = getComputedStyle(probe).color;
  canvas.fillRect(0, 0, 1, 1);
  probe.remove();
  const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
  return `rgba(${red},${green},${blue},${alpha / 255})`;
}

// ---- the view ------------------------------------------------------------------------------------

class LiveView {
  constructor(root) {
    this.root = root;
    this.run = undefined;
    this.retry = FIRST_RETRY;
    this.settings = { smoothing: 0.8, log: false, axis: "step", ...this.stored() };
  }

  stored() {
    try {
      return JSON.parse(localStorage.getItem(SETTINGS_KEY)) ?? {};
    } catch {
      return {}; // storage may be forbidden; the defaults serve
    }
  }

  update(data, setTriggerValue) {
    this.data = data;
    this.trigger = setTriggerValue;
    if (this.run !== data.run || this.viewToken !== data.view || !this.parts) {
      this.disconnect();
      this.run = data.run;
      this.viewToken = data.view;
      this.reset();
      this.build();
      if (this.run) this.connect();
    }
    this.palette = Object.fromEntries(COLOURS.map((name) => [name, resolved(this.parts.live, name)]));
    this.tellState();
    this.schedule();
  }

  reset() {
    this.series = { train: emptySeries(), validation: emptySeries() };
    this.cursor = 0;
    this.status = null;
    this.wall = null;
  }

  close() {
    this.disconnect();
    for (const chart of Object.values(this.parts?.charts ?? {})) window.Plotly?.purge(chart);
  }

  // ---- the socket

  connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const query = new URLSearchParams({ cursor: this.cursor, lang: this.data.lang });
    if (this.viewToken) query.set("view", this.viewToken);
    const socket = new WebSocket(`${scheme}://${location.host}/api/runs/${this.run}/live?${query}`);
    this.socket = socket;
    socket.onmessage = (event) => this.socket === socket && this.receive(JSON.parse(event.data));
    socket.onclose = (event) => this.socket === socket && this.lost(event.code);
  }

  disconnect() {
    clearTimeout(this.again);
    clearTimeout(this.telling);
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  lost(code) {
    this.announce(false);
    if (code === 4404) this.trigger("state", "gone"); // deleted, or a restarted server: the page finds out
    this.again = setTimeout(() => this.connect(), this.retry);
    this.retry = Math.min(2 * this.retry, LAST_RETRY);
  }

  receive(frame) {
    this.retry = FIRST_RETRY;
    if (frame.from > this.cursor || frame.to < this.cursor) {
      this.reset(); // not what we asked for: begin anew
      this.disconnect();
      this.connect();
      return;
    }
    if (frame.from === this.cursor) for (const split of ["train", "validation"]) append(this.series[split], frame[split]);
    this.cursor = frame.to;
    if (frame.status.wall) this.wall = frame.status.wall;
    const before = this.status?.state;
    this.status = frame.status;
    if (before !== this.status.state) {
      this.parts.live.dataset.state = this.status.state; // whoever pressed Pause or Stop need not wait for the charts
      this.announce(true);
    }
    this.tellState();
    this.schedule();
  }

  // One rerun of the page for each change of state; sent again while the page still shows the old one.
  tellState() {
    clearTimeout(this.telling);
    if (!this.status || this.status.state === this.data.state) return;
    const tell = () => {
      if (!this.status || this.status.state === this.data.state) return;
      this.trigger("state", this.status.state);
      this.telling = setTimeout(tell, 3000);
    };
    this.telling = setTimeout(tell, 0);
  }

  announce(connected) {
    const detail = { run: this.run, status: this.status, connected };
    window.dispatchEvent(new CustomEvent("livetorch:status", { detail }));
  }

  // ---- the page

  build() {
    const text = this.data.text;
    this.root.replaceChildren();
    const live = element("div", { class: "live-run", "data-run-id": this.run ?? "", "data-state": this.data.state ?? "none" });
    const charts = {};
    const numbers = {};
    for (const metric of ["loss", "accuracy"]) {
      charts[metric] = element("div", { class: "lt-chart", role: "img", "aria-label": text[metric] });
      numbers[metric] = element("div", { class: "lt-numbers" });
    }
    const wall = element("div", { class: "lt-wall" });
    const caption = element("p", { class: "lt-caption" });
    live.append(this.controls());
    for (const metric of ["loss", "accuracy"])
      live.append(
        element("section", { class: "lt-card" }, element("header", {}, element("h4", {}, text[metric]), numbers[metric]), charts[metric]),
      );
    live.append(element("section", { class: "lt-card" }, element("header", {}, element("h4", {}, text.wall)), wall, caption));
    if (!this.run) live.append(element("p", { class: "lt-empty" }, text.empty));
    this.root.append(live);
    this.parts = { live, charts, numbers, wall, caption, drawn: {} };
    this.buildWall();
  }

  controls() {
    const text = this.data.text;
    const remember = (name, value) => {
      this.settings[name] = value;
      try {
        localStorage.setItem(SETTINGS_KEY, JSON.stringify(this.settings));
      } catch {
        // storage may be forbidden; the choice holds until the page is left
      }
      this.schedule();
    };
    const slider = element("input", {
      type: "range", min: 0, max: 0.99, step: 0.01, value: this.settings.smoothing, "aria-label": text.smoothing,
      oninput: (event) => remember("smoothing", Number(event.target.value)),
    });
    const log = element("input", {
      type: "checkbox", checked: this.settings.log, onchange: (event) => remember("log", event.target.checked),
    });
    const axis = element(
      "select",
      { "aria-label": text.axis, onchange: (event) => remember("axis", event.target.value) },
      ...["step", "epoch", "seconds"].map((name) => element("option", { value: name, selected: name === this.settings.axis }, text[name])),
    );
    return element(
      "div",
      { class: "lt-controls" },
      element("label", { title: text.smoothing_help }, text.smoothing, slider),
      element("label", { title: text.log_help }, log, text.log),
      element("label", { title: text.axis_help }, text.axis, axis),
      this.downloads(),
    );
  }

  downloads() {
    const text = this.data.text;
    const picture = (format) => () =>
      Object.entries(this.parts.charts).forEach(([metric, chart]) =>
        window.Plotly?.downloadImage(chart, { format, width: 900, height: 420, filename: `livetorch_${metric}` }),
      );
    const csv = () => {
      const query = this.viewToken ? `?view=${encodeURIComponent(this.viewToken)}` : "";
      location.assign(`/api/runs/${this.run}/metrics.csv${query}`);
    };
    const button = (label, onclick) => element("button", { type: "button", onclick, disabled: !this.run }, label);
    return element(
      "span",
      { class: "lt-downloads", role: "group", "aria-label": text.download },
      button("PNG", picture("png")), button("SVG", picture("svg")), button("CSV", csv),
    );
  }

  buildWall() {
    const tiles = Array.from({ length: 40 }, (_, number) => {
      const picture = element("div", { class: "lt-picture" });
      picture.style.backgroundPosition = `${((number % 8) / 7) * 100}% ${(Math.floor(number / 8) / 4) * 100}%`;
      const tile = element("figure", { class: "lt-tile" }, picture, element("figcaption", {}, "–"), element("i"));
      return tile;
    });
    this.parts.wall.replaceChildren(...tiles);
    this.parts.caption.textContent = this.data.text.wall_caption;
  }

  // ---- drawing: at most once a frame, and never while the last one is still under way

  schedule() {
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame(async () => {
      try {
        await this.draw();
      } finally {
        this.scheduled = false;
        if (this.status !== this.drawnStatus && this.socket) this.schedule();
      }
    });
  }

  async draw() {
    if (!this.parts) return;
    const status = this.status;
    const plotly = await loadPlotly();
    if (!this.parts) return;
    await Promise.all(["loss", "accuracy"].map((metric) => this.drawChart(plotly, metric)));
    this.drawWall();
    this.mark(status);
    this.drawnStatus = status;
    if (status) this.announce(this.socket?.readyState === WebSocket.OPEN);
  }

  mark(status) {
    if (!status) return;
    const { live } = this.parts;
    live.dataset.runId = this.run;
    live.dataset.state = status.state;
    live.dataset.step = status.step;
    live.dataset.epoch = status.epoch;
    live.dataset.metrics = JSON.stringify(status.latest);
    live.dataset.metricTime = status.metric_time;
    live.dataset.learningRate = status.learning_rate;
    for (const [metric, numbers] of Object.entries(this.parts.numbers)) {
      const part = (split) =>
        element("span", { class: `lt-${split}` }, `${this.data.text[split]} `, element("b", {}, shown(status.latest[split]?.[metric], metric)));
      numbers.replaceChildren(part("train"), part("validation"));
      this.parts.charts[metric].setAttribute("aria-label", `${this.data.text[metric]}: ${numbers.textContent}`);
    }
  }

  async drawChart(plotly, metric) {
    const chart = this.parts.charts[metric];
    const colour = (name) => this.palette[name];
    const { train, validation } = this.series;
    const text = this.data.text;
    const axis = this.settings.axis;
    const line = (series, values, extra) => {
      const at = thinned(values);
      return { x: at.map((i) => series[axis][i]), y: at.map((i) => values[i]), type: "scatter", ...extra };
    };
    const smoothed = this.settings.smoothing > 0;
    const strong = { color: colour("--lt-train"), width: 2 };
    const format = metric === "accuracy" ? ":.2%" : ":.5f";
    const hovertemplate = `%{y${format}}`;
    const traces = [
      line(train, train[metric], {
        name: text.train, mode: "lines", line: { ...strong, width: smoothed ? 1 : 2 }, opacity: smoothed ? 0.3 : 1, hovertemplate,
      }),
      line(train, smoothed ? smooth(train[metric], this.settings.smoothing) : [], {
        name: text.smoothed, mode: "lines", line: strong, hovertemplate, visible: smoothed,
      }),
      line(validation, validation[metric], {
        name: text.validation, mode: "lines+markers", line: { color: colour("--lt-validation"), width: 2 }, marker: { size: 5 }, hovertemplate,
      }),
    ];
    await plotly.react(chart, traces, this.layout(metric, colour), { displayModeBar: false, responsive: true });
  }

  // What was changed by hand, with a row for each label so that none lies on another; what finds no row has a line only.
  editMarks(width) {
    const text = this.data.text;
    const last = Math.max(1, ...["train", "validation"].map((split) => this.series[split][this.settings.axis].at(-1) ?? 0));
    const ends = Array(LABEL_ROWS).fill(-Infinity);
    return (this.status?.edits ?? []).map((edit) => {
      const x = edit[this.settings.axis];
      const label = `${text.edit_short[edit.name]} ${Number(edit.value.toPrecision(3))}`;
      const left = (x / last) * width;
      const row = ends.findIndex((end) => end < left);
      if (row >= 0) ends[row] = left + LETTER_WIDTH * (label.length + 1);
      return { x, label, row };
    });
  }

  layout(metric, colour) {
    const text = this.data.text;
    const grid = { gridcolor: colour("--lt-grid"), linecolor: colour("--lt-grid"), zeroline: false, automargin: true };
    const edits = this.editMarks(this.parts.charts[metric].clientWidth - 40);
    const above = metric === "loss"; // a curve that falls leaves room at the top, one that rises at the bottom
    const log = this.settings.log && metric === "loss";
    const blank = this.series.train.step.length === 0; // one point of validation alone gives no sensible range
    const whole = metric === "accuracy" ? [0, 1] : [0, Math.max(2.5, 1.1 * (this.series.validation.loss[0] ?? 0))];
    return {
      height: 230,
      margin: { l: 8, r: 8, t: 26, b: 8 },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: getComputedStyle(this.parts.live).fontFamily, size: 12, color: colour("--lt-text") },
      showlegend: true,
      legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", font: { size: 12 } },
      hovermode: "x unified",
      hoverlabel: { bgcolor: colour("--lt-panel"), font: { color: colour("--lt-text") } },
      uirevision: `${this.run}-${this.settings.axis}-${log}-${blank}`,
      xaxis: { ...grid, title: { text: text[this.settings.axis], standoff: 4 }, rangemode: "tozero", ...(blank && { range: [0, 100] }) },
      yaxis: { ...grid, ...(blank && !log && { range: whole }), type: log ? "log" : "linear", tickformat: metric === "accuracy" ? ".0%" : "", nticks: 6 },
      shapes: edits.map((edit) => ({
        type: "line", x0: edit.x, x1: edit.x, yref: "paper", y0: 0, y1: 1, line: { color: colour("--lt-mark"), width: 1, dash: "dot" },
      })),
      annotations: edits.filter((edit) => edit.row >= 0).map((edit) => ({
        x: edit.x, yref: "paper", y: above ? 1 : 0, yshift: (above ? -1 : 1) * LABEL_HEIGHT * edit.row, text: edit.label, showarrow: false,
        xanchor: "left", yanchor: above ? "top" : "bottom", font: { size: 11, color: colour("--lt-mark") }, bgcolor: colour("--lt-panel"),
      })),
    };
  }

  drawWall() {
    const { wall, caption } = this.parts;
    if (!this.wall || !this.status?.wall_image || this.drawnWall === this.wall) return;
    this.drawnWall = this.wall;
    const query = this.viewToken ? `?view=${encodeURIComponent(this.viewToken)}` : "";
    wall.style.setProperty("--lt-sprite", `url("${this.status.wall_image}${query}")`);
    const classes = this.status.classes;
    let wrong = 0;
    [...wall.children].forEach((tile, number) => {
      const said = classes[this.wall.predicted[number]];
      const truth = classes[this.wall.labels[number]];
      const right = said === truth;
      if (!right) wrong++;
      tile.dataset.right = right;
      tile.querySelector("figcaption").textContent = right ? said : `✗ ${said} (${truth})`;
      tile.querySelector("i").style.width = `${100 * this.wall.confidence[number]}%`;
      tile.title = this.data.text.tile
        .replace("{said}", said).replace("{truth}", truth).replace("{confidence}", (100 * this.wall.confidence[number]).toFixed(0));
    });
    caption.textContent = this.data.text.wall_state.replace("{step}", this.wall.step).replace("{wrong}", wrong).replace("{count}", wall.children.length);
  }
}
