// Numbers as the arithmetic shows them: short ones to read, exact ones to hover; equations whose numbers say what they are.

import { element } from "./dom.js";
import { visible } from "./rnn_characters.js";
import { signedColours } from "./tensors.js";

const OPERATORS = new Set(["+", "−", "×", "÷"]);

function minus(text) {
  return text.replace(/-/g, "−");
}

// A name; one that is a single character, such as a space, so that it can be seen.
export function named(text) {
  return [...text].length === 1 ? visible(text) : text;
}

// A few significant digits; what is not finite as PyTorch spells it, what is missing as a dash.
export function short(value, digits = 3) {
  if (value === null || value === undefined) return "–";
  if (typeof value !== "number") return minus(String(value));
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-3) return minus(value.toExponential(digits > 2 ? 1 : 0));
  return minus(String(Number(value.toPrecision(digits))));
}

// The shortest: two digits, no zero before the point.
export function tiny(value) {
  const text = short(value, 2);
  return typeof value === "number" ? text.replace(/^(−?)0\./, "$1.") : text;
}

export function full(value) {
  return typeof value === "number" ? minus(String(value)) : short(value);
}

// A colour of the diverging scale, and the text that can be read on it.
export function shade(value, scale, dark) {
  if (typeof value !== "number") return "";
  const table = signedColours(dark);
  const share = scale > 0 ? Math.max(-1, Math.min(1, value / scale)) : 0;
  const at = 3 * Math.round(127.5 + 127.5 * share);
  const [red, green, blue] = table.slice(at, at + 3);
  const light = 0.299 * red + 0.587 * green + 0.114 * blue > 140;
  return `background:rgb(${red},${green},${blue});color:${light ? "#15171c" : "#ffffff"}`;
}

export function strongest(values) {
  return values.flat(Infinity).reduce((most, value) => (typeof value === "number" ? Math.max(most, Math.abs(value)) : most), 0);
}

// One number with what it stands for below it; a button where it leads to where it was made.
export function number(value, label = "", { go, strong, digits = 4, after } = {}) {
  const text = short(value, digits);
  const shown = after && typeof value === "number" && value < 0 ? `(${text})` : text;
  return element(
    go ? "button" : "span", { class: "lt-ar-number", type: go ? "button" : null, title: full(value), "data-strong": Boolean(strong), "data-value": full(value), ...(go ? { onclick: go } : {}) },
    element("b", {}, shown), element("small", {}, label),
  );
}

// `parts`: operators as texts, numbers as [value, label, options].
export function equation(...parts) {
  const made = parts.map((part, at) => {
    if (typeof part === "string") return element("i", { class: "lt-ar-operator" }, part);
    const [value, label, options] = part;
    return number(value, label, { ...options, after: OPERATORS.has(parts[at - 1]) });
  });
  return element("p", { class: "lt-ar-equation" }, ...made);
}

// `parts` joined by an operator.
export function joined(operator, parts) {
  return parts.flatMap((part, at) => (at ? [operator, part] : [part]));
}

// Make `old` like `made` without replacing what is alike: what is focused or pointed at stays so while numbers change.
export function morph(old, made) {
  if (old.nodeType !== made.nodeType || old.nodeName !== made.nodeName || old.nodeName === "CANVAS") return old.replaceWith(made);
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== made.data) old.data = made.data;
    return undefined;
  }
  if (old.nodeName === "OUTPUT") return undefined; // what is read out there is written anew by whoever wrote it
  for (const { name } of [...old.attributes]) if (!made.hasAttribute(name) && !(name === "open" && old.nodeName === "DETAILS") && name !== "data-hot") old.removeAttribute(name);
  for (const { name, value } of made.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  for (const name of ["onclick", "onkeydown", "onpointerover", "onfocusin"]) old[name] = made[name];
  const children = [...made.childNodes];
  while (old.childNodes.length > children.length) old.lastChild.remove();
  children.forEach((child, at) => (at < old.childNodes.length ? morph(old.childNodes[at], child) : old.append(child)));
  return undefined;
}
