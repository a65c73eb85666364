// One sequence with its answer, by what it is made of: a picture, a line of text, numbers, symbols.

import { element, fill } from "./dom.js";
import { visible } from "./rnn_characters.js";
import { short } from "./rnn_panel.js";

const HEIGHT = 44; // pixels of the numbers of an adding problem

// Colours by belief: blue-green where it is right at that step, orange where it is wrong, the stronger the surer.
function believed(mark, { truth, right, share }) {
  mark.dataset.right = right;
  mark.dataset.truth = truth;
  mark.style.setProperty("--lt-shade", `${Math.round(100 * (share ?? 0))}%`);
  return mark;
}

function answer(item, classes, text) {
  const right = item.prediction === item.truth;
  const said = fill(right ? text.answer_right : text.answer_wrong, { said: classes[item.prediction] ?? "–", truth: classes[item.truth], percent: Math.round(100 * (item.probability ?? 0)) });
  return element("p", { class: "lt-answer", "data-right": String(right) }, element("b", { "aria-hidden": "true" }, right ? "✓ " : "✗ "), said);
}

// What the head would say after each step, as a strip of cells with the class in them where there is room.
function beliefs(item, classes, text) {
  const { classes: said, probabilities } = item.per_step;
  const room = said.length <= 16;
  const cells = said.map((number, at) => {
    const words = fill(text.belief, { step: at + 1, said: classes[number] ?? "–", percent: Math.round(100 * (probabilities[at] ?? 0)) });
    return believed(element("i", { title: words }, room ? classes[number] : ""), { truth: item.truth, right: number === item.truth, share: probabilities[at] });
  });
  const last = said.length - 1;
  return element("div", { class: "lt-beliefs", role: "img", "aria-label": fill(text.belief, { step: last + 1, said: classes[said[last]] ?? "–", percent: Math.round(100 * (probabilities[last] ?? 0)) }) }, ...cells);
}

function picture(item, { classes }, { text }) {
  const image = element("img", { class: "lt-sequence-picture", alt: fill(text.picture_alt, { truth: classes[item.truth] }), src: `data:image/png;base64,${item.picture.png}` });
  const side = element("div", {}, answer(item, classes, text), ...(item.per_step ? [beliefs(item, classes, text)] : []));
  return element("article", { class: "lt-sequence", "data-index": item.index }, image, side);
}

function lines(item, { classes }, { text }) {
  const letters = [...item.text].map((letter, at) => {
    const number = item.per_step?.classes[at];
    const share = item.per_step?.probabilities[at];
    if (number === undefined) return element("i", {}, letter);
    const words = fill(text.belief, { step: at + 1, said: classes[number], percent: Math.round(100 * (share ?? 0)) });
    return believed(element("i", { title: words }, visible(letter)), { truth: item.truth, right: number === item.truth, share });
  });
  return element("article", { class: "lt-sequence", "data-index": item.index }, element("div", {}, element("p", { class: "lt-sequence-text" }, ...letters), answer(item, classes, text)));
}

function adding(item, _data, { text }) {
  const bars = item.values.map((value, at) => {
    const marked = item.marks.includes(at);
    return element("i", { "data-marked": String(marked), style: `height: ${Math.max(1, Math.round(value * HEIGHT))}px`, title: marked ? fill(text.marked, { step: at + 1, value: value.toFixed(2) }) : null });
  });
  const addends = item.marks.map((at) => item.values[at].toFixed(2)).join(" + ");
  const off = item.prediction === null ? null : item.prediction - item.truth;
  const said = fill(text.adding_said, { addends, truth: item.truth.toFixed(2), said: short(item.prediction), off: off === null ? "–" : `${off < 0 ? "−" : "+"}${Math.abs(off).toFixed(2)}` });
  return element(
    "article", { class: "lt-sequence", "data-index": item.index, "data-off": off },
    element("div", {}, element("div", { class: "lt-addends", role: "img", "aria-label": fill(text.adding_alt, { count: bars.length, addends }) }, ...bars), element("p", { class: "lt-answer", "data-right": String(off !== null && Math.abs(off) < 0.1) }, said)),
  );
}

function copy(item, { classes }, { text }) {
  const name = (number) => classes[number] ?? String(number);
  const given = item.given.map((number) => element("i", {}, name(number)));
  const said = item.prediction.map((number, at) => believed(element("i", { title: fill(text.copy_symbol, { truth: name(item.truth[at]), percent: Math.round(100 * (item.probabilities[at] ?? 0)) }) }, name(number)), { truth: item.truth[at], right: number === item.truth[at], share: item.probabilities[at] }));
  const row = (word, cells) => element("div", { class: "lt-symbols" }, element("span", {}, word), ...cells);
  const wait = element("p", { class: "lt-note" }, fill(text.copy_delay, { delay: item.delay }));
  return element("article", { class: "lt-sequence", "data-index": item.index }, element("div", {}, row(text.copy_given, given), wait, row(text.copy_says, said)));
}

export const CARDS = { picture, lines, adding, copy };
