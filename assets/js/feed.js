// One run's socket: its points, its state and the answers to looks. After a lost connection it resumes by cursor.

import { append, emptySeries } from "./series.js";

const FIRST_RETRY = 300;
const LAST_RETRY = 5000;
const NO_SUCH_RUN = 4404;
const NOTHING = JSON.stringify({ looks: [] });
const MOST_ANSWERS = 24;
const OVER = new Set(["finished", "stopped", "diverged", "failed", "interrupted"]);

// What the server calls a look: its name, the step of the past it goes to, its arguments in one order.
export function keyOf({ name, args, at }) {
  return `${name}${at === undefined || at === null ? "" : `@${at}`}:${JSON.stringify(args, Object.keys(args).sort())}`;
}

export class Feed {
  // `changed(feed, before)` hears of every frame with the state before it, `lost(feed, gone)` of every broken connection.
  constructor({ run, view, lang, changed, lost, persistent }) {
    Object.assign(this, { run, view, lang, changed, lost, persistent });
    this.retry = FIRST_RETRY;
    this.looks = [];
    this.at = null; // a step of the past that every look goes to; null: now
    this.answers = new Map();
    this.reset();
  }

  reset() {
    this.series = { train: emptySeries(), validation: emptySeries() };
    this.cursor = 0;
    this.status = null;
  }

  get open() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  get over() {
    return OVER.has(this.status?.state);
  }

  connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const query = new URLSearchParams({ cursor: this.cursor, lang: this.lang });
    if (this.view) query.set("view", this.view);
    const socket = new WebSocket(`${scheme}://${location.host}/api/runs/${this.run}/live?${query}`);
    this.socket = socket;
    socket.onopen = () => {
      this.sent = NOTHING;
      this.look(this.looks);
    };
    socket.onmessage = (event) => this.socket === socket && this.receive(JSON.parse(event.data));
    socket.onclose = (event) => this.socket === socket && this.closed(event.code);
  }

  close() {
    clearTimeout(this.again);
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  closed(code) {
    const gone = code === NO_SUCH_RUN;
    if (!gone || this.persistent) {
      this.again = setTimeout(() => this.connect(), this.retry);
      this.retry = Math.min(2 * this.retry, LAST_RETRY);
    } else this.reset(); // deleted, or never ours: nothing is left to draw
    this.lost(this, gone);
  }

  receive(frame) {
    this.retry = FIRST_RETRY;
    if (frame.from > this.cursor || frame.to < this.cursor) {
      this.close(); // not what we asked for: begin anew
      this.reset();
      this.connect();
      return;
    }
    if (frame.from === this.cursor) for (const split of ["train", "validation"]) append(this.series[split], frame[split]);
    this.cursor = frame.to;
    const before = this.status?.state;
    this.status = frame.status;
    for (const answer of frame.looks ?? []) this.keep(answer);
    this.changed(this, before);
  }

  keep(answer) {
    const key = keyOf(answer);
    this.answers.delete(key); // the newest lies last
    this.answers.set(key, answer);
    if (this.answers.size > MOST_ANSWERS) this.answers.delete(this.answers.keys().next().value);
  }

  answer(look) {
    return this.answers.get(keyOf(this.placed(look)));
  }

  placed(look) {
    return this.at === null || "at" in look ? look : { ...look, at: this.at };
  }

  // What is on the screen now; the server computes nothing else.
  look(looks) {
    this.looks = looks;
    const message = JSON.stringify({ looks: looks.map((look) => this.placed(look)) });
    if (!this.open || message === this.sent) return;
    this.sent = message;
    this.socket.send(message);
  }
}
