// One update, explained: the very next optimiser step of a run, moment by moment, with the numbers of the run.

import { element, fill, write } from "./dom.js";
import { keyOf } from "./feed.js";
import { chooser, elsewhere, problem, stepper } from "./inspect_parts.js";
import { cardOf, titleOf } from "./inspect_step_cards.js";
import { Chain } from "./inspect_step_chain.js";
import { framesOf, nearest } from "./inspect_step_frames.js";
import { Neurons } from "./inspect_step_neurons.js";
import { Player } from "./inspect_step_player.js";
import { Table } from "./inspect_step_table.js";
import { Weights } from "./inspect_step_weights.js";

const OPEN = { parameter: "", unit: -1, source: -1, place: -1, term: 0 }; // the weight with the largest gradient

export class View {
  constructor({ data, changed, asked, trigger }) {
    Object.assign(this, { data, text: data.text, changed, asked, trigger });
    const { part = "", layer = "", example = "" } = data.focus ?? {};
    this.wish = { part, layer, ...OPEN, example: -1 };
    this.one = Math.max(0, Number.parseInt(example, 10) || 0); // the validation example, where one is looked at
    this.fromLink = Boolean(part || layer);
    this.pin = null; // the step that is explained while a run goes on
    this.build();
  }

  build() {
    const { text } = this;
    this.part = chooser(text.part, "part", (part) => this.want({ part, layer: "", ...OPEN }));
    this.mode = chooser(text.explain, "mode", (mode) => this.want({ example: mode === "batch" ? -1 : this.one, ...OPEN }));
    this.example = stepper(text, text.example, "example", (at) => this.want({ example: (this.one = at), ...OPEN }));
    this.newest = element("button", { type: "button", class: "lt-chip", "data-step": "newest", title: text.newest_help, onclick: () => this.renew() }, text.newest);
    this.which = element("b", { class: "lt-step-which" });
    this.problem = problem(text, () => this.renew());
    this.waiting = element("p", { class: "lt-waiting" }, text.waiting);
    this.player = new Player({ text, moved: () => this.drawFrame() });
    this.chain = new Chain({ text, opened: (at) => this.open(at) });
    this.neurons = new Neurons({ text, chosen: (weight) => this.choose(weight) });
    this.weights = new Weights({ text, chosen: (weight) => this.choose(weight), redraw: () => this.weights.draw(this.shown, this.theme) });
    this.table = new Table({ text, opened: (row) => this.choose({ layer: row.id }) });
    this.title = element("h5");
    this.card = element("section", { class: "lt-step-card", "aria-live": "polite" }, this.title, (this.content = element("div", { class: "lt-step-content" })));
    this.body = element("div", { class: "lt-step-body", hidden: true }, this.chain.element, this.neurons.element, this.player.element, element("div", { class: "lt-step-columns" }, this.card, this.weights.element), this.table.element);
    this.links = elsewhere(this, ["gradients", "arithmetic", "graph"], () => ({ part: this.shown?.part ?? this.wish.part, layer: this.shown?.chosen.layer ?? "", example: this.wish.example >= 0 ? this.wish.example : "" }));
    this.element = element(
      "section", { class: "lt-card lt-step", "data-kind": "empty" },
      element("p", { class: "lt-lead" }, text.lead), element("details", { class: "lt-step-more" }, element("summary", {}, text.more), ...text.more_said.map((said) => element("p", {}, said))),
      element("div", { class: "lt-inspect-bar" }, this.part.element, this.mode.element, this.example.element, this.newest, this.which),
      this.problem.element, this.waiting, this.body, this.links,
    );
  }

  follow(feed) {
    this.feed = feed;
  }

  get over() {
    return Boolean(this.feed?.over);
  }

  want(change) {
    Object.assign(this.wish, change);
    this.fromLink = false;
    this.asked();
    this.changed();
  }

  choose(weight) {
    const layer = weight.layer ?? this.shown.chosen.layer;
    this.want({ layer, ...OPEN, ...weight });
    if (this.player.frame && ["batch", "loss"].includes(this.player.frame.phase)) this.player.jump("gradient");
  }

  // A box of the chain: its layer's moment in the pass that is on, and its weights where it has some.
  open(at) {
    if (at === null) return this.player.jump("batch");
    if (at === -1) return this.player.jump("loss");
    const row = this.shown.layers[at];
    const phase = this.player.frame.phase === "forward" || this.player.frame.phase === "batch" ? "forward" : "backward";
    this.player.go(this.player.frames.findIndex((frame) => frame.phase === phase && frame.layer === at));
    if (row.own && row.parameters.length && row.id !== this.shown.chosen.layer) this.choose({ layer: row.id });
  }

