// A picture with an attribution over it: the colour says which way, its strength how much; the slider how strongly it covers.

import { element, fill, write } from "./dom.js";
import { short } from "./inspect_features_numbers.js";
import { decoded } from "./panel.js";
import { bytesOf, colourTable, scaleBar } from "./tensors.js";

const SIDE = 288; // about this many pixels
const CURVE = 0.7; // strength of the colour over the size of the value: below 1, faint ones are still seen
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Overlay {
  constructor(text) {
    this.text = text;
    this.canvas = element("canvas", { class: "lt-overlay", role: "img", tabindex: 0 });
    this.alone = element("canvas", { class: "lt-heat-alone", role: "img" });
    this.plain = element("img", { class: "lt-plain", alt: text.input });
    this.scale = scaleBar();
    this.read = element("p", { class: "lt-heat-read", role: "status" });
    const figure = (node, said) => element("figure", {}, node, element("figcaption", {}, said));
    this.element = element(
      "div", { class: "lt-attributed" }, element("div", { class: "lt-overlay-place" }, this.canvas),
      element("div", { class: "lt-beside" }, figure(this.plain, text.input), figure(this.alone, text.heat_alone), this.scale.bar), this.read,
    );
    this.canvas.onpointermove = (event) => this.point(event);
    this.canvas.onpointerleave = this.canvas.onblur = () => this.say(null);
    this.canvas.onkeydown = (event) => this.key(event);
  }

  // `png` of the picture, `heat`: values (height x width) and what tells their scale, `said`: for who cannot see it.
  async show(png, heat, { opacity, dark, said }) {
    if (png !== this.png) {
      this.png = png;
      this.picture = await decoded(png);
      this.plain.src = this.picture.src;
    }
    Object.assign(this, { heat, dark });
    const { height, width } = heat;
    const enlarge = Math.max(1, Math.round(SIDE / Math.max(height, width)));
    this.canvas.width = width * enlarge;
    this.canvas.height = height * enlarge;
    const context = this.canvas.getContext("2d");
    context.imageSmoothingEnabled = false;
    context.drawImage(this.picture, 0, 0, this.canvas.width, this.canvas.height);
    context.drawImage(this.colours(opacity), 0, 0, this.canvas.width, this.canvas.height);
    this.drawAlone();
    this.scale.show(heat, dark);
    this.canvas.setAttribute("aria-label", said);
    this.alone.setAttribute("aria-label", said);
  }

  // The heat as pixels whose strength follows their value.
  colours(opacity) {
    const { heat, dark } = this;
    const colours = colourTable(heat, true && dark);
    const image = new ImageData(heat.width, heat.height);
    const most = Math.max(Math.abs(heat.low), Math.abs(heat.high)) || 1;
    heat.values.forEach((value, at) => {
      const byte = byteOf(value, heat);
      image.data.set(heat.signed ? strongest(value > 0) : colours.subarray(3 * byte, 3 * byte + 3), 4 * at);
      image.data[4 * at + 3] = Math.round(255 * opacity * Math.min(1, Math.abs(value) / most) ** CURVE);
    });
    return asCanvas(image);
  }

  drawAlone() {
    const { heat, dark, alone } = this;
    const colours = colourTable(heat, dark);
    const image = new ImageData(heat.width, heat.height);
    heat.values.forEach((value, at) => {
      const byte = byteOf(value, heat);
      image.data.set(colours.subarray(3 * byte, 3 * byte + 3), 4 * at);
      image.data[4 * at + 3] = 255;
    });
    alone.width = heat.width;
    alone.height = heat.height;
    alone.getContext("2d").putImageData(image, 0, 0);
  }

  point({ clientX, clientY }) {
    const box = this.canvas.getBoundingClientRect();
    if (this.heat) this.say([Math.floor(((clientX - box.left) / box.width) * this.heat.width), Math.floor(((clientY - box.top) / box.height) * this.heat.height)]);
  }

  key(event) {
    const by = MOVES[event.key];
    if (!by || !this.heat) return;
    event.preventDefault();
    const [x, y] = this.at ?? [0, 0];
    this.say([x + by[0], y + by[1]]);
  }

  say(at) {
    const inside = at && at[0] >= 0 && at[1] >= 0 && at[0] < this.heat.width && at[1] < this.heat.height;
    this.at = inside ? at : null;
    write(this.read, inside ? fill(this.text.pixel, { column: at[0], row: at[1], value: short(this.heat.values[at[1] * this.heat.width + at[0]], this.text) }) : "");
  }
}

function byteOf(value, { low, high }) {
  return high > low ? Math.round((255 * (value - low)) / (high - low)) : 128;
}

// Over a picture the diverging scale has no white in the middle: there the picture itself is seen.
const strongest = (positive) => (positive ? [64, 160, 255] : [255, 134, 30]);

function asCanvas(image) {
  const canvas = element("canvas");
  canvas.width = image.width;
  canvas.height = image.height;
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

// Blocks of bytes, pieces of one computation, added up: values with their own scale.
export function summed(blocks) {
  const [{ height, width, signed }] = blocks;
  const values = new Float64Array(height * width);
  for (const block of blocks) {
    const span = (block.high - block.low) / 255;
    const bytes = bytesOf(block.values);
    // bytes cannot say "exactly zero" of a symmetric scale; a block without values says it by its range
    if (block.high > block.low) bytes.forEach((byte, at) => (values[at] += block.low + byte * span));
    else values.forEach((_, at) => (values[at] += block.low));
  }
  let low = Math.min(...values);
  let high = Math.max(...values);
  if (signed) [low, high] = [-Math.max(-low, high), Math.max(-low, high)];
  return { height, width, signed, low, high, values };
}
