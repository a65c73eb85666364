// What a feed is to a run, for a torchvision model that no run trains: questions go out one by one, answers are kept.

import { keyOf } from "./feed.js";

const MOST_ANSWERS = 24;
const PARALLEL = 1;

export class ModelFeed {
  constructor({ model, lang, changed }) {
    Object.assign(this, { model, lang, changed });
    this.answers = new Map();
    this.asking = new Set();
    this.wanted = [];
    this.at = null;
    this.status = { state: "model", step: 0, epoch: 0, latest: {}, edits: [] };
  }

  connect() {}

  close() {
    this.closed = true;
  }

  answer(look) {
    return this.answers.get(keyOf(look));
  }

  look(looks) {
    this.wanted = looks;
    for (const look of looks) {
      const key = keyOf(look);
      if (!this.answers.has(key) && !this.asking.has(key) && this.asking.size < PARALLEL) this.fetch(look, key);
    }
  }

  async fetch(look, key) {
    this.asking.add(key);
    const query = new URLSearchParams({ name: look.name, args: JSON.stringify(look.args) });
    let said;
    try {
      const response = await fetch(`/api/models/${this.model}/look?${query}`);
      said = await response.json();
    } catch (error) {
      said = { error: String(error) };
    }
    this.asking.delete(key);
    if (this.closed) return;
    this.answers.set(key, { ...look, step: 0, ...said });
    if (this.answers.size > MOST_ANSWERS) this.answers.delete(this.answers.keys().next().value);
    this.changed();
    this.look(this.wanted);
  }
}
