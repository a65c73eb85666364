// Maps of the plane as pictures: blocks of signed bytes, and classes with their confidence.

import { element } from "./dom.js";
import { bytesOf, signedColours } from "./tensors.js";

const MIDDLE = 127; // the byte of exactly 0
const BROKEN = 255; // marks a value that is not finite
const GREY = [128, 128, 128];
// Okabe and Ito for up to eight classes; the first two are the ends of the signed scale, as for two classes.
const CLASSES_LIGHT = ["c65000", "0072b2", "009e73", "cc79a7", "e0b400", "56b4e9", "5b3a8e", "6f6f6f"];
const CLASSES_DARK = ["f0903c", "3d9bd8", "34c79b", "e29bc2", "f0e442", "a5d8f5", "a98be0", "b0b0b0"];

const rgb = (hex) => [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16));

// The colour of class `at` as [red, green, blue].
export function classColour(at, dark) {
  const colours = dark ? CLASSES_DARK : CLASSES_LIGHT;
  return rgb(colours[at % colours.length]);
}

// The colour of a value from -1 to 1.
export function signedColour(value, dark) {
  const at = 3 * Math.round(127.5 + 127.5 * Math.max(-1, Math.min(1, value || 0)));
  return [...signedColours(dark).subarray(at, at + 3)];
}

export const css = ([red, green, blue], alpha = 1) => `rgba(${red},${green},${blue},${alpha})`;

const decoded = new WeakMap();
function bytes(block) {
  if (!decoded.has(block)) decoded.set(block, bytesOf(block.values));
  return decoded.get(block);
}

// The value of a map at column and row; null where it is not finite.
export function valueAt(block, map, column, row) {
  const byte = bytes(block)[(map * block.side + row) * block.side + column];
  return byte === BROKEN ? null : ((byte - MIDDLE) / MIDDLE) * block.scale[map];
}

// 256 pixels for a map of this scale. Below 1 the colour is the value itself, so that faint maps look faint; above, the
// map's own largest value gets the strongest colour. `sides`: only which side of zero.
function colouring(scale, dark, sides) {
  const gain = scale > 1 ? 1 : scale;
  const made = new Uint8Array(4 * 256).fill(255);
  const colours = signedColours(dark);
  for (let byte = 0; byte < 255; byte++) {
    const value = sides ? Math.sign(byte - MIDDLE) * 0.55 : ((byte - MIDDLE) / MIDDLE) * gain;
    const at = 3 * Math.round(127.5 + 127.5 * value);
    for (let part = 0; part < 3; part++) made[4 * byte + part] = colours[at + part];
  }
  made.set(GREY, 4 * BROKEN);
  return new Uint32Array(made.buffer);
}

// One sheet with all maps of a block below each other, a canvas pixel a value; its canvas is used again.
export class Sheet {
  constructor(canvas = element("canvas")) {
    this.canvas = canvas;
    this.key = null;
  }

  fit(width, height) {
    if (this.image?.width === width && this.image.height === height) return this.image;
    this.canvas.width = width;
    this.canvas.height = height;
    return (this.image = new ImageData(width, height));
  }

  show() {
    this.canvas.getContext("2d").putImageData(this.image, 0, 0);
    return this.canvas;
  }

  // Whether something else is to be drawn than what stands there; maps of inputs never change, others settle.
  differs(...what) {
    const key = what.join();
    if (key === this.key) return false;
    this.key = key;
    return true;
  }

  // All maps of a block, or the one of this number.
  signed(block, dark, sides = false, only = null) {
    const { side, scale } = block;
    if (!this.differs("signed", side, scale, dark, sides, only, block.values)) return this.canvas;
    const [first, count] = only === null ? [0, block.count] : [only, 1];
    const pixels = new Uint32Array(this.fit(side, Math.max(1, count * side)).data.buffer);
    const values = bytes(block);
    const cells = side * side;
    for (let map = 0; map < count; map++) {
      const colours = colouring(scale[first + map], dark, sides);
      for (let at = 0; at < cells; at++) pixels[map * cells + at] = colours[values[(first + map) * cells + at]];
    }
    return this.show();
  }

  // The colour says the class; the less sure, the closer to the ground.
  classes({ side, classes, confidence }, count, dark, sides = false) {
    if (!this.differs("classes", side, count, dark, sides, classes, confidence)) return this.canvas;
    const { data } = this.fit(side, side);
    const [which, sure] = [bytesOf(classes), bytesOf(confidence)];
    const colours = Array.from({ length: count }, (_, at) => classColour(at, dark));
    const ground = signedColour(0, dark);
    const least = 1 / count;
    for (let at = 0; at < which.length; at++) {
      const share = sides ? 0.6 : Math.max(0, (sure[at] / 255 - least) / (1 - least));
      const colour = colours[which[at]] ?? GREY;
      for (let part = 0; part < 3; part++) data[4 * at + part] = ground[part] + 0.9 * share * (colour[part] - ground[part]);
      data[4 * at + 3] = 255;
    }
    return this.show();
  }

  clear() {
    if (!this.differs("nothing")) return;
    this.fit(1, 1).data.fill(0);
    this.show();
  }
}

// What each input makes of a place in the plane.
const FUNCTIONS = {
  x1: (x) => x, x2: (_x, y) => y, x1_squared: (x) => x * x, x2_squared: (_x, y) => y * y, product: (x, y) => x * y, sin_x1: (x) => Math.sin(x), sin_x2: (_x, y) => Math.sin(y),
};
const EDGE = 6; // the plane is [-6, 6] x [-6, 6]
export const OFF_SIDE = 24;
const inputMaps = {};

// The map of an input that no network has: made once for each theme.
export function inputMap(name, dark) {
  const key = `${name} ${dark}`;
  if (inputMaps[key]) return inputMaps[key];
  const at = (cell) => ((cell + 0.5) / OFF_SIDE) * 2 * EDGE - EDGE;
  const values = Array.from({ length: OFF_SIDE * OFF_SIDE }, (_, cell) => FUNCTIONS[name](at(cell % OFF_SIDE), -at(Math.floor(cell / OFF_SIDE))));
  const most = Math.max(...values.map(Math.abs));
  const sheet = new Sheet();
  const image = sheet.fit(OFF_SIDE, OFF_SIDE);
  values.forEach((value, cell) => image.data.set([...signedColour(value / most, dark), 255], 4 * cell));
  return (inputMaps[key] = sheet.show());
}

// Map number `at` of a sheet, as a square on another canvas.
export function place(context, sheet, side, at, x, y, size) {
  context.drawImage(sheet, 0, at * side, side, side, x, y, size, size);
}

// A canvas of this size in CSS pixels that is sharp on every screen; drawing on it is in CSS pixels.
export function sharp(canvas, width, height) {
  const ratio = Math.min(2, window.devicePixelRatio || 1);
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}
