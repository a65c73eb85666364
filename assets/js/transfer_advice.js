// What of the pictures may spoil the training, in words, with the pictures that are meant.

import { element, fill, write } from "./dom.js";
import { bar, Panel } from "./panel.js";
import { photo } from "./transfer_photo.js";

export class Advice extends Panel {
  build() {
    const { advice } = this.text;
    this.bars = element("div", { class: "lt-bars", role: "list", "aria-label": advice.counts });
    this.list = element("ul", { class: "lt-advice" });
    this.body.append(this.list, element("h5", {}, advice.counts), this.bars);
  }

  looks() {
    return [{ name: "advice", args: {} }];
  }

  render({ found, counts, held, classes }) {
    const { advice } = this.text;
    const key = JSON.stringify([found, counts, held]);
    if (key === this.drawn) return;
    this.drawn = key;
    const nothing = element("li", { "data-kind": "nothing" }, advice.nothing);
    this.list.replaceChildren(...(found.length ? found.map((one) => this.item(one)) : [nothing]));
    const most = Math.max(...counts, 1);
    const rows = classes.map((name, at) => {
      const made = bar(name);
      made.show(counts[at] / most, fill(advice.counts_row, { count: counts[at], held: held[at] }));
      return made.row;
    });
    this.bars.replaceChildren(...rows);
  }

  item(one) {
    const pictures = [...(one.pairs ?? []).map((pair) => this.group(pair)), ...(one.index ?? []).map((index) => this.group([index]))];
    const words = element("p");
    write(words, fill(this.text.advice[one.kind], one));
    return element("li", { "data-kind": one.kind }, words, pictures.length ? element("div", { class: "lt-advice-pictures" }, ...pictures) : "");
  }

  // Pictures that belong together; each can be mended on the wall.
  group(indices) {
    return element("span", { class: "lt-advice-group" }, ...indices.map((index) => {
      const { image, show } = photo();
      const name = fill(this.text.photo_alt, { number: index + 1 });
      show(this.views.feed, index, name);
      return element("button", { type: "button", title: name, onclick: () => this.views.open("predictions", { index }) }, image);
    }));
  }
}
