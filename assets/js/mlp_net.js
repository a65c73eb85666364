// The network: a small map in every node, links whose thickness is the weight's size and whose colour is its sign.
// Maps and links are drawn on a canvas; nodes are buttons above it, so that mouse, touch and keyboard reach them alike.

import { element, fill, write } from "./dom.js";
import { curve, distance } from "./mlp_layout.js";
import { css, inputMap, OFF_SIDE, place, sharp, Sheet, signedColour } from "./mlp_maps.js";

export const INPUTS = ["x1", "x2", "x1_squared", "x2_squared", "product", "sin_x1", "sin_x2"];
const NEAR = 7; // pixels from a link that still mean it
const ROOM_FOR_BUTTONS = 84; // pixels from column to column

export class Net {
  // `hovered(what)`, `chosen(what)`: a node {layer, index} or a link {layer, row, column}; `edit(name, value)`.
  constructor({ text, hovered, chosen, edit }) {
    Object.assign(this, { text, hovered, chosen, edit });
    this.canvas = element("canvas", { class: "lt-mlp-links", "aria-hidden": "true" });
    this.nodes = element("div", { class: "lt-mlp-nodes" });
    this.board = element("div", { class: "lt-mlp-net" }, this.canvas, this.nodes);
    this.element = element("div", { class: "lt-mlp-scroll" }, this.board);
    this.sheets = [];
    this.canvas.onpointermove = (event) => event.pointerType !== "touch" && this.point(event);
    this.canvas.onpointerleave = () => this.point(null);
    this.canvas.onclick = (event) => {
      const link = this.linkAt(event);
      if (link) this.chosen(link);
    };
  }

  // Nodes as buttons, made anew when the network is another one or stands elsewhere.
  fit(layout, answer, { editable, readonly, switches }) {
    const key = JSON.stringify([layout.key, answer.inputs, answer.layers.map((one) => [one.name, one.activation, one.skip]), editable, readonly, switches]);
    if (key === this.key) return;
    this.key = key;
    this.layout = layout;
    this.on = INPUTS.map((name) => answer.inputs.indexOf(name)); // column of the first layer, or -1
    const focused = document.activeElement?.dataset?.node;
    this.board.style.width = `${layout.width}px`;
    this.board.style.height = `${layout.height}px`;
    this.buttons = layout.columns.map((column, at) => column.nodes.map((node, index) => this.node(answer, at - 1, index, node)));
    const heads = layout.columns.map((column, at) => this.head(answer, at - 1, column, editable));
    const extra = switches ? INPUTS.map((name, index) => this.toggle(name, index, layout.columns[0].nodes[index])) : [];
    this.nodes.replaceChildren(...heads, ...extra, ...this.buttons.flat());
    if (focused) this.nodes.querySelector(`[data-node="${focused}"]`)?.focus({ preventScroll: true });
    this.curves = this.links(answer);
  }

  node(answer, layer, index, { x, y, size }) {
    const off = layer < 0 && this.on[index] < 0;
    const what = { layer, index: layer < 0 ? this.on[index] : index };
    const name = layer < 0 ? this.text.inputs[INPUTS[index]] : fill(this.text.neuron, { layer: this.text.layer(answer.layers[layer].name), number: index + 1 });
    return element("button", {
      type: "button", class: "lt-mlp-node", "aria-label": off ? fill(this.text.input_off, { name }) : name, title: off ? fill(this.text.input_off, { name }) : null,
      "data-node": `${layer}:${index}`, "data-off": off, disabled: off, style: `left:${x}px;top:${y}px;width:${size}px;height:${size}px`,
      onpointerenter: (event) => event.pointerType !== "touch" && this.hovered(what), onpointerleave: () => this.hovered(null),
      onfocus: () => this.hovered(what), onblur: () => this.hovered(null), onclick: () => this.chosen(what),
    });
  }

