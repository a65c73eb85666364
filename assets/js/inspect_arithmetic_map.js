// What one layer makes, large enough to point at: one channel of its maps, a vector in rows, or units over the steps of a sequence.

import { element, fill, write } from "./dom.js";
import { named } from "./inspect_arithmetic_numbers.js";
import { bytesOf, colourTable, paint, scaleBar, shapeText } from "./tensors.js";

const SIDE = 264; // about so many pixels wide
const TILE = 34;
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export class MapView {
  // `picked(place, kept)` hears of what is pointed at, `kept` where it was clicked or walked to; `paged(first)` of another page of maps.
  constructor({ text, role, picked, paged }) {
    Object.assign(this, { text, picked, paged });
    this.canvas = element("canvas", { class: "lt-ar-map", tabindex: 0, role: "application", "aria-roledescription": text.map_role });
    this.title = element("figcaption", {});
    this.scale = scaleBar();
    this.tiles = element("canvas", { class: "lt-ar-tiles", role: "img", onclick: (event) => this.tile(event) });
    const page = (by, label, sign) => element("button", { type: "button", "aria-label": label, title: label, onclick: () => this.paged(this.first + by * this.count) }, sign);
    this.before = page(-1, text.maps_before, "‹");
    this.after = page(1, text.maps_after, "›");
    this.shown = element("span");
    this.pager = element("span", { class: "lt-ar-pager" }, this.before, this.shown, this.after);
    this.tokens = element("span", { class: "lt-ar-tokens" });
    this.element = element("figure", { class: "lt-ar-figure", "data-role": role }, this.title, this.canvas, this.tokens, this.scale.bar, this.tiles, this.pager);
    this.canvas.onpointermove = (event) => (event.pointerType === "mouse" || event.buttons > 0) && this.point(event, event.pointerType !== "mouse");
    this.canvas.onpointerdown = (event) => event.button === 0 && this.point(event, true);
    this.canvas.onpointerleave = () => this.left?.();
    this.canvas.onkeydown = (event) => this.key(event);
  }

  // `picture`: layout, shape, maps of the answer; `place`: what is marked; `marks`: a rectangle, or units; `symbols`: of tokens.
  show({ picture, title, place, marks = {}, dark, symbols = [] }) {
    const now = [picture, dark, JSON.stringify([title, place, marks])];
    if (this.drawn?.every((one, at) => one === now[at])) return;
    this.drawn = now;
    Object.assign(this, { picture, place, marks, dark });
    write(this.title, `${title} · ${shapeText(picture.shape)}`);
    const block = picture.maps?.block;
    this.first = picture.maps?.first ?? 0;
    this.canvas.hidden = this.scale.bar.hidden = !block;
    this.tokens.hidden = picture.layout !== "tokens";
    if (picture.layout === "tokens") this.write(symbols);
    this.tiles.hidden = this.pager.hidden = true;
    if (!block) return;
    this.fit(picture.layout, block);
    this.paint(block);
    this.scale.show(block, dark);
    this.canvas.setAttribute("aria-label", fill(this.text.map_alt, { layer: title, where: this.where(place), low: Number(block.low.toPrecision(3)), high: Number(block.high.toPrecision(3)) }));
    const [all] = picture.layout === "sequence" ? picture.shape.slice(1) : picture.shape;
    this.count = picture.layout === "maps" ? block.count : picture.layout === "sequence" ? block.height : block.width;
    if (picture.layout === "maps" && all > 1) this.paintTiles(block);
    this.pager.hidden = all <= this.count;
    write(this.shown, fill(this.text.maps_shown, { first: this.first, last: this.first + this.count - 1, total: all }));
    this.before.disabled = this.first === 0;
    this.after.disabled = this.first + this.count >= all;
  }

  where({ channel, row, column, step }) {
    return { maps: `${channel}, ${row}, ${column}`, vector: `${channel}`, sequence: `${step}, ${channel}`, tokens: `${step}` }[this.picture.layout] ?? "";
  }

  // Columns and rows of cells, and how large a cell is.
  fit(layout, block) {
    const [wide, high] = layout === "vector" ? [Math.min(block.width, Math.max(8, Math.ceil(Math.sqrt(1.6 * block.width)))), 0] : [block.width, block.height];
    this.columns = wide;
    this.rows = layout === "vector" ? Math.ceil(block.width / wide) : high;
    const cell = Math.max(1, Math.floor(SIDE / wide));
    this.cell = layout === "maps" ? [cell, cell] : [Math.min(30, cell), Math.max(3, Math.min(layout === "vector" ? 30 : 20, layout === "vector" ? cell : Math.floor(SIDE / high)))];
    this.values = layout === "maps" ? block.width * block.height : block.width * (layout === "vector" ? 1 : block.height);
    this.canvas.style.cursor = "crosshair";
  }

  paint(block) {
    const [wide, high] = this.cell;
    const map = this.picture.layout === "maps" ? Math.max(0, Math.min(block.count - 1, this.place.channel - this.first)) : 0;
    const bytes = bytesOf(block.values).subarray(map * this.values, (map + 1) * this.values);
    const colours = colourTable(block, this.dark);
    const source = new ImageData(this.columns, this.rows);
    for (let at = 0; at < bytes.length; at++) {
      source.data.set(colours.subarray(3 * bytes[at], 3 * bytes[at] + 3), 4 * at);
      source.data[4 * at + 3] = 255;
    }
    const small = element("canvas");
    [small.width, small.height] = [this.columns, this.rows];
    small.getContext("2d").putImageData(source, 0, 0);
    [this.canvas.width, this.canvas.height] = [this.columns * wide, this.rows * high];
    const context = this.canvas.getContext("2d");
    context.imageSmoothingEnabled = false;
    context.drawImage(small, 0, 0, this.canvas.width, this.canvas.height);
    for (const unit of this.marks.units ?? []) this.frame(context, this.cellOf(unit), 1, 1, false);
    if (this.marks.window) this.frame(context, this.marks.window, this.marks.window.width, this.marks.window.height, true);
    if (this.marks.place !== false) this.frame(context, this.cellOf(this.place), 1, 1, true);
  }

  // Column and row of the cell that stands for a place.
  cellOf({ channel, row, column, step }) {
    const unit = channel - this.first;
    return { maps: { left: column, top: row }, sequence: { left: step, top: unit }, vector: { left: unit % this.columns, top: Math.floor(unit / this.columns) } }[this.picture.layout];
  }

  // Seen on any colour: dark, light, dark.
  frame(context, { left, top }, width, height, strong) {
    const [wide, high] = this.cell;
    const [x, y] = [Math.max(0, left) * wide, Math.max(0, top) * high];
    const [right, bottom] = [Math.min(this.columns, left + width) * wide, Math.min(this.rows, top + height) * high];
    if (right <= x || bottom <= y) return;
    for (const [line, colour] of strong ? [[4, "#15171c"], [2, "#f0c000"]] : [[2, "#15171c"], [1, "#ffffff"]]) {
      context.lineWidth = line;
      context.strokeStyle = colour;
      context.strokeRect(Math.max(1, x), Math.max(1, y), Math.min(right, this.canvas.width - 1) - Math.max(1, x), Math.min(bottom, this.canvas.height - 1) - Math.max(1, y));
    }
  }

  paintTiles(block) {
    this.tiles.hidden = false;
    const across = Math.min(8, block.count);
    this.sheet ??= element("canvas");
    if (this.sheetOf !== block || this.sheetDark !== this.dark) {
      paint(this.sheet, block, { columns: across, cell: TILE, gap: 3, dark: this.dark });
      [this.sheetOf, this.sheetDark] = [block, this.dark];
    }
    [this.tiles.width, this.tiles.height] = [this.sheet.width, this.sheet.height];
    this.tiles.getContext("2d").drawImage(this.sheet, 0, 0);
    const side = [block.width, block.height].map((size) => size * Math.max(1, Math.round(TILE / Math.max(block.width, block.height))));
    this.tileGrid = { across, wide: side[0] + 3, high: side[1] + 3 };
    const chosen = this.place.channel - this.first;
    this.tiles.setAttribute("aria-label", fill(this.text.tiles_alt, { count: block.count }));
    if (chosen < 0 || chosen >= block.count) return;
    const context = this.tiles.getContext("2d");
    context.lineWidth = 2;
    context.strokeStyle = "#f0c000";
    context.strokeRect((chosen % across) * this.tileGrid.wide + 1, Math.floor(chosen / across) * this.tileGrid.high + 1, side[0] - 2, side[1] - 2);
  }

  // Characters that are read, one a step.
  write(symbols) {
    if (this.tokens.childElementCount !== symbols.length) this.tokens.replaceChildren(...symbols.map((_, at) => element("button", { type: "button", tabindex: -1, onclick: () => this.picked({ ...this.place, step: at }, true) })));
    [...this.tokens.children].forEach((one, at) => {
      write(one, named(symbols[at]));
      one.toggleAttribute("data-chosen", at === this.place.step);
    });
  }

  at(event, canvas, wide, high) {
    const box = canvas.getBoundingClientRect();
    return [Math.floor((((event.clientX - box.left) / box.width) * canvas.width) / wide), Math.floor((((event.clientY - box.top) / box.height) * canvas.height) / high)];
  }

  point(event, kept) {
    const [left, top] = this.at(event, this.canvas, ...this.cell);
    if (left < 0 || top < 0 || left >= this.columns || top >= this.rows) return;
    const place = this.placeOf(left, top);
    if (place) this.picked(place, kept);
  }

  placeOf(left, top) {
    const { layout, shape } = this.picture;
    if (layout === "maps") return { ...this.place, row: top, column: left };
    if (layout === "sequence") return { ...this.place, step: left, channel: this.first + top };
    const channel = this.first + top * this.columns + left;
    return channel < shape[0] ? { ...this.place, channel } : null;
  }

  tile(event) {
    const { across, wide, high } = this.tileGrid;
    const [left, top] = this.at(event, this.tiles, wide, high);
    const channel = this.first + top * across + left;
    if (left < across && channel < this.first + this.count) this.picked({ ...this.place, channel }, true);
  }

  key(event) {
    const by = MOVES[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const { left, top } = this.cellOf(this.place);
    const [to, down] = [left + by[1], top + by[0]];
    if (to < 0 || down < 0 || to >= this.columns || down >= this.rows) return;
    const place = this.placeOf(to, down);
    if (place) this.picked(place, true);
  }
}
