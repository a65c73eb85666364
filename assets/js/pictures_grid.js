// Thumbnails to choose from: a list box with one tab stop. Arrows move, Space chooses, Shift extends, Delete asks to delete.

import { element, fill, write } from "./dom.js";

const SHOWN = 240; // tiles at first, and more at a time

export class Grid {
  // `hear`: {chosen(), remove(), label(number)}
  constructor(hear) {
    this.hear = hear;
    this.tiles = new Map(); // id -> tile
    this.chosen = new Set();
    this.at = null; // id of the tile that has the tab stop
    this.shown = SHOWN;
    this.box = element("div", { class: "lt-pic-grid", role: "listbox" });
    this.more = element("button", { type: "button", class: "lt-pic-more", hidden: true, onclick: () => this.showMore() });
    this.root = element("div", { class: "lt-pic-scroll" }, this.box, this.more);
    this.box.addEventListener("click", (event) => this.clicked(event));
    this.box.addEventListener("keydown", (event) => this.pressed(event));
    this.box.addEventListener("focusin", (event) => this.stop(event.target.dataset.id));
  }

  // `choosing`: {many, most, may}. Chosen pictures that are gone are forgotten.
  draw(pictures, { text, labels, colour, choosing }) {
    Object.assign(this, { pictures, text, choosing, colour });
    this.box.setAttribute("aria-label", text.pictures);
    this.box.setAttribute("aria-multiselectable", String(choosing.many));
    this.box.setAttribute("aria-description", text.grid_help);
    const seen = pictures.slice(0, this.shown);
    for (const id of [...this.tiles.keys()]) if (!seen.some((one) => one.id === id)) this.tiles.delete(id);
    const tiles = seen.map((one) => this.tile(one, labels));
    if (tiles.length !== this.box.children.length || tiles.some((tile, index) => this.box.children[index] !== tile)) {
      const focused = this.box.contains(document.activeElement) ? document.activeElement.dataset.id : null;
      this.box.replaceChildren(...tiles);
      if (focused) (this.tiles.get(focused) ?? tiles[0])?.focus();
    }
    this.more.hidden = pictures.length <= this.shown;
    write(this.more, fill(text.and_more, { count: pictures.length - this.shown }));
    if (!this.tiles.has(this.at)) this.at = seen[0]?.id ?? null;
    this.mark();
  }

  tile(one, labels) {
    let tile = this.tiles.get(one.id);
    if (!tile) {
      const picture = element("img", { src: `/api/pictures/file/${one.sha}?side=256`, loading: "lazy", decoding: "async", alt: "", draggable: "false" });
      tile = element("div", { role: "option", class: "lt-pic-tile", "data-id": one.id, tabindex: "-1" }, picture, element("span", { class: "lt-pic-label" }));
      tile.title = fill(this.text.size, one);
      this.tiles.set(one.id, tile);
    }
    const label = tile.lastChild;
    label.hidden = !one.label && !labels;
    label.dataset.none = String(!one.label);
    label.style.setProperty("--lt-class", this.colour(one.label));
    write(label, one.label || (labels ? this.text.no_class : ""));
    tile.setAttribute("aria-label", one.label ? fill(this.text.alt, one) : one.name);
    return tile;
  }

  mark() {
    for (const [id, tile] of this.tiles) {
      tile.setAttribute("aria-selected", String(this.chosen.has(id)));
      tile.tabIndex = id === this.at ? 0 : -1;
    }
  }

  stop(id) {
    if (!id || id === this.at) return;
    this.at = id;
    this.mark();
  }

  showMore() {
    this.shown += SHOWN;
    this.hear.chosen(false);
  }

  clicked(event) {
    const tile = event.target.closest(".lt-pic-tile");
    if (!tile) return;
    tile.focus({ preventScroll: true });
    this.choose(tile.dataset.id, event.shiftKey);
  }

  choose(id, extend = false) {
    const { many, may } = this.choosing;
    if (!may) return;
    if (!many) this.chosen = new Set([id]);
    else if (extend && this.anchor) this.extend(id);
    else if (this.chosen.has(id)) this.chosen.delete(id);
    else this.chosen.add(id);
    if (!extend) this.anchor = id;
    this.bound(id);
    this.mark();
    this.hear.chosen(true);
  }

  extend(id) {
    const ids = this.pictures.map((one) => one.id);
    const [first, last] = [ids.indexOf(this.anchor), ids.indexOf(id)].sort((one, other) => one - other);
    if (first >= 0) for (const one of ids.slice(first, last + 1)) this.chosen.add(one);
  }

  // Where the page takes a few at a time, the ones that were chosen first give way.
  bound(latest) {
    const order = [...this.chosen].filter((id) => id !== latest);
    while (this.chosen.size > this.choosing.most) this.chosen.delete(order.shift());
  }

  chooseAll() {
    this.chosen = new Set(this.pictures.slice(0, this.choosing.most).map((one) => one.id));
    this.mark();
    this.hear.chosen(true);
  }

  chooseNone() {
    this.chosen = new Set();
    this.mark();
    this.hear.chosen(true);
  }

  pressed(event) {
    const tiles = [...this.box.children];
    const place = tiles.findIndex((tile) => tile.dataset.id === this.at);
    const columns = tiles.filter((tile) => tile.offsetTop === tiles[0].offsetTop).length;
    const moves = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns, Home: -place, End: tiles.length - 1 - place };
    if (event.key in moves) {
      const to = tiles[Math.max(0, Math.min(tiles.length - 1, place + moves[event.key]))];
      to.focus();
      if (event.shiftKey && this.choosing.many) this.choose(to.dataset.id, true);
    } else if (event.key === " " || event.key === "Enter") this.choose(this.at, event.shiftKey);
    else if (event.key === "a" && (event.ctrlKey || event.metaKey) && this.choosing.many && this.choosing.may) this.chooseAll();
    else if (event.key === "Delete" || event.key === "Backspace") this.hear.remove();
    else if (/^[1-9]$/.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) this.hear.label(Number(event.key) - 1);
    else return;
    event.preventDefault();
    event.stopPropagation(); // the page has shortcuts of its own
  }
}