  // Asked for anew: the newest step of a run that is on, or what failed.
  renew() {
    this.pin = this.answered = this.last = null;
    for (const look of this.looks()) this.feed.answers.delete(keyOf(look));
    this.asked();
    this.changed();
  }

  // The step that is explained: a chosen moment; of a run that is over the last one it took; else the newest, held still.
  moment() {
    const { feed } = this;
    if (feed.at !== this.lastAt) {
      this.lastAt = feed.at;
      this.pin = null;
    }
    const last = Math.max(0, (feed.status?.step ?? 0) - 1);
    if (this.over) return Math.min(feed.at ?? last, last);
    return feed.at ?? this.pin;
  }

  wanted() {
    const { part, layer, parameter, unit, source, place, term, example } = this.wish;
    return { part, layer, parameter, unit, source, place, term, example };
  }

  looks() {
    if (!this.feed?.status || (this.feed.status.step === 0 && (this.over || this.feed.status.state === "queued"))) return [];
    const at = this.moment();
    const key = JSON.stringify([at, this.wanted()]);
    if (key === this.answered) return []; // it is on the screen, and held
    return [{ name: "update", args: this.wanted(), ...(at === null ? { at: null } : { at }) }];
  }

  async draw(theme) {
    const fresh = theme.key !== this.theme?.key;
    this.theme = theme;
    const [look] = this.looks();
    const answer = look && this.feed.answer(look);
    if (answer && answer !== this.last) this.take(answer);
    this.hints(Boolean(look) && !answer);
    if (this.shown && (fresh || this.fresh)) this.render();
    this.fresh = false;
  }

  hints(busy) {
    this.element.toggleAttribute("data-busy", busy);
    const nothing = this.feed?.status && this.feed.status.step === 0 && this.over;
    write(this.waiting, this.shown || this.failed ? "" : nothing ? this.text.no_step : this.feed ? this.text.waiting : this.text.no_run);
    this.newest.hidden = !this.feed || this.over || this.feed.at !== null;
  }

  take(answer) {
    this.last = answer;
    this.failed = Boolean(answer.error);
    if (answer.error) {
      this.problem.show(answer.error);
      if (this.fromLink) this.want({ part: "", layer: "", ...OPEN }); // the link meant another network
      else this.answered = JSON.stringify([this.moment(), this.wanted()]);
      this.kept = true;
      return;
    }
    if (!this.kept || this.shown) this.problem.show(null);
    this.kept = false;
    if (!this.over && this.feed.at === null) this.pin = answer.step;
    this.answered = JSON.stringify([this.moment(), this.wanted()]);
    this.fresh = true;
    this.shown = answer.data;
  }

  render() {
    const { shown: data, text } = this;
    this.body.hidden = false;
    this.element.dataset.kind = "shown";
    this.element.dataset.step = data.step;
    this.part.offer(data.parts.map((part) => [part, text.parts[part] ?? part]), data.part);
    this.mode.offer([["batch", text.mode_batch], ["example", text.mode_example]], data.example < 0 ? "batch" : "example");
    this.example.element.hidden = data.example < 0;
    this.one = Math.min(this.one, data.examples - 1);
    this.example.show(Math.max(0, data.example), data.examples);
    write(this.which, data.example >= 0 ? fill(text.which_example, { step: data.step.toLocaleString() }) : fill(text.which_step, { step: data.step.toLocaleString(), next: (data.step + 1).toLocaleString(), optimizer: data.optimizer }));
    this.chain.draw(data);
    this.table.draw(data);
    this.weights.draw(data, this.theme);
    const frames = framesOf(data);
    this.player.offer(frames, this.player.frame ? Math.min(nearest(frames, this.player.frame), frames.length - 1) : 0);
    this.drawFrame();
  }

  drawFrame() {
    const { shown: data, player, text } = this;
    if (!data || !this.theme) return;
    const { frame } = player;
    this.element.dataset.phase = frame.phase;
    this.chain.light(data, frame);
    this.neurons.draw(data, frame, this.theme);
    write(this.title, titleOf(data, frame, text));
    const tools = { text, theme: this.theme, term: this.wish.term, followed: (term) => this.want({ unit: data.chosen.unit, source: data.chosen.source, place: data.chosen.place, parameter: data.chosen.parameter, layer: data.chosen.layer, term }) };
    this.content.replaceChildren(...cardOf(data, frame, tools));
  }

  close() {
    this.player.close();
  }
}
