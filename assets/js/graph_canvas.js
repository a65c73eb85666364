// A graph that can be looked around in: zoom, pan, search, map, keys. elkjs places it; boxes may hold boxes.

import { element, fill, write } from "./dom.js";
import { layout, warmUp } from "./graph_layout.js";
import { GraphMap } from "./graph_map.js";
import { arrowHead, drawEdge, drawNode, labelWidth, sizeOf, svgElement } from "./graph_svg.js";
import { Zoom } from "./graph_zoom.js";

const SETTLE = 200; // milliseconds without movement until `moved` is called
const MARGIN = 80; // around what is in view that is drawn as well
const PIECE = 12; // milliseconds of drawing without a rest
const NAMES_FROM = 0.32; // scale below which names would be specks
let made = 0;

export class GraphCanvas {
  // `label`: what is seen, for who does not see it. `words`: zoom_in, zoom_out, fit, search, found ("{count} found"), map, keys (how to use them),
  // laying (while the layout is computed), failed. `picked(id)`: a node was clicked. `toggled(id)`: it is to fold or unfold. `moved()`: something else is in view.
  constructor({ label, words, picked, toggled = () => {}, moved = () => {} }) {
    Object.assign(this, { words, picked, toggled, moved });
    this.arrow = `lt-arrow-${++made}`;
    this.nodes = new Map(); // id -> {node, box, open, group, paint}
    this.key = null; // structure that is drawn
    this.searched = element("input", { type: "search", placeholder: words.search, "aria-label": words.search, oninput: () => this.find(this.searched.value), onkeydown: (event) => event.key === "Enter" && this.nextFound() });
    this.found = element("span", { class: "lt-graph-found", role: "status" });
    const button = (name, sign, onclick) => element("button", { type: "button", "data-graph": name, title: words[name], "aria-label": words[name], onclick }, sign);
    this.tools = element(
      "div", { class: "lt-inspect-bar lt-graph-tools" }, this.searched, this.found,
      element("span", { class: "lt-graph-buttons" }, button("zoom_out", "−", () => this.zoom.by(0.8)), button("zoom_in", "+", () => this.zoom.by(1.25)), button("fit", "⤢", () => this.zoom.fit())),
    );
    this.layer = svgElement("g");
    this.picture = svgElement("svg", { class: "lt-graph-picture", role: "presentation" });
    this.picture.append(this.layer);
    this.busy = element("p", { class: "lt-graph-busy", role: "status", hidden: true }, words.laying);
    this.map = new GraphMap({ label: words.map, went: (x, y) => this.zoom.centre(x, y) });
    const help = element("p", { class: "lt-graph-keys", id: `${this.arrow}-keys` }, words.keys);
    this.frame = element("div", { class: "lt-graph-frame", tabindex: 0, role: "group", "aria-label": label, "aria-describedby": help.id, title: "" }, this.picture, this.map.canvas, this.busy, help);
    this.element = element("div", { class: "lt-graph", "data-kind": "empty" }, this.tools, this.frame);
    this.zoom = new Zoom(this.frame, { moved: () => this.place(), clicked: (event) => this.click(event) });
    this.frame.addEventListener("dblclick", (event) => this.twice(event));
    this.frame.addEventListener("keydown", (event) => this.press(event));
    this.resized = new ResizeObserver(() => {
      this.zoom.resized();
      this.resize();
    });
    this.resized.observe(this.frame);
    warmUp();
  }

  close() {
    this.closed = true;
    clearTimeout(this.settling);
    this.resized.disconnect();
  }

  // ---- what is drawn

