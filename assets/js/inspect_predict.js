// What several torchvision models say of several pictures: answers come one by one, each can be asked what it rests on.

import { element, fill, write } from "./dom.js";
import { askModel } from "./model_feed.js";
import { PredictCard } from "./inspect_predict_card.js";
import { PredictTable } from "./inspect_predict_table.js";

const LOOK = { name: "predicted", args: {} };

export class View {
  constructor({ data, changed, trigger }) {
    Object.assign(this, { data, text: data.text, changed, trigger });
    this.answers = new Map();
    this.cards = new Map();
    this.table = new PredictTable(data.text, data.lang);
    this.progress = element("p", { class: "lt-waiting", role: "status" });
    this.list = element("div", { class: "lt-predict-cards" });
    this.element = element("section", { class: "lt-predict" }, this.table.element, this.progress, this.list);
    this.hear = () => this.pump();
    document.addEventListener("visibilitychange", this.hear);
  }

  update(data) {
    this.data = data;
    const shas = data.pictures.map(({ sha }) => sha);
    for (const [sha, card] of this.cards) if (!shas.includes(sha)) this.drop(sha, card);
    for (const picture of data.pictures) if (!this.cards.has(picture.sha)) this.cards.set(picture.sha, this.card(picture));
    this.list.replaceChildren(...shas.map((sha) => this.cards.get(sha).element));
    for (const card of this.cards.values()) card.fit(data.backbones);
    this.pump();
    this.changed();
  }

  card(picture) {
    const { text, data, changed } = this;
    return new PredictCard({
      text, picture, lang: data.lang, changed,
      opened: (mine) => [...this.cards.values()].filter((card) => card !== mine).forEach((card) => card.shut()),
      again: () => this.again(), follow: (model) => this.trigger("open", { page: "features", model, picture: picture.sha, id: Date.now() }),
    });
  }

  drop(sha, card) {
    card.close();
    this.cards.delete(sha);
  }

  close() {
    this.closed = true;
    document.removeEventListener("visibilitychange", this.hear);
    for (const card of this.cards.values()) card.close();
  }

  looks() {
    return [];
  }

  key(backbone, picture) {
    return [backbone.name, backbone.weights, picture.sha].join(" ");
  }

  answer(backbone, picture) {
    return this.answers.get(this.key(backbone, picture));
  }

  again() {
    for (const [key, answer] of this.answers) if (answer.error) this.answers.delete(key);
    this.pump();
    this.changed();
  }

  // One model after the other, so that each is loaded once.
  get pairs() {
    return this.data.backbones.flatMap((backbone) => this.data.pictures.map((picture) => ({ backbone, picture })));
  }

  async pump() {
    if (this.busy || this.closed || document.hidden) return;
    const next = this.pairs.find(({ backbone, picture }) => !this.answer(backbone, picture));
    if (!next) return;
    this.busy = next;
    this.changed();
    const answer = await askModel({ model: next.backbone.name, picture: next.picture.sha, lang: this.data.lang }, LOOK);
    this.answers.set(this.key(next.backbone, next.picture), answer);
    this.busy = null;
    if (this.closed) return;
    this.changed();
    this.pump();
  }

  async draw(theme) {
    const { backbones, pictures } = this.data;
    const done = this.pairs.filter(({ backbone, picture }) => this.answer(backbone, picture)).length;
    const said = this.busy ? fill(this.text.asking, { done: done + 1, of: this.pairs.length, name: this.busy.backbone.title }) : "";
    write(this.progress, said);
    this.element.toggleAttribute("data-busy", Boolean(this.busy));
    this.element.dataset.done = `${done}/${this.pairs.length}`;
    this.table.draw(backbones, (backbone) => pictures.map((picture) => this.answer(backbone, picture)?.data).filter(Boolean));
    for (const picture of pictures) await this.cards.get(picture.sha).draw(theme, (backbone) => this.answer(backbone, picture));
  }
}
