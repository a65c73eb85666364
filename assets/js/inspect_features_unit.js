// "What a unit looks for": the examples that excite it most and least, the picture it would like best, its own filter.

import { element, fill, write } from "./dom.js";
import { Ascent } from "./inspect_features_ascent.js";
import { exampleCard } from "./inspect_features_examples.js";
import { short } from "./inspect_features_numbers.js";
import { UnitPlane } from "./inspect_features_plane.js";
import { LayerTiles } from "./inspect_features_tiles.js";
import { chooser, problem, stepper } from "./inspect_parts.js";
import { bar } from "./panel.js";
import { paint, scaleBar } from "./tensors.js";

const KERNEL = 40; // pixels

export class Unit {
  // `picked(layer, unit)`: another unit; `opened(item)`: an example that is to be looked at.
  constructor({ text, asking, changed, picked, opened }) {
    Object.assign(this, { text, asking, changed, picked, opened });
    this.layers = chooser(text.layer, "unit-layer", (name) => picked(name, 0));
    this.units = stepper(text, text.unit, "unit", (unit) => picked(this.layer, unit));
    this.tiles = new LayerTiles({ text, picked });
    this.strip = element("details", { class: "lt-unit-strip", open: true }, element("summary", {}, text.pick_unit), this.tiles.element);
    this.problem = problem(text, () => {
      asking.forgetErrors();
      changed();
    });
    this.waiting = element("p", { class: "lt-waiting", role: "status" });
    this.said = element("p", { class: "lt-verdict" });
    this.most = element("div", { class: "lt-examples" });
    this.least = element("div", { class: "lt-examples" });
    this.least_title = element("h5", {}, text.least);
    this.plane = new UnitPlane(text);
    this.classes = element("div", { class: "lt-bars", role: "list", "aria-label": text.by_class });
    this.classes_title = element("h5", {}, text.by_class);
    this.kernel = element("canvas", { role: "img" });
    this.kernel_scale = scaleBar();
    this.kernel_part = element("section", { hidden: true }, element("h5", {}, text.filter), element("div", { class: "lt-kernel" }, this.kernel, this.kernel_scale.bar), (this.kernel_said = element("p", { class: "lt-caption" })));
    this.ascent = new Ascent({ text, asking, changed });
    this.found = element("div", { class: "lt-unit-found", hidden: true }, this.said, this.plane.element, element("h5", {}, text.most), this.most, this.least_title, this.least);
    this.element = element(
      "div", {}, (this.lead = element("p", { class: "lt-lead" }, text.unit_lead)), element("div", { class: "lt-inspect-bar" }, this.layers.element, this.units.element), this.strip, this.problem.element, this.waiting,
      (this.columns = element("div", { class: "lt-unit-columns" }, this.found, element("div", { class: "lt-unit-side" }, this.ascent.element, this.kernel_part, this.classes_title, this.classes))),
    );
  }

  fit(facts, about, { layer, unit }) {
    write(this.lead, facts.kind === "picture" ? this.text.unit_lead : this.text.unit_lead_other);
    const known = facts.layers.find(({ name }) => name === layer);
    Object.assign(this, { facts, about, layer, unit });
    this.layers.offer(facts.layers.map((one) => [one.name, `${one.label} (${one.kind})`]), layer);
    this.units.show(unit, known?.shape[0] ?? 1);
    const data = this.asking.answer(this.exciting)?.data;
    this.ascent.fit(facts, { part: about.part, layer, unit, best: data?.highest });
  }

  get exciting() {
    return { name: "exciting", args: { part: this.about.part, layer: this.layer, unit: this.unit } };
  }

  // The maps of this layer alone.
  get maps() {
    const { place, ...about } = this.about;
    return { name: "feature_maps", args: { ...about, first: Math.max(0, this.facts.layers.findIndex(({ name }) => name === this.layer)), count: 1 } };
  }

  looks() {
    if (!this.facts || this.layer === null) return [];
    const first = this.asking.open([this.exciting, this.maps]);
    return [...first, ...(this.asking.answer(this.exciting) ? this.ascent.looks() : [])];
  }

  async draw(theme) {
    if (!this.facts) return write(this.waiting, this.text.waiting);
    const maps = this.asking.answer(this.maps)?.data?.layers[0];
    if (maps) this.tiles.show(maps, theme.dark, this.unit);
    this.strip.hidden = !maps;
    const answer = this.asking.answer(this.exciting);
    this.problem.show(answer?.error);
    write(this.waiting, answer ? "" : this.text.computing);
    this.element.toggleAttribute("data-busy", !answer);
    if (answer?.data && (answer.data !== this.shown || theme.key !== this.theme)) this.render(answer.data, theme);
    if (answer?.error) this.found.hidden = true;
    await this.ascent.draw();
  }

  render(data, theme) {
    const { text } = this;
    this.shown = data;
    this.theme = theme.key;
    this.found.hidden = false;
    this.found.dataset.unit = `${data.layer}:${data.unit}`;
    const all = [...data.most, ...data.least];
    const most = Math.max(...all.map(({ value, values }) => Math.max(Math.abs(value ?? 0), ...(values ?? []).map((one) => Math.abs(one ?? 0)))), 1e-9);
    const card = (item) => exampleCard(item, { text, kind: data.example_kind, most, dark: theme.dark, names: (name) => text.names[name] ?? name, opened: this.opened });
    this.most.replaceChildren(...data.most.map(card));
    this.least.replaceChildren(...data.least.map(card));
    this.least_title.hidden = !data.least.length;
    const where = { count: data.looked_at, highest: short(data.highest, text), lowest: short(data.lowest, text), mean: short(data.mean, text), silent: data.silent };
    write(this.said, fill(data.shape.length === 3 ? text.unit_says_map : data.shape.length === 2 ? text.unit_says_step : text.unit_says, where) + (data.silent ? ` ${fill(data.silent === data.looked_at ? text.dead : text.silent, where)}` : ""));
    this.plane.show(data, theme.dark, theme);
    this.showClasses(data.classes);
    this.showKernel(data, theme.dark);
    this.columns.toggleAttribute("data-single", this.facts.kind !== "picture" && !data.kernel && !data.classes.length);
  }

  showClasses(classes) {
    this.classes_title.hidden = this.classes.hidden = !classes.length;
    const high = Math.max(...classes.map(([, mean]) => mean ?? 0), 1e-12);
    this.classes.replaceChildren(...classes.map(([name, mean, count]) => {
      const one = bar(this.text.names[name] ?? name);
      one.row.title = fill(this.text.class_count, { count });
      one.show(Math.max(0, (mean ?? 0) / high), short(mean, this.text));
      return one.row;
    }));
  }

  showKernel({ kernel, label, unit }, dark) {
    this.kernel_part.hidden = !kernel;
    if (!kernel) return;
    paint(this.kernel, kernel.tensor, { columns: 8, cell: KERNEL, gap: 4, dark });
    this.kernel_scale.show(kernel.tensor, dark);
    this.kernel.setAttribute("aria-label", fill(this.text.kernel_alt, { label, unit: unit + 1 }));
    write(this.kernel_said, fill(this.text.kernel_says, { shown: kernel.tensor.count, inputs: kernel.inputs }));
  }
}
