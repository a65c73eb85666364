// Questions that are asked once and then kept. A run that is on is held at one moment while it is looked at: answering
// these in its own worker would keep it from training.

import { keyOf } from "./feed.js";

const ACTIVE = new Set(["running", "paused", "queued"]);
const MOST = 96;

export class Asking {
  constructor() {
    this.kept = new Map();
    this.held = null; // the step at which a run that is on is looked at
  }

  follow(feed) {
    this.feed = feed;
  }

  get active() {
    return ACTIVE.has(this.feed?.status?.state);
  }

  // Hold the moment that is now; what was answered of another one stays for who goes back.
  renew() {
    this.held = this.feed?.status?.step ?? null;
  }

  // Whether questions can be asked: a run that has just been found has told nothing yet.
  get ready() {
    return Boolean(this.feed?.status) && this.feed.status.state !== "queued";
  }

  placed(look) {
    if (!this.active || this.feed.at !== null) return look;
    if (this.held === null) this.renew();
    return { ...look, at: this.held };
  }

  key(look) {
    const placed = this.placed(look);
    return keyOf("at" in placed || !this.feed ? placed : { ...placed, at: this.feed.at });
  }

  // The answer, once there is one.
  answer(look) {
    const key = this.key(look);
    const found = this.feed?.answer(this.placed(look)) ?? this.kept.get(key);
    if (found) {
      this.kept.delete(key);
      this.kept.set(key, found);
      if (this.kept.size > MOST) this.kept.delete(this.kept.keys().next().value);
    }
    return found;
  }

  // Those of `looks` that are still to be asked, as the feed wants them.
  open(looks) {
    return this.ready ? looks.filter((look) => !this.answer(look)).map((look) => this.placed(look)) : [];
  }

  // Ask again what was answered with an error.
  forgetErrors() {
    for (const [key, answer] of this.kept) if (answer.error) this.kept.delete(key);
    for (const [key, answer] of this.feed?.answers ?? []) if (answer.error) this.feed.answers.delete(key);
  }
}
