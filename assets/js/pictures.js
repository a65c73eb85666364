// The visitor's pictures on a page. They go to the server and come from it by our own routes; Streamlit hears of it once.

import { element, fill, write } from "./dom.js";
import { Bar } from "./pictures_bar.js";
import { Camera } from "./pictures_camera.js";
import { Classes } from "./pictures_classes.js";
import { Grid } from "./pictures_grid.js";
import { Sending } from "./pictures_sending.js";
import { pasted } from "./pictures_sources.js";
import { Top } from "./pictures_top.js";

const SETTLE = 350; // milliseconds until a choice is told: several clicks are one rerun
const SHOT = 900; // and until pictures of the camera are: more follow while its button is held
const LOST = 8000; // and until a word that was not answered counts as lost

export class PicturesView {
  constructor(root) {
    this.root = root;
    this.pictures = [];
    this.albums = [];
    this.top = new Top({ album: (name) => this.open(name), bring: (items) => this.bring(items), camera: () => this.camera(), stop: () => this.sending.stop() });
    this.classes = new Classes({ only: () => this.draw() });
    this.grid = new Grid({ chosen: (told) => this.chose(told), remove: () => this.bar.ask(), label: (number) => this.labelNumber(number) });
    this.bar = new Bar({
      label: (name) => this.change({ label: name }),
      move: (album) => this.change({ album }),
      remove: () => this.change({ delete: true }),
      all: () => this.grid.chooseAll(),
      none: () => this.grid.chooseNone(),
    });
    this.sending = new Sending({
      kept: (pictures, album, item) => this.kept(pictures, album, item),
      refused: (files) => this.top.refuse(files),
      progress: () => this.top.moving(this.sending),
      over: () => this.over(),
    });
    this.empty = element("p", { class: "lt-pic-empty", hidden: true });
    root.replaceChildren(this.top.root, this.classes.root, this.grid.root, this.empty, this.bar.root);
    this.paste = (event) => this.hearPaste(event);
    document.addEventListener("paste", this.paste);
  }

  close() {
    clearTimeout(this.timer);
    this.cameraPanel?.close();
    document.removeEventListener("paste", this.paste);
  }

  update(data, trigger) {
    this.data = data;
    this.trigger = trigger;
    if (this.sending.busy || this.timer || this.unheard) return; // what the visitor does now is newer
    if (data.choose !== "none") this.grid.chosen = new Set(data.chosen);
    const moved = this.album !== data.album;
    this.album = data.album;
    const stale = this.stamp !== data.stamp;
    this.stamp = data.stamp;
    if (moved || stale) this.load();
    else this.draw();
  }

  // Whether the page was drawn before it heard what was told it last. A word may be lost, so this ends by itself.
  get unheard() {
    return Boolean(this.told) && this.data.heard !== this.told && Date.now() - this.told < LOST;
  }

  async load() {
    const { text, lang } = this.data;
    const asked = this.album;
    try {
      const answer = await fetch(`/api/pictures?${new URLSearchParams({ album: asked, lang })}`);
      const said = await answer.json();
      if (!answer.ok) throw new Error(said.error);
      if (asked !== this.album) return; // another one was opened meanwhile
      Object.assign(this, { pictures: said.pictures, albums: said.albums });
      if (this.own) this.pictures.reverse(); // what came last is what is looked for
    } catch (error) {
      this.top.refuse([{ name: text.pictures, reason: error.message || text.not_loaded }]);
    }
    this.draw();
  }

  get own() {
    return this.albums.find((one) => one.name === this.album)?.own ?? !this.album.startsWith("~");
  }

  get shown() {
    const { only } = this.classes;
    return only === null ? this.pictures : this.pictures.filter((one) => one.label === only);
  }

  // Ids of what a button would change: chosen pictures that are in sight.
  get acted() {
    return this.shown.map((one) => one.id).filter((id) => this.grid.chosen.has(id));
  }

  draw() {
    const { data, own } = this;
    const { text } = data;
    this.classes.draw(this.pictures, data, own);
    const { only } = this.classes;
    this.top.draw(data, this.album, this.albums, own ? only : "");
    const known = new Set(this.pictures.map((one) => one.id));
    const inSight = data.choose === "none" ? new Set(this.shown.map((one) => one.id)) : known;
    for (const id of this.grid.chosen) if (!inSight.has(id)) this.grid.chosen.delete(id);
    const most = data.choose === "one" ? 1 : data.choose === "many" ? data.most : Infinity;
    const choosing = { many: data.choose !== "one", most, may: data.choose !== "none" || own };
    const labels = data.labels && own && this.classes.order.length > 0; // "No class" says nothing before there is one
    this.grid.draw(this.shown, { text, labels, colour: (name) => this.classes.colour(name), choosing });
    this.empty.hidden = this.shown.length > 0;
    write(this.empty, only ? fill(text.empty_class, { label: only }) : text.empty);
    this.drawBar(choosing);
    Object.assign(this.root.dataset, { album: this.album, count: this.pictures.length, drawn: data.stamp });
  }