  // The name of an input is its switch.
  toggle(name, index, { x, y, size }) {
    const on = this.on[index] >= 0;
    return element("button", {
      type: "button", class: "lt-mlp-input", role: "switch", "aria-checked": String(on), "data-input": name, title: this.text.switch_help,
      style: `top:${y + size / 2}px;width:${x - 6}px`, onclick: () => this.edit("feature", [name, !on]),
    }, this.text.inputs[name]);
  }

  head(answer, layer, { x, size, count }, editable) {
    const middle = `left:${x + size / 2}px;width:${Math.max(44, this.layout.pitch - 6)}px`;
    if (layer < 0) return element("div", { class: "lt-mlp-column", style: middle }, element("span", { class: "lt-mlp-steps" }, element("b", {}, this.text.inputs_head)));
    const { name, activation, skip } = answer.layers[layer];
    const hidden = layer < answer.layers.length - 1;
    const said = hidden ? element("b", { title: fill(this.text.neurons, { count }) }, String(count)) : element("b", {}, this.text.output_head);
    const button = (sign, to, label) =>
      element("button", { type: "button", "aria-label": fill(label, { layer: this.text.layer(name) }), title: fill(label, { layer: this.text.layer(name) }), disabled: to < 1 || to > 32, onclick: () => this.edit("neurons", [layer + 1, to]) }, sign);
    const steps = hidden && editable && this.layout.pitch >= ROOM_FOR_BUTTONS;
    const row = steps ? [button("−", count - 1, this.text.fewer), said, button("+", count + 1, this.text.more)] : [said];
    const below = hidden ? this.text.activations[activation] ?? activation : "";
    return element("div", { class: "lt-mlp-column", style: middle, "data-layer": layer }, element("span", { class: "lt-mlp-steps" }, ...row), element("small", {}, skip ? `${below} + x` : below));
  }

  links(answer) {
    const { columns } = this.layout;
    return answer.layers.flatMap(({ weights }, layer) =>
      weights.flatMap((row, to) =>
        row.map((_, column) => {
          const from = layer ? columns[layer].nodes[column] : columns[0].nodes[this.on.indexOf(column)];
          return { layer, row: to, column, path: curve(from, columns[layer + 1].nodes[to]) };
        }),
      ),
    );
  }

  linkAt({ clientX, clientY }) {
    if (!this.curves) return null;
    const box = this.canvas.getBoundingClientRect();
    const [x, y] = [clientX - box.left, clientY - box.top];
    let [best, least] = [null, NEAR];
    for (const link of this.curves) {
      const away = distance(link.path, x, y);
      if (away < least) [best, least] = [link, away];
    }
    return best && { layer: best.layer, row: best.row, column: best.column };
  }

  point(event) {
    const link = event && this.linkAt(event);
    this.canvas.style.cursor = link ? "pointer" : "";
    this.hovered(link);
  }

  draw(answer, { theme, marked, gradients }) {
    const { layout } = this;
    const context = sharp(this.canvas, layout.width, layout.height);
    const strongest = gradients ? Math.max(1e-12, ...answer.layers.flatMap((one) => (one.weight_gradients ?? []).flat().map(Math.abs))) : 0;
    this.drawLinks(context, answer, theme, marked);
    if (gradients) this.drawGradients(context, answer, theme, strongest);
    context.imageSmoothingEnabled = false;
    this.drawOff(context, theme);
    [answer.maps.inputs, ...answer.maps.layers].forEach((block, at) => {
      this.sheets[at] ??= new Sheet();
      const sheet = this.sheets[at].signed(block, theme.dark);
      layout.columns[at].nodes.forEach((node, index) => this.drawNode(context, { node, sheet, block, answer, theme, layer: at - 1, index: at ? index : this.on[index] }));
    });
    return strongest;
  }

