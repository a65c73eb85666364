// A text the network writes, character by character, and how well it foresees one it never read.

import { element, fill, write } from "./dom.js";
import { bar } from "./panel.js";
import { CharacterStrip, visible } from "./rnn_characters.js";
import { SequencePanel } from "./rnn_panel.js";

const LENGTH = 200;
const WAIT = 200; // milliseconds after the last key
const MOST_BITS = 8; // as surprised as the colours tell

export class Text extends SequencePanel {
  build() {
    super.build();
    this.args = { temperature: 0.8, prompt: "", length: LENGTH, seed: 0, piece: 0 };
    this.by = "probability";
    this.written = new CharacterStrip({ label: this.text.written, picked: (at) => this.pick(at) });
    this.read = new CharacterStrip({ label: this.text.held_out_text, picked: (at) => this.pickRead(at) });
    this.next = Array.from({ length: 5 }, () => bar(""));
    this.nextTitle = element("h5");
    this.unknown = element("p", { class: "lt-note", role: "status" });
    this.readNote = element("span", { class: "lt-note", role: "status" });
    this.measures = Object.fromEntries(["network", "bigram", "unigram"].map((name) => [name, bar(this.text.entropies[name])]));
    const list = (bars, label) => element("div", { class: "lt-bars", role: "list", "aria-label": label }, ...bars.map(({ row }) => row));
    this.body.append(
      this.controls(), this.unknown,
      element("div", { class: "lt-writing" }, element("div", {}, this.written.element, this.legend), element("div", {}, this.nextTitle, list(this.next, this.text.next_title))),
      element("h5", {}, this.text.bits), list(Object.values(this.measures), this.text.bits), element("p", { class: "lt-caption" }, this.text.bits_caption),
      element("h5", {}, this.text.held_out_text), this.pieces(), this.read.element, element("p", { class: "lt-caption" }, this.text.surprise_caption),
    );
  }

  controls() {
    const { text } = this;
    this.prompt = element("input", { type: "text", maxlength: 200, class: "lt-prompt", placeholder: text.prompt_empty, "aria-label": text.prompt, oninput: (event) => this.later({ prompt: event.target.value }) });
    this.degrees = element("output", {}, this.args.temperature.toFixed(1));
    const heat = element("input", { type: "range", min: 0.1, max: 2, step: 0.1, value: this.args.temperature, "aria-label": text.temperature, oninput: (event) => this.heat(Number(event.target.value)) });
    const again = element("button", { type: "button", title: text.again_help, onclick: () => this.choose({ seed: (this.args.seed + 1) % 1000 }) }, text.again);
    const colour = element("select", { "aria-label": text.colour_by, onchange: (event) => this.colour(event.target.value) }, ...Object.entries(text.colours).map(([value, word]) => element("option", { value }, word)));
    this.legend = element("p", { class: "lt-caption" });
    return element(
      "div", { class: "lt-controls lt-buttons" }, element("label", { class: "lt-prompt-label" }, text.prompt, this.prompt),
      element("label", { title: text.temperature_help }, text.temperature, heat, this.degrees), element("label", {}, text.colour_by, colour), again,
    );
  }

  pieces() {
    const button = (by, label, sign) => element("button", { type: "button", "aria-label": label, title: label, onclick: () => this.turn(by) }, sign);
    return element("div", { class: "lt-buttons" }, button(-1, this.text.piece_before, "‹"), button(1, this.text.piece_after, "›"), this.readNote);
  }

  looks() {
    return [{ name: "sample", args: this.args }];
  }

  choose(what) {
    this.args = { ...this.args, ...what };
    this.renew();
  }

  later(what) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.choose(what), WAIT);
  }

  heat(temperature) {
    write(this.degrees, temperature.toFixed(1));
    this.later({ temperature });
  }

  turn(by) {
    const pieces = this.data?.pieces ?? 1;
    this.choose({ piece: (this.args.piece + by + pieces) % pieces });
  }

  colour(by) {
    this.by = by;
    if (this.data) this.paint();
  }

  close() {
    clearTimeout(this.timer);
  }

  // ---- the answer

  render(data) {
    this.data = data;
    write(this.unknown, data.unknown ? fill(this.text.unknown, { characters: visible(data.unknown) }) : "");
    this.paint();
    this.pick(this.written.at);
    const { unigram, bigram, bits_per_character: network } = data;
    const most = Math.max(unigram, bigram, network ?? 0);
    for (const [name, bits] of Object.entries({ network, bigram, unigram })) {
      const { row, show } = this.measures[name];
      show((bits ?? 0) / most, bits === null ? "–" : bits.toFixed(2));
      row.dataset.method = name;
      row.dataset.bits = bits;
    }
    const { text, bits } = data.surprise;
    this.read.show(text, bits.map((one) => this.shade(2 ** -one)), "surprise");
    this.pickRead(this.read.at);
  }

  paint() {
    const { text, probabilities, prompt } = this.data;
    this.written.show(text, probabilities.map((one) => this.shade(one, this.by)), this.by, prompt);
    write(this.legend, this.text.colour_captions[this.by]);
  }

  // 0 to 1: how strongly a character is coloured.
  shade(probability, by = "surprise") {
    return by === "probability" ? probability : Math.min(1, -Math.log2(Math.max(probability, 1e-9)) / MOST_BITS);
  }

  // What could have stood at a place of the text, or may follow the prompt.
  pick(at) {
    const { top, next, text } = this.data ?? {};
    if (!next) return;
    const chosen = at !== null && top[at];
    write(this.nextTitle, chosen ? fill(this.text.top_title, { character: visible(text[at]) }) : this.text.next_title);
    const shown = chosen || next;
    this.next.forEach(({ row, label, show }, number) => {
      const [character, share] = shown[number] ?? ["", null];
      write(label, visible(character));
      show(share, share === null ? "" : `${(100 * share).toFixed(1)} %`);
      row.hidden = share === null;
      row.dataset.best = Boolean(chosen) && character === [...text][at];
    });
  }

  pickRead(at) {
    const { surprise, pieces } = this.data ?? {};
    if (!surprise) return;
    const told = at === null ? fill(this.text.piece_of, { piece: this.args.piece + 1, pieces }) : fill(this.text.surprised, { character: visible([...surprise.text][at]), bits: surprise.bits[at].toFixed(2), percent: (100 * 2 ** -surprise.bits[at]).toFixed(1) });
    write(this.readNote, told);
  }
}