  // graph: {nodes: [{id, label, sub, kind, parent, count, fold: "open" | "closed", fill, stroke, dashed, title}],
  // edges: [{from, to, label, title, stroke, dashed}], direction: "DOWN" | "RIGHT"}. With the same structure only colours and titles change.
  async show(graph, theme) {
    const key = structure(graph);
    const [before, themeBefore] = [this.graph, this.theme];
    Object.assign(this, { graph, theme });
    if (key === this.laying) return; // its layout is on the way and will find the newest colours
    if (key === this.key) {
      this.laying = null;
      this.busy.hidden = true;
      if (themeBefore?.key !== theme.key) await this.build(key, this.laid, () => !this.closed && this.key === key && !this.laying);
      else if (before !== graph) this.recolour();
      return;
    }
    this.laying = key;
    this.busy.hidden = false;
    write(this.busy, this.words.laying);
    try {
      const laid = await layout(measured(graph));
      const current = () => !this.closed && this.laying === key; // nothing else was wanted meanwhile
      if (!current() || !(await this.build(key, laid, current))) return;
      this.laying = null;
      this.element.dataset.layout = laid.seconds.toFixed(3);
      this.busy.hidden = true;
    } catch (error) {
      if (this.laying !== key) return;
      this.laying = null;
      write(this.busy, this.words.failed);
      console.warn("layout", error);
    }
  }

  // Makes the drawing in small pieces, between which the page can breathe, and then shows it at once.
  async build(key, laid, current = () => !this.closed) {
    const { graph, theme } = this;
    const parents = new Set(graph.nodes.map((node) => node.parent).filter(Boolean));
    const across = graph.direction === "RIGHT";
    const [open, closed, edges] = [[], [], svgElement("g", { class: "lt-graph-edges", fill: "none" })];
    const pieces = new Pieces();
    for (const node of graph.nodes) {
      const box = laid.boxes.get(node.id);
      if (!box) continue;
      const isOpen = parents.has(node.id);
      (isOpen ? open : closed).push({ node, box, open: isOpen, ...drawNode(node, box, isOpen) });
      (isOpen ? open : closed).at(-1).paint(node, theme);
      await pieces.rest();
    }
    const said = new Set();
    for (const [at, edge] of graph.edges.entries()) {
      drawEdge(edges, edge, laid, laid.lines[at], across, theme, this.arrow, said);
      await pieces.rest();
    }
    if (!current()) return false;
    open.sort((one, two) => two.box.width * two.box.height - one.box.width * one.box.height); // outer boxes first
    const anchor = key === this.key ? null : this.anchored();
    const arrived = key !== this.key;
    Object.assign(this, { key, laid, order: [...open, ...closed] });
    this.nodes = new Map(this.order.map((drawn) => [drawn.node.id, drawn]));
    this.current = this.nodes.has(this.current) ? this.current : closed[0]?.node.id;
    this.nodes.get(this.current)?.group.setAttribute("tabindex", "0");
    this.fitMap();
    this.mark();
    if (arrived) this.arrive(anchor);
    else this.place();
    this.layer.replaceChildren(arrowHead(this.arrow, theme), ...open.map(({ group }) => group), edges, ...open.map(({ above }) => above), ...closed.map(({ group }) => group));
    this.touch();
    this.element.dataset.kind = "shown";
    this.element.dataset.nodes = this.nodes.size;
    if (this.graph !== graph) this.recolour(); // newer numbers came while it was drawn
    return true;
  }

  recolour() {
    for (const node of this.graph.nodes) {
      const drawn = this.nodes.get(node.id);
      if (!drawn) continue;
      drawn.node = node;
      drawn.paint(node, this.theme);
    }
    this.fitMap();
    this.place();
  }

  fitMap() {
    Object.assign(this.zoom, { width: this.laid.width, height: this.laid.height });
    this.map.fit(this.laid.width, this.laid.height, this.order.map(({ node, box, open }) => ({ ...box, fill: node.fill, open })));
  }

  // Where the node stands that was folded or unfolded, so that it stays under the pointer.
  anchored() {
    const drawn = this.nodes.get(this.anchor);
    const found = drawn && { id: this.anchor, x: drawn.box.x * this.zoom.scale + this.zoom.x, y: drawn.box.y * this.zoom.scale + this.zoom.y };
    this.anchor = null;
    return found;
  }

  arrive(anchor) {
    const drawn = anchor && this.nodes.get(anchor.id);
    if (drawn) this.zoom.to(this.zoom.scale, anchor.x - drawn.box.x * this.zoom.scale, anchor.y - drawn.box.y * this.zoom.scale);
    else this.zoom.begin(this.graph.direction === "RIGHT");
  }

  resize() {
    if (!this.laid) return;
    if (!this.sized && this.frame.clientWidth) this.arrive(null);
    else this.place();
    this.sized = this.frame.clientWidth > 0;
  }

