// How any one number of any layer comes about: layers and their maps, and the arithmetic of the number that is pointed at.

import { element, fill, write } from "./dom.js";
import { Card } from "./inspect_arithmetic_card.js";
import { Chain } from "./inspect_arithmetic_chain.js";
import { Given } from "./inspect_arithmetic_given.js";
import { MapView } from "./inspect_arithmetic_map.js";
import { Walk, within } from "./inspect_arithmetic_walk.js";
import { elsewhere, problem } from "./inspect_parts.js";

const LEAST_WAIT = 100; // milliseconds between two places that are asked for
const PATIENCE = 1200; // an answer that takes longer is not waited for
const PAGES = { maps: 32, sequence: 256, vector: 4096 }; // as many channels or units are shown at once
const FEW = 6;
const MANY = 48;

export class View {
  constructor({ data, changed, asked, trigger }) {
    Object.assign(this, { data, text: data.text, changed, asked, trigger });
    const { text } = this;
    this.given = new Given({ text, page: data.page, focus: data.focus ?? {}, changed: () => this.renew() });
    this.layer = data.focus?.layer ?? "";
    this.place = { channel: 0, row: 0, column: 0, step: 1e9 }; // of a sequence the last one: something is remembered by then
    this.rows = FEW;
    this.sourceChannel = null;
    this.sourceFirst = null;
    this.shown = {};
    this.sentAt = -Infinity;
    this.fault = problem(text, () => this.again());
    this.note = element("p", { class: "lt-caption", role: "status" });
    this.hint = element("p", { class: "lt-waiting" });
    this.chain = new Chain({ text, chosen: (key) => this.open(key) });
    this.card = new Card({ text });
    this.made = this.mapView("made", (place, kept) => this.pick(place, kept), (first) => this.pick({ ...this.place, channel: first }, true));
    this.made.left = () => this.leave();
    this.froms = [0, 1].map((at) => this.mapView(`source${at}`, (place, kept) => kept && this.open(this.stage.sources[at].key, place), (first) => this.page(first)));
    const arrow = element("span", { class: "lt-ar-arrow" }, text.made_of);
    this.pictures = element("div", { class: "lt-ar-stage" }, this.made.element, arrow, ...this.froms.map((one) => one.element));
    this.walk = new Walk({ text, moved: (by) => this.move(by), placed: (place) => this.pick(place, true) });
    this.body = element("div", { class: "lt-ar", hidden: true }, this.chain.element, this.walk.element, this.pictures, this.card.element);
    this.element = element(
      "section", { class: "lt-card lt-ar-card-outer", onkeydown: (event) => this.key(event) }, element("p", { class: "lt-lead" }, text.lead), element("details", { class: "lt-ar-more" }, element("summary", {}, text.more), element("p", {}, text.more_said), element("p", {}, text.keys)),
      this.given.element, this.fault.element, this.note, this.hint, this.body, elsewhere({ data, trigger }, ["features", "graph", "gradients", "step"], () => this.focus()),
    );
  }

  mapView(role, picked, paged) {
    return new MapView({ text: this.text, role, picked, paged });
  }

  follow(feed) {
    this.feed = feed;
  }

  close() {
    clearTimeout(this.timer);
    this.given.close();
  }

  focus() {
    const layer = ["input", "loss"].includes(this.layer) ? "" : this.layer.replace(/\.(l\d+(_reverse)?|last)$/, "");
    return { part: this.info?.part ?? "", layer, example: this.given.example };
  }

  renew() {
    this.sentAt = -Infinity;
    this.send();
    this.changed();
  }

  again() {
    this.shown = {};
    this.renew();
  }

  // ---- what is asked for

  look(name, more = {}) {
    return { name, args: { ...this.given.args, ...more } };
  }

  looks() {
    const looks = [this.look("layers")];
    if (this.rowOf(this.layer)) looks.push(this.mapsLook(), ...(this.asking ? [this.asking] : []));
    return looks;
  }

  mapsLook() {
    const page = PAGES[this.rowOf(this.layer).layout];
    const answered = this.answer?.layer === this.layer ? this.answer.how : null;
    const from = this.sourceFirst ?? this.fromChannel(answered);
    const size = PAGES[this.rowOf(this.rowOf(this.layer).sources[0])?.layout] ?? 1;
    return this.look("layer_maps", { layer: this.layer, first: page ? Math.floor(this.place.channel / page) * page : 0, source_first: Math.floor(from / size) * size });
  }

  // The channel of what the number is made of that is worth seeing.
  fromChannel(how) {
    return this.sourceChannel ?? how?.rows?.[0]?.channel ?? how?.from?.channel ?? how?.channel ?? (how && ["dot", "cell", "loss", "lookup"].includes(how.form) ? 0 : this.place.channel);
  }

