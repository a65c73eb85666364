// Pictures side by side on one canvas: grey bytes, enlarged without smoothing, with room between them.

import { element } from "./dom.js";
import { bytesOf } from "./tensors.js";

const GAP = 4;

// All tiles of a sheet (rows * height x columns * width bytes) on `canvas`, each about `cell` pixels high.
export function paintSheet(canvas, { columns, rows, height, width, pixels }, { cell, below = 0 }) {
  const enlarge = Math.max(1, Math.round(cell / height));
  const [wide, high] = [width * enlarge + GAP, height * enlarge + GAP + below];
  const size = [columns * wide - GAP, rows * high - GAP];
  if (canvas.width !== size[0] || canvas.height !== size[1]) [canvas.width, canvas.height] = size;
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, ...size);
  context.imageSmoothingEnabled = false;
  const source = grey(bytesOf(pixels), columns * width, rows * height);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      context.drawImage(source, column * width, row * height, width, height, column * wide, row * high, width * enlarge, height * enlarge);
  return { context, wide, high, side: width * enlarge, tall: height * enlarge };
}

export function grey(bytes, width, height) {
  const canvas = element("canvas");
  canvas.width = width;
  canvas.height = height;
  const image = new ImageData(width, height);
  for (let at = 0; at < bytes.length; at++) {
    image.data.fill(bytes[at], 4 * at, 4 * at + 3);
    image.data[4 * at + 3] = 255;
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}