  drawLinks(context, answer, theme, marked) {
    const colours = [signedColour(-0.72, theme.dark), signedColour(0.72, theme.dark)];
    for (const { layer, row, column, path } of this.curves) {
      const weight = answer.layers[layer].weights[row]?.[column];
      const size = Math.abs(weight);
      const crowd = Math.min(1, this.layout.columns[layer + 1].size / 26);
      const held = marked && marked.layer === layer && (marked.column === undefined ? marked.index === row : marked.row === row && marked.column === column);
      const finite = Number.isFinite(weight);
      context.strokeStyle = finite ? css(colours[weight > 0 ? 1 : 0], held ? 1 : 0.22 + 0.6 * Math.min(1, size)) : theme.colours["--lt-mark"];
      context.lineWidth = Math.max(0.5, (finite ? Math.min(9, 0.4 + 2.6 * size) : 2) * crowd) + (held ? 1 : 0);
      this.stroke(context, path);
    }
  }

  // Dashes over the links: the longer the gradient, the thicker.
  drawGradients(context, answer, theme, strongest) {
    context.setLineDash([3, 4]);
    for (const { layer, row, column, path } of this.curves) {
      const share = Math.abs(answer.layers[layer].weight_gradients?.[row]?.[column] ?? 0) / strongest;
      if (share < 0.01) continue;
      context.strokeStyle = theme.colours["--lt-mark"];
      context.globalAlpha = 0.35 + 0.65 * share;
      context.lineWidth = 0.8 + 3.2 * share;
      this.stroke(context, path);
    }
    context.globalAlpha = 1;
    context.setLineDash([]);
  }

  stroke(context, [x0, y0, x1, y1, x2, y2, x3, y3]) {
    context.beginPath();
    context.moveTo(x0, y0);
    context.bezierCurveTo(x1, y1, x2, y2, x3, y3);
    context.stroke();
  }

  // Inputs that are off, faint: what they would be is known without a network.
  drawOff(context, theme) {
    INPUTS.forEach((name, index) => {
      if (this.on[index] >= 0) return;
      const { x, y, size } = this.layout.columns[0].nodes[index];
      context.globalAlpha = 0.28;
      place(context, inputMap(name, theme.dark), OFF_SIDE, 0, x, y, size);
      context.globalAlpha = 1;
      context.setLineDash([2, 3]);
      context.strokeStyle = theme.colours["--lt-quiet"];
      context.lineWidth = 1;
      context.strokeRect(x + 0.5, y + 0.5, size - 1, size - 1);
      context.setLineDash([]);
    });
  }

  // The frame of a neuron is its bias: colour the sign, thickness the size.
  drawNode(context, { node: { x, y, size }, sheet, block, answer, theme, layer, index }) {
    if (index < 0) return; // an input that is off
    const bias = layer < 0 ? 0 : answer.layers[layer].biases[index];
    const ring = layer < 0 ? 1 : 1 + 2.5 * Math.tanh(Math.abs(bias));
    context.fillStyle = layer < 0 ? theme.colours["--lt-quiet"] : css(signedColour(0.72 * Math.sign(bias), theme.dark));
    if (layer >= 0 && Math.abs(bias) < 1e-3) context.fillStyle = theme.colours["--lt-quiet"];
    context.fillRect(x - ring, y - ring, size + 2 * ring, size + 2 * ring);
    place(context, sheet, block.side, index, x, y, size);
  }

  // Which node is held, for the eye and for those who listen.
  mark(held) {
    if (held === this.marked?.held && this.buttons === this.marked.buttons) return;
    this.marked = { held, buttons: this.buttons };
    for (const [at, column] of (this.buttons ?? []).entries())
      column.forEach((button, index) => {
        const mine = held && held.layer === at - 1 && (held.column === undefined ? held.index === (at ? index : this.on[index]) : held.row === index);
        button.setAttribute("aria-pressed", Boolean(mine));
      });
  }

  clear() {
    write(this.nodes, "");
    this.key = null;
  }
}
