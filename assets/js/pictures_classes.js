// The classes of an album as chips: how many pictures each has, which one is looked at, and a new one.

import { element, fill } from "./dom.js";
import { askName } from "./pictures_ask.js";

// Okabe and Ito's colours, with two more; the same order as everywhere classes are coloured.
const COLOURS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#882255", "#999933", "#44aa99", "#7a7f88"];

export class Classes {
  // `hear`: {only()}
  constructor(hear) {
    this.hear = hear;
    this.more = []; // classes without a picture yet
    this.only = null; // null: all, "": those without a class
    this.root = element("div", { class: "lt-pic-classes", role: "group" });
  }

  // Names in order; those that were just made come last until a picture has them.
  names(pictures) {
    const found = [...new Set(pictures.map((one) => one.label).filter(Boolean))].sort();
    return [...found, ...this.more.filter((name) => !found.includes(name))];
  }

  colour(name) {
    const place = this.order?.indexOf(name) ?? -1;
    return place < 0 ? "var(--lt-quiet)" : COLOURS[place % COLOURS.length];
  }

  draw(pictures, { text, labels }, own) {
    this.order = this.names(pictures);
    if (this.only && !this.order.includes(this.only)) this.only = null;
    if (this.only === "" && !pictures.some((one) => !one.label)) this.only = null;
    const worth = labels || this.order.length > 1;
    this.root.hidden = !worth || (!this.order.length && !own);
    if (this.asking || this.root.hidden) return;
    this.text = text;
    const key = JSON.stringify([this.order, this.only, own, labels, pictures.map((one) => one.label)]);
    if (key === this.key) return;
    this.key = key;
    const focused = this.root.contains(document.activeElement) ? document.activeElement.dataset.label : undefined;
    this.root.setAttribute("aria-label", text.classes);
    this.root.replaceChildren(...this.chips(pictures, own && labels));
    if (focused !== undefined) this.root.querySelector(`[data-label="${CSS.escape(focused)}"]`)?.focus();
  }

  chips(pictures, may) {
    const { text } = this;
    const count = (name) => pictures.filter((one) => one.label === name).length;
    const chips = [this.chip(null, text.all, pictures.length)];
    for (const name of this.order) chips.push(this.chip(name, name, count(name)));
    if (this.order.length && count("")) chips.push(this.chip("", text.no_class, count("")));
    if (may) chips.push(element("button", { type: "button", class: "lt-pic-add", onclick: () => this.ask() }, text.add_class));
    return chips;
  }

  chip(name, title, count) {
    const chip = element("button", { type: "button", class: "lt-pic-chip", "aria-pressed": String(this.only === name), "data-label": name ?? "*" });
    if (name) {
      chip.style.setProperty("--lt-class", this.colour(name));
      chip.title = fill(this.text.only_class, { label: name });
    }
    chip.append(title, element("b", {}, count));
    chip.onclick = () => {
      this.only = this.only === name ? null : name;
      this.hear.only();
    };
    return chip;
  }

  ask() {
    this.asking = true;
    const { text } = this;
    const form = askName({ label: text.class_name, make: text.make, cancel: text.cancel, longest: 40 }, (name) => {
      this.asking = false;
      this.key = null;
      if (name && !this.order.includes(name)) this.more.push(name);
      if (name) this.only = name;
      this.hear.only();
    });
    this.root.append(form);
    this.root.querySelector(".lt-pic-add")?.remove();
  }
}
