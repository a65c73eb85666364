// What the pages that look inside share: choosing a network of the run and an example, and going on to another view.

import { element, fill, write } from "./dom.js";

// A labelled select; `choices`: [value, word] pairs.
export function chooser(label, name, chosen) {
  const select = element("select", { "data-choose": name, onchange: () => chosen(select.value) });
  const row = element("label", {}, label, select);
  let key = "";
  return {
    element: row,
    select,
    offer(choices, value) {
      const now = JSON.stringify(choices);
      if (now !== key) {
        key = now;
        select.replaceChildren(...choices.map(([one, word]) => element("option", { value: one }, word)));
      }
      select.value = String(value);
      row.hidden = choices.length < 2;
    },
  };
}

// Previous, a number from 0 on shown from 1 on, next.
export function stepper(text, label, name, chosen) {
  const number = element("input", { type: "number", min: 1, value: 1, step: 1, "data-choose": name, onchange: () => go(Number(number.value) - 1) });
  const of = element("span");
  let at = 0;
  let count = 1;
  const go = (to) => {
    at = Math.max(0, Math.min(Number.isFinite(to) ? Math.round(to) : 0, count - 1));
    number.value = at + 1;
    chosen(at);
  };
  const before = element("button", { type: "button", "aria-label": text.previous, title: text.previous, onclick: () => go(at - 1) }, "‹");
  const after = element("button", { type: "button", "aria-label": text.next, title: text.next, onclick: () => go(at + 1) }, "›");
  return {
    element: element("label", {}, label, before, number, after, of),
    show(value, total) {
      [at, count] = [value, total];
      if (document.activeElement !== number) number.value = at + 1;
      number.max = count;
      write(of, `/ ${count}`);
    },
  };
}

// "Look at it elsewhere": the same layer, example and network on the other pages. `focus()` tells them when it is pressed.
export function elsewhere({ data, trigger }, pages, focus) {
  const buttons = pages.filter((page) => page in data.links).map((page) =>
    element("button", { type: "button", class: "lt-chip", "data-open": page, onclick: () => trigger("open", { page, ...focus(), id: Date.now() }) }, data.links[page]),
  );
  return element("div", { class: "lt-inspect-links" }, data.text.open_in, ...buttons);
}

// The sentence of an error, and "Try again" where asking again may help.
export function problem(text, again) {
  const said = element("span");
  const button = element("button", { type: "button", class: "lt-chip", onclick: again }, text.retry);
  const row = element("p", { class: "lt-problem", role: "status", hidden: true }, said, " ", button);
  return {
    element: row,
    show(error) {
      write(said, error ?? "");
      row.hidden = !error;
    },
  };
}

export { fill };
