// How it stands, large enough for the last row: epoch, losses, accuracies; and a sentence where there is something to say.

import { element, fill, write } from "./dom.js";
import { overfitting } from "./overfitting.js";

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
    this.found = null; // how it overfits
  }

  draw({ status, series, preview, regression, stuck }) {
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
    this.found = series && !preview ? overfitting(series, { since: newPoints(status), open: Boolean(this.found) }) : null;
    const said = stuck ? text.stuck : this.found ? this.overfits(this.found) : "";
    write(this.said, said);
    this.said.hidden = !said;
    this.said.dataset.kind = stuck ? "stuck" : this.found?.kind ?? "";
  }

  overfits({ kind, train, test, best }) {
    const loss = ({ loss }) => loss.toFixed(3);
    const share = ({ accuracy }) => (100 * accuracy).toFixed(1);
    const epoch = Math.round(best.epoch).toLocaleString(this.lang);
    if (kind === "risen") return fill(this.text.risen, { train: loss(train), test: loss(test), best: loss(best), epoch });
    if (test.accuracy === null) return fill(this.text.apart_losses, { train: loss(train), test: loss(test) });
    return fill(this.text.apart, { train: share(train), test: share(test) });
  }
}

// The last step that was measured on other points than those that are there now.
function newPoints(status) {
  return status?.edits.findLast((edit) => edit.name === "data.points")?.step ?? -1;
}
