// What units look for, and what an answer rests on: three tabs over one example of one network.

import { element, fill, recall, remember, write } from "./dom.js";
import { Asking } from "./inspect_features_asking.js";
import { Maps } from "./inspect_features_maps.js";
import { Rest } from "./inspect_features_rest.js";
import { Unit } from "./inspect_features_unit.js";
import { chooser, elsewhere, problem, stepper } from "./inspect_parts.js";
import { Pad } from "./pad.js";
import { textOf } from "./tensors.js";

const TABS = ["rest", "unit", "maps"];
const TAB = "livetorch-features-tab";
const SETTLE = 500; // milliseconds after the last stroke until a drawing is explained

export class View {
  constructor({ data, changed, asked, trigger }) {
    Object.assign(this, { data, text: data.text, changed, asked });
    const { focus = {} } = data;
    const number = (value) => (/^\d{1,7}$/.test(value ?? "") ? Number(value) : 0);
    this.state = { part: focus.part ?? "", example: number(focus.example), row: 0, place: null, layer: focus.layer ?? null, unit: 0, pixels: null };
    this.asking = new Asking();
    this.tab = focus.layer ? "unit" : recall(TAB, "rest");
    if (!TABS.includes(this.tab)) this.tab = "rest";
    this.build(trigger);
  }

  build(trigger) {
    const { text, asking } = this;
    const renew = () => this.renew();
    this.parts = chooser(text.part, "part", (part) => this.set({ part, layer: null, unit: 0, row: 0, place: null }));
    this.examples = stepper(text, text.example, "example", (example) => this.set({ example }));
    this.sides = chooser(text.sample, "row", (row) => this.set({ row: Number(row) }));
    this.places = stepper(text, text.place, "place", (place) => this.set({ place }));
    this.drawing = element("button", { type: "button", class: "lt-chip", "aria-pressed": false, hidden: true, onclick: () => this.switchPad() }, text.draw);
    this.pad = new Pad({ label: text.pad, help: text.pad_help, changed: () => this.drawn() });
    this.pad_row = element("div", { class: "lt-features-pad", hidden: true }, this.pad.element, element("button", { type: "button", class: "lt-chip", onclick: () => this.pad.clear() }, text.clear), element("p", { class: "lt-caption" }, text.pad_says));
    this.held = element("p", { class: "lt-held", hidden: true }, (this.held_said = element("span")), " ", element("button", { type: "button", class: "lt-chip", "data-what": "renew", title: text.renew_help, onclick: () => this.hold() }, text.renew));
    this.untaught = element("p", { class: "lt-held", hidden: true }, text.random_weights);
    this.problem = problem(text, () => {
      asking.forgetErrors();
      renew();
    });
    const picked = (layer, unit) => this.pick(layer, unit);
    const opened = (item) => this.open(item);
    this.views = { rest: new Rest({ text, asking, changed: renew }), unit: new Unit({ text, asking, changed: renew, picked, opened }), maps: new Maps({ text, asking, changed: renew, picked }) };
    this.buttons = Object.fromEntries(TABS.map((name) => [name, element("button", { type: "button", role: "tab", id: `lt-tab-${name}`, "data-view": name, "aria-controls": `lt-view-${name}`, onclick: () => this.turn(name), onkeydown: (event) => this.walk(event) }, text.tabs[name])]));
    this.panels = Object.fromEntries(TABS.map((name) => [name, element("div", { class: "lt-view", role: "tabpanel", id: `lt-view-${name}`, "aria-labelledby": `lt-tab-${name}`, "data-view": name }, this.views[name].element)]));
    this.waiting = element("p", { class: "lt-waiting", role: "status" }, text.waiting);
    this.found = element("div", { hidden: true }, ...Object.values(this.panels)); // nothing is offered before it is known
    const focus = () => ({ part: this.facts?.part ?? "", layer: this.state.layer ?? "", example: this.state.pixels === null ? String(this.state.example) : "" });
    this.element = element(
      "section", { class: "lt-card lt-features" }, element("p", { class: "lt-lead" }, text.lead_features),
      (this.bar = element("div", { class: "lt-inspect-bar", hidden: true }, this.parts.element, this.examples.element, this.sides.element, this.places.element, this.drawing)),
      this.pad_row, this.held, this.untaught, this.problem.element, element("div", { class: "lt-tabs", role: "tablist", "aria-label": text.tabs_label }, ...Object.values(this.buttons)), this.waiting, this.found,
      elsewhere({ data: this.data, trigger }, ["graph", "arithmetic", "gradients", "step"], focus),
    );
    this.turned();
  }

  follow(feed) {
    this.feed = feed;
    this.asking.follow(feed);
  }

