// A graph that was laid out, as SVG: boxes with a name and a second line, lines with arrows. Colours stand in attributes, so that a download shows the same.

const SVG = "http://www.w3.org/2000/svg";
const NAME_FONT = 13;
const SUB_FONT = 11;
const LABEL_FONT = 10;
const FOLD = 16; // side of the button that folds
const SIDE = 12; // room left and right of a name
const WIDEST = 320;
const MONO = "ui-monospace, 'IBM Plex Mono', Menlo, Consolas, monospace";

const ruler = document.createElement("canvas").getContext("2d");
const inks = new Map();

export function svgElement(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function textWidth(text, size, mono, bold) {
  ruler.font = `${bold ? 600 : 400} ${size}px ${mono ? MONO : "sans-serif"}`;
  return ruler.measureText(text).width * (mono ? 1 : 1.06);
}

// A text that fits into `room` pixels, cut in the middle where names tell most at their end.
function fitted(text, room, size, mono, bold) {
  if (textWidth(text, size, mono, bold) <= room) return text;
  let keep = text.length - 1;
  const cut = () => `${text.slice(0, Math.ceil(keep / 2))}…${text.slice(text.length - Math.floor(keep / 2))}`;
  while (keep > 2 && textWidth(cut(), size, mono, bold) > room) keep--;
  return cut();
}

// The size of a node's box, from its texts alone; an open one needs as much for its name.
export function sizeOf(node) {
  const count = node.count > 1 ? textWidth(` ×${node.count}`, NAME_FONT, false, true) : 0;
  const name = textWidth(node.label ?? "", NAME_FONT, false, true) + count;
  const sub = node.sub ? textWidth(node.sub, SUB_FONT, true) : 0;
  const width = Math.min(WIDEST, Math.max(name, sub) + 2 * SIDE + (node.fold ? FOLD + 8 : 0));
  return { width: Math.ceil(Math.max(48, width)), height: node.sub ? 42 : 30 };
}

// Black or white, whichever reads better on a colour.
function inkOn(colour) {
  if (inks.has(colour)) return inks.get(colour);
  ruler.fillStyle = "#ffffff";
  ruler.fillStyle = colour;
  const parsed = ruler.fillStyle; // "#rrggbb" or "rgba(r, g, b, a)"
  const parts = parsed.startsWith("#") ? [1, 3, 5].map((at) => parseInt(parsed.slice(at, at + 2), 16)) : parsed.match(/[\d.]+/g).map(Number);
  const linear = parts.slice(0, 3).map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
  const ink = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] > 0.179 ? "#111317" : "#ffffff";
  if (inks.size > 2000) inks.clear();
  inks.set(colour, ink);
  return ink;
}

function coloursOf(node, open, theme) {
  const { colours } = theme;
  if (open) return { fill: node.fill ?? colours["--lt-grid"], opacity: node.fill ? 0.14 : 0.35, stroke: node.stroke ?? colours["--lt-line"], ink: colours["--lt-text"], quiet: colours["--lt-quiet"] };
  const fill = node.fill ?? colours["--lt-panel"];
  const ink = node.fill ? inkOn(node.fill) : colours["--lt-text"];
  return { fill, opacity: 1, stroke: node.stroke ?? (node.fill ? "none" : colours["--lt-line"]), ink, quiet: node.fill ? ink : colours["--lt-quiet"] };
}

const ROUND = { input: 15, output: 15, module: 6, loss: 15 };

