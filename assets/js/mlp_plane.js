// The large map: what the network (or one neuron) says at every place of the plane, with the points over it.

import { element, fill, write } from "./dom.js";
import { classColour, css, sharp, Sheet, signedColour, valueAt } from "./mlp_maps.js";

export const EDGE = 6; // the plane is [-6, 6] x [-6, 6]
const TICKS = [-6, -3, 0, 3, 6];
const NEAR = 0.3; // of a point, in units of the plane

export class Plane {
  constructor({ text }) {
    this.text = text;
    this.canvas = element("canvas", { class: "lt-mlp-map", role: "img", tabindex: 0, "aria-label": text.map });
    this.sheet = new Sheet(this.canvas); // a pixel a value; the browser enlarges it
    this.over = element("canvas", { class: "lt-mlp-over", "aria-hidden": "true" });
    this.left = element("div", { class: "lt-mlp-ticks lt-mlp-ticks-y", "aria-hidden": "true" }, ...[...TICKS].reverse().map((tick) => element("span", {}, String(tick).replace("-", "−"))));
    this.below = element("div", { class: "lt-mlp-ticks lt-mlp-ticks-x", "aria-hidden": "true" }, ...TICKS.map((tick) => element("span", {}, String(tick).replace("-", "−"))));
    this.place = element("p", { class: "lt-mlp-place" });
    this.title = element("h4", {}, text.output_title);
    this.legend = element("div", { class: "lt-mlp-legend" });
    this.frame = element("div", { class: "lt-mlp-frame" }, this.canvas, this.over);
    this.element = element("div", { class: "lt-mlp-plane" }, this.title, element("div", { class: "lt-mlp-axes" }, this.left, this.frame, this.below), this.legend, this.place);
    this.canvas.onpointermove = (event) => this.say(this.at(event));
    this.canvas.onpointerleave = () => this.say(null);
  }

  fit(side) {
    if (side === this.side) return;
    this.side = side;
    this.element.parentElement.style.setProperty("--lt-side", `${side}px`); // for the tools below it, too
  }

  // The place in the plane that an event means.
  at({ clientX, clientY }) {
    const box = this.canvas.getBoundingClientRect();
    return [((clientX - box.left) / box.width) * 2 * EDGE - EDGE, EDGE - ((clientY - box.top) / box.height) * 2 * EDGE];
  }

  // `scene`: points, answer, neuron (what is drawn instead of the output), showTest, sides, theme, title, own (points being painted), cursor.
  draw(scene) {
    this.scene = scene;
    write(this.title, scene.title);
    this.drawMap(scene);
    this.drawOver(scene);
    this.drawLegend();
    if (this.pointed) this.say(this.pointed);
  }

  drawMap({ answer, neuron, theme, sides, classes }) {
    const { output } = answer ?? {};
    if (neuron) this.sheet.signed(neuron.block, theme.dark, sides, neuron.map);
    else if (output?.kind === "classes") this.sheet.classes(output, classes, theme.dark, sides);
    else if (output) this.sheet.signed(output.block, theme.dark, sides);
    else this.sheet.clear();
  }

  // Points and cursor lie on a canvas of their own: they stay while the map below them changes 20 times a second.
  drawOver({ points, own, showTest, cursor, theme, classes, regression }) {
    const now = [points, own, showTest, cursor, theme.key, classes, regression, this.side, window.devicePixelRatio];
    if (this.drawnOver && now.every((one, at) => one === this.drawnOver[at])) return;
    this.drawnOver = now;
    const context = sharp(this.over, this.side, this.side);
    if (showTest && !own) this.points(context, points?.test, true);
    if (own) this.points(context, { x1: own.map((one) => one[0]), x2: own.map((one) => one[1]), target: own.map((one) => one[2]) }, false);
    else this.points(context, points?.train, false);
    if (cursor) this.cross(context, cursor, theme);
  }

  colour(target) {
    const { classes, regression, theme } = this.scene;
    if (regression) return signedColour(target, theme.dark);
    return classes > 2 ? classColour(target, theme.dark) : signedColour(target ? 0.8 : -0.8, theme.dark);
  }

