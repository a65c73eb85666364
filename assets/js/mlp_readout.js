// How it stands, large enough for the last row: epoch, losses, accuracies; and a sentence where there is something to say.

import { element, fill, write } from "./dom.js";

const OPEN = 0.3; // the test loss is so much above the training loss, as a share of it
const LEAST = 0.02; // and at least this much
const PATIENCE = 10; // epochs before a gap means anything

export class Readout {
  constructor({ text, lang }) {
    Object.assign(this, { text, lang });
    const part = (name, label, title) => {
      const value = element("b", {}, "–");
      this[name] = value;
      return element("div", { class: `lt-mlp-number lt-mlp-${name}`, title: title ?? null }, element("span", {}, label), value);
    };
    this.numbers = element(
      "div", { class: "lt-mlp-numbers" }, part("epoch", text.epoch_head), part("train", text.train_loss, text.train_loss_help), part("test", text.test_loss, text.test_loss_help),
      part("trainAccuracy", text.train_accuracy), part("testAccuracy", text.test_accuracy),
    );
    this.state = element("span", { class: "lt-mlp-state" });
    this.said = element("p", { class: "lt-mlp-gap", role: "status", hidden: true });
    this.gap = false;
  }

  draw({ status, preview, regression, stuck }) {
    const { text } = this;
    const latest = (preview ? null : status?.latest) ?? {};
    const loss = (split) => latest[split]?.loss;
    const number = (value) => (value === undefined ? "–" : typeof value !== "number" ? text.not_finite : value >= 1e4 ? value.toExponential(2) : value.toFixed(3));
    const percent = (value) => (typeof value === "number" ? `${(100 * value).toFixed(1)} %` : "–");
    write(this.epoch, (preview ? 0 : status?.epoch ?? 0).toLocaleString(this.lang));
    write(this.train, number(loss("train")));
    write(this.test, number(loss("validation")));
    write(this.trainAccuracy, percent(latest.train?.accuracy));
    write(this.testAccuracy, percent(latest.validation?.accuracy));
    for (const one of [this.trainAccuracy, this.testAccuracy]) one.parentElement.hidden = Boolean(regression);
    const said = stuck ? text.stuck : this.gapSaid(loss("train"), loss("validation"), status?.epoch ?? 0);
    write(this.said, said);
    this.said.hidden = !said;
    this.said.dataset.kind = stuck ? "stuck" : this.gap ? "gap" : "";
  }

  // It opens where it is wide and closes where it is half as wide, so that the sentence does not flicker.
  gapSaid(train, test, epoch) {
    if (typeof train !== "number" || typeof test !== "number" || epoch < PATIENCE) {
      this.gap = false;
      return "";
    }
    const share = this.gap ? 0.5 : 1;
    this.gap = test - train > Math.max(LEAST, OPEN * train) * share;
    return this.gap ? fill(this.text.gap, { train: train.toFixed(3), test: test.toFixed(3) }) : "";
  }
}
