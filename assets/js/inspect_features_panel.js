// One attribution: its method and what belongs to it, the output that is explained, the picture, what the numbers say.

import { element, fill, write } from "./dom.js";
import { seconds, short } from "./inspect_features_numbers.js";
import { Overlay, summed } from "./inspect_features_overlay.js";
import { Strip } from "./inspect_features_strip.js";
import { chooser, problem } from "./inspect_parts.js";

const STEPS = [8, 16, 32, 64, 128];
const PATIENCE = 1.5; // seconds that are spent without asking first
const PIECE = 1.0; // seconds a piece should take
const [MOST_PIECES, MOST_INTEGRAL_PIECES] = [16, 16];
const OVERLAPPING = 64; // pixels a side up to which windows overlap: those are not taken apart
const BATCHED = 0.6; // many inputs at once take less time than one after the other

export class AttributionPanel {
  // `asking`: an Asking; `changed()`: something else is to be asked or drawn; `first`: which of the methods it begins with.
  constructor({ text, asking, changed, first }) {
    Object.assign(this, { text, asking, changed, first });
    this.chosen = { method: null, target: "", layer: "", baseline: "", steps: 32, window: 0 };
    this.agreed = new Set(); // expensive ones that were asked for
    const choose = (label, name) => chooser(label, name, (value) => this.choose(name, value));
    this.choosers = { method: choose(text.method, "method"), target: choose(text.explains, "target"), layer: choose(text.layer, "layer"), baseline: choose(text.baseline, "baseline"), steps: choose(text.steps, "steps"), window: choose(text.window, "window") };
    this.bar = element("div", { class: "lt-inspect-bar" }, ...Object.values(this.choosers).map((one) => one.element));
    this.method_said = element("p", { class: "lt-caption" });
    this.go = element("button", { type: "button", class: "lt-chip lt-go", hidden: true, onclick: () => this.agree() });
    this.waiting = element("p", { class: "lt-waiting", role: "status" });
    this.problem = problem(text, () => this.again());
    this.overlay = new Overlay(text);
    this.strip = new Strip(text);
    this.said = element("p", { class: "lt-verdict" });
    this.sums = element("p", { class: "lt-caption" });
    this.took = element("p", { class: "lt-caption" });
    this.shown = element("div", { class: "lt-attribution-shown", hidden: true }, this.overlay.element, this.strip.element, this.said, this.sums);
    this.element = element("section", { class: "lt-attribution", "aria-label": text.attribution }, this.bar, this.method_said, this.go, this.problem.element, this.waiting, this.shown, this.took);
  }

  choose(name, value) {
    this.chosen[name] = name === "steps" || name === "window" ? Number(value) : value;
    this.changed();
  }

  again() {
    this.asking.forgetErrors();
    this.changed();
  }

  agree() {
    this.agreed.add(JSON.stringify(this.args()));
    this.changed();
  }

  // `facts`: what unit_layers says of the network; `about`: part, example and what else names the input.
  fit(facts, about) {
    Object.assign(this, { facts, about });
    const { chosen, text } = this;
    if (!facts.methods.includes(chosen.method)) chosen.method = facts.methods[Math.min(this.first, facts.methods.length - 1)];
    if (chosen.target !== "" && Number(chosen.target) >= Math.max(1, facts.outputs.length)) chosen.target = "";
    if (!facts.cameras.includes(chosen.layer)) chosen.layer = "";
    if (!facts.baselines.includes(chosen.baseline)) chosen.baseline = facts.baselines[0];
    const labels = Object.fromEntries(facts.layers.map(({ name, label }) => [name, label]));
    const { choosers } = this;
    choosers.method.offer(facts.methods.map((name) => [name, text.methods[name]]), chosen.method);
    if (chosen.target === "" && facts.usual !== null) chosen.target = String(facts.usual);
    const own = facts.usual === null ? [["", text.predicted]] : [];
    const answers = facts.outputs.length > 1 ? [...own, ...facts.outputs.map((name, at) => [String(at), this.output(at)])] : [];
    choosers.target.offer(answers, chosen.target);
    const cam = chosen.method === "grad_cam";
    choosers.layer.offer(cam ? facts.cameras.map((name) => [name, labels[name] ?? name]) : [], chosen.layer || facts.camera);
    const takes = chosen.method === "integrated_gradients" || chosen.method === "occlusion";
    choosers.baseline.offer(takes ? facts.baselines.map((name) => [name, text.baselines[name]]) : [], chosen.baseline);
    choosers.steps.offer(chosen.method === "integrated_gradients" ? STEPS.map((count) => [String(count), String(count)]) : [], chosen.steps);
    choosers.window.offer(chosen.method === "occlusion" && facts.kind === "picture" ? this.windows().map((size) => [String(size), `${size} × ${size}`]) : [], chosen.window || facts.window[0]);
    write(this.method_said, text.method_says[chosen.method]);
  }

