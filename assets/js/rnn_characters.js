// A text whose characters are coloured one by one; pointer and arrow keys pick one of them.

import { element, write } from "./dom.js";

const SIGNS = { "\n": "⏎", "\t": "⇥", " ": "␣" };

// Characters that cannot be seen, as signs that can.
export function visible(text) {
  return [...text].map((one) => SIGNS[one] ?? one).join("");
}

export class CharacterStrip {
  // `picked(at)` hears which character is pointed at, null for none.
  constructor({ label, picked }) {
    this.picked = picked;
    this.at = null;
    this.before = element("span", { class: "lt-said-before" });
    this.letters = element("span");
    this.element = element("pre", { class: "lt-characters", tabindex: 0, role: "group", "aria-label": label }, this.before, this.letters);
    this.element.onpointerover = ({ target }) => this.pick(target.dataset.at === undefined ? null : Number(target.dataset.at));
    this.element.onpointerleave = () => this.pick(null);
    this.element.onblur = () => this.pick(null);
    this.element.onkeydown = (event) => this.key(event);
  }

  // `shades`: from 0 to 1; `by`: what they tell; `before`: what the text goes on from.
  show(text, shades, by, before = "") {
    const characters = [...text];
    this.element.dataset.by = by;
    write(this.before, before);
    while (this.letters.childElementCount > characters.length) this.letters.lastChild.remove();
    while (this.letters.childElementCount < characters.length) this.letters.append(element("span", { "data-at": this.letters.childElementCount }));
    characters.forEach((character, at) => {
      const span = this.letters.children[at];
      write(span, character === "\n" ? "⏎\n" : character);
      span.style.setProperty("--lt-shade", `${Math.round(100 * (shades[at] ?? 0))}%`);
    });
    if (this.at !== null && this.at >= characters.length) this.pick(null);
  }

  pick(at) {
    if (this.at !== null) this.letters.children[this.at]?.removeAttribute("data-picked");
    this.at = at;
    if (at !== null) this.letters.children[at]?.setAttribute("data-picked", "");
    this.picked(at);
  }

  key(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const last = this.letters.childElementCount - 1;
    this.pick(Math.min(last, Math.max(0, this.at === null ? 0 : this.at + by)));
  }
}
