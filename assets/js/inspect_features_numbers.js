// Numbers, seconds and colours as the views of features write them.

import { fill } from "./dom.js";
import { signedColours } from "./tensors.js";

export function short(value, text) {
  if (value === null || value === undefined) return text?.nan ?? "–";
  const size = Math.abs(value);
  const said = size !== 0 && (size >= 10000 || size < 0.001) ? value.toExponential(1) : String(Number(value.toPrecision(3)));
  return said.replaceAll("-", "−");
}

// "0.4 s", "12 s", "2 min": no more digits than a guess has.
export function seconds(value, text) {
  if (value < 0.1) return text.blink;
  if (value < 10) return fill(text.seconds, { count: value.toFixed(1) });
  return value < 100 ? fill(text.seconds, { count: Math.round(value) }) : fill(text.minutes, { count: Math.round(value / 60) });
}

// The colour of a value from -1 to 1 on the diverging scale, as [r, g, b].
export function signed(value, dark) {
  const at = 3 * Math.round(127.5 + 127.5 * Math.max(-1, Math.min(1, value || 0)));
  return [...signedColours(dark).subarray(at, at + 3)];
}

export const largest = (values) => Math.max(0, ...values.map((value) => Math.abs(value ?? 0)));
