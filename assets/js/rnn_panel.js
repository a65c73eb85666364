// What the views of sequences share: the look before a run, the step it was taken at, and one chosen sequence for all of them.

import { element, fill, write } from "./dom.js";
import { keyOf } from "./feed.js";
import { Panel } from "./panel.js";

export class SequencePanel extends Panel {
  build() {
    this.stamp = element("p", { class: "lt-stamp" });
    this.element.insertBefore(this.stamp, this.problem);
    this.body.hidden = true; // controls of nothing say nothing
  }

  // Without a run, what the page asked of the network with its first weights.
  answer() {
    const [look] = this.looks();
    if (!look) return undefined;
    if (this.views.feed) return this.views.answer(look);
    return (this.views.data.previews ?? []).find((one) => keyOf(one) === keyOf(look));
  }

  async draw(theme) {
    if (this.answer()?.data) this.body.hidden = false; // charts and maps measure the room they have
    await super.draw(theme);
    const { shown } = this;
    write(this.stamp, !shown?.data ? "" : shown.step ? fill(this.text.after_step, { step: shown.step.toLocaleString("en") }) : this.text.before_training);
  }

  hint() {
    return this.views.feed ? super.hint() : this.text.no_run;
  }

  // Something else is looked at.
  renew() {
    this.views.ask();
    this.views.changed();
  }
}

// Which of the validation sequences is looked at, and in which layer. The views share it, so they show one and the same.
export class Chooser {
  constructor(panel) {
    const { views, text } = panel;
    this.panel = panel;
    this.shared = views.sequence ??= { index: 0, layer: 0 };
    const button = (by, label, sign) => element("button", { type: "button", "aria-label": label, title: label, onclick: () => this.to(this.shared.index + by) }, sign);
    this.number = element("input", { type: "number", min: 0, step: 1, value: this.shared.index, "aria-label": text.sequence_number, onchange: (event) => this.to(Math.floor(Number(event.target.value))) });
    this.of = element("span", { class: "lt-note" });
    this.layer = element("select", { "aria-label": text.layer, onchange: (event) => this.choose({ layer: Number(event.target.value) }) });
    this.layers = element("label", { class: "lt-layer-choice", hidden: true }, text.layer, this.layer);
    this.element = element("div", { class: "lt-buttons lt-chooser" }, element("label", {}, text.sequence, button(-1, text.picture_buttons.previous, "‹"), this.number, button(1, text.picture_buttons.next, "›")), this.of, this.layers);
  }

  get args() {
    return { index: this.shared.index, layer: this.shared.layer };
  }

  to(index) {
    const { count } = this;
    const whole = Number.isFinite(index) ? index : 0;
    this.choose({ index: count ? ((whole % count) + count) % count : Math.max(0, whole) });
  }

  choose(what) {
    Object.assign(this.shared, what);
    this.write();
    this.panel.renew();
  }

  // Other views may have chosen meanwhile.
  write() {
    this.number.value = this.shared.index;
    this.layer.value = this.shared.layer;
  }

  show({ count, layers = 1 }) {
    this.count = count;
    write(this.of, count === undefined ? "" : fill(this.panel.text.sequence_of, { last: (count - 1).toLocaleString("en") }));
    this.number.max = count - 1;
    if (this.layer.options.length !== layers)
      this.layer.replaceChildren(...Array.from({ length: layers }, (_, at) => element("option", { value: at }, String(at + 1))));
    this.layers.hidden = layers < 2;
    this.write();
  }
}

// A number as it is read at a glance.
export function short(value, digits = 3) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size < 0.001 || size >= 1e6) return value.toExponential(1);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size < 1 ? digits : 2);
}

// Axes, legend and colours that all of this family's charts have.
export function chartLayout(theme, { height, x, y, ...more }) {
  const colour = (name) => theme.colours[name];
  const grid = { gridcolor: colour("--lt-grid"), linecolor: colour("--lt-grid"), zeroline: false, automargin: true };
  return {
    height, margin: { l: 8, r: 8, t: 26, b: 8 }, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: theme.font, size: 12, color: colour("--lt-text") },
    showlegend: true, legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", font: { size: 12 } },
    hovermode: "x unified", hoverlabel: { bgcolor: colour("--lt-panel"), font: { color: colour("--lt-text") }, namelength: -1 },
    xaxis: { ...grid, ...x }, yaxis: { ...grid, nticks: 6, ...y }, ...more,
  };
}

// An upright line with a word at its top: where something begins or ends.
export function upright(x, label, colour, anchor = "left") {
  return {
    shape: { type: "line", x0: x, x1: x, yref: "paper", y0: 0, y1: 1, line: { color: colour, width: 1, dash: "dash" } },
    note: { x, yref: "paper", y: 1, yanchor: "top", xanchor: anchor, text: label, showarrow: false, font: { size: 11, color: colour } },
  };
}