  // ---- where one is

  place() {
    if (!this.laid) return;
    const { scale, x, y } = this.zoom;
    this.cull();
    this.layer.setAttribute("transform", `translate(${x.toFixed(2)} ${y.toFixed(2)}) scale(${scale.toFixed(4)})`);
    this.picture.toggleAttribute("data-far", scale < NAMES_FROM);
    this.map.draw(this.zoom.window, this.theme);
    this.element.dataset.scale = scale.toFixed(3);
    clearTimeout(this.settling);
    this.settling = setTimeout(() => !this.closed && this.moved(), SETTLE);
  }

  // What is out of sight is taken out of the page's layout, so that a large graph moves as fast as a small one.
  cull() {
    const seen = this.zoom.window;
    const [left, top, right, bottom] = [seen.x - MARGIN, seen.y - MARGIN, seen.x + seen.width + MARGIN, seen.y + seen.height + MARGIN];
    for (const drawn of this.nodes.values()) {
      const { x, y, width, height } = drawn.box;
      const out = x > right || y > bottom || x + width < left || y + height < top;
      if (out === drawn.out) continue;
      drawn.out = out;
      for (const part of [drawn.group, drawn.above]) part?.classList.toggle("lt-graph-out", out);
    }
  }

  // The ids of the nodes in view, those that hold others last.
  inView() {
    const seen = this.zoom.window;
    const inside = ({ box }) => box.x < seen.x + seen.width && box.y < seen.y + seen.height && box.x + box.width > seen.x && box.y + box.height > seen.y;
    return [...this.nodes.values()].filter(inside).sort((one, two) => one.open - two.open).map(({ node }) => node.id);
  }

  reveal(id) {
    const drawn = this.nodes.get(id);
    if (!drawn) return;
    const { box } = drawn;
    const seen = this.zoom.window;
    const inside = box.x >= seen.x && box.y >= seen.y && box.x + box.width <= seen.x + seen.width && box.y + Math.min(box.height, 60) <= seen.y + seen.height;
    if (!inside) this.zoom.centre(box.x + box.width / 2, box.y + Math.min(box.height, 200) / 2, Math.max(this.zoom.scale, 0.7));
  }

  // ---- choosing

  // Marks a node as the one whose details are shown.
  select(id) {
    this.selected = id;
    this.mark();
  }

  mark() {
    for (const [id, { group, above }] of this.nodes) {
      group.classList.toggle("lt-graph-selected", id === this.selected);
      for (const part of [group, above]) part?.classList.toggle("lt-graph-match", Boolean(this.matches?.has(id)));
    }
    this.touch();
    this.picture.toggleAttribute("data-searching", Boolean(this.matches));
  }

  // Marks the lines that touch the chosen node.
  touch() {
    this.layer.querySelectorAll("path[data-from]").forEach((path) => path.classList.toggle("lt-graph-touching", path.dataset.from === this.selected || path.dataset.to === this.selected));
  }

  click(event) {
    const fold = event.target.closest?.("[data-fold]");
    if (fold) return this.toggle(fold.dataset.fold);
    const node = event.target.closest?.("[data-node]");
    if (!node) return;
    this.attend(node.dataset.node);
    this.picked(node.dataset.node);
  }

  twice(event) {
    const node = event.target.closest?.("[data-node]");
    if (node && !event.target.closest("[data-fold]") && this.nodes.get(node.dataset.node)?.node.fold) this.toggle(node.dataset.node);
  }

  toggle(id) {
    this.anchor = id;
    this.toggled(id);
  }

  // The node that keys go to.
  attend(id) {
    if (!this.nodes.has(id)) return;
    this.nodes.get(this.current)?.group.setAttribute("tabindex", "-1");
    this.current = id;
    this.nodes.get(id).group.setAttribute("tabindex", "0");
  }

