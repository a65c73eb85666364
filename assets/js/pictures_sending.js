// Files on their way to the server, two at a time. Streamlit never holds them.

import { fill } from "./dom.js";
import { MOST_FILES } from "./pictures_sources.js";

const AT_ONCE = 2;
const MEGABYTE = 2 ** 20;
const PATIENCE = 1000; // milliseconds before a busy server is asked again
const MOST_RETRIES = 60;

export class Sending {
  // `hear`: {kept(pictures, album, item), refused(files), progress(), over()}
  constructor(hear) {
    this.hear = hear;
    this.waiting = [];
    this.running = new Map(); // item -> XMLHttpRequest
    this.said = new Map(); // item -> what it is doing, for a single file
    this.done = this.of = 0;
  }

  get busy() {
    return this.running.size + this.waiting.length > 0;
  }

  add(items, data) {
    this.data = data;
    const { text, limits } = data;
    if (items.length > MOST_FILES) {
      const reason = fill(text.too_many, { count: items.length, most: MOST_FILES });
      this.hear.refused([{ name: "", reason }]);
      items = items.slice(0, MOST_FILES);
    }
    if (!this.busy) this.done = this.of = 0;
    for (const one of items) {
      const most = one.zip ? limits.zip : limits.picture;
      const reason = /^(video|audio)\//.test(one.file.type) ? text.no_picture : "";
      const size = { size: (one.file.size / MEGABYTE).toFixed(1), most };
      if (reason) this.hear.refused([{ name: one.name, reason }]);
      else if (one.file.size > most * MEGABYTE) this.hear.refused([{ name: one.name, reason: fill(text.too_large, size) }]);
      else {
        this.waiting.push(one);
        this.of += 1;
      }
    }
    this.next();
  }

  stop() {
    const left = this.waiting.splice(0);
    if (left.length) this.hear.refused(left.map((one) => ({ name: one.name, reason: this.data.text.stopped })));
    for (const [one, request] of [...this.running]) {
      if (request.readyState === XMLHttpRequest.DONE) this.failed(one, this.data.text.stopped); // it was to be sent again
      else request.abort();
    }
  }

  next() {
    while (this.running.size < AT_ONCE && this.waiting.length) this.send(this.waiting.shift());
    this.hear.progress();
    if (!this.busy && this.of) this.hear.over();
  }

  send(one) {
    const request = new XMLHttpRequest();
    const query = new URLSearchParams({ name: one.name, album: one.album ?? "", label: one.label ?? "", lang: this.data.lang });
    request.open("POST", `/api/pictures?${query}`);
    request.setRequestHeader("Accept", "application/x-ndjson");
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.onprogress = (event) => {
      this.say(one, fill(this.data.text.sending, { name: one.name, percent: Math.round((100 * event.loaded) / event.total) }));
    };
    request.upload.onload = () => this.say(one, fill(this.data.text.taking, { name: one.name }));
    request.onprogress = () => {
      const line = lines(request.responseText).at(-1);
      if (line?.of > 1) this.say(one, fill(this.data.text.unpacking, { name: one.name, ...line }));
    };
    request.onload = () => this.heard(one, request);
    request.onerror = () => this.failed(one, this.data.text.not_sent);
    request.onabort = () => this.failed(one, this.data.text.stopped);
    this.running.set(one, request);
    request.send(one.file);
  }

  say(one, sentence) {
    this.said.set(one, sentence);
    this.hear.progress();
  }

  heard(one, request) {
    const said = lines(request.responseText).at(-1) ?? {};
    if (request.status === 429 && (one.retries = (one.retries ?? 0) + 1) <= MOST_RETRIES) {
      setTimeout(() => this.running.has(one) && this.send(one), PATIENCE);
      return;
    }
    if (said.error || !said.kept) {
      const reason = said.error ?? this.data.text.not_sent;
      if (request.status === 409 || request.status === 403) this.give_up(reason); // the others would fare no better
      this.failed(one, reason);
      return;
    }
    this.finish(one);
    this.hear.kept(said.kept, said.album, one);
    if (said.refused.length) this.hear.refused(said.refused);
    this.next();
  }

  give_up(reason) {
    const left = this.waiting.splice(0);
    if (left.length) this.hear.refused(left.map((one) => ({ name: one.name, reason })));
  }

  failed(one, reason) {
    this.finish(one);
    this.hear.refused([{ name: one.name, reason }]);
    this.next();
  }

  finish(one) {
    this.running.delete(one);
    this.said.delete(one);
    this.done += 1;
  }
}

// Complete lines of what has come so far, as objects.
function lines(text) {
  const found = [];
  for (const line of text.split("\n")) {
    try {
      if (line) found.push(JSON.parse(line));
    } catch {
      return found; // half a line: the rest is on its way
    }
  }
  return found;
}
