// The live view of a run: curves, other runs beside it, and views into the network. Feeds bring, the parts draw.
//
// A point's epoch is a continuous number: 2.5 is the middle of the third. All words come from `data.text`; pages/shared/live.py lists them.

import { Pace } from "./curve_pace.js";
import { Curves, looksOf } from "./curves.js";
import { element, loadPlotly, readTheme } from "./dom.js";
import { Feed } from "./feed.js";
import { Frames } from "./frames.js";
import { Moment } from "./moment.js";
import { Race } from "./race.js";
import { Views } from "./views.js";

const READABLE = 200; // milliseconds between two changes of a number
const REMIND = 3000; // milliseconds until a change of state is told again
const FIRST_POINTS = 1000; // milliseconds for which the rest of the page does not disturb a run that begins
const GOING = new Set(["queued", "running"]);

export class LiveView {
  // `family`: what can be seen of the networks of this page, as in family_cnn.js.
  constructor(root, family) {
    this.root = root;
    this.family = family;
    this.main = null;
    this.others = [];
    this.frames = new Frames(() => this.draw());
  }

  update(data, trigger) {
    this.data = data;
    this.trigger = trigger;
    const identity = JSON.stringify([data.run, data.view, data.lang, !data.run && data.overlays.length > 0, data.view_names, data.charts.map(({ name }) => name)]);
    if (identity !== this.identity) {
      this.identity = identity;
      this.close();
      this.build();
      if (data.run) this.main = this.feed(data.run, data.view, true);
      for (const part of this.parts) part.follow(this.main);
    }
    this.stage?.update?.(data);
    this.views?.update(data);
    this.overlay(data.overlays);
    this.theme = readTheme(this.live);
    this.tellState();
    this.settle(GOING.has(data.state) ? FIRST_POINTS : 0);
    this.schedule();
  }

  close() {
    clearTimeout(this.telling);
    clearTimeout(this.settling);
    clearTimeout(this.later);
    clearTimeout(this.numbersLater);
    for (const feed of [this.main, ...this.others]) feed?.close();
    this.main = null;
    this.others = [];
    this.curves?.close();
    for (const part of this.parts) part.close();
  }

  build() {
    const { data } = this;
    const { text } = data;
    const changed = () => this.schedule();
    this.race = new Race({ text });
    const { views: kinds, Stage } = this.family;
    const own = data.run || !data.overlays.length;
    const asked = () => this.ask();
    const trigger = (name, value) => {
      if (name === "edit" && this.main?.at != null) this.moment.choose(null); // the past cannot be changed, only left
      this.trigger(name, value);
    };
    this.stage = own && Stage ? new Stage({ data, changed, asked, trigger }) : null;
    this.curves = new Curves({ data, changed, below: Boolean(this.stage) });
    this.pace = new Pace();
    this.views = own && Object.keys(kinds).length ? new Views({ data, kinds, changed, asked, trigger }) : null;
    const branch = data.branch ? (step) => trigger("branch", { step, id: Date.now() }) : null;
    this.moment = new Moment({ text, lang: data.lang, moved: (at) => this.moved(at), branch });
    this.moment.element.hidden = !data.run || !own;
    this.live = element("div", { class: "live-run", "data-run-id": data.run ?? "", "data-state": data.state ?? "none" });
    if (this.stage) this.live.append(this.stage.element);
    if (this.stage || data.views_first) this.live.append(this.moment.element);
    if (this.views && data.views_first) this.live.append(this.views.element);
    this.live.append(...this.curves.elements, this.race.element);
    if (this.views && !data.views_first) this.live.append(this.views.element); // on the first screen, not pushed off it
    if (!this.moment.element.parentNode) this.live.append(this.moment.element);
    if (!data.run && !data.overlays.length && !this.stage) this.live.append(element("p", { class: "lt-empty" }, text.empty));
    this.root.replaceChildren(this.live);
  }

  // What looks into the network: the stage, where the family has one, and the views.
  get parts() {
    return [this.stage, this.views].filter(Boolean);
  }

  // What is on the screen now is asked for, nothing else.
  ask() {
    this.main?.look(this.parts.flatMap((part) => part.looks()));
  }

  // Some answer that is shown, by whose step one sees how near the chosen moment it is.
  oneAnswer() {
    const [look] = this.parts.flatMap((part) => part.looks());
    return look && this.main?.answer(look);
  }

  // Back to a moment, or to now: stage and views show the network as it was then.
  moved(at) {
    if (!this.main) return;
    this.main.at = at;
    for (const part of this.parts) part.moved?.(at);
    this.live.dataset.at = at ?? "now";
    this.ask();
    this.schedule();
  }

