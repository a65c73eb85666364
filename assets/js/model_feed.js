// What a feed is to a run, for a torchvision model that no run trains: questions go out one by one, answers are kept.

import { keyOf } from "./feed.js";

const MOST_ANSWERS = 24;
const PARALLEL = 1;

// One question to a model, about `picture` (a fingerprint) of the visitor's own where there is one: { data } or { error }.
export async function askModel({ model, picture, lang }, look) {
  const query = new URLSearchParams({ name: look.name, args: JSON.stringify(look.args), lang, ...(picture ? { picture } : {}) });
  try {
    const response = await fetch(`/api/models/${model}/look?${query}`);
    return await response.json();
  } catch (error) {
    return { error: String(error) };
  }
}

export class ModelFeed {
  constructor({ model, picture, lang, changed }) {
    Object.assign(this, { model, picture, lang, changed });
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
    const said = await askModel(this, look);
    this.asking.delete(key);
    if (this.closed) return;
    this.answers.set(key, { ...look, step: 0, ...said });
    if (this.answers.size > MOST_ANSWERS) this.answers.delete(this.answers.keys().next().value);
    this.changed();
    this.look(this.wanted);
  }
}
