// The computation graph, forwards by module or backwards by autograd.

import { element, recall, remember } from "./dom.js";
import { AutogradView } from "./inspect_graph_autograd.js";
import { ModuleView } from "./inspect_graph_modules.js";

const KEPT = "livetorch_graph_tab";
const KINDS = { modules: ModuleView, autograd: AutogradView };

export class View {
  constructor(view) {
    this.view = view;
    this.views = {};
    this.names = Object.keys(KINDS);
    this.tabs = this.names.map((name) =>
      element("button", { type: "button", role: "tab", id: `lt-graph-tab-${name}`, "aria-controls": "lt-graph-body", "data-view": name, onclick: () => this.choose(name), onkeydown: (event) => this.step(event, name) }, view.data.text.tabs[name]),
    );
    this.body = element("div", { id: "lt-graph-body", role: "tabpanel" });
    this.element = element("section", { class: "lt-graph-page" }, element("div", { class: "lt-tabs", role: "tablist", "aria-label": view.data.text.tabs_label }, ...this.tabs), this.body);
    const stored = recall(KEPT, "modules");
    this.choose(stored in KINDS ? stored : "modules");
  }

  // Arrow keys walk along the tabs.
  step(event, name) {
    const at = this.names.indexOf(name) + { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (Number.isNaN(at)) return;
    event.preventDefault();
    const next = this.names[(at + this.names.length) % this.names.length];
    this.choose(next);
    this.tabs[this.names.indexOf(next)].focus();
  }

  choose(name) {
    if (name === this.name) return;
    this.name = name;
    remember(KEPT, name);
    for (const tab of this.tabs) {
      tab.setAttribute("aria-selected", tab.dataset.view === name);
      tab.tabIndex = tab.dataset.view === name ? 0 : -1;
    }
    if (!this.views[name]) {
      this.views[name] = new KINDS[name](this.view);
      if (this.feed !== undefined) this.views[name].follow?.(this.feed);
    }
    this.body.setAttribute("aria-labelledby", `lt-graph-tab-${name}`);
    this.body.replaceChildren(this.views[name].element);
    this.view.asked();
    this.view.changed();
  }

  get shown() {
    return this.views[this.name];
  }

  follow(feed) {
    this.feed = feed;
    for (const one of Object.values(this.views)) one.follow?.(feed);
  }

  update(data) {
    this.view = { ...this.view, data };
    for (const one of Object.values(this.views)) one.update?.(data);
  }

  looks() {
    return this.shown.looks();
  }

  async draw(theme) {
    await this.shown.draw(theme);
  }

  close() {
    for (const one of Object.values(this.views)) one.close?.();
  }
}
