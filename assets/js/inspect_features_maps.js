// "Maps": what every layer makes of the chosen example, eight layers at a time; a click goes on to the unit.

import { element, fill, write } from "./dom.js";
import { LayerTiles } from "./inspect_features_tiles.js";
import { problem } from "./inspect_parts.js";
import { decoded } from "./panel.js";

const PAGE = 8;

export class Maps {
  // `picked(layer, unit)` hears of a choice.
  constructor({ text, asking, changed, picked }) {
    Object.assign(this, { text, asking, changed, picked });
    this.first = 0;
    this.rows = [];
    this.problem = problem(text, () => {
      asking.forgetErrors();
      changed();
    });
    this.waiting = element("p", { class: "lt-waiting", role: "status" });
    this.range = element("span");
    const turn = (label, by) => element("button", { type: "button", "aria-label": label, title: label, onclick: () => this.turn(by) }, by < 0 ? "‹" : "›");
    this.before = turn(text.earlier_layers, -PAGE);
    this.after = turn(text.later_layers, PAGE);
    this.pager = element("div", { class: "lt-inspect-bar" }, this.before, this.range, this.after);
    this.input = element("img", { class: "lt-plain", alt: text.input });
    this.body = element("div", { class: "lt-layers" });
    this.element = element("div", {}, element("p", { class: "lt-lead" }, text.maps_lead), this.pager, this.problem.element, this.waiting, this.input, this.body, element("p", { class: "lt-caption" }, text.maps_caption));
  }

  fit(facts, about) {
    this.facts = facts;
    this.about = about;
    if (this.first >= facts.layers.length) this.first = 0;
  }

  turn(by) {
    this.first = Math.max(0, Math.min(this.first + by, PAGE * Math.floor((this.facts.layers.length - 1) / PAGE)));
    this.changed();
  }

  get look() {
    const { place, ...about } = this.about;
    return { name: "feature_maps", args: { ...about, first: this.first } };
  }

  // They follow the run: one forward pass is no burden.
  looks() {
    return this.facts ? [this.look] : [];
  }

  async draw(theme, feed, chosen) {
    if (!this.facts) return write(this.waiting, this.text.waiting);
    const total = this.facts.layers.length;
    this.pager.hidden = total <= PAGE;
    write(this.range, fill(this.text.layers_of, { first: this.first + 1, last: Math.min(this.first + PAGE, total), total }));
    this.before.disabled = this.first === 0;
    this.after.disabled = this.first + PAGE >= total;
    const answer = feed?.answer(this.look);
    this.problem.show(answer?.error);
    write(this.waiting, answer ? "" : this.text.waiting);
    if (!answer?.data) return;
    const { layers, input } = answer.data;
    this.input.hidden = !input;
    if (input && input.png !== this.png) {
      this.png = input.png;
      this.input.src = (await decoded(input.png)).src;
    }
    while (this.rows.length < layers.length) this.rows.push(new LayerTiles({ text: this.text, picked: this.picked }));
    layers.forEach((layer, at) => this.rows[at].show(layer, theme.dark, layer.name === chosen.layer ? chosen.unit : null));
    const nodes = this.rows.slice(0, layers.length).map((row) => row.element);
    if (nodes.length !== this.body.childElementCount) this.body.replaceChildren(...nodes);
    this.element.dataset.step = answer.step;
  }
}
