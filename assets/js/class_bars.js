// The probability of each class as a bar: made when the classes are known, then only changed.

import { element } from "./dom.js";
import { bar } from "./panel.js";

export class ClassBars {
  // `made(row, number)` hears of the row of each class.
  constructor(label, made = () => {}) {
    this.made = made;
    this.bars = [];
    this.element = element("div", { class: "lt-bars", role: "list", "aria-label": label });
  }

  fit(classes) {
    const key = JSON.stringify(classes);
    if (key === this.fitted) return;
    this.fitted = key;
    this.bars = classes.map((name) => bar(name));
    this.bars.forEach(({ row }, number) => this.made(row, number));
    this.element.replaceChildren(...this.bars.map(({ row }) => row));
  }

  // `label`: the true class, null where nobody knows it. Returns the number of the likeliest class.
  show(classes, probabilities, label) {
    this.fit(classes);
    const best = probabilities.indexOf(Math.max(...probabilities));
    probabilities.forEach((share, at) => {
      const { row, show } = this.bars[at];
      show(share, share === null ? "–" : `${(100 * share).toFixed(1)} %`);
      Object.assign(row.dataset, { probability: share, best: at === best, right: at === label });
    });
    return best;
  }

  clear() {
    for (const one of this.bars) one.show(0, "–");
  }
}
