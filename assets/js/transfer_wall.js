// A wall of the run's pictures with the network's present answers; a picture that is chosen can be mended.

import { element, fill, write } from "./dom.js";
import { Panel } from "./panel.js";
import { Mend } from "./transfer_mend.js";
import { photo } from "./transfer_photo.js";

const TILES = 40;
const ORDERS = ["worst", "doubtful", "unsure", "first"];
const PARTS = ["validation", "train"];

export class Wall extends Panel {
  build() {
    this.order = "worst";
    this.part = "validation";
    this.cell = null; // {true, predicted}: only these
    const choice = (label, words, names, what) =>
      element("label", {}, label, element("select", { "aria-label": label, onchange: (event) => this.choose({ [what]: event.target.value }) }, ...names.map((name) => element("option", { value: name }, words[name]))));
    this.chip = element("button", { type: "button", class: "lt-chip", hidden: true, title: this.text.show_all, onclick: () => this.choose({ cell: null }) });
    this.count = element("span", { class: "lt-count" });
    this.body.append(element("div", { class: "lt-controls" }, choice(this.text.part, this.text.parts, PARTS, "part"), choice(this.text.order, this.text.wall_orders, ORDERS, "order"), this.chip, this.count));
    this.mend = new Mend(this);
    this.tiles = Array.from({ length: TILES }, () => this.tile());
    this.wall = element("div", { class: "lt-photos" }, ...this.tiles.map(({ tile }) => tile));
    this.caption = element("p", { class: "lt-caption" }, this.text.wall_caption);
    this.body.append(this.mend.element, this.wall, this.caption);
  }

  tile() {
    const { image, show } = photo();
    const said = element("span", { class: "lt-photo-said" }, "–");
    const loss = element("span", { class: "lt-photo-loss" });
    const sure = element("i");
    const made = { said, loss, sure, show, data: null };
    made.tile = element("button", { type: "button", class: "lt-photo", disabled: true, onclick: () => this.mend.open(made.data) }, image, said, loss, sure);
    return made;
  }

  choose(change) {
    Object.assign(this, change);
    const { classes } = this.views.status;
    this.chip.hidden = !this.cell;
    if (this.cell) write(this.chip, `${fill(this.text.cell, { truth: classes[this.cell.true], said: classes[this.cell.predicted] })} ✕`);
    this.views.ask();
    this.views.changed();
  }

  take({ cell, index }) {
    if (index === undefined) this.choose({ cell, part: "validation" });
    else this.mend.open({ index });
  }

  looks() {
    return [{ name: "predictions", args: { part: this.part, order: this.order, ...this.cell } }];
  }

  render(data, { step }) {
    this.classes = data.classes;
    this.tiles.forEach((one, at) => {
      one.tile.hidden = at >= data.index.length;
      if (one.tile.hidden) return delete one.tile.dataset.right;
      this.showTile(one, data, at);
    });
    write(this.caption, !data.index.length ? this.text.wall_empty : data.others ? this.text.wall_doubtful : this.text.wall_caption);
    this.wall.dataset.order = this.order;
    write(this.count, fill(this.text.wall_total, { wrong: data.wrong, total: data.total, step: data.assessed }));
    this.mend.renew(data, step);
  }

  showTile(one, { index, predicted, labels, confidence, loss, classes, others }, at) {
    const said = classes[predicted[at]];
    const truth = classes[labels[at]];
    const right = predicted[at] === labels[at];
    const percent = confidence[at] === null ? "–" : (100 * confidence[at]).toFixed(0);
    const lost = loss[at] === null ? "–" : loss[at].toFixed(2);
    one.tile.disabled = false;
    one.tile.dataset.right = right;
    one.tile.dataset.index = index[at];
    one.show(this.views.feed, index[at], fill(this.text.photo_alt, { number: index[at] + 1 }));
    const other = others && others[at] !== labels[at] ? classes[others[at]] : null;
    one.tile.dataset.doubted = other !== null;
    write(one.said, other !== null ? `${other}? (${truth})` : right ? said : `✗ ${said} (${truth})`);
    write(one.loss, lost);
    one.sure.style.width = `${100 * (confidence[at] ?? 0)}%`;
    one.tile.dataset.mended = this.mend.mended.get(index[at]) !== undefined;
    const first = other === null ? "" : `${fill(this.text.others, { others: other })} `;
    const told = first + fill(this.text.photo, { said, truth, confidence: percent, loss: lost });
    one.data = { index: index[at], truth, told };
    if (one.tile.title !== told) {
      one.tile.title = told;
      one.tile.setAttribute("aria-label", told);
    }
  }
}
