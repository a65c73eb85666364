// One node in detail: its tensor and its gradient as pictures, histograms and numbers, its parameters, its line of code.

import { element, fill, write } from "./dom.js";
import { amount, duration, size } from "./inspect_graph_colours.js";
import { paint, scaleBar, shapeText } from "./tensors.js";

const NUMBERS = ["min", "max", "mean", "std", "rms"];
const BARS = [260, 64]; // pixels of a histogram

export class SidePanel {
  constructor(text, { toggle, links }) {
    Object.assign(this, { text, links });
    this.hint = element("p", { class: "lt-waiting" }, text.choose_node);
    this.name = element("h4");
    this.where = element("code", { class: "lt-graph-where" });
    this.fold = element("button", { type: "button", class: "lt-chip", "data-graph": "toggle", onclick: () => toggle() });
    this.facts = element("dl", { class: "lt-graph-facts" });
    this.value = new TensorPart(text, "value");
    this.gradient = new TensorPart(text, "gradient");
    this.code = element("code");
    this.codeTitle = element("h5");
    this.source = element("div", { hidden: true }, this.codeTitle, element("pre", { class: "lt-graph-code", tabindex: 0 }, this.code));
    this.details = element("div", { hidden: true }, element("header", {}, this.name, this.where, this.fold), this.facts, this.value.element, this.gradient.element, this.source, links);
    this.element = element("aside", { class: "lt-graph-side", "aria-label": text.side_label, "aria-live": "polite" }, this.hint, this.details);
  }

  // `node`: what is chosen, {title, module, where, box, operation, seconds}; `answer`: of the look "graph_node", which may be on its way.
  show(node, answer, theme) {
    this.hint.hidden = Boolean(node);
    this.details.hidden = !node;
    if (!node) return;
    write(this.name, node.title);
    write(this.where, node.where);
    this.fold.hidden = !node.fold;
    write(this.fold, node.fold === "open" ? this.text.fold : this.text.unfold);
    const { data } = answer ?? {};
    this.element.toggleAttribute("data-busy", !answer);
    this.showFacts(node, data);
    for (const part of [this.value, this.gradient]) part.show(data, theme);
    this.source.hidden = !data?.source;
    if (data?.source) {
      write(this.codeTitle, this.text.sources[data.source.where]);
      write(this.code, data.source.text);
    }
  }

  showFacts(node, data) {
    const { text } = this;
    const one = node.box ?? node.operation;
    const operation = node.box ? null : node.operation;
    const rows = [
      [text.facts.operation, operation && operation.op !== operation.type ? operation.op : null],
      [text.facts.shape, shapeText(node.shape)],
      [text.facts.parameters, one.parameters ? [amount(one.parameters), data?.parameters.length && !node.box ? data.parameters.map(({ name, shape }) => `${name} ${shapeText(shape)}`).join(", ") : null].filter(Boolean).join(": ") : null],
      [text.facts.flops, one.flops ? amount(one.flops) : null],
      [text.facts.time, node.seconds ? duration(node.seconds) : null],
      [text.facts.count, node.box?.count > 1 ? fill(text.equal_blocks, { count: node.box.count }) : null],
    ].filter(([, value]) => value);
    const key = JSON.stringify(rows);
    if (key === this.shownFacts) return;
    this.shownFacts = key;
    this.facts.replaceChildren(...rows.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
    const broken = data?.parameters.filter(({ finite }) => !finite).map(({ name }) => name) ?? [];
    if (broken.length) this.facts.append(element("dt", {}, text.not_finite), element("dd", { class: "lt-problem" }, broken.join(", ")));
  }
}

// A tensor with its heading: pictures, histogram, numbers.
class TensorPart {
  constructor(text, name) {
    Object.assign(this, { text, name });
    this.scale = scaleBar();
    this.canvas = element("canvas", { role: "img", class: "lt-graph-maps" });
    this.more = element("p", { class: "lt-caption" });
    this.bars = element("canvas", { role: "img", class: "lt-graph-histogram" });
    this.ends = [element("b"), element("b")];
    this.numbers = element("dl", { class: "lt-graph-facts" });
    this.none = element("p", { class: "lt-caption", hidden: true }, text.none[name]);
    this.problem = element("p", { class: "lt-problem", hidden: true });
    this.shown = element("div", {}, this.problem, this.canvas, this.more, element("div", { class: "lt-graph-bars" }, this.bars, element("span", {}, ...this.ends)), this.numbers);
    this.element = element("section", { class: "lt-graph-tensor", "data-tensor": name }, element("h5", { title: text.tensor_help[name] }, text.tensors[name], this.scale.bar), this.none, this.shown);
  }

  show(data, theme) {
    const found = data?.[this.name];
    if (found === this.found && theme.key === this.theme?.key) return;
    Object.assign(this, { found, theme });
    this.element.hidden = !data;
    this.none.hidden = Boolean(found);
    this.shown.hidden = this.scale.bar.hidden = !found;
    if (!found) return;
    this.showMaps(found, theme, data);
    this.showHistogram(found.histogram, theme);
    this.showNumbers(found.numbers);
  }

  showMaps({ maps, of }, { dark }, { op, module }) {
    this.canvas.hidden = !maps;
    this.scale.bar.hidden = !maps;
    if (!maps) return;
    paint(this.canvas, maps, { columns: maps.count > 4 ? 4 : maps.count, cell: maps.count > 1 ? 60 : 240, dark });
    this.scale.show(maps, dark);
    this.canvas.setAttribute("aria-label", fill(this.text.tensor_alt, { what: this.text.tensors[this.name], layer: module || op, low: size(maps.low), high: size(maps.high) }));
    write(this.more, of > maps.count ? fill(this.text.channels_shown, { count: maps.count, of }) : "");
  }

  showHistogram(histogram, theme) {
    this.bars.parentElement.hidden = !histogram;
    if (!histogram) return;
    const [wide, high] = BARS;
    const ratio = window.devicePixelRatio || 1;
    [this.bars.width, this.bars.height] = [wide * ratio, high * ratio];
    const context = this.bars.getContext("2d");
    context.scale(ratio, ratio);
    const { counts, low, high: top } = histogram;
    const most = Math.max(...counts);
    const step = wide / counts.length;
    context.fillStyle = theme.colours["--lt-train"];
    counts.forEach((count, at) => context.fillRect(at * step, high - (count / most) * (high - 2), Math.max(1, step - 1), (count / most) * (high - 2)));
    if (low < 0 && top > 0) {
      context.fillStyle = theme.colours["--lt-quiet"];
      context.fillRect((-low / (top - low)) * wide, 0, 1, high);
    }
    write(this.ends[0], size(low));
    write(this.ends[1], size(top));
    this.bars.setAttribute("aria-label", fill(this.text.histogram_alt, { low: size(low), high: size(top) }));
  }

  showNumbers(numbers) {
    const { text } = this;
    const rows = NUMBERS.map((name) => [text.numbers[name], numbers[name] === null ? text.not_a_number : size(numbers[name])]);
    rows.push([text.numbers.zeros, `${(100 * numbers.zeros).toFixed(numbers.zeros && numbers.zeros < 0.1 ? 1 : 0)} %`]);
    this.numbers.replaceChildren(...rows.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
    this.problem.hidden = !numbers.broken;
    write(this.problem, numbers.broken ? fill(text.broken_share, { percent: (100 * numbers.broken).toFixed(numbers.broken < 0.01 ? 2 : 0) }) : "");
  }
}
