// One picture of the wall, large, with its class to be set right; the page changes the set and offers to train anew.

import { element, fill, write } from "./dom.js";
import { photo } from "./transfer_photo.js";

export class Mend {
  constructor(wall) {
    const { text } = wall;
    Object.assign(this, { wall, text });
    this.mended = new Map(); // position -> its new class, null where it was taken out
    const { image, show } = photo();
    this.show = show;
    this.verdict = element("p", { class: "lt-mend-said" });
    this.choices = element("div", { class: "lt-mend-classes", role: "group", "aria-label": text.mend_is });
    this.name = element("input", { type: "text", maxlength: 40, placeholder: text.mend_other, "aria-label": text.mend_name });
    this.form = element("form", { class: "lt-mend-other", onsubmit: (event) => this.typed(event) }, this.name, element("button", { type: "submit", class: "lt-pick" }, text.mend_set));
    this.out = element("button", { type: "button", class: "lt-pick", title: text.mend_out_help, "data-mend": "out", onclick: () => this.set(null) }, text.mend_out);
    this.closer = element("button", { type: "button", class: "lt-pick", onclick: () => wall.views.open("try", { index: this.shown.index }) }, text.mend_look);
    this.note = element("p", { class: "lt-caption", role: "status" });
    const close = element("button", { type: "button", class: "lt-pick", onclick: () => this.close() }, text.mend_close);
    this.element = element(
      "section", { class: "lt-mend", hidden: true, "aria-label": text.mend }, image,
      element("div", {}, this.verdict, element("b", {}, text.mend_is), this.choices, this.form, element("div", { class: "lt-buttons" }, this.out, this.closer, close), this.note),
    );
  }

  open(shown) {
    this.shown = shown;
    this.element.hidden = false;
    this.element.dataset.index = shown.index;
    this.closer.hidden = !("try" in this.wall.views.kinds) || !this.wall.views.names.includes("try");
    this.draw();
    this.element.scrollIntoView({ block: "nearest" });
  }

  close() {
    this.shown = null;
    this.element.hidden = true;
  }

  // The network's answer may have changed meanwhile.
  renew(data) {
    if (!this.shown) return;
    const at = data.index.indexOf(this.shown.index);
    if (at >= 0) this.shown = this.wall.tiles[at].data ?? this.shown;
    this.draw();
  }

  draw() {
    const { shown, text } = this;
    const { views } = this.wall;
    const readonly = Boolean(views.data.readonly);
    this.show(views.feed, shown.index, fill(text.photo_alt, { number: shown.index + 1 }));
    write(this.verdict, shown.told ?? "");
    const now = this.mended.has(shown.index) ? this.mended.get(shown.index) : shown.truth;
    const classes = views.status?.classes ?? [];
    const key = JSON.stringify([classes, now, readonly]);
    if (key !== this.drawn) {
      this.drawn = key;
      this.choices.replaceChildren(...classes.map((name) => element("button", { type: "button", class: "lt-pick", "aria-pressed": String(name === now), disabled: readonly, "data-label": name, onclick: () => this.set(name) }, name)));
    }
    this.form.hidden = readonly;
    this.out.disabled = readonly || now === null;
    const changed = this.mended.has(shown.index);
    write(this.note, readonly ? text.mend_readonly : !changed ? "" : now === null ? text.mend_note_out : fill(text.mend_note, { label: now }));
  }

  typed(event) {
    event.preventDefault();
    const name = this.name.value.trim();
    if (name) this.set(name);
    this.name.value = "";
  }

  set(label) {
    this.mended.set(this.shown.index, label);
    this.wall.views.trigger("edit", { mend: this.shown.index, label, id: Date.now() });
    const tile = this.wall.tiles.find(({ data }) => data?.index === this.shown.index);
    if (tile) tile.tile.dataset.mended = true;
    this.draw();
  }
}