  press(event) {
    const node = event.target.closest?.("[data-node]");
    if (!node) {
      if (event.target === this.frame && event.key === "Enter" && this.current) this.focus(this.current);
      return;
    }
    const id = node.dataset.node;
    if (event.key === "Enter") this.picked(id);
    else if (event.key === " ") this.nodes.get(id).node.fold ? this.toggle(id) : this.picked(id);
    else if (event.key === "Escape") this.frame.focus();
    else if (event.key.startsWith("Arrow")) this.focus(this.neighbour(id, event.key.slice(5)) ?? id);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  focus(id) {
    this.attend(id);
    this.reveal(id); // what is out of sight cannot take the focus
    this.nodes.get(id).group.focus({ preventScroll: true });
  }

  // The nearest node in a direction of the page.
  neighbour(id, way) {
    const middle = ({ x, y, width, height }, open) => [x + width / 2, open ? y + 12 : y + height / 2];
    const here = middle(this.nodes.get(id).box, this.nodes.get(id).open);
    const ahead = { Up: ([x, y]) => [-y, x], Down: ([x, y]) => [y, x], Left: ([x, y]) => [-x, y], Right: ([x, y]) => [x, y] }[way];
    let [best, least] = [null, Infinity];
    for (const [other, { box, open }] of this.nodes) {
      const there = middle(box, open);
      const [forward, aside] = ahead([there[0] - here[0], there[1] - here[1]]);
      const cost = forward + 2.5 * Math.abs(aside);
      if (other !== id && forward > 4 && cost < least) [best, least] = [other, cost];
    }
    return best;
  }

  // ---- searching

  // Marks the nodes whose name, second line or title holds `text`; returns how many there are.
  find(text) {
    const wanted = text.trim().toLowerCase();
    const holds = ({ node }) => [node.label, node.sub, node.title, node.id].some((one) => one?.toLowerCase().includes(wanted));
    this.matches = wanted ? new Set([...this.nodes].filter(([, drawn]) => holds(drawn)).map(([id]) => id)) : null;
    this.visited = null;
    write(this.found, wanted ? fill(this.words.found, { count: this.matches.size }) : "");
    this.mark();
    if (this.matches?.size) this.nextFound();
    return this.matches?.size ?? 0;
  }

  nextFound() {
    const ids = [...(this.matches ?? [])];
    if (!ids.length) return;
    this.visited = ids[(ids.indexOf(this.visited) + 1) % ids.length];
    this.attend(this.visited);
    this.reveal(this.visited);
  }

  // ---- taking it away

  // The whole drawing as the text of an SVG file, in the colours of the screen.
  svg() {
    if (!this.laid) return "";
    const { width, height } = this.laid;
    const copy = svgElement("svg", { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${Math.ceil(width)} ${Math.ceil(height)}`, width: Math.ceil(width), height: Math.ceil(height), "font-family": "sans-serif" });
    const ground = svgElement("rect", { width: "100%", height: "100%", fill: this.theme.colours["--lt-panel"] });
    const layer = this.layer.cloneNode(true);
    layer.removeAttribute("transform");
    for (const one of layer.querySelectorAll("[tabindex]")) one.removeAttribute("tabindex");
    for (const one of layer.querySelectorAll("[role]")) one.removeAttribute("role");
    copy.append(ground, layer);
    return new XMLSerializer().serializeToString(copy);
  }
}

// Work in pieces of a few milliseconds.
class Pieces {
  constructor() {
    this.began = performance.now();
  }

  async rest() {
    if (performance.now() - this.began < PIECE) return;
    await new Promise((done) => setTimeout(done));
    this.began = performance.now();
  }
}

// What a layout depends on.
function structure({ nodes, edges, direction }) {
  return JSON.stringify([nodes.map(({ id, label, sub, kind, parent, count, fold }) => [id, label, sub, kind, parent, count, fold]), edges.map(({ from, to, label }) => [from, to, label]), direction]);
}

function measured({ nodes, edges, direction = "DOWN" }) {
  const widest = Math.max(0, ...edges.map(({ label }) => (label ? labelWidth(label) : 0)));
  const gap = direction === "RIGHT" ? Math.min(160, Math.max(34, widest + 16)) : widest ? 34 : 26;
  return {
    nodes: nodes.map((node) => ({ id: node.id, parent: node.parent ?? null, ...sizeOf(node) })),
    edges: edges.map(({ from, to }) => ({ from, to })),
    direction,
    gap: Math.round(gap),
  };
}