  update(data) {
    this.data = data;
  }

  close() {
    clearTimeout(this.settling);
  }

  // ---- choices

  set(change) {
    Object.assign(this.state, change);
    this.renew();
  }

  renew() {
    this.asked();
    this.changed();
  }

  hold() {
    this.asking.renew();
    this.renew();
  }

  pick(layer, unit) {
    this.set({ layer, unit });
    if (this.tab !== "unit") this.turn("unit");
  }

  open({ index, row }) {
    this.switchPad(false);
    this.set({ example: index, row, place: null });
    this.turn("rest");
  }

  turn(name) {
    this.tab = name;
    remember(TAB, name);
    this.turned();
    this.renew();
  }

  turned() {
    for (const name of TABS) {
      const here = name === this.tab;
      this.buttons[name].setAttribute("aria-selected", here);
      this.buttons[name].tabIndex = here ? 0 : -1;
      this.panels[name].hidden = !here;
    }
    this.element.dataset.view = this.tab;
  }

  walk(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const name = TABS[(TABS.indexOf(this.tab) + by + TABS.length) % TABS.length];
    this.turn(name);
    this.buttons[name].focus();
  }

  // ---- a drawing of one's own

  switchPad(on = this.pad_row.hidden) {
    this.pad_row.hidden = !on;
    this.drawing.setAttribute("aria-pressed", on);
    if (on) this.drawn();
    else if (this.state.pixels !== null) this.set({ pixels: null });
  }

  drawn() {
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.set({ pixels: this.pad.blank || this.pad_row.hidden ? null : textOf(this.pad.pixels()) }), SETTLE);
  }

  // ---- questions

  get facts_look() {
    return { name: "unit_layers", args: { part: this.state.part } };
  }

  get about() {
    const { part, example, row, place, pixels } = this.state;
    return { part, example, ...(row ? { row } : {}), ...(place === null ? {} : { place }), ...(pixels === null ? {} : { pixels }) };
  }

  looks() {
    if (!this.feed) return [];
    const facts = this.asking.open([this.facts_look]);
    if (facts.length || !this.facts) return facts;
    return this.views[this.tab].looks();
  }

  // ---- drawing

  fit(facts) {
    const { state, text } = this;
    this.facts = facts;
    state.example = Math.min(state.example, facts.examples - 1);
    const layers = facts.layers;
    const known = layers.find(({ name, label }) => name === state.layer || label === state.layer);
    state.layer = (known ?? layers.find(({ kind }) => kind.startsWith("Conv")) ?? layers[0])?.name ?? null;
    state.unit = Math.min(state.unit, (layers.find(({ name }) => name === state.layer)?.shape[0] ?? 1) - 1);
    state.row = Math.min(state.row, facts.rows.length - 1);
    if (state.place !== null) state.place = facts.places > 1 ? Math.min(state.place, facts.places - 1) : null;
    this.parts.offer(facts.parts.map((name) => [name, text.parts[name] ?? name]), facts.part);
    this.sides.offer(facts.rows.length > 1 ? facts.rows.map((name, at) => [String(at), text.names[name] ?? name]) : [], state.row);
    this.examples.show(state.example, facts.examples);
    this.places.element.hidden = facts.places < 2 || this.tab === "unit";
    this.places.show(state.place ?? facts.place, facts.places);
    this.drawing.hidden = this.data.page !== "cnn";
    this.untaught.hidden = facts.weights !== "random";
    this.views.rest.fit(facts, this.about);
    this.views.unit.fit(facts, this.about, state);
    this.views.maps.fit(facts, this.about);
  }

  hint() {
    if (!this.feed) return this.text.no_run;
    return this.feed.status?.state === "queued" ? this.text.queued_here : this.text.waiting;
  }

  async draw(theme) {
    const { asking, text } = this;
    const answer = asking.answer(this.facts_look);
    this.problem.show(answer?.error ? answer.error : null);
    if (answer?.error && this.state.part && !this.forgiven) {
      this.forgiven = true; // a link may name a network the run does not have
      this.set({ part: "" });
    }
    if (answer?.data) this.fit(answer.data);
    this.bar.hidden = this.found.hidden = !this.facts;
    write(this.waiting, this.facts || answer?.error ? "" : this.hint());
    const holding = asking.active && this.feed?.at === null && asking.held !== null;
    this.held.hidden = !holding || this.tab === "maps";
    if (holding) write(this.held_said, fill(text.held, { step: asking.held.toLocaleString(this.data.lang) }));
    const { shape } = this.feed?.status ?? {};
    if (shape?.length === 3) this.pad.fit(shape[1], shape[2]);
    if (this.facts) await this.views[this.tab].draw(theme, this.feed, this.state);
  }
}
