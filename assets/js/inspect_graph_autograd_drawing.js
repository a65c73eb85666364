// The backward graph as boxes and lines for the canvas, in torchviz's order of colours: blue what is trained, orange what is kept.

import { element, fill } from "./dom.js";
import { shapeText } from "./tensors.js";

const HUES = { parameter: "--lt-train", saved: "--lt-validation", output: "--lt-right", input: "--lt-mark" };
const TINT = 0.24; // of the hue in a box
const FAINT = 0.1;

// What kind a node is drawn as: gathering gradients is told apart from computing them.
export function kindOf(node) {
  return node.op === "AccumulateGrad" ? "accumulate" : node.kind;
}

function parts(colour) {
  return colour.match(/[\d.]+/g).map(Number);
}

function mixed(colour, ground, share) {
  const [one, other] = [parts(colour), parts(ground)];
  return `rgb(${[0, 1, 2].map((at) => Math.round(share * one[at] + (1 - share) * other[at])).join(",")})`;
}

export function coloursOf(kind, { colours }) {
  const ground = colours["--lt-panel"];
  if (kind in HUES) return { fill: mixed(colours[HUES[kind]], ground, TINT), stroke: colours[HUES[kind]] };
  return { fill: mixed(colours["--lt-quiet"], ground, kind === "accumulate" ? 0 : FAINT), stroke: mixed(colours["--lt-quiet"], ground, 0.55), dashed: kind === "accumulate" };
}

export function nameOf(node, words) {
  return node.kind === "output" && !node.label ? words.loss : node.label;
}

export function drawing({ nodes, edges, modules }, { boxes, words, theme }) {
  const used = boxes ? [...new Set(nodes.map(({ module }) => module).filter(Boolean))] : [];
  const around = used.map((name) => ({ id: `m${name}`, label: modules[name] ? `${name} (${modules[name]})` : name, kind: "module" }));
  const made = nodes.map((node, at) => {
    const kind = kindOf(node);
    const label = nameOf(node, words);
    const shape = node.shape?.length ? shapeText(node.shape) : "";
    const module = boxes || kind !== "function" ? "" : node.module; // without a box around it, it says itself who made it
    const sub = kind === "accumulate" ? "" : [module, shape].filter(Boolean).join("  ");
    return { id: `n${at}`, label, sub, kind, parent: boxes && node.module ? `m${node.module}` : undefined, title: titleOf(node, label, shape, modules, words), ...coloursOf(kind, theme) };
  });
  // a saved tensor is drawn above the function that will need it, beside what flows into it
  const lines = edges.map(([from, to, saved]) => (saved ? { from: `n${to}`, to: `n${from}`, dashed: true, stroke: theme.colours["--lt-validation"] } : { from: `n${from}`, to: `n${to}` }));
  return { nodes: [...around, ...made], edges: lines, direction: "DOWN" };
}

function titleOf(node, label, shape, modules, words) {
  const formula = words.functions[node.op]?.[0];
  const module = node.module ? fill(words.panel.made_by, { module: node.module, kind: modules[node.module] ?? "–" }) : "";
  return [label, node.kind === "function" || node.kind === "saved" ? module : "", shape, formula].filter(Boolean).join("\n");
}

// The kinds that are there, each with its colours.
export function legend({ nodes }, words, theme) {
  const there = new Set(nodes.map(kindOf));
  return Object.entries(words.kinds).filter(([kind]) => there.has(kind)).map(([kind, word]) => {
    const { fill: ground, stroke, dashed } = coloursOf(kind, theme);
    return element("li", {}, element("i", { "aria-hidden": "true", style: `background: ${ground}; border: 1.5px ${dashed ? "dashed" : "solid"} ${stroke}` }), word);
  });
}
