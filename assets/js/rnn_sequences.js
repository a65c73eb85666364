// Sequences the network was not trained on: what was wanted, what it says, and what it believed on the way.

import { element, fill, write } from "./dom.js";
import { SequencePanel, short } from "./rnn_panel.js";
import { CARDS } from "./rnn_sequence_cards.js";

const PAGE = 12; // as many as an answer holds

export class Sequences extends SequencePanel {
  build() {
    super.build();
    this.first = 0;
    const button = (by, label, sign) => element("button", { type: "button", "aria-label": label, title: label, onclick: () => this.turn(by) }, sign);
    this.score = element("p", { class: "lt-score", role: "status" });
    this.range = element("span", { class: "lt-note" });
    this.cards = element("div", { class: "lt-sequences" });
    this.legend = element("p", { class: "lt-caption" });
    this.body.append(
      this.score, element("div", { class: "lt-buttons" }, button(-PAGE, this.text.picture_buttons.previous, "‹"), button(PAGE, this.text.picture_buttons.next, "›"), this.range),
      this.legend, this.cards,
    );
  }

  looks() {
    return [{ name: "sequences", args: { first: this.first } }];
  }

  turn(by) {
    const pages = Math.max(1, Math.ceil((this.count ?? PAGE) / PAGE)) * PAGE;
    this.first = (this.first + by + pages) % pages;
    this.renew();
  }

  render(data) {
    const { task, count, first, items, score } = data;
    this.count = count;
    write(this.range, fill(this.text.sequences_range, { first: first.toLocaleString("en"), last: (first + items.length - 1).toLocaleString("en"), count: count.toLocaleString("en") }));
    const { accuracy, mse, naive } = score;
    const shown = task === "adding" ? { mse: short(mse), naive: short(naive) } : { accuracy: accuracy === null ? "–" : (100 * accuracy).toFixed(1), naive: (100 * naive).toFixed(1) };
    write(this.score, fill(this.text.scores_said[task === "adding" ? "adding" : "share"], shown));
    const kind = task === "adding" || task === "copy" ? task : items[0]?.picture ? "picture" : "lines";
    const known = items.some((item) => item.per_step);
    write(this.legend, this.text.sequence_legends[known || kind === "adding" || kind === "copy" ? kind : "answer"]);
    this.cards.dataset.kind = kind;
    this.cards.replaceChildren(...items.map((item) => CARDS[kind](item, data, this)));
  }
}
