// "What it answers rests on": two attributions side by side, with one slider for how strongly they cover the picture.

import { element } from "./dom.js";
import { AttributionPanel } from "./inspect_features_panel.js";

const OPACITY = 0.85;

export class Rest {
  constructor({ text, asking, changed }) {
    Object.assign(this, { text, asking, changed });
    this.opacity = OPACITY;
    this.panels = [0, 1].map((first) => new AttributionPanel({ text, asking, changed, first }));
    this.slider = element("input", { type: "range", min: 0, max: 1, step: 0.05, value: OPACITY, "aria-label": text.opacity, oninput: () => this.cover(Number(this.slider.value)) });
    this.cover_row = element("label", {}, text.opacity, this.slider);
    this.both = element("input", { type: "checkbox", checked: true, onchange: () => this.pair() });
    this.element = element(
      "div", {}, element("p", { class: "lt-lead" }, text.lead),
      element("div", { class: "lt-inspect-bar" }, this.cover_row, element("label", {}, this.both, text.side_by_side)),
      element("div", { class: "lt-pair" }, ...this.panels.map((panel) => panel.element)),
      element("details", {}, element("summary", {}, text.more), ...text.more_says.map((line) => element("p", { class: "lt-caption" }, line))),
    );
  }

  cover(opacity) {
    this.opacity = opacity;
    this.changed();
  }

  pair() {
    this.panels[1].element.hidden = !this.both.checked;
    this.changed();
  }

  get open() {
    return this.both.checked ? this.panels : this.panels.slice(0, 1);
  }

  fit(facts, about) {
    for (const panel of this.panels) panel.fit(facts, about);
    this.cover_row.hidden = facts.kind !== "picture";
  }

  looks() {
    return this.open.flatMap((panel) => panel.looks());
  }

  async draw(theme) {
    for (const panel of this.open) await panel.draw(theme, this.opacity);
  }
}
