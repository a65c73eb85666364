// What can be done with the chosen pictures: give them a class, move them, delete them.

import { element, fill } from "./dom.js";
import { askName } from "./pictures_ask.js";

const SURE = 6000; // milliseconds in which deleting is confirmed

export class Bar {
  // `hear`: {label(name), move(album), remove(), all(), none()}
  constructor(hear) {
    this.hear = hear;
    this.root = element("div", { class: "lt-pic-bar", role: "group" });
  }

  // `state`: {count, total, own, labels, classes, albums, colour, many, most, text, note}
  draw(state) {
    const key = JSON.stringify([state.count, state.total, state.own, state.labels, state.classes, state.albums, state.note, this.asked]);
    this.state = state;
    if (key === this.key || this.naming) return;
    this.key = key;
    const focused = this.root.contains(document.activeElement) ? document.activeElement.dataset.act : null;
    this.root.replaceChildren(...this.parts(state));
    if (focused) this.root.querySelector(`[data-act="${CSS.escape(focused)}"]`)?.focus();
  }

  parts(state) {
    const { text, count, total, own, many } = state;
    const parts = [element("span", { class: "lt-pic-count" }, this.counted(state))];
    if (many && total > 1) {
      if (count < Math.min(total, state.most)) parts.push(this.button("all", text.select_all, () => this.hear.all()));
      if (count) parts.push(this.button("none", text.clear, () => this.hear.none()));
    }
    if (own && count && state.labels) parts.push(this.labels(state));
    if (own && count) parts.push(this.rest(state));
    return parts;
  }

  counted({ text, count, total, note }) {
    const all = total === 1 ? text.count_one : fill(text.count, { count: total });
    const said = count ? `${all}, ${fill(text.chosen, { count })}` : all;
    return note ? `${said}. ${note}` : said;
  }

  labels({ text, classes, colour }) {
    const group = element("span", { class: "lt-pic-give", role: "group", title: text.make_help }, element("span", {}, text.make_them));
    classes.forEach((name) => {
      const chip = this.button(`label ${name}`, name, () => this.hear.label(name));
      chip.className = "lt-pic-chip";
      chip.style.setProperty("--lt-class", colour(name));
      chip.dataset.label = name;
      group.append(chip);
    });
    group.append(this.button("add", text.new_class, () => this.name(group)));
    if (classes.length) group.append(this.button("unlabel", text.unlabel, () => this.hear.label("")));
    return group;
  }

  // A class of a new name, typed where the others stand.
  name(group) {
    const { text } = this.state;
    this.naming = true;
    const form = askName({ label: text.class_name, make: text.make, cancel: text.cancel, longest: 40 }, (name) => {
      this.naming = false;
      this.key = null;
      if (name) this.hear.label(name);
      else this.draw(this.state);
    });
    group.replaceChildren(form);
  }

  rest({ text, count, albums }) {
    const group = element("span", { class: "lt-pic-rest" });
    if (albums.length) {
      const move = element("select", { "aria-label": text.move, "data-act": "move" }, element("option", { value: "" }, text.move));
      for (const name of albums) move.append(element("option", { value: name }, name));
      move.onchange = () => move.value && this.hear.move(move.value);
      group.append(move);
    }
    if (this.asked === count) {
      const sure = count === 1 ? text.delete_sure_one : fill(text.delete_sure, { count });
      const yes = this.button("sure", sure, () => this.answer(true));
      yes.classList.add("lt-pic-danger");
      group.append(yes, this.button("keep", text.keep, () => this.answer(false)));
    } else group.append(this.button("delete", text.delete, () => this.ask()));
    return group;
  }

  button(act, label, onclick) {
    return element("button", { type: "button", "data-act": act, onclick }, label);
  }

  // Deleting takes two presses; the second has to come soon, and for as many pictures.
  ask() {
    if (!this.state?.own || !this.state.count) return;
    this.asked = this.state.count;
    this.draw(this.state);
    this.root.querySelector("[data-act=sure]")?.focus();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.answer(false), SURE);
  }

  answer(yes) {
    clearTimeout(this.timer);
    if (!this.asked) return;
    this.asked = 0;
    this.draw(this.state);
    if (yes) this.hear.remove();
    else this.root.querySelector("[data-act=delete]")?.focus();
  }
}
