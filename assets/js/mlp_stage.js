// The stage of the playground: numbers, network and large map in one, drawn from one answer at a time, never between two.

import { element, fill, recall, remember, write } from "./dom.js";
import { Inspector } from "./mlp_inspect.js";
import { stageLayout } from "./mlp_layout.js";
import { INPUTS, Net } from "./mlp_net.js";
import { Paint } from "./mlp_paint.js";
import { Plane } from "./mlp_plane.js";
import { Readout } from "./mlp_readout.js";

const KEPT = "livetorch_playground";
const DETAIL = 60;
const POINTS = { name: "points", args: {} };
let heldBefore = null; // a run that begins brings a new stage, on which the same is held

export class Stage {
  constructor({ data, changed, asked, trigger }) {
    Object.assign(this, { data, changed, asked, trigger });
    const words = data.text;
    // hidden1, hidden2, ..., output as people say it
    this.text = { ...words, layer: (name) => (name === "output" ? words.output_layer : fill(words.hidden_layer, { number: name.replace(/\D/g, "") })) };
    this.shown = { test: true, sides: false, gradients: false, ...recall(KEPT, {}) };
    this.feed = null;
    this.pointed = null;
    this.held = heldBefore;
    this.seen = true;
    this.build();
    this.inspector.hold(this.held);
    this.observer = new IntersectionObserver(([entry]) => {
      this.seen = entry.isIntersecting;
      this.asked();
    });
    this.observer.observe(this.element);
    this.resized = new ResizeObserver(([{ contentRect }]) => {
      this.width = Math.round(contentRect.width); // read here: asked for while drawing, it would cost a layout
      this.changed();
    });
    this.resized.observe(this.board);
    this.hear = () => this.asked();
    document.addEventListener("visibilitychange", this.hear);
  }

  build() {
    const { text } = this;
    const edit = (name, value) => this.send(name, value);
    this.readout = new Readout({ text, lang: this.data.lang });
    this.net = new Net({ text, edit, hovered: (what) => this.point(what), chosen: (what) => this.hold(what) });
    this.plane = new Plane({ text });
    this.inspector = new Inspector({ text, set: (poke) => edit("poke", poke), release: () => this.hold(null) });
    this.paint = new Paint({ text, plane: this.plane, send: (points) => edit("data.points", points), changed: this.changed });
    this.problem = element("p", { class: "lt-problem", role: "status", hidden: true });
    this.note = element("p", { class: "lt-mlp-note" });
    this.key = element("p", { class: "lt-caption lt-mlp-key" });
    const toggles = element("div", { class: "lt-mlp-toggles lt-controls" }, ...["test", "sides", "gradients"].map((name) => this.toggle(name)));
    const head = element("header", { class: "lt-mlp-head" }, this.readout.numbers, toggles);
    this.board = element("div", { class: "lt-mlp-board" }, element("div", { class: "lt-mlp-left" }, this.net.element), element("div", { class: "lt-mlp-right" }, this.plane.element, this.paint.element));
    this.element = element("section", { class: "lt-card lt-mlp", "aria-label": text.stage }, head, this.problem, this.board, element("div", { class: "lt-mlp-message" }, this.note, this.readout.said), this.inspector.element, this.key);
  }

  toggle(name) {
    const box = element("input", {
      type: "checkbox", checked: this.shown[name], "data-toggle": name,
      onchange: () => {
        this.shown[name] = box.checked;
        remember(KEPT, this.shown);
        this.asked();
        this.changed();
      },
    });
    return element("label", { title: this.text.toggle_helps[name] }, box, this.text.toggles[name]);
  }

  close() {
    this.observer.disconnect();
    this.resized.disconnect();
    this.paint.close();
    document.removeEventListener("visibilitychange", this.hear);
  }

  follow(feed) {
    this.feed = feed;
    this.asked();
  }

  update(data) {
    this.data = data;
    this.dirty = true;
  }

  // Something done by hand in the picture; the page hears of it once.
  send(name, value) {
    const id = `${Date.now()}-${Math.random().toString(36).slice(2, 8)}`;
    this.trigger("edit", { name, value, id });
    return id;
  }

  // ---- what is looked at

  get main() {
    return { name: "playground", args: { side: this.data.side, detail: DETAIL, gradients: this.shown.gradients } };
  }

  get neuron() {
    const what = this.pointed ?? this.held;
    if (!what) return null;
    return { name: "neuron", args: { layer: what.layer, index: what.row ?? what.index, side: DETAIL } };
  }

  looks() {
    if (!this.seen || document.hidden) return [];
    return [this.main, ...(this.lacksPoints ? [POINTS] : []), ...(this.neuron ? [this.neuron] : [])];
  }

  // The points are asked for when they are others than those that are here, not with every look.
  get lacksPoints() {
    const points = this.answerOf(POINTS)?.data;
    return !points || points.version !== this.answerOf(this.main)?.data?.points_version;
  }

  // The settings' own first network where there is no run, or where they are no longer the run's.
  get previewed() {
    const { preview } = this.data;
    if (!preview?.playground && !preview?.blank) return false;
    return !this.feed || preview.instead || !this.answerOf(this.main);
  }

  answerOf(look) {
    const answer = this.feed?.answer(look);
    if (answer?.data) (this.last ??= {})[look.name] = answer;
    return answer ?? (look.name === "neuron" ? undefined : this.last?.[look.name]);
  }

