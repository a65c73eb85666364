// What all views share: a sentence on what is seen, the sentence of an error, and drawing only what is new.

import { element, write } from "./dom.js";

export class Panel {
  constructor(views, name) {
    this.views = views;
    this.text = views.text;
    this.problem = element("p", { class: "lt-problem", role: "status", hidden: true });
    this.body = element("div", { class: "lt-view-body" });
    this.waiting = element("p", { class: "lt-waiting" });
    this.element = element(
      "section",
      { class: "lt-view", role: "tabpanel", id: `lt-view-${name}`, "aria-labelledby": `lt-tab-${name}`, "data-view": name, "data-kind": "empty" },
      element("p", { class: "lt-lead" }, this.text.leads[name]), this.problem, this.waiting, this.body,
    );
    this.build();
  }

  build() {}

  // What is to be asked for while this view is on the screen.
  looks() {
    return [];
  }

  // Something chosen in another view.
  take(_what) {}

  close() {}

  // The answer to draw; a view may have reasons to keep an older one.
  answer() {
    const [look] = this.looks();
    return look && this.views.answer(look);
  }

  async draw(theme) {
    this.theme = theme;
    const answer = this.answer();
    this.element.toggleAttribute("data-busy", Boolean(this.views.feed) && this.looks().length > 0 && !answer);
    write(this.waiting, this.shown ? "" : this.hint());
    if (!answer || (answer === this.shown && theme.key === this.shownTheme)) return;
    this.shown = answer;
    this.shownTheme = theme.key;
    write(this.problem, answer.error ?? "");
    this.problem.hidden = !answer.error;
    write(this.waiting, "");
    if (answer.data) {
      await this.render(answer.data, answer);
      this.element.dataset.kind = "shown";
    }
    this.element.dataset.step = answer.step;
  }

  // Before the first answer: what has to happen.
  hint() {
    if (!this.views.feed) return this.text.no_run;
    return this.views.status?.state === "queued" ? this.text.queued_view : this.text.waiting;
  }
}

// A picture made of a PNG in an answer, decoded before it is shown, so that nothing flickers.
export async function decoded(png) {
  const image = new Image();
  image.src = `data:image/png;base64,${png}`;
  await image.decode();
  return image;
}

// One bar with its name and its number, made once and then only changed.
export function bar(name) {
  const fillPart = element("i");
  const label = element("span", { class: "lt-bar-name" }, name);
  const value = element("b");
  const row = element("div", { class: "lt-bar", role: "listitem" }, label, element("span", { class: "lt-bar-track" }, fillPart), value);
  const show = (share, text) => {
    fillPart.style.width = `${100 * (share ?? 0)}%`;
    write(value, text);
  };
  return { row, label, show };
}
