// Tensors as pictures: blocks of bytes on a canvas, one scale a block, enlarged without smoothing.

import { element, write } from "./dom.js";

const VIRIDIS = ["440154", "482878", "3e4989", "31688e", "26828e", "1f9e89", "35b779", "6ece58", "b5de2b", "fde725"];
const SIGNED_LIGHT = ["c65000", "f0903c", "ffffff", "4f9fcf", "00548a"]; // orange below zero, blue above
const SIGNED_DARK = ["ffb070", "c0641c", "111317", "1f78ad", "8fd0f7"];
const BAND = 64; // values of a vector side by side
const BAND_WIDTH = 512; // pixels
const BAND_HEIGHT = 14;
const WIDEST_VALUE = 24;

function rgb(hex) {
  return [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

// 256 colours between the anchors, as R, G, B, R, G, B ...
function table(anchors) {
  const colours = anchors.map(rgb);
  const made = new Uint8Array(3 * 256);
  for (let byte = 0; byte < 256; byte++) {
    const place = (byte / 255) * (colours.length - 1);
    const below = Math.min(Math.floor(place), colours.length - 2);
    for (let part = 0; part < 3; part++)
      made[3 * byte + part] = Math.round(colours[below][part] + (place - below) * (colours[below + 1][part] - colours[below][part]));
  }
  return made;
}

const TABLES = { viridis: table(VIRIDIS), light: table(SIGNED_LIGHT), dark: table(SIGNED_DARK) };

// The diverging scale as 256 colours, R, G, B, R, G, B ...: orange, the ground in the middle, blue.
export function signedColours(dark) {
  return TABLES[dark ? "dark" : "light"];
}

function scaleOf(block, dark) {
  return block.signed ? (dark ? "dark" : "light") : "viridis";
}

// The 256 colours of a block's scale, as R, G, B, R, G, B ...
export function colourTable(block, dark) {
  return TABLES[scaleOf(block, dark)];
}

// One colour of viridis, for lines in the order of a network's layers.
export function viridis(share) {
  const at = 3 * Math.round(255 * share);
  return `rgb(${TABLES.viridis.slice(at, at + 3).join(",")})`;
}

export function bytesOf(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text); // in browsers since 2025, and several times as quick
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let at = 0; at < raw.length; at++) bytes[at] = raw.charCodeAt(at);
  return bytes;
}

export function textOf(bytes) {
  return btoa(String.fromCharCode(...bytes));
}

// All tensors of a block below each other, one canvas pixel a value.
function strip(block, dark) {
  const { count, height, width } = block;
  const colours = colourTable(block, dark);
  const bytes = bytesOf(block.values);
  const canvas = element("canvas");
  canvas.width = width;
  canvas.height = count * height;
  const image = new ImageData(width, count * height);
  for (let at = 0; at < bytes.length; at++) {
    image.data.set(colours.subarray(3 * bytes[at], 3 * bytes[at] + 3), 4 * at);
    image.data[4 * at + 3] = 255;
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

// Draw a block: `columns` tensors a row (or a column, where `down`), each value an equal square, about `cell` pixels a tensor.
export function paint(canvas, block, { columns, cell, gap = 3, down = false, dark }) {
  const { count, height, width } = block;
  if (!count || !height || !width) return;
  if (count === 1 && height === 1) return paintVector(canvas, block, dark);
  const across = Math.min(columns, count);
  const lines = Math.ceil(count / across);
  const enlarge = Math.max(1, Math.round(cell / Math.max(height, width)));
  const [wide, high] = [width * enlarge, height * enlarge];
  const [inX, inY] = down ? [lines, across] : [across, lines];
  canvas.width = inX * (wide + gap) - gap; // setting the size also clears
  canvas.height = inY * (high + gap) - gap;
  const context = canvas.getContext("2d");
  context.imageSmoothingEnabled = false;
  const source = strip(block, dark);
  for (let at = 0; at < count; at++) {
    const [x, y] = down ? [Math.floor(at / across), at % across] : [at % across, Math.floor(at / across)];
    context.drawImage(source, 0, at * height, width, height, x * (wide + gap), y * (high + gap), wide, high);
  }
}

// A vector as bands of at most 64 values, so that each value can be seen.
function paintVector(canvas, block, dark) {
  const across = Math.min(block.width, BAND);
  const bands = Math.ceil(block.width / across);
  const wide = Math.min(WIDEST_VALUE, Math.floor(BAND_WIDTH / across));
  canvas.width = across * wide;
  canvas.height = bands * (BAND_HEIGHT + 1) - 1;
  const context = canvas.getContext("2d");
  context.imageSmoothingEnabled = false;
  const source = strip(block, dark);
  for (let band = 0; band < bands; band++) {
    const held = Math.min(across, block.width - band * across);
    context.drawImage(source, band * across, 0, held, 1, 0, band * (BAND_HEIGHT + 1), held * wide, BAND_HEIGHT);
  }
}

function number(value) {
  if (value === null) return "–";
  const size = Math.abs(value);
  return (size >= 0.01 && size < 1e5) || value === 0 ? value.toFixed(2) : value.toExponential(1);
}

// The scale of a block: its lowest value, the colours, its highest value.
export function scaleBar() {
  const [low, colours, high] = [element("b"), element("i", { "aria-hidden": "true" }), element("b")];
  const bar = element("span", { class: "lt-scale" }, low, colours, high);
  const show = (block, dark) => {
    write(low, number(block.low));
    write(high, number(block.high));
    colours.dataset.scale = scaleOf(block, dark);
  };
  return { bar, show };
}

export function shapeText(shape) {
  return shape.join(" × ");
}
