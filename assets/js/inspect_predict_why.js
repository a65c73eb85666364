// What one model's answer to one picture rests on, with the panel that the page /features has for it.

import { element, fill, write } from "./dom.js";
import { Asking } from "./inspect_features_asking.js";
import { AttributionPanel } from "./inspect_features_panel.js";
import { problem } from "./inspect_parts.js";
import { ModelFeed } from "./model_feed.js";

const FACTS = { name: "unit_layers", args: {} };
const OPACITY = 0.85;

export class Explanation {
  constructor({ text, backbone, picture, target, name, lang, changed, shut, follow }) {
    Object.assign(this, { text, backbone, target, changed });
    this.feed = new ModelFeed({ model: backbone.name, picture: picture.sha, lang, changed: () => this.renew() });
    this.asking = new Asking();
    this.asking.follow(this.feed);
    this.panel = new AttributionPanel({ text, asking: this.asking, changed: () => this.renew(), first: 0 });
    this.panel.chosen.target = String(target);
    this.problem = problem(text, () => {
      this.asking.forgetErrors();
      this.renew();
    });
    this.first = fill(text.first_look, { model: backbone.title });
    this.waiting = element("p", { class: "lt-waiting", role: "status" }, this.first);
    this.slider = element("input", { type: "range", min: 0, max: 1, step: 0.05, value: OPACITY, oninput: () => this.changed() });
    const button = (said, what, pressed) => element("button", { type: "button", class: "lt-chip", "data-what": what, onclick: pressed }, said);
    this.element = element(
      "section", { class: "lt-features", tabindex: -1, "aria-label": text.attribution },
      element("header", {}, element("h5", {}, fill(text.rests_on, { name, model: backbone.title })), button(text.shut, "shut", shut)),
      element("p", { class: "lt-held", hidden: backbone.weights !== "random" }, text.random_weights),
      this.problem.element, this.waiting, (this.bar = element("div", { class: "lt-inspect-bar", hidden: true }, element("label", {}, text.opacity, this.slider))),
      this.panel.element, element("div", { class: "lt-inspect-links" }, button(text.look_inside, "inside", follow)),
    );
    this.element.onkeydown = (event) => event.key === "Escape" && shut();
    this.panel.element.hidden = true;
    this.renew();
  }

  close() {
    this.feed.close();
  }

  renew() {
    const facts = this.asking.answer(FACTS);
    if (facts?.data) this.panel.fit(facts.data, { example: 0 });
    const open = this.asking.open([FACTS]);
    this.feed.look(open.length || !facts?.data ? open : this.panel.looks());
    this.changed();
  }

  // The picture with the attribution over it, drawn on another canvas too.
  cover(canvas) {
    const { canvas: drawn, element: shown } = this.panel.overlay;
    canvas.hidden = this.panel.shown.hidden || shown.hidden || !drawn.width;
    if (canvas.hidden) return;
    Object.assign(canvas, { width: drawn.width, height: drawn.height });
    canvas.getContext("2d").drawImage(drawn, 0, 0);
  }

  async draw(theme) {
    const facts = this.asking.answer(FACTS);
    this.problem.show(facts?.error ?? null);
    write(this.waiting, facts ? "" : this.first);
    this.panel.element.hidden = this.bar.hidden = !facts?.data;
    if (facts?.data) await this.panel.draw(theme, Number(this.slider.value));
    // what was drawn may want to know more
    if (facts?.data) this.feed.look(this.panel.looks());
  }
}