  // A place that is pointed at is asked for a few times a second, the last one always.
  send() {
    clearTimeout(this.timer);
    const row = this.rowOf(this.layer);
    if (!row) return;
    const look = this.look("arithmetic", { layer: this.layer, ...this.place, rows: this.rows });
    if (JSON.stringify(look) === JSON.stringify(this.asking)) return;
    const open = this.asking && !this.feed?.answer(this.asking);
    const wait = (open ? PATIENCE : LEAST_WAIT) - (performance.now() - this.sentAt);
    if (wait > 0) {
      this.timer = setTimeout(() => this.send(), wait); // an answer comes here sooner, by way of draw()
      return;
    }
    this.sentAt = performance.now();
    this.asking = look;
    this.asked();
  }

  // ---- what is chosen

  rowOf(key) {
    return this.info?.layers.find((layer) => layer.key === key);
  }

  titleOf(key) {
    const row = this.rowOf(key);
    return row ? this.chain.titleOf(row) : key;
  }

  // Another layer, at `place` or at the same part of it as before.
  open(key, place = null) {
    const [row, before] = [this.rowOf(key), this.rowOf(this.layer)];
    if (!row) return;
    const scaled = place ? { ...this.place, ...place } : this.carried(row, before);
    Object.assign(this, { layer: key, sourceChannel: null, sourceFirst: null, rows: FEW, kept: null });
    this.place = within(row, scaled);
    this.renew();
  }

  carried(row, before) {
    const size = (one) => (one?.layout === "maps" ? one.shape : null);
    const [now, then] = [size(row), size(before)];
    if (!now) return this.place;
    if (!then) return { ...this.place, row: Math.floor(now[1] / 2), column: Math.floor(now[2] / 2) };
    return { ...this.place, row: Math.floor(((this.place.row + 0.5) * now[1]) / then[1]), column: Math.floor(((this.place.column + 0.5) * now[2]) / then[2]) };
  }

  pick(place, kept) {
    const row = this.rowOf(this.layer);
    if (!row) return;
    const other = within(row, place);
    if (kept) this.kept = other;
    if (JSON.stringify(other) === JSON.stringify(this.place)) return;
    if (other.channel !== this.place.channel) Object.assign(this, { sourceChannel: null, sourceFirst: null });
    this.place = other;
    this.send();
    this.changed();
  }

  // What was clicked stays, whatever was pointed at since.
  leave() {
    if (this.kept) this.pick(this.kept, false);
  }

  page(first) {
    Object.assign(this, { sourceFirst: Math.max(0, first), sourceChannel: Math.max(0, first) });
    this.changed();
  }

  move(by) {
    const at = this.info?.layers.findIndex((layer) => layer.key === this.layer) ?? -1;
    const next = this.info?.layers[at + by];
    if (next) this.open(next.key);
  }

  key(event) {
    if (event.target.closest("input, select, textarea, [data-keys]") || event.ctrlKey || event.metaKey || event.altKey) return;
    const layer = { "[": -1, "]": 1 }[event.key];
    const channel = { PageUp: -1, PageDown: 1 }[event.key];
    if (!layer && !channel) return;
    event.preventDefault();
    if (layer) this.move(layer);
    else this.pick({ ...this.place, channel: this.place.channel + channel }, true);
  }

  // ---- drawing

  async draw(theme) {
    this.theme = theme;
    this.takeLayers();
    this.hint.hidden = Boolean(this.info);
    write(this.hint, this.feed ? this.text.waiting : this.text.no_run);
    this.body.hidden = !this.info;
    if (!this.info) return;
    this.send();
    const row = this.rowOf(this.layer);
    const stage = this.feed?.answer(this.mapsLook());
    if (stage?.data) this.stage = stage.data;
    const said = this.asking && this.feed?.answer(this.asking);
    if (said?.data) this.answer = said.data;
    if (this.answer && !this.rowOf(this.answer.layer)) this.answer = null;
    const error = stage?.error ?? said?.error;
    if (this.layersError || error) this.fault.show(this.layersError ?? error);
    else this.fault.show("");
    this.chain.show(this.info.layers, this.layer, row.sources, theme.dark);
    this.given.show(this.info);
    this.walk.show(row, this.place, this.info.steps);
    this.drawStage(row);
    if (this.answer) this.drawCard();
    Object.assign(this.element.dataset, { layer: this.layer, step: said?.step ?? "" });
  }

