// Tabs below the curves, each a view into the network. What is chosen and on the screen is asked for, nothing else.

import { element, recall, remember } from "./dom.js";

export class Views {
  // `kinds`: the panels by name, in the order of their tabs; `asked()` hears when something else is looked at.
  constructor({ data, kinds, changed, asked, trigger }) {
    this.kinds = kinds;
    this.names = (data.view_names ?? Object.keys(kinds)).filter((name) => name in kinds); // those that make sense here
    this.asked = asked;
    this.trigger = trigger; // `trigger("edit", what)`: something is changed from within a view
    this.kept = `livetorch_view_${data.page}`;
    this.data = data;
    this.text = data.text;
    this.changed = changed;
    this.feed = null;
    this.onScreen = false;
    this.panels = {};
    this.build();
    const stored = recall(this.kept, this.names[0]);
    this.choose(this.names.includes(stored) ? stored : this.names[0]);
    this.observer = new IntersectionObserver((entries) => {
      this.onScreen = entries.at(-1).isIntersecting; // a busy page hears of several crossings at once
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
    this.tabs = this.names.map((name) =>
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
    const at = this.names.indexOf(name);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1 + this.names.length, Home: 0, End: this.names.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = this.names[to % this.names.length];
    this.choose(next, true);
    this.tabs[this.names.indexOf(next)].focus();
  }

  choose(name, kept = false) {
    this.chosen = name;
    if (kept) remember(this.kept, name);
    for (const tab of this.tabs) {
      const selected = tab.dataset.view === name;
      tab.setAttribute("aria-selected", selected);
      tab.tabIndex = selected ? 0 : -1;
    }
    if (!this.panels[name]) {
      this.panels[name] = new this.kinds[name](this, name);
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
    this.tabs[this.names.indexOf(name)].focus({ preventScroll: true });
    this.element.scrollIntoView({ block: "nearest" });
  }

  follow(feed) {
    this.feed = feed;
    this.ask();
  }

  // What the page says of the settings may change while nothing is rebuilt.
  update(data) {
    this.data = data;
  }

  get status() {
    return this.feed?.status ?? null;
  }

  get visible() {
    return this.onScreen && !document.hidden;
  }

  ask() {
    this.asked();
  }

  // What is to be computed: what is chosen and on the screen.
  looks() {
    return this.visible && this.panels[this.chosen] ? this.panels[this.chosen].looks() : [];
  }

  answer(look) {
    return this.feed?.answer(look);
  }

  async draw(theme) {
    if (this.visible) await this.panels[this.chosen].draw(theme);
  }
}
