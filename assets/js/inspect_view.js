// A page that looks inside a network: the moment that is looked at, and one view. A feed brings the answers, the view draws.

import { element, readTheme, write } from "./dom.js";
import { Feed } from "./feed.js";
import { Frames } from "./frames.js";
import { ModelFeed } from "./model_feed.js";
import { Moment } from "./moment.js";

export class InspectView {
  // `View`: the class of inspect_<name>.js; see there for what it can do.
  constructor(root, View) {
    this.root = root;
    this.View = View;
    this.frames = new Frames(() => this.draw());
  }

  update(data, trigger) {
    this.data = data;
    this.trigger = trigger;
    const identity = JSON.stringify([data.run, data.view, data.model, data.picture, data.lang]);
    if (identity !== this.identity) {
      this.identity = identity;
      this.close();
      this.build();
    }
    this.view.update?.(data);
    this.theme = readTheme(this.live);
    this.schedule();
  }

  close() {
    this.feed?.close();
    this.feed = null;
    this.view?.close?.();
    this.observer?.disconnect();
    document.removeEventListener("visibilitychange", this.hear);
  }

  build() {
    const { data } = this;
    const changed = () => this.schedule();
    const asked = () => this.ask();
    const trigger = (name, value) => this.trigger(name, value);
    this.view = new this.View({ data, changed, asked, trigger });
    this.moment = new Moment({ text: data.text, lang: data.lang, at: data.at, moved: (at) => this.moved(at), branch: data.branch ? (step) => trigger("branch", { step, id: Date.now() }) : null });
    this.moment.element.hidden = !data.run;
    this.gone = element("p", { class: "lt-problem", role: "status", hidden: true });
    this.live = element("div", { class: "live-run lt-inspect", "data-run-id": data.run ?? "", "data-state": data.state ?? "none" }, this.gone, this.moment.element, this.view.element);
    this.root.replaceChildren(this.live);
    this.feed = this.makeFeed();
    this.feed?.connect();
    if (this.feed) this.feed.at = data.at ?? null;
    this.view.follow?.(this.feed);
    this.onScreen = true;
    this.observer = new IntersectionObserver((entries) => {
      this.onScreen = entries.at(-1).isIntersecting;
      this.ask();
    });
    this.observer.observe(this.view.element);
    this.hear = () => this.ask();
    document.addEventListener("visibilitychange", this.hear);
    this.ask();
  }

  makeFeed() {
    const { data } = this;
    if (data.model) return new ModelFeed({ model: data.model, picture: data.picture, lang: data.lang, changed: () => this.schedule() });
    if (!data.run) return null;
    return new Feed({ run: data.run, view: data.view, lang: data.lang, persistent: true, changed: (feed) => this.heard(feed), lost: (_feed, gone) => this.lost(gone) });
  }

  heard(feed) {
    const { status } = feed;
    Object.assign(this.live.dataset, { state: status.state, step: status.step, epoch: status.epoch, metrics: JSON.stringify(status.latest) });
    this.gone.hidden = true;
    this.ask();
    this.schedule();
  }

  lost(gone) {
    write(this.gone, gone ? this.data.text.run_gone : this.data.text.reconnecting);
    this.gone.hidden = false;
  }

  moved(at) {
    this.feed.at = at;
    this.trigger("at", at ?? -1);
    this.ask();
    this.schedule();
  }

  ask() {
    this.feed?.look(this.onScreen && !document.hidden ? this.view.looks() : []);
  }

  schedule() {
    this.frames.schedule();
  }

  async draw() {
    const [look] = this.view.looks();
    if (this.feed?.status) this.moment.draw(this.feed.status, look && this.feed.answer(look));
    await this.view.draw(this.theme);
    this.ask(); // what is drawn may want to know more
  }
}
