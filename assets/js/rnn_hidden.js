// What the network carries from step to step, and how its gates decide what is kept.

import { element, fill, write } from "./dom.js";
import { HeatMap } from "./rnn_heat.js";
import { Chooser, SequencePanel } from "./rnn_panel.js";

const CURVE_HEIGHT = 36; // pixels

export class Hidden extends SequencePanel {
  build() {
    super.build();
    this.chooser = new Chooser(this);
    this.note = element("p", { class: "lt-caption" });
    this.maps = Object.fromEntries(["hidden", "reverse", "cell"].map((name) => [name, new HeatMap({ text: this.text, title: this.text.states[name] })]));
    this.body.append(this.chooser.element, ...Object.values(this.maps).map((map) => map.element), this.note);
  }

  looks() {
    return [{ name: "hidden", args: this.chooser.args }];
  }

  render(data) {
    this.chooser.show(data);
    for (const [name, map] of Object.entries(this.maps)) {
      map.element.hidden = !data[name];
      if (data[name]) map.show(data[name], data.axis, this.theme.dark);
    }
    write(this.note, fill(this.text.saturated, { percent: (100 * data.saturated).toFixed(1) }));
  }
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / (values.length || 1);
}

// The mean of a gate over the steps, between shut (below) and open (above).
function curve(canvas, values, theme) {
  const width = Math.max(1, canvas.clientWidth);
  const ratio = window.devicePixelRatio || 1;
  canvas.width = width * ratio;
  canvas.height = CURVE_HEIGHT * ratio;
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  const y = (value) => CURVE_HEIGHT - 2 - value * (CURVE_HEIGHT - 4);
  context.strokeStyle = theme.colours["--lt-grid"];
  for (const level of [0, 0.5, 1]) {
    context.beginPath();
    context.moveTo(0, y(level));
    context.lineTo(width, y(level));
    context.stroke();
  }
  context.strokeStyle = theme.colours["--lt-train"];
  context.lineWidth = 2;
  context.beginPath();
  values.forEach((value, at) => context.lineTo(((at + 0.5) / values.length) * width, y(value ?? 0)));
  context.stroke();
}

export class Gates extends SequencePanel {
  build() {
    super.build();
    this.chooser = new Chooser(this);
    this.rows = element("div");
    this.body.append(this.chooser.element, this.rows, element("p", { class: "lt-caption" }, this.text.gates_caption));
  }

  looks() {
    return [{ name: "gates", args: this.chooser.args }];
  }

  fit(gates) {
    const key = gates.map(({ name }) => name).join();
    if (key === this.fitted) return;
    this.fitted = key;
    this.gates = gates.map(({ name }) => {
      const words = this.text.gates[name] ?? { title: name, does: "" };
      const map = new HeatMap({ text: this.text, title: words.title, picked: (step) => this.say(step) });
      const line = element("canvas", { class: "lt-gate-curve", "aria-hidden": "true" });
      map.element.insertBefore(line, map.element.children[1]);
      map.element.insertBefore(element("p", { class: "lt-caption lt-gate-does" }, words.does), line);
      return { map, line };
    });
    this.rows.replaceChildren(...this.gates.map(({ map }) => map.element));
  }

  render(data) {
    this.data = data;
    this.chooser.show(data);
    this.fit(data.gates);
    data.gates.forEach(({ block, mean: values }, at) => {
      const { map, line } = this.gates[at];
      map.show(block, data.axis, this.theme.dark);
      curve(line, values, this.theme);
    });
    this.say(null);
  }

  // Over all steps, or at the step that is pointed at in one of the maps.
  say(step) {
    this.data?.gates.forEach(({ mean: values, open, closed }, at) => {
      const of = (list) => (step === null ? mean(list) : list[step]);
      const percent = (list) => Math.round(100 * of(list));
      this.gates[at].map.say(fill(this.text.gate_numbers, { mean: of(values).toFixed(2), open: percent(open), closed: percent(closed) }));
    });
  }
}
