// A line to type one name into, in place of what asked for it: a new album, a new class.

import { element } from "./dom.js";

// `label` names the field, `make` the button; `done(name)` gets what was typed, or nothing when it was given up.
export function askName({ label, make, cancel, longest }, done) {
  const input = element("input", { type: "text", maxlength: longest, "aria-label": label, placeholder: label, autocomplete: "off" });
  const form = element("form", { class: "lt-pic-ask" }, input, element("button", { type: "submit", class: "lt-pic-primary" }, make));
  form.append(element("button", { type: "button", onclick: () => done("") }, cancel));
  form.onsubmit = (event) => {
    event.preventDefault();
    done(input.value.trim());
  };
  form.onkeydown = (event) => {
    event.stopPropagation(); // the page has shortcuts of its own
    if (event.key === "Escape") done("");
  };
  queueMicrotask(() => input.focus()); // as soon as it stands in the page
  return form;
}
