// The two players as a picture of what flows where: noise and real data in, scores and losses out, gradients back.

import { fill, write } from "./dom.js";
import { short } from "./gan_numbers.js";

const NS = "http://www.w3.org/2000/svg";
const WIDTH = 320;
const HEIGHT = 420;
const CHARACTER = 7.8; // width of one in the second line of a box, as gan.css sets it

// Paths, forward and (dashed) backward, by name.
const EDGES = {
  z_generator: "M80 48 V66",
  generator_fake: "M80 116 V134",
  fake_judge: "M80 160 V186",
  real_judge: "M240 160 V186",
  judge_fake: "M80 236 V256",
  judge_real: "M240 236 V256",
  fake_loss_g: "M80 300 V324",
  fake_loss_d: "M104 300 L206 324",
  real_loss_d: "M240 300 V324",
};
const BACK = {
  back_generator: "M16 360 H3 V91 H10",
  back_judge: "M304 360 H314 V211 H300",
};
// Boxes: x, y, width, height, and whose they are.
const BOXES = {
  z: [10, 2, 140, 46, "data"],
  generator: [10, 66, 140, 50, "generator"],
  fake: [30, 134, 100, 26, "fake"],
  real: [180, 114, 120, 46, "real"],
  discriminator: [20, 186, 280, 50, "discriminator"],
  d_fake: [30, 256, 100, 44, "fake"],
  d_real: [190, 256, 100, 44, "real"],
  loss_g: [16, 324, 132, 88, "generator"],
  loss_d: [172, 324, 132, 88, "discriminator"],
};
// What a phase of slow motion lights up.
const LIT = {
  z_d: ["z"], z_g: ["z"],
  fake_d: ["z_generator", "generator", "generator_fake", "fake"],
  fake_g: ["z_generator", "generator", "generator_fake", "fake"],
  real: ["real"],
  d_real: ["real_judge", "discriminator", "judge_real", "d_real"],
  d_fake: ["fake_judge", "discriminator", "judge_fake", "d_fake"],
  d_g: ["fake_judge", "discriminator", "judge_fake", "d_fake"],
  loss_d: ["real_loss_d", "fake_loss_d", "loss_d"],
  loss_g: ["fake_loss_g", "loss_g"],
  update_d: ["loss_d", "back_judge", "discriminator"],
  update_g: ["loss_g", "back_generator", "generator"],
};

function svg(name, attributes = {}, ...children) {
  const made = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export class Flow {
  // `words`: title and help of each box, in the page's language.
  constructor(words) {
    this.words = words;
    this.parts = {};
    this.second = {};
    this.element = svg("svg", { class: "lt-gan-flow", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": words.label });
    this.element.append(this.arrowHead());
    for (const [name, path] of Object.entries(EDGES)) this.edge(name, path, "forward");
    for (const [name, path] of Object.entries(BACK)) this.edge(name, path, "back");
    for (const [name, box] of Object.entries(BOXES)) this.box(name, box);
  }

  arrowHead() {
    this.marker = `lt-gan-head-${Math.random().toString(36).slice(2)}`; // two pictures on a page each have their own
    const head = svg("marker", { id: this.marker, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto-start-reverse" });
    head.append(svg("path", { d: "M0 0 L8 4 L0 8 Z", class: "lt-gan-head" }));
    return svg("defs", {}, head);
  }

  edge(name, path, kind) {
    this.parts[name] = svg("path", { d: path, class: `lt-gan-edge lt-gan-${kind}`, "marker-end": `url(#${this.marker})` });
    this.element.append(this.parts[name]);
  }

  box(name, [x, y, width, height, owner]) {
    const { title, help } = this.words.boxes[name];
    const middle = x + width / 2;
    const tall = height > 30;
    const first = svg("text", { x: middle, y: y + (tall ? 18 : height / 2 + 4), class: "lt-gan-name" });
    first.textContent = title;
    this.second[name] = svg("text", { x: middle, y: y + 37, class: "lt-gan-value" });
    const tip = svg("title");
    tip.textContent = help;
    const group = svg("g", { class: "lt-gan-box", "data-part": name, "data-owner": owner }, tip, svg("rect", { x, y, width, height, rx: 8 }), first);
    if (tall) group.append(this.second[name]);
    if (name.startsWith("loss")) {
      this.wants ??= {};
      this.wants[name] = [57, 72].map((line) => svg("text", { x: middle, y: y + line, class: "lt-gan-wants" }));
      group.append(...this.wants[name]);
    }
    this.parts[name] = group;
    this.element.append(group);
  }

  // `facts`: z, generator, discriminator (texts under the names), wants_g, wants_d.
  describe(facts) {
    for (const name of ["z", "generator", "real", "discriminator"]) this.tell(name, facts[name] ?? "");
    for (const [name, lines] of [["loss_g", facts.wants_g], ["loss_d", facts.wants_d]]) this.wants[name].forEach((line, at) => write(line, lines[at] ?? ""));
    this.element.dataset.players = facts.players ?? "both";
  }

  // The second line of a box; a long one is drawn narrower, so that it stays inside.
  tell(name, said) {
    const line = this.second[name];
    const room = BOXES[name][2] - 14;
    write(line, said);
    if (said.length * CHARACTER <= room) return line.removeAttribute("textLength");
    line.setAttribute("textLength", room);
    line.setAttribute("lengthAdjust", "spacingAndGlyphs");
  }

  // The numbers of now: d_fake, d_real, loss_g, loss_d.
  numbers(values) {
    for (const name of ["d_fake", "d_real", "loss_g", "loss_d"]) write(this.second[name], short(values[name]));
    this.element.setAttribute("aria-label", `${this.words.label} ${fill(this.words.said, Object.fromEntries(Object.entries(values).map(([name, value]) => [name, short(value)])))}`);
  }

  // Light up what a phase is about; nothing: all alike.
  light(phase) {
    this.element.toggleAttribute("data-phased", Boolean(phase));
    for (const [name, part] of Object.entries(this.parts)) part.toggleAttribute("data-lit", Boolean(LIT[phase]?.includes(name)));
  }
}
