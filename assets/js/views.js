// Tabs below the curves, each a view into the network. What is chosen and on the screen is asked for, nothing else.

import { element, recall, remember } from "./dom.js";
import { Classes } from "./view_classes.js";
import { Closer } from "./view_closer.js";
import { Filters } from "./view_filters.js";
import { Predictions } from "./view_predictions.js";
import { Updates } from "./view_updates.js";

const KINDS = { predictions: Predictions, classes: Classes, closer: Closer, filters: Filters, updates: Updates };
const NAMES = Object.keys(KINDS);
const CHOSEN_KEY = "livetorch_view";

export class Views {
  constructor({ data, changed }) {
    this.data = data;
    this.text = data.text;
    this.changed = changed;
    this.feed = null;
    this.onScreen = false;
    this.panels = {};
    this.build();
    const stored = recall(CHOSEN_KEY, "predictions");
    this.choose(NAMES.includes(stored) ? stored : "predictions");
    this.observer = new IntersectionObserver(([entry]) => {
      this.onScreen = entry.isIntersecting;
      this.ask();
      if (this.onScreen) this.changed();
    });
    this.observer.observe(this.body);
    this.hear = () => this.ask();
    document.addEventListener("visibilitychange", this.hear);
  }

  close() {
    this.observer.disconnect();
    document.removeEventListener("visibilitychange", this.hear);
    for (const panel of Object.values(this.panels)) panel.close();
  }

  build() {
    this.tabs = NAMES.map((name) =>
      element("button", {
        type: "button", role: "tab", id: `lt-tab-${name}`, "aria-controls": `lt-view-${name}`, "data-view": name,
        onclick: () => this.choose(name, true), onkeydown: (event) => this.step(event, name),
      }, this.text.views[name]),
    );
    this.body = element("div", { class: "lt-views-body" });
    const row = element("div", { class: "lt-tabs", role: "tablist", "aria-label": this.text.views_label }, ...this.tabs);
    this.element = element("section", { class: "lt-card lt-views" }, row, this.body);
  }

  // Arrow keys walk along the tabs.
  step(event, name) {
    const at = NAMES.indexOf(name);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1 + NAMES.length, Home: 0, End: NAMES.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = NAMES[to % NAMES.length];
    this.choose(next, true);
    this.tabs[NAMES.indexOf(next)].focus();
  }

  choose(name, kept = false) {
    this.chosen = name;
    if (kept) remember(CHOSEN_KEY, name);
    for (const tab of this.tabs) {
      const selected = tab.dataset.view === name;
      tab.setAttribute("aria-selected", selected);
      tab.tabIndex = selected ? 0 : -1;
    }
    if (!this.panels[name]) {
      this.panels[name] = new KINDS[name](this, name);
      this.body.append(this.panels[name].element);
    }
    for (const [other, panel] of Object.entries(this.panels)) panel.element.hidden = other !== name;
    this.ask();
    this.changed();
  }

  // Another view with something chosen in it: a tile opens its picture, a cell its pictures.
  open(name, what) {
    this.choose(name, true);
    this.panels[name].take(what);
    this.tabs[NAMES.indexOf(name)].focus({ preventScroll: true });
    this.element.scrollIntoView({ block: "nearest" });
  }

  follow(feed) {
    this.feed = feed;
    this.ask();
  }

  get status() {
    return this.feed?.status ?? null;
  }

  get visible() {
    return this.onScreen && !document.hidden;
  }

  ask() {
    if (this.feed) this.feed.look(this.visible ? this.panels[this.chosen].looks() : []);
  }

  answer(look) {
    return this.feed?.answer(look);
  }

  async draw(theme) {
    if (this.visible) await this.panels[this.chosen].draw(theme);
  }
}