  drawBar({ many, most, may }) {
    const { data, own, shown } = this;
    const { text } = data;
    const note = data.choose === "one" ? text.choose_one : data.choose === "many" ? fill(text.choose_many, { most }) : "";
    const albums = data.albums ? this.albums.filter((one) => one.own && one.name !== this.album).map((one) => one.name) : [];
    this.bar.draw({
      text, own, note, many: many && may, most, albums, labels: data.labels, count: this.acted.length, total: shown.length,
      classes: this.classes.order, colour: (name) => this.classes.colour(name),
    });
  }

  // Choosing

  chose(told) {
    this.draw();
    if (!told || this.data.choose === "none") return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell({ chosen: [...this.grid.chosen] }), SETTLE);
  }

  tell(said) {
    clearTimeout(this.timer);
    this.timer = null;
    this.told = Date.now();
    this.trigger("said", { album: this.album, at: this.told, ...said });
  }

  open(album) {
    if (!album || album === this.album) return this.draw(); // a name was given up
    this.album = album;
    this.grid.chosen = new Set();
    this.classes.only = null;
    this.classes.more = [];
    this.load();
    this.tell({});
  }

  // Bringing

  bring(items) {
    const { text } = this.data;
    const mine = this.own ? this.album : (this.albums.find((one) => one.own)?.name ?? text.first_album);
    const only = this.own ? this.classes.only : "";
    for (const one of items) {
      one.album ??= one.zip ? "" : mine; // a zip is an album of its own
      one.label ||= only || "";
    }
    this.top.forget();
    if (!this.sending.busy) this.came = [];
    this.sending.add(items, this.data);
  }

  kept(pictures, album, item) {
    if (!item.zip) this.tellTwice(pictures[0], item.name);
    this.came.push(...pictures);
    this.last = album;
    if (album !== this.album) return;
    const ids = new Set(pictures.map((one) => one.id));
    this.pictures = [...[...pictures].reverse(), ...this.pictures.filter((one) => !ids.has(one.id))];
    this.draw();
  }

  // Who brings a file twice wonders where one of them went.
  tellTwice(picture, name) {
    const known = [...this.came, ...this.pictures].find((one) => one.id === picture?.id);
    if (known && known.label === picture.label) this.top.refuse([{ name, reason: fill(this.data.text.twice, { name: known.name }) }]);
  }

  // Once for all that was brought: show its album, choose what came, and let the page follow.
  over() {
    this.top.moving(this.sending);
    if (!this.came?.length) return;
    if (this.last !== this.album) this.grid.chosen = new Set();
    this.album = this.last;
    const ids = this.came.filter((one) => one.album === this.album).map((one) => one.id);
    this.came = [];
    const { choose, most } = this.data;
    if (choose === "one") this.grid.chosen = new Set(ids.slice(-1));
    if (choose === "many") this.grid.chosen = new Set([...ids.reverse(), ...this.grid.chosen].slice(0, most));
    this.load();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell({ changed: true, ...this.choice() }), this.filming ? SHOT : 0);
  }

  choice() {
    return this.data.choose === "none" ? {} : { chosen: [...this.grid.chosen] };
  }

  get filming() {
    return Boolean(this.cameraPanel && !this.cameraPanel.closed);
  }

  camera() {
    if (this.filming) return;
    this.cameraPanel = new Camera(this.top.panel, (items) => this.bring(items), () => {});
    this.cameraPanel.open(this.data.text);
  }

  hearPaste(event) {
    const typing = event.target.closest?.("input, textarea, [contenteditable]");
    const first = document.querySelector(".lt-pictures") === this.root;
    const here = this.root.contains(document.activeElement) || (first && !document.activeElement?.closest?.(".lt-pictures"));
    if (typing || !here || !this.root.offsetParent) return;
    const items = pasted(event.clipboardData);
    if (!items.length) return;
    event.preventDefault();
    this.bring(items);
  }

  // Changing

  labelNumber(number) {
    const name = this.classes.order[number];
    if (this.data.labels && this.own && name && this.grid.chosen.size) this.change({ label: name });
  }

  async change(what) {
    const { text, lang } = this.data;
    const ids = this.acted;
    if (!ids.length) return;
    try {
      const answer = await fetch(`/api/pictures/change?lang=${encodeURIComponent(lang)}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ ids, ...what }),
      });
      const said = await answer.json();
      if (!answer.ok) return this.top.refuse([{ name: text.pictures, reason: said.error }]);
    } catch {
      return this.top.refuse([{ name: text.pictures, reason: text.not_changed }]);
    }
    if (this.data.choose === "none" || "label" in what === false) this.grid.chosen = new Set();
    await this.load();
    this.tell({ changed: true, ...this.choice() });
  }
}