  point(what) {
    if (JSON.stringify(what) === JSON.stringify(this.pointed)) return;
    this.pointed = what;
    this.asked();
    this.changed();
  }

  hold(what) {
    const same = what && JSON.stringify(what) === JSON.stringify(this.held);
    this.held = same ? null : what;
    heldBefore = this.held;
    this.inspector.hold(this.held);
    this.focusing = Boolean(this.held);
    this.asked();
    this.changed();
  }

  // ---- drawing

  async draw(theme) {
    const { previewed } = this;
    const main = previewed ? null : this.answerOf(this.main);
    const answer = previewed ? this.data.preview.playground : main?.data;
    const points = previewed ? this.data.preview.points : this.answerOf(POINTS)?.data;
    const detail = previewed || !this.neuron ? null : this.answerOf(this.neuron)?.data;
    const regression = points ? points.task === "regression" : this.data.task === "regression";
    const status = this.feed?.status;
    const stuck = !previewed && status?.step > 50 && answer && answer.layers.length > 1 && answer.layers.slice(0, -1).every((one) => one.weights.flat().every((weight) => weight === 0));
    this.readout.draw({ status, series: this.feed?.series, preview: previewed, regression, stuck });
    write(this.problem, main?.error ?? "");
    this.problem.hidden = !main?.error;
    const note = this.data.note ?? (previewed && this.data.preview.playground ? (this.data.preview.instead ? this.text.preview_instead : this.text.preview) : !answer && !previewed ? this.text.waiting : "");
    write(this.note, note);
    this.note.hidden = !note;
    Object.assign(this.element.dataset, { step: previewed ? 0 : main?.step ?? "", kind: previewed ? "preview" : answer ? "run" : "empty", neurons: answer ? answer.layers.map((one) => one.weights.length).join() : "" });
    this.drawBoard({ answer, points, detail, regression, theme, previewed });
  }

  drawBoard({ answer, points, detail, regression, theme, previewed }) {
    const { width } = this;
    if (!width) return;
    const layout = stageLayout(width, [INPUTS.length, ...(answer?.layers ?? [{ weights: [0] }]).map((one) => one.weights.length)]);
    this.board.dataset.narrow = layout.narrow;
    this.plane.fit(layout.narrow ? Math.min(layout.side, width - 30) : layout.side);
    const { readonly, paint } = this.data;
    const what = [this.pointed, this.held].find((one) => one && answer && this.exists(answer, one)) ?? null;
    const scene = { answer, points, regression, theme, classes: points?.classes || this.data.classes || 2, showTest: this.shown.test, sides: this.shown.sides, cursor: this.paint.cursor };
    scene.neuron = answer && what ? this.mapOf(answer, what, detail) : null;
    scene.title = scene.neuron ? fill(this.text.neuron_title, { name: this.nameOf(answer, what) }) : this.text.output_title;
    if (paint && (previewed ? !points : this.paint.stroke != null || this.paint.later || this.waitsForPoints(points))) scene.own = this.paint.points;
    this.plane.draw(scene);
    this.paint.update({ active: Boolean(paint) && !readonly, given: paint?.points ?? [], taken: paint?.taken, task: paint?.task, classes: paint?.classes, theme });
    if (!answer) return this.net.clear();
    if (!this.exists(answer, this.held)) this.hold(null);
    if (!this.exists(answer, this.pointed)) this.pointed = null;
    this.net.fit(layout, answer, { editable: previewed && this.data.switches?.neurons, readonly, switches: this.data.switches?.inputs });
    const gradients = this.shown.gradients && answer.layers.some((one) => one.weight_gradients);
    const strongest = this.net.draw(answer, { theme, marked: what, gradients });
    this.net.mark(this.held);
    this.inspector.draw(answer, { what: this.pointed, detail, readonly, gradients });
    write(this.key, [this.text.key, gradients ? fill(this.text.key_gradients, { most: strongest.toPrecision(2) }) : ""].filter(Boolean).join(" "));
    if (this.focusing) {
      this.focusing = false;
      this.inspector.focus();
    }
  }

  // Another network may lack what was held.
  exists(answer, what) {
    if (!what) return true;
    const count = what.layer < 0 ? answer.inputs.length : answer.layers[what.layer]?.weights.length ?? 0;
    return (what.row ?? what.index) < count && (what.column === undefined || what.column < answer.layers[what.layer].weights[0].length);
  }

  // Points that were painted are drawn from the visitor's list until the run tells of as many.
  waitsForPoints(points) {
    return !points || points.train.x1.length + points.test.x1.length !== this.paint.points.length;
  }

  // The finer map of the neuron where it has come, until then the small one.
  mapOf(answer, { layer, index, row }, detail) {
    const at = row ?? index;
    if (detail && detail.layer === layer && detail.index === at) return { block: detail.map, map: 0 };
    const block = layer < 0 ? answer.maps.inputs : answer.maps.layers[layer];
    return block && at < block.count ? { block, map: at } : null;
  }

  nameOf(answer, { layer, index, row }) {
    return layer < 0 ? this.text.inputs[answer.inputs[index]] : fill(this.text.neuron, { layer: this.text.layer(answer.layers[layer]?.name ?? ""), number: (row ?? index) + 1 });
  }
}