  windows() {
    const [usual] = this.facts.window;
    return [...new Set([1, 2, Math.round(usual / 2), usual, 2 * usual].filter((size) => size >= Math.max(1, usual / 3) && size <= this.facts.side))].sort((one, other) => one - other);
  }

  output(at) {
    const name = this.facts.outputs[at] ?? "";
    return this.text.outputs[name] ?? (name === "\n" ? "⏎" : name === " " ? "␣" : name);
  }

  args() {
    const { method, target, layer, baseline, steps, window } = this.chosen;
    const own = { grad_cam: { layer }, integrated_gradients: { baseline, steps }, occlusion: { baseline, window }, saliency: {} }[method];
    return { ...this.about, method, ...(target === "" ? {} : { target: Number(target) }), ...own };
  }

  // A guess from how long one pass took, in seconds.
  estimate() {
    const { forward, both, side, kind, window } = this.facts;
    const { method, steps } = this.chosen;
    if (method === "integrated_gradients") return steps * both * BATCHED + both;
    if (method !== "occlusion" || kind !== "picture") return 2 * both;
    const size = this.chosen.window || window[0];
    const stride = side <= OVERLAPPING ? Math.max(1, Math.floor(size / 2)) : size;
    return (Math.ceil((side - size) / stride) + 1) ** 2 * forward * BATCHED;
  }

  pieces() {
    const wanted = Math.ceil(this.estimate() / PIECE);
    const { method, steps, window } = this.chosen;
    if (method === "integrated_gradients" && this.facts.kind !== "tokens") return Math.max(1, Math.min(wanted, MOST_INTEGRAL_PIECES, Math.floor(steps / 2)));
    if (method !== "occlusion" || this.facts.kind !== "picture" || this.facts.side <= OVERLAPPING) return 1;
    return Math.max(1, Math.min(wanted, MOST_PIECES, Math.ceil(this.facts.side / (window || this.facts.window[0]))));
  }

  all() {
    const pieces = this.pieces();
    if (pieces === 1) return [{ name: "attribution", args: this.args() }];
    return Array.from({ length: pieces }, (_, piece) => ({ name: "attribution", args: { ...this.args(), piece, pieces } }));
  }

  get dear() {
    return this.estimate() > PATIENCE && !this.agreed.has(JSON.stringify(this.args()));
  }

  // The next one that is to be asked; pieces come one after the other.
  looks() {
    if (!this.facts || this.dear) return [];
    const all = this.all();
    const failed = all.some((look) => this.asking.answer(look)?.error);
    return failed ? [] : this.asking.open(all).slice(0, 1);
  }

