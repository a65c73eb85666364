// Which boxes and operations of a graph are seen, given which boxes are open; lines lead to what stands for what is hidden.

const AT_FIRST = 48; // nodes that are shown before anybody unfolds
export const MOST = 600; // nodes that are drawn at once

export class Fold {
  // `graph`: the answer of the look "graph".
  constructor(graph) {
    this.graph = graph;
    this.boxes = new Map(graph.boxes.map((box) => [box.id, box]));
    this.depths = new Map(graph.boxes.map((box) => [box.id, this.above(box.parent).length]));
    this.open = new Set();
    this.unfold(AT_FIRST);
  }

  // The boxes around something, outermost first.
  above(id) {
    const found = [];
    for (let at = id; at; at = this.boxes.get(at).parent) found.unshift(at);
    return found;
  }

  // What is seen in place of an operation: the outermost closed box around it, or itself.
  seen(place) {
    return this.above(this.graph.operations[place].box).find((id) => !this.open.has(id)) ?? `o${place}`;
  }

  count(open = this.open) {
    const { operations, boxes } = this.graph;
    const shown = (parent) => this.above(parent).every((id) => open.has(id));
    return operations.filter(({ box }) => shown(box)).length + boxes.filter(({ parent }) => shown(parent)).length;
  }

  toggle(id) {
    if (!this.boxes.has(id)) return;
    if (this.open.has(id)) this.open.delete(id);
    else this.open.add(id);
  }

  // Open boxes level by level as long as no more than `most` nodes are seen; tells whether everything is open then.
  unfold(most = MOST) {
    for (let depth = 0; ; depth++) {
      const level = this.graph.boxes.filter(({ id }) => this.depths.get(id) === depth && !this.open.has(id));
      if (!level.length && !this.graph.boxes.some(({ id }) => this.depths.get(id) > depth)) return true;
      const wider = new Set([...this.open, ...level.map(({ id }) => id)]);
      if (this.count(wider) > most) return false;
      this.open = wider;
    }
  }

  foldAll() {
    this.open.clear();
  }

  // Open what is around the layer of that name; returns its node.
  reveal(module) {
    const { operations } = this.graph;
    let place = operations.findLastIndex((one) => one.module === module);
    if (place < 0) place = operations.findLastIndex((one) => one.module.startsWith(`${module}.`));
    if (place < 0) return null;
    const around = this.above(operations[place].box);
    const box = around.find((id) => this.boxes.get(id).module === module && this.boxes.get(id).count === 1);
    for (const id of box ? around.slice(0, around.indexOf(box)) : around) this.open.add(id);
    return box ?? `o${place}`;
  }

  // The operation whose value a node shows.
  output(id) {
    return id.startsWith("o") ? Number(id.slice(1)) : this.boxes.get(id)?.output;
  }

  // {nodes: [{id, box or operation, parent, fold}], edges: [{from, to, shape}]}
  visible() {
    const { operations, boxes } = this.graph;
    const nodes = [];
    const inside = (parent) => this.above(parent).every((id) => this.open.has(id));
    for (const box of boxes) if (inside(box.parent)) nodes.push({ id: box.id, box, parent: box.parent, fold: this.open.has(box.id) ? "open" : "closed" });
    operations.forEach((operation, place) => {
      if (inside(operation.box)) nodes.push({ id: `o${place}`, operation, place, parent: operation.box });
    });
    const edges = new Map();
    operations.forEach((operation, place) => {
      const to = this.seen(place);
      for (const [source, shape] of operation.inputs) {
        const from = this.seen(source);
        if (from !== to && !edges.has(`${from} ${to}`)) edges.set(`${from} ${to}`, { from, to, shape });
      }
    });
    return { nodes, edges: [...edges.values()] };
  }
}
