// Is it copying? Each generated picture beside the training picture that is nearest to it.

import { element, fill, write } from "./dom.js";
import { paintSheet } from "./gan_tiles.js";
import { Panel } from "./panel.js";
import { bytesOf, textOf } from "./tensors.js";

const CELL = 64;

export class Nearest extends Panel {
  build() {
    this.verdict = element("p", { class: "lt-gan-said" });
    this.pairs = element("div", { class: "lt-gan-nearest" });
    this.note = element("p", { class: "lt-caption" }, this.text.gan.nearest.explained);
    this.body.append(this.verdict, this.pairs, this.note);
  }

  looks() {
    return [{ name: "nearest", args: { count: 8 } }];
  }

  render(data) {
    const words = this.text.gan.nearest;
    const { count, height, width, typical, copies } = data;
    write(this.verdict, fill(copies ? words.copies : words.none, { copies, count, typical: typical.toFixed(1) }));
    const size = height * width;
    const longest = Math.max(typical, ...data.distance.map((one) => one ?? 0));
    const picture = (bytes, at, name) => {
      const canvas = element("canvas", { role: "img", "aria-label": name });
      paintSheet(canvas, { columns: 1, rows: 1, height, width, pixels: textOf(bytes.subarray(at * size, (at + 1) * size)) }, { cell: CELL });
      return canvas;
    };
    const [made, near] = [bytesOf(data.generated), bytesOf(data.nearest)];
    this.pairs.replaceChildren(
      ...Array.from({ length: count }, (_, at) => {
        const distance = data.distance[at];
        const track = element("span", { class: "lt-gan-distance", title: words.explained }, element("i", { style: `width: ${(100 * (distance ?? 0)) / longest}%` }), element("b", { style: `left: ${(100 * typical) / longest}%` }));
        return element(
          "figure", { "data-copy": String(distance !== null && distance < typical / 4) }, element("div", {}, picture(made, at, words.made), picture(near, at, words.found)), track,
          element("figcaption", {}, fill(words.one, { distance: distance === null ? "–" : distance.toFixed(1), index: data.index[at], name: data.classes[at] })),
        );
      }),
    );
  }
}