  async draw(theme, opacity) {
    const { text } = this;
    if (!this.facts) return write(this.waiting, text.waiting);
    const all = this.all();
    const answers = this.dear ? [] : all.map((look) => this.asking.answer(look));
    const error = answers.find((answer) => answer?.error)?.error;
    const found = answers.filter((answer) => answer?.data).map((answer) => answer.data);
    this.problem.show(error);
    this.go.hidden = !this.dear;
    write(this.go, fill(text.go, { time: seconds(this.estimate(), text) }));
    const left = all.length - found.length;
    write(this.waiting, error || this.dear || !left ? "" : all.length > 1 ? fill(text.piece, { done: found.length, of: all.length, time: seconds((left * this.estimate()) / all.length, text) }) : text.computing);
    this.element.toggleAttribute("data-busy", left > 0 && !this.dear && !error);
    this.element.dataset.method = this.chosen.method;
    this.element.dataset.kind = found.length === all.length ? "shown" : "empty";
    if (!found.length) {
      if (error || this.dear) this.shown.hidden = true;
      return write(this.took, "");
    }
    await this.render(found, left === 0, theme, opacity);
  }

  async render(found, whole, theme, opacity) {
    const { text } = this;
    const [data] = found;
    const pictured = data.kind === "picture";
    const now = [found.length, data, theme.key, opacity];
    const fresh = !this.now || now.some((one, at) => one !== this.now[at]);
    this.shown.hidden = false;
    this.overlay.element.hidden = !pictured;
    this.strip.element.hidden = pictured;
    if (!fresh) return;
    this.now = now;
    const name = this.output(data.target) || text.the_score;
    if (pictured) {
      const heat = summed(found.map((one) => one.heat));
      const said = fill(text.heat_alt, { method: text.methods[this.chosen.method], output: name, low: short(heat.low, text), high: short(heat.high, text) });
      await this.overlay.show(data.input.png, heat, { opacity, dark: theme.dark, said });
    } else {
      const heat = data.heat.map((_, at) => found.reduce((sum, one) => (sum === null || one.heat[at] === null ? null : sum + one.heat[at]), 0));
      this.strip.show({ ...data, heat, names: data.names }, theme.dark);
    }
    write(this.said, this.verdict(data, name));
    write(this.sums, this.summing(found, data, whole));
    const took = found.reduce((sum, one) => sum + one.seconds, 0);
    const loading = found.reduce((sum, one) => sum + one.loading, 0);
    write(this.took, fill(text.took, { time: seconds(took, text) }) + (loading > 0.5 ? ` ${fill(text.loaded, { time: seconds(loading, text) })}` : ""));
  }

  verdict(data, name) {
    const { text } = this;
    const values = { output: name, score: short(data.score, text), percent: data.probability === null ? "" : (100 * data.probability).toFixed(1), truth: data.truth === null ? "" : this.output(data.truth) };
    const said = fill(data.probability === null ? text.score_alone : text.score_class, values);
    const first = data.top[0]?.[0];
    const other = first !== undefined && first !== data.target ? ` ${fill(text.says_instead, { output: this.output(first), percent: (100 * (data.top[0][1] ?? 0)).toFixed(1) })}` : "";
    return [said + other, data.truth !== null ? fill(text.truth, values) : "", data.broken ? text.broken : ""].filter(Boolean).join(" ");
  }

  // What the values add up to, and what they should.
  summing(found, data, whole) {
    const { text } = this;
    const sum = (name) => found.reduce((total, one) => (one[name] === null ? null : total + one[name]), 0);
    const { method } = this.chosen;
    if (method === "grad_cam") return fill(text.cam_of, { layer: this.facts.layers.find(({ name }) => name === data.layer)?.label ?? data.layer, size: data.map.join(" × ") });
    if (method === "occlusion") return data.kind === "picture" ? fill(text.occluded, { size: `${data.window} × ${data.window}`, stride: data.stride, score: short(data.baseline_score, text) }) : fill(text.occluded_one, { score: short(data.baseline_score, text) });
    if (method !== "integrated_gradients" || !whole) return "";
    const difference = data.score === null || data.baseline_score === null ? null : data.score - data.baseline_score;
    return fill(text.converged, { score: short(data.score, text), baseline: short(data.baseline_score, text), difference: short(difference, text), total: short(sum("total"), text), delta: short(sum("delta"), text) });
  }
}