// One node with its parts at hand: {group, above (of an open box: what stands over the lines), paint(node, theme)}.
export function drawNode(node, box, open) {
  const radius = open ? 10 : (ROUND[node.kind] ?? 4);
  const group = svgElement("g", { class: `lt-graph-node lt-graph-${node.kind ?? "op"}`, transform: `translate(${box.x} ${box.y})`, "data-node": node.id, role: "button", tabindex: "-1" });
  const title = svgElement("title");
  const { width, height } = box;
  const rect = svgElement("rect", { width, height, rx: radius, class: "lt-graph-box", "stroke-width": 1.2 });
  const stack = !open && node.count > 1 ? [6, 3].map((off) => svgElement("rect", { x: off, y: off, width, height, rx: radius, "stroke-width": 1 })) : [];
  const room = width - 2 * SIDE - (node.fold ? FOLD + 4 : 0);
  const left = SIDE;
  const shown = fitted(`${node.label ?? ""}${node.count > 1 ? ` ×${node.count}` : ""}`, room + 4, NAME_FONT, false, true);
  const name = svgElement("text", { x: left, y: node.sub || open ? 18 : height / 2 + 4.5, "font-size": NAME_FONT, "font-weight": 600, class: "lt-graph-name" }, shown);
  const sub = node.sub ? svgElement("text", { x: left, y: 33, "font-size": SUB_FONT, "font-family": MONO, class: "lt-graph-sub" }, fitted(node.sub, room + 4, SUB_FONT, true)) : null;
  const head = [name, ...(sub ? [sub] : [])];
  let fold = null;
  if (node.fold) {
    const x = open ? Math.min(width - FOLD - 6, left + textWidth(shown, NAME_FONT, false, true) + 8) : width - FOLD - 6; // a wide box's corner may be out of sight
    const y = 6;
    const cross = node.fold === "closed" ? `M ${x + 4} ${y + 8} h 8 M ${x + 8} ${y + 4} v 8` : `M ${x + 4} ${y + 8} h 8`;
    fold = svgElement("g", { class: "lt-graph-fold", "data-fold": node.id }, svgElement("rect", { x, y, width: FOLD, height: FOLD, rx: 3, "fill-opacity": 0, "stroke-width": 1 }), svgElement("path", { d: cross, fill: "none", "stroke-width": 1.4 }));
    head.push(fold);
  }
  group.append(title, ...stack, rect);
  // lines run between an open box and its name, which stands on them with a rim
  const above = open ? svgElement("g", { class: "lt-graph-node lt-graph-head", transform: group.getAttribute("transform"), "data-node": node.id, "aria-hidden": "true" }) : null;
  (above ?? group).append(...head);
  const paint = (now, theme) => {
    const { fill, opacity, stroke, ink, quiet } = coloursOf(now, open, theme);
    rect.setAttribute("fill", fill);
    rect.setAttribute("fill-opacity", opacity);
    rect.setAttribute("stroke", stroke);
    if (now.dashed) rect.setAttribute("stroke-dasharray", "4 3");
    else rect.removeAttribute("stroke-dasharray");
    for (const one of stack) {
      one.setAttribute("fill", theme.colours["--lt-panel"]);
      one.setAttribute("stroke", now.stroke ?? theme.colours["--lt-line"]);
    }
    name.setAttribute("fill", ink);
    sub?.setAttribute("fill", quiet);
    if (above) for (const text of above.querySelectorAll("text")) for (const [key, value] of Object.entries({ stroke: theme.colours["--lt-panel"], "stroke-width": 3, "paint-order": "stroke" })) text.setAttribute(key, value);
    if (fold) for (const part of fold.children) part.setAttribute("stroke", ink);
    const said = now.title ?? [now.label, now.sub].filter(Boolean).join("\n");
    if (title.textContent !== said) {
      title.textContent = said;
      group.setAttribute("aria-label", said.replaceAll("\n", ", "));
    }
  };
  return { group, above, paint };
}

// A line through its points with rounded corners; without points, a bow from box to box.
function pathOf(points, from, to, across) {
  if (!points) {
    const [x1, y1, x2, y2] = across
      ? [from.x + from.width, from.y + from.height / 2, to.x, to.y + to.height / 2]
      : [from.x + from.width / 2, from.y + from.height, to.x + to.width / 2, to.y];
    const reach = 40;
    return across ? `M ${x1} ${y1} C ${x1 + reach} ${y1} ${x2 - reach} ${y2} ${x2} ${y2}` : `M ${x1} ${y1} C ${x1} ${y1 + reach} ${x2} ${y2 - reach} ${x2} ${y2}`;
  }
  const round = 6;
  let path = `M ${points[0].join(" ")}`;
  for (let at = 1; at < points.length - 1; at++) {
    const [before, here, after] = [points[at - 1], points[at], points[at + 1]];
    const cut = ([x, y]) => {
      const length = Math.hypot(x - here[0], y - here[1]) || 1;
      const share = Math.min(0.5, round / length);
      return [here[0] + (x - here[0]) * share, here[1] + (y - here[1]) * share];
    };
    path += ` L ${cut(before).join(" ")} Q ${here.join(" ")} ${cut(after).join(" ")}`;
  }
  return `${path} L ${points.at(-1).join(" ")}`;
}

// One line with its label; of several lines of one source that say the same, one says it (`said` holds what was).
export function drawEdge(group, edge, laid, points, across, theme, arrow, said) {
  const { colours } = theme;
  const [from, to] = [laid.boxes.get(edge.from), laid.boxes.get(edge.to)];
  if (!from || !to) return;
  const path = svgElement("path", {
    d: pathOf(points, from, to, across), "data-from": edge.from, "data-to": edge.to, "marker-end": `url(#${arrow})`,
    stroke: edge.stroke ?? colours["--lt-quiet"], "stroke-width": points ? 1.2 : 0.8, "stroke-opacity": points ? 0.75 : 0.35, "stroke-dasharray": edge.dashed ? "4 3" : null,
  });
  if (edge.title) path.append(svgElement("title", {}, edge.title));
  group.append(path);
  const key = `${edge.from} ${edge.label}`;
  if (!edge.label || said.has(key)) return;
  said.add(key);
  const [x, y] = points ? points[0] : across ? [from.x + from.width, from.y + from.height / 2] : [from.x + from.width / 2, from.y + from.height];
  group.append(svgElement("text", { x: x + (across ? 4 : 5), y: y + (across ? -4 : 12), "font-size": LABEL_FONT, "font-family": MONO, fill: colours["--lt-quiet"], class: "lt-graph-label" }, edge.label));
}

export function labelWidth(text) {
  return textWidth(text, LABEL_FONT, true);
}

export function arrowHead(id, theme) {
  const shape = svgElement("path", { d: "M 0 0 L 8 4 L 0 8 z", fill: theme.colours["--lt-quiet"] });
  return svgElement("defs", {}, svgElement("marker", { id, viewBox: "0 0 8 8", refX: 8, refY: 4, markerWidth: 8, markerHeight: 8, markerUnits: "userSpaceOnUse", orient: "auto-start-reverse" }, shape));
}