  feed(run, view, own) {
    const feed = new Feed({
      run, view, lang: this.data.lang, persistent: own,
      changed: (changed, before) => (own ? this.heard(changed, before) : this.schedule()),
      lost: (_feed, gone) => (own ? this.lost(gone) : this.schedule()),
    });
    feed.connect();
    return feed;
  }

  // Keep the feeds that stay, close those that go, open those that come.
  overlay(wanted) {
    const kept = new Map(this.others.map((feed) => [feed.run, feed]));
    const looks = looksOf(wanted);
    this.others = wanted.map(({ run, view, title, baseline }, at) => {
      const feed = kept.get(run) ?? this.feed(run, view, false);
      kept.delete(run);
      return Object.assign(feed, { title, baseline, ...looks[at] });
    });
    for (const feed of kept.values()) feed.close();
    this.live.dataset.overlays = wanted.length;
  }

  // ---- the run's own feed

  heard(feed, before) {
    if (before !== feed.status.state) {
      this.live.dataset.state = feed.status.state; // whoever pressed Pause or Stop need not wait for the charts
      this.announce(true);
    } else if (feed.status.pausing) this.announce(true);
    this.ask();
    this.tellState();
    this.schedule();
  }

  lost(gone) {
    this.announce(false);
    if (gone) this.trigger("state", "gone"); // deleted, or a restarted server: the page finds out
  }

  // The rest of the page still speaks of another run or state: it is drawn anew when nobody waits for first points.
  settle(wait) {
    clearTimeout(this.settling);
    if (!this.data.outdated) return;
    this.settling = setTimeout(() => {
      this.trigger("settled", Date.now());
      this.settle(REMIND);
    }, wait);
  }

  // One rerun for each change of state, of the whole page when the run is over; sent again while the old one is shown.
  tellState() {
    clearTimeout(this.telling);
    const differs = () => this.main?.status && this.main.status.state !== this.data.state;
    const tell = () => {
      if (!differs()) return;
      this.trigger(this.main.over ? "settled" : "state", this.main.status.state);
      this.telling = setTimeout(tell, REMIND);
    };
    if (differs()) this.telling = setTimeout(tell, 0);
  }

  announce(connected) {
    const detail = { run: this.data.run, status: this.main?.status ?? null, connected };
    window.dispatchEvent(new CustomEvent("livetorch:status", { detail }));
  }

  // ---- drawing

  schedule() {
    this.frames.schedule();
  }

  async draw() {
    const { main, live } = this;
    const status = main?.status;
    if (this.stage) {
      await this.stage.draw(this.theme); // first, and not held up by the curves
      if (status) this.mark(main, status);
    }
    const plotly = await loadPlotly();
    if (live !== this.live) return; // another run was chosen meanwhile
    const scene = { main, theme: this.theme, data: this.data, others: this.others.filter((feed) => feed.status) };
    await this.drawCurves(plotly, scene);
    if (live !== this.live) return;
    if (status) this.mark(main, status);
    if (status && !(this.hurried(status) && this.moment.at === null)) this.moment.draw(status, this.oneAnswer());
    this.race.draw(scene);
    await this.views?.draw(this.theme);
  }

  // Below a stage the curves are drawn one by one while the run is on; the last points are never left out.
  async drawCurves(plotly, scene) {
    clearTimeout(this.later);
    const { curves, pace } = this;
    if (!this.stage || this.main?.status?.state !== "running") return curves.draw(plotly, scene);
    const due = pace.wait(curves.onScreen) <= 0;
    if (due && !(await pace.keep(() => curves.drawOldest(plotly, scene)))) return; // all are up to date
    this.later = setTimeout(() => this.schedule(), pace.wait(curves.onScreen));
  }

  mark(feed, status) {
    if (status === this.marked) return;
    this.marked = status;
    Object.assign(this.live.dataset, {
      runId: feed.run,
      state: status.state,
      drawn: status.state, // `state` is told at once, this and the numbers below with the charts
      step: status.step,
      epoch: status.epoch,
      metrics: JSON.stringify(status.latest),
      metricTime: status.metric_time,
      learningRate: status.learning_rate,
    });
    this.tellNumbers(feed, status);
  }

  // Whether a stage is to be drawn 20 times a second; then numbers beside it change as often as one can read.
  hurried(status) {
    return Boolean(this.stage) && status.state === "running";
  }

  // The numbers beside the curves, above the page and of the moment.
  tellNumbers(feed, status) {
    clearTimeout(this.numbersLater);
    const wait = this.hurried(status) ? (this.toldAt ?? 0) + READABLE - performance.now() : 0;
    if (wait > 0) {
      this.numbersLater = setTimeout(() => this.tellNumbers(feed, status), wait);
      return;
    }
    this.toldAt = performance.now();
    this.curves.write(status, status.latest.train?.learning_rate ?? status.learning_rate);
    if (this.moment.at === null) this.moment.draw(status);
    this.announce(feed.open);
  }
}
