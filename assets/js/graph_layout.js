// Where the boxes and lines of a graph go: elkjs in a worker, so that the page never waits. Layouts are kept by structure.

import "./elk-api.js"; // sets window.ELK

const LARGE = 60; // edges; beyond, long edges are left out of the layout and drawn afterwards
const LONG = 8; // layers that an edge of a large graph may span
const KEPT = 16; // layouts
const PATIENCE = 1000; // milliseconds after which a layout that nobody wants any more is broken off

const OPTIONS = {
  "elk.algorithm": "layered",
  "elk.hierarchyHandling": "INCLUDE_CHILDREN",
  "elk.json.shapeCoords": "ROOT",
  "elk.json.edgeCoords": "ROOT",
  "elk.layered.mergeEdges": "true",
  "elk.layered.thoroughness": "1",
  "elk.spacing.nodeNode": "22",
  "elk.spacing.edgeNode": "14",
  "elk.spacing.edgeEdge": "10",
  "elk.layered.spacing.edgeNodeBetweenLayers": "12",
  "elk.layered.spacing.edgeEdgeBetweenLayers": "8",
  "elk.spacing.componentComponent": "30",
};
const PADDING = "[top=38,left=14,bottom=14,right=14]"; // of an open box: its name stands above what is in it

const kept = new Map();
let elk = null;
let running = null;

let broken = null; // rejects when the worker does

function engine() {
  if (elk) return elk;
  broken = new Promise((_, reject) => {
    const workerFactory = (url) => {
      const worker = new Worker(url);
      worker.addEventListener("error", (event) => {
        elk = null; // the next layout starts another one
        reject(new Error(event.message || "the layout worker did not load"));
      });
      return worker;
    };
    elk = new window.ELK({ workerUrl: new URL("./elk-worker.min.js", import.meta.url).href, workerFactory });
  });
  broken.catch(() => {});
  return elk;
}

// Starts the worker and runs a small graph through it, so that the first real one does not wait for the compiler.
export function warmUp() {
  if (elk) return;
  const children = Array.from({ length: 40 }, (_, at) => ({ id: `n${at}`, width: 90, height: 30 }));
  const edges = children.slice(1).flatMap((_, at) => [[at, at + 1], [Math.max(0, at - 3), at + 1]]);
  engine()
    .layout({ id: "root", layoutOptions: OPTIONS, children, edges: edges.map(([from, to], at) => ({ id: `e${at}`, sources: [`n${from}`], targets: [`n${to}`] })) })
    .catch(() => {});
}

// graph: {nodes: [{id, parent, width, height}], edges: [{from, to}], direction, gap} ->
// {boxes: Map of id -> {x, y, width, height}, lines: [[[x, y], ...] or null for each edge], width, height, seconds}
export async function layout(graph) {
  const key = JSON.stringify(graph);
  if (kept.has(key)) {
    const found = kept.get(key);
    kept.delete(key);
    kept.set(key, found); // the newest lies last
    return found;
  }
  if (running?.key === key) return running.promise;
  if (running && performance.now() - running.began > PATIENCE) breakOff();
  const promise = compute(graph);
  const mine = { key, promise, began: performance.now() };
  running = mine;
  try {
    const found = await promise;
    kept.set(key, found);
    if (kept.size > KEPT) kept.delete(kept.keys().next().value);
    return found;
  } finally {
    if (running === mine) running = null;
  }
}

function breakOff() {
  elk?.terminateWorker();
  elk = null;
}

async function compute(graph) {
  const began = performance.now();
  const laid = graph.edges.length > LARGE ? shortEdges(graph) : graph.edges.map(() => true);
  const found = await Promise.race([engine().layout(elkGraph(graph, laid)), broken]);
  const boxes = new Map();
  const collect = (node) => {
    for (const child of node.children ?? []) {
      boxes.set(child.id, { x: child.x, y: child.y, width: child.width, height: child.height });
      collect(child);
    }
  };
  collect(found);
  const sections = new Map(found.edges.map((edge) => [edge.id, edge.sections?.[0]]));
  const lines = graph.edges.map((_, at) => {
    const section = sections.get(`e${at}`);
    return section ? [section.startPoint, ...(section.bendPoints ?? []), section.endPoint].map(({ x, y }) => [x, y]) : null;
  });
  return { boxes, lines, width: found.width, height: found.height, seconds: (performance.now() - began) / 1000 };
}

function elkGraph({ nodes, edges, direction, gap }, laid) {
  const spacing = { "elk.direction": direction, "elk.layered.spacing.nodeNodeBetweenLayers": String(gap) };
  const made = new Map(nodes.map((node) => [node.id, { id: node.id, width: node.width, height: node.height }]));
  const root = [];
  for (const node of nodes) {
    const parent = made.get(node.parent);
    if (!parent) {
      root.push(made.get(node.id));
      continue;
    }
    (parent.children ??= []).push(made.get(node.id));
    parent.layoutOptions = { ...spacing, "elk.padding": PADDING, "elk.nodeSize.constraints": "[MINIMUM_SIZE]", "elk.nodeSize.minimum": `(${parent.width},${parent.height})` };
  }
  return {
    id: "root",
    layoutOptions: { ...OPTIONS, ...spacing },
    children: root,
    edges: edges.flatMap(({ from, to }, at) => (laid[at] && made.has(from) && made.has(to) ? [{ id: `e${at}`, sources: [from], targets: [to] }] : [])),
  };
}

// Which edges of a large graph take part in its layout: the short ones, and of every node one at least.
// A weight that every time step reads would otherwise stretch hundreds of bends through all layers.
function shortEdges({ nodes, edges }) {
  const rank = ranks(nodes, edges);
  const span = edges.map(({ from, to }) => (rank.get(to) ?? 0) - (rank.get(from) ?? 0));
  const laid = span.map((layers) => layers <= LONG);
  const held = new Set(edges.flatMap(({ from, to }, at) => (laid[at] ? [from, to] : [])));
  const byLength = span.map((_, at) => at).sort((one, two) => span[one] - span[two]);
  for (const at of byLength) {
    const { from, to } = edges[at];
    if (laid[at] || (held.has(from) && held.has(to))) continue;
    laid[at] = true;
    held.add(from).add(to);
  }
  return laid;
}

// The layer of every node: the longest way to it, where it begins nothing earlier than needed.
function ranks(nodes, edges) {
  const after = new Map(nodes.map(({ id }) => [id, []]));
  const before = new Map(nodes.map(({ id }) => [id, 0]));
  for (const { from, to } of edges) {
    after.get(from)?.push(to);
    before.set(to, (before.get(to) ?? 0) + 1);
  }
  const rank = new Map(nodes.map(({ id }) => [id, 0]));
  const sources = nodes.filter(({ id }) => before.get(id) === 0).map(({ id }) => id);
  const order = [...sources];
  for (let at = 0; at < order.length; at++)
    for (const next of after.get(order[at]) ?? []) {
      rank.set(next, Math.max(rank.get(next), rank.get(order[at]) + 1));
      before.set(next, before.get(next) - 1);
      if (before.get(next) === 0) order.push(next);
    }
  for (const id of sources) {
    const next = after.get(id) ?? [];
    if (next.length) rank.set(id, Math.min(...next.map((one) => rank.get(one))) - 1);
  }
  return rank;
}