  takeLayers() {
    const answer = this.feed?.answer(this.look("layers"));
    this.layersError = answer?.error ?? null;
    if (answer?.error) {
      if (!this.info && !this.forgot) {
        this.forgot = true; // a link may point at what this run has not
        write(this.note, answer.error);
        this.given.forget();
      } else this.fault.show(answer.error);
      return;
    }
    if (!answer?.data || answer.data === this.info) return;
    const first = !this.info;
    this.info = answer.data;
    const row = this.wanted();
    if (!first && row.key === this.layer) this.place = within(row, this.place);
    else {
      this.layer = row.key;
      this.place = within(row, this.carried(row, null));
      this.kept = null;
    }
  }

  // The layer that is looked at, or the first one with weights where this network has none of that name.
  wanted() {
    const { layers } = this.info;
    const found = layers.find(({ key, title }) => [key, title].includes(this.layer)) ?? layers.find(({ key }) => this.layer && key.startsWith(`${this.layer}.`));
    if (!found && this.layer) write(this.note, fill(this.text.no_layer, { layer: this.layer.slice(0, 40) }));
    return found ?? layers[1] ?? layers[0];
  }

  drawStage(row) {
    const { stage, theme, info } = this;
    const current = stage?.layer === this.layer;
    this.pictures.toggleAttribute("data-busy", !current);
    if (!current) return;
    const symbols = (key) => (this.rowOf(key)?.tokens ?? []).map((token) => info.symbols[token] ?? "");
    const common = { dark: theme.dark };
    const answered = this.answer?.layer === this.layer ? this.answer : null;
    this.froms.forEach((view, at) => {
      const picture = stage.sources[at];
      view.element.hidden = !picture;
      if (picture) view.show({ ...common, picture, title: this.titleOf(picture.key), symbols: symbols(picture.key), ...this.marked(picture, answered, at) });
    });
    this.pictures.dataset.layout = row.layout;
    this.pictures.querySelector(".lt-ar-arrow").hidden = !stage.sources.length;
    this.made.element.hidden = !stage.made;
    if (stage.made) this.made.show({ ...common, picture: stage.made, title: this.titleOf(stage.made.key), place: this.place, symbols: symbols(stage.made.key), marks: { window: this.remembered(stage.made, answered) } });
  }

  // The state that a recurrent cell goes on from lies in its own picture, a step before.
  remembered(picture, answer) {
    const how = answer?.how;
    if (how?.form !== "cell" || how.first) return null;
    return { left: how.time + (how.reverse ? 1 : -1), top: 0, width: 1, height: picture.shape[1] };
  }

  // Which part of a source the number is made of.
  marked(picture, answer, at) {
    const how = answer?.how;
    const place = { channel: this.fromChannel(how), row: this.place.row, column: this.place.column, step: this.place.step };
    if (!how) return { place, marks: { place: false } };
    if (how.lines) {
      const window = { left: how.columns[0], top: how.lines[0], width: how.columns.at(-1) - how.columns[0] + 1, height: how.lines.at(-1) - how.lines[0] + 1 };
      return { place, marks: { window, place: false } };
    }
    if (how.form === "dot") return { place, marks: { units: how.terms.map(({ index }) => ({ channel: index, step: place.step })), place: false } };
    if (how.form === "same") return { place: { ...place, ...how.from }, marks: { place: how.source === at } };
    if (how.form === "cell") return { place, marks: { window: picture.layout === "sequence" ? { left: place.step, top: 0, width: 1, height: picture.shape[1] } : null, place: false } };
    return { place: this.place, marks: { place: ["norm", "activation", "add"].includes(how.form) } };
  }

  drawCard() {
    const { info, answer } = this;
    const readers = info.layers.filter((layer) => layer.sources.includes(answer.then.at(-1)?.layer ?? answer.layer)).map((layer) => layer.key);
    const [source] = answer.sources;
    const from = this.rowOf(source);
    const units = from?.layout === "sequence" ? from.shape[1] : Infinity;
    const sourceOf = (index) => (answer.sources.length > 1 && units !== Infinity ? [answer.sources[Math.floor(index / units)] ?? source, index % units] : [source, index]);
    const plain = source === "input" && this.data.page === "mlp";
    this.card.show(answer, {
      dark: this.theme.dark,
      info,
      readers,
      rowOf: (key) => this.rowOf(key),
      titleOf: (key) => this.titleOf(key),
      go: (key, place) => this.open(key, place),
      nameOf: (index) => (plain ? info.steps[index] : `${this.titleOf(sourceOf(index)[0])} [${sourceOf(index)[1]}]`),
      goTo: (index) => this.open(sourceOf(index)[0], { channel: sourceOf(index)[1], step: answer.place.step }),
      shown: this.fromChannel(answer.how),
      show: (channel) => {
        Object.assign(this, { sourceChannel: channel, sourceFirst: null });
        this.changed();
      },
      more: () => {
        this.rows = MANY;
        this.renew();
      },
    });
  }
}
