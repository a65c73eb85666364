// A wall of validation pictures with the network's present answers.

import { element, fill, write } from "./dom.js";
import { decoded, Panel } from "./panel.js";

const TILES = 40;
const COLUMNS = 8;
const ORDERS = ["wrong", "unsure", "first"];

export class Predictions extends Panel {
  build() {
    this.order = ORDERS[0];
    this.cell = null; // {true, predicted}: only these
    const choice = element(
      "select", { "aria-label": this.text.order, onchange: (event) => this.choose({ order: event.target.value }) },
      ...ORDERS.map((order) => element("option", { value: order }, this.text.orders[order])),
    );
    this.chip = element("button", { type: "button", class: "lt-chip", hidden: true, title: this.text.show_all, onclick: () => this.choose({ cell: null }) });
    this.count = element("span", { class: "lt-count" });
    this.body.append(element("div", { class: "lt-controls" }, element("label", {}, this.text.order, choice), this.chip, this.count));
    this.tiles = Array.from({ length: TILES }, () => this.tile());
    this.wall = element("div", { class: "lt-wall" }, ...this.tiles.map(({ tile }) => tile));
    this.caption = element("p", { class: "lt-caption" });
    this.body.append(this.wall, this.caption);
  }

  tile() {
    const picture = element("span", { class: "lt-picture" });
    const said = element("span", { class: "lt-said" }, "–");
    const sure = element("i");
    const made = { index: null };
    made.tile = element("button", {
      type: "button", class: "lt-tile", disabled: true, onclick: () => this.views.open("closer", { index: made.index }),
    }, picture, said, sure);
    return Object.assign(made, { picture, said, sure });
  }

  choose(change) {
    Object.assign(this, change);
    const { classes } = this.views.status;
    this.chip.hidden = !this.cell;
    if (this.cell) write(this.chip, `${fill(this.text.cell, { truth: classes[this.cell.true], said: classes[this.cell.predicted] })} ✕`);
    this.views.ask();
    this.views.changed();
  }

  take({ cell }) {
    this.choose({ cell });
  }

  looks() {
    return [{ name: "predictions", args: { order: this.order, ...this.cell } }];
  }

  async render(data, { step }) {
    if (data.sprite.png !== this.png) {
      const image = await decoded(data.sprite.png);
      this.png = data.sprite.png;
      this.wall.style.setProperty("--lt-sprite", `url("${image.src}")`);
      this.wall.style.setProperty("--lt-rows", data.sprite.rows);
    }
    const last = Math.max(1, data.sprite.rows - 1);
    let wrong = 0;
    this.tiles.forEach((one, at) => {
      one.tile.hidden = at >= data.index.length;
      if (one.tile.hidden) return delete one.tile.dataset.right;
      if (!this.showTile(one, data, at)) wrong++;
      one.picture.style.backgroundPosition = `${((at % COLUMNS) / (COLUMNS - 1)) * 100}% ${(Math.floor(at / COLUMNS) / last) * 100}%`;
    });
    const state = data.index.length ? this.text.wall_state : this.text.wall_none;
    write(this.caption, fill(state, { step, wrong, count: data.index.length }));
    write(this.count, data.wrong === null ? "" : fill(this.text.wrong_total, { wrong: data.wrong, total: data.total, step: data.assessed }));
  }

  // Returns whether the answer is right.
  showTile(one, { index, predicted, labels, confidence, classes }, at) {
    const said = classes[predicted[at]];
    const truth = classes[labels[at]];
    const right = predicted[at] === labels[at];
    const percent = confidence[at] === null ? "–" : (100 * confidence[at]).toFixed(0);
    one.index = index[at];
    one.tile.disabled = false;
    one.tile.dataset.right = right;
    write(one.said, right ? said : `✗ ${said} (${truth})`);
    one.sure.style.width = `${100 * (confidence[at] ?? 0)}%`;
    const told = fill(this.text.tile, { said, truth, confidence: percent });
    if (one.tile.title !== told) {
      one.tile.title = told;
      one.tile.setAttribute("aria-label", told);
    }
    return right;
  }
}
