// One picture: what each model says it shows, as bars; a bar that is pressed opens what that answer rests on.

import { element, fill, write } from "./dom.js";
import { Explanation } from "./inspect_predict_why.js";
import { problem } from "./inspect_parts.js";

const TOLD = 5;
const LEAST = 0.001; // the least probability that is told
const NARROW = "(max-width: 640px)"; // there the picture and the panel are far apart

export class PredictCard {
  constructor({ text, picture, lang, changed, opened, again, follow }) {
    Object.assign(this, { text, picture, lang, changed, opened, again, follow });
    this.image = element("img", { alt: fill(text.picture_alt, { name: picture.name }), width: 224, height: 224 });
    this.image.hidden = true;
    this.over = element("canvas", { class: "lt-predict-over", "aria-hidden": "true", hidden: true }); // said by the panel below
    this.columns = new Map();
    this.answers = element("div", { class: "lt-predict-answers" });
    this.why = element("div", { class: "lt-predict-why" });
    this.element = element(
      "article", { class: "lt-card lt-predict-card", "data-picture": picture.sha, "aria-label": picture.name },
      element("figure", {}, element("div", { class: "lt-predict-place" }, this.image, this.over), element("figcaption", {}, picture.name)), this.answers, this.why,
    );
  }

  fit(backbones) {
    const names = backbones.map(({ name }) => name);
    for (const name of this.columns.keys()) if (!names.includes(name)) this.columns.delete(name);
    for (const backbone of backbones) {
      if (!this.columns.has(backbone.name)) this.columns.set(backbone.name, new Column(this, backbone));
      this.columns.get(backbone.name).backbone = backbone;
    }
    this.answers.replaceChildren(...names.map((name) => this.columns.get(name).element));
    if (this.explanation && !names.includes(this.explanation.backbone.name)) this.shut();
  }

  explain(backbone, target, name) {
    const same = this.explanation?.backbone.name === backbone.name && this.explanation.target === target;
    this.shut();
    if (!same) {
      this.opened(this);
      this.explanation = new Explanation({ text: this.text, backbone, picture: this.picture, target, name, lang: this.lang, changed: this.changed, shut: () => this.shut(true), follow: () => this.follow(backbone.name) });
      this.why.replaceChildren(this.explanation.element);
      this.explanation.element.focus({ preventScroll: true });
      if (matchMedia(NARROW).matches) this.explanation.element.scrollIntoView({ block: "start", behavior: "smooth" });
    }
    this.changed();
  }

  shut(back = false) {
    if (!this.explanation) return;
    if (back) this.columns.get(this.explanation.backbone.name)?.focus(this.explanation.target);
    this.explanation.close();
    this.explanation = null;
    this.over.hidden = true;
    this.why.replaceChildren();
    this.changed();
  }

  close() {
    this.explanation?.close();
  }

  async draw(theme, answerOf) {
    for (const column of this.columns.values()) column.draw(answerOf(column.backbone), this.explanation);
    const seen = [...this.columns.values()].map(({ backbone }) => answerOf(backbone)?.data?.seen).find(Boolean);
    if (seen && seen !== this.seen) {
      this.seen = seen;
      this.image.src = `data:image/jpeg;base64,${seen}`;
      this.image.hidden = false;
    }
    await this.explanation?.draw(theme);
    this.explanation?.cover(this.over);
  }
}

// One model's five likeliest classes.
class Column {
  constructor(card, backbone) {
    Object.assign(this, { card, backbone, text: card.text });
    this.took = element("span");
    this.badge = element("span", { class: "lt-predict-badge" }, this.text.weights.random);
    this.problem = problem(this.text, () => card.again());
    this.bars = Array.from({ length: TOLD }, () => this.bar());
    this.list = element("div", { class: "lt-guesses" }, ...this.bars.map(({ button }) => button));
    this.element = element("section", { "data-backbone": backbone.name }, element("h5", {}, backbone.title, " ", this.took, " ", this.badge), this.problem.element, this.list);
  }

  bar() {
    const [name, share, length] = [element("span"), element("b"), element("i", { "aria-hidden": "true" })];
    const button = element("button", { type: "button", class: "lt-guess", disabled: true, "aria-expanded": false }, length, name, share);
    return { button, name, share, length };
  }

  focus(target) {
    this.bars.find(({ button }) => button.dataset.target === String(target))?.button.focus();
  }

  draw(answer, explanation) {
    const { text, backbone } = this;
    this.badge.hidden = backbone.weights !== "random";
    this.problem.show(answer?.error ?? null);
    this.list.hidden = Boolean(answer?.error);
    const open = explanation?.backbone.name === backbone.name ? explanation.target : null;
    for (const { button } of this.bars) button.setAttribute("aria-expanded", open !== null && button.dataset.target === String(open));
    if (!answer?.data || answer === this.shown) return;
    this.shown = answer;
    write(this.took, fill(text.milliseconds, { count: Math.max(1, Math.round(1000 * answer.data.seconds)) }));
    answer.data.top.forEach(([target, name, chance], at) => this.say(this.bars[at], target, name, chance));
  }

  say({ button, name, share, length }, target, said, chance) {
    const { text, card, backbone } = this;
    const tenths = (share) => share.toLocaleString(card.lang, { maximumFractionDigits: 1, minimumFractionDigits: 1 });
    const percent = chance === null ? text.nan : fill(chance < LEAST ? text.below : text.percent, { count: tenths(100 * Math.max(chance, LEAST)) });
    write(name, said);
    write(share, percent);
    length.style.width = `${100 * (chance ?? 0)}%`;
    button.disabled = false;
    button.dataset.target = target;
    button.title = text.ask_why;
    button.setAttribute("aria-label", fill(text.guess, { name: said, percent }));
    button.onclick = () => card.explain(backbone, target, said);
  }
}
