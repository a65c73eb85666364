// How the two get along, in a sentence, and what to try.

import { element, write } from "./dom.js";
import { sentence } from "./gan_numbers.js";

export class Verdict {
  constructor({ words, lang }) {
    Object.assign(this, { words, lang });
    this.said = element("p", { class: "lt-gan-said", "aria-live": "polite" }, words.first);
    this.tries = element("ul", { class: "lt-gan-tries" });
    this.head = element("b", { class: "lt-gan-try" }, words.tries_label);
    this.element = element("div", { class: "lt-gan-verdict", "data-verdict": "none" }, this.said, this.head, this.tries);
    this.head.hidden = true;
  }

  show({ verdict, values, tries }) {
    this.element.dataset.verdict = verdict;
    write(this.said, sentence(this.words.verdicts[verdict] ?? verdict, values, this.lang));
    const shown = ["early", "learning"].includes(verdict) ? [] : tries; // nothing is wrong yet
    this.head.hidden = !shown.length;
    const key = shown.join();
    if (key === this.shown) return;
    this.shown = key;
    this.tries.replaceChildren(...shown.map((one) => element("li", {}, this.words.tries[one] ?? one)));
  }
}