  // Training points have the ground's rim, test points the text's.
  points(context, found, test) {
    if (!found) return;
    const { theme } = this.scene;
    const scale = this.side / (2 * EDGE);
    const radius = Math.max(2.2, Math.min(4, this.side / 110)) * (found.x1.length > 600 ? 0.8 : 1);
    context.lineWidth = test ? 1.4 : 1;
    const rim = theme.colours[test ? "--lt-text" : "--lt-panel"];
    const hairline = theme.colours["--lt-quiet"];
    context.strokeStyle = rim;
    for (let at = 0; at < found.x1.length; at++) {
      context.fillStyle = css(this.colour(found.target[at]));
      context.beginPath();
      context.arc((found.x1[at] + EDGE) * scale, (EDGE - found.x2[at]) * scale, radius, 0, 2 * Math.PI);
      context.fill();
      context.stroke();
      if (test) continue;
      context.strokeStyle = hairline; // what is white on white has an edge all the same
      context.beginPath();
      context.arc((found.x1[at] + EDGE) * scale, (EDGE - found.x2[at]) * scale, radius + 0.8, 0, 2 * Math.PI);
      context.lineWidth = 0.5;
      context.stroke();
      context.lineWidth = 1;
      context.strokeStyle = rim;
    }
  }

  cross(context, [x, y], theme) {
    const scale = this.side / (2 * EDGE);
    context.strokeStyle = theme.colours["--lt-mark"];
    context.lineWidth = 2;
    context.strokeRect((x + EDGE) * scale - 7, (EDGE - y) * scale - 7, 14, 14);
  }

  // What lies under the pointer: the answer there, or the point.
  say(pointed) {
    this.pointed = pointed;
    const { scene, text } = this;
    if (!pointed || !scene || Math.abs(pointed[0]) > EDGE || Math.abs(pointed[1]) > EDGE) return write(this.place, "");
    const short = (value) => value.toFixed(2).replace("-", "−");
    const values = { x1: short(pointed[0]), x2: short(pointed[1]) };
    const near = this.nearest(pointed);
    if (near) return write(this.place, fill(near.test ? text.point_test : text.point_train, { x1: short(near.x1), x2: short(near.x2), target: scene.regression ? short(near.target) : near.target }));
    const said = this.answerAt(pointed);
    write(this.place, said === null ? "" : fill(text.place, { ...values, said }));
  }

  answerAt([x, y]) {
    const { answer, neuron, classes } = this.scene;
    const cell = (side) => [Math.min(side - 1, Math.floor(((x + EDGE) / (2 * EDGE)) * side)), Math.min(side - 1, Math.floor(((EDGE - y) / (2 * EDGE)) * side))];
    const number = (value) => (value === null ? "–" : value.toFixed(2).replace("-", "−"));
    if (neuron) return number(valueAt(neuron.block, neuron.map, ...cell(neuron.block.side)));
    if (!answer?.output) return null;
    const { output } = answer;
    if (output.kind === "value") return number(valueAt(output.block, 0, ...cell(output.block.side)));
    const [column, row] = cell(output.side);
    const at = row * output.side + column;
    return fill(this.text.class_at, { name: atob(output.classes).charCodeAt(at) % Math.max(1, classes), percent: Math.round((100 * atob(output.confidence).charCodeAt(at)) / 255) });
  }

  nearest([x, y]) {
    const { points, showTest, own } = this.scene;
    let [best, least] = [null, NEAR];
    for (const part of own ? [] : showTest ? ["test", "train"] : ["train"]) {
      const found = points?.[part];
      for (let at = 0; at < (found?.x1.length ?? 0); at++) {
        const away = Math.hypot(found.x1[at] - x, found.x2[at] - y);
        if (away < least) [best, least] = [{ x1: found.x1[at], x2: found.x2[at], target: found.target[at], test: part === "test" }, away];
      }
    }
    return best;
  }

  drawLegend() {
    const { scene, text } = this;
    const several = scene.classes > 2 && !scene.neuron;
    const scale = scene.neuron ? Math.max(1, scene.neuron.block.scale[scene.neuron.map]) : 1;
    const key = JSON.stringify([scene.classes, scene.regression, Boolean(scene.neuron), scale.toPrecision(3), scene.theme.key, scene.showTest]);
    if (key === this.legendKey) return;
    this.legendKey = key;
    const chip = (name, colour) => element("span", { class: "lt-mlp-chip" }, element("i", { style: `background:${css(colour)}` }), name);
    const shown = Number(scale.toPrecision(2));
    const bar = element("span", { class: "lt-scale" }, element("b", {}, `−${shown}`), element("i", { "data-scale": scene.theme.dark ? "dark" : "light" }), element("b", {}, String(shown)));
    const classes = Array.from({ length: scene.classes }, (_, at) => chip(fill(text.class_name, { name: at }), this.colour(at)));
    const rims = [element("span", { class: "lt-mlp-chip", "data-rim": "train" }, element("i"), text.rim_train), ...(scene.showTest ? [element("span", { class: "lt-mlp-chip", "data-rim": "test" }, element("i"), text.rim_test)] : [])];
    this.legend.replaceChildren(...(several ? classes : [...(scene.regression || scene.neuron ? [] : classes), bar]), ...rims);
  }
}
