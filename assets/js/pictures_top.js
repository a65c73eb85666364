// Above the pictures: which album, where to drop, what is on its way, what was not taken.

import { element, fill, write } from "./dom.js";
import { askName } from "./pictures_ask.js";
import { canReadClipboard, chosenFiles, dropped, fromClipboard } from "./pictures_sources.js";

const REFUSED_SHOWN = 100;

export class Top {
  // `hear`: {album(name), bring(items), camera(), stop()}
  constructor(hear) {
    this.hear = hear;
    this.album = element("div", { class: "lt-pic-album" });
    this.dropping = element("span", { class: "lt-pic-dropping" });
    this.becoming = element("b", { class: "lt-pic-becoming" });
    this.lead = element("span", { class: "lt-pic-lead" }, this.dropping, " ", this.becoming);
    this.files = element("input", { type: "file", multiple: true, hidden: true, accept: "image/*,.heic,.heif,.zip" });
    this.folder = element("input", { type: "file", webkitdirectory: true, multiple: true, hidden: true });
    for (const input of [this.files, this.folder]) {
      input.onchange = () => {
        const items = chosenFiles(input.files);
        input.value = ""; // the same files may be chosen again
        if (items.length) this.hear.bring(items);
      };
    }
    this.buttons = element("div", { class: "lt-pic-row" });
    this.zone = element("div", { class: "lt-pic-drop" }, this.lead, this.buttons, this.files, this.folder);
    this.panel = element("div", { class: "lt-pic-panel" });
    this.meter = element("progress", { max: 1, value: 0 });
    this.doing = element("span", { role: "status" });
    this.halt = element("button", { type: "button", onclick: () => this.hear.stop() });
    this.progress = element("div", { class: "lt-pic-progress", hidden: true }, this.meter, this.doing, this.halt);
    this.refused = element("div", { class: "lt-pic-refused", role: "alert", hidden: true });
    this.problems = [];
    this.root = element("div", { class: "lt-pic-top" }, this.album, this.zone, this.panel, this.progress, this.refused);
    this.drops();
  }

  drops() {
    let depth = 0; // entering a child leaves the parent
    const over = (add) => {
      depth = Math.max(0, depth + add);
      this.zone.dataset.over = String(depth > 0);
    };
    this.zone.ondragenter = () => over(1);
    this.zone.ondragleave = () => over(-1);
    this.zone.ondragover = (event) => event.preventDefault();
    this.zone.ondrop = async (event) => {
      event.preventDefault();
      depth = 0;
      over(0);
      const items = await dropped(event.dataTransfer);
      if (items.length) this.hear.bring(items);
    };
  }

  draw({ text, limits, albums: choosing }, album, albums, label) {
    this.text = text;
    const own = albums.find((one) => one.name === album)?.own ?? true;
    write(this.dropping, own ? text.drop : text.drop_ours);
    write(this.becoming, label ? fill(text.drop_class, { label }) : "");
    this.zone.title = fill(text.drop_help, { picture: limits.picture, zip: limits.zip });
    write(this.halt, text.cancel);
    if (!this.buttons.children.length) this.buttons.append(...this.sources(text));
    this.album.hidden = !choosing;
    if (choosing && !this.asking) this.drawAlbums(album, albums);
  }

  sources(text) {
    const button = (name, label, help, onclick) => element("button", { type: "button", "data-act": name, title: help, onclick }, label);
    const made = [button("files", text.files, this.zone.title, () => this.files.click())];
    if ("webkitdirectory" in this.folder) made.push(button("folder", text.folder, text.folder_help, () => this.folder.click()));
    if (canReadClipboard()) made.push(button("paste", text.paste, text.paste_help, () => this.paste()));
    made.push(button("camera", text.camera, text.camera_help, () => this.hear.camera()));
    return made;
  }

  async paste() {
    try {
      const items = await fromClipboard();
      if (items.length) this.hear.bring(items);
      else this.refuse([{ name: this.text.paste, reason: this.text.paste_nothing }]);
    } catch {
      this.refuse([{ name: this.text.paste, reason: this.text.paste_denied }]);
    }
  }

  drawAlbums(album, albums) {
    const { text } = this;
    const key = JSON.stringify([album, albums.map((one) => [one.name, one.pictures])]);
    if (key === this.albumKey) return;
    this.albumKey = key;
    const select = element("select", { "aria-label": text.album });
    const groups = [[text.own_albums, albums.filter((one) => one.own)], [text.our_albums, albums.filter((one) => !one.own)]];
    if (!albums.some((one) => one.name === album)) groups[0][1].unshift({ name: album, title: album, pictures: 0 });
    for (const [title, some] of groups) {
      if (!some.length) continue;
      const group = element("optgroup", { label: title });
      for (const one of some) group.append(element("option", { value: one.name }, `${one.title} (${one.pictures})`));
      select.append(group);
    }
    select.value = album;
    select.onchange = () => this.hear.album(select.value);
    const label = element("label", {}, element("span", {}, text.album), select);
    this.album.replaceChildren(label, element("button", { type: "button", onclick: () => this.askAlbum() }, text.new_album));
  }

  askAlbum() {
    const { text } = this;
    this.asking = true;
    const form = askName({ label: text.album_name, make: text.make, cancel: text.cancel, longest: 60 }, (name) => {
      this.asking = false;
      this.albumKey = null;
      name = name.replace(/^[~ ]+/, ""); // such are LiveTorch's own
      this.hear.album(name || null);
    });
    this.album.replaceChildren(form);
  }

  moving(sending) {
    this.progress.hidden = !sending.busy;
    if (!sending.busy) return;
    this.meter.max = sending.of;
    this.meter.value = sending.done;
    const alone = sending.of === 1 ? [...sending.said.values()][0] : "";
    write(this.doing, alone || fill(this.text.bringing, { done: sending.done, of: sending.of }));
  }

  refuse(files) {
    this.problems.push(...files);
    const { text, problems } = this;
    const head = problems.length === 1 ? text.refused_one : fill(text.refused, { count: problems.length });
    const rows = problems.slice(0, REFUSED_SHOWN).map((one) => element("li", {}, element("b", {}, one.name), " ", one.reason));
    if (problems.length > REFUSED_SHOWN) rows.push(element("li", {}, fill(text.and_more, { count: problems.length - REFUSED_SHOWN })));
    const away = element("button", { type: "button", onclick: () => this.forget() }, text.dismiss);
    this.refused.replaceChildren(element("header", {}, element("strong", {}, head), away), element("ul", {}, ...rows));
    this.refused.hidden = false;
  }

  forget() {
    this.problems = [];
    this.refused.hidden = true;
  }
}
