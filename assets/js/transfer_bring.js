// A new picture for the network: dropped, chosen or taken with the camera. It is kept in an album of its own.

import { element, write } from "./dom.js";
import { Camera } from "./pictures_camera.js";

export class Bring {
  // `taken(sha)` hears of a picture as soon as the server has it.
  constructor({ text, lang, taken }) {
    Object.assign(this, { text, lang, taken });
    this.input = element("input", { type: "file", accept: "image/*,.heic,.heif", hidden: true, onchange: () => this.files(this.input.files) });
    const choose = element("button", { type: "button", onclick: () => this.input.click() }, text.try_choose);
    const camera = element("button", { type: "button", onclick: () => this.shoot() }, text.try_camera);
    this.place = element("div");
    this.said = element("p", { class: "lt-caption", role: "status" });
    this.element = element("div", { class: "lt-pictures lt-try-bring" }, element("div", { class: "lt-pic-row" }, element("span", {}, text.try_drop), choose, camera, this.input), this.place, this.said);
    this.element.ondragover = (event) => {
      event.preventDefault();
      this.element.dataset.over = "true";
    };
    this.element.ondragleave = () => delete this.element.dataset.over;
    this.element.ondrop = (event) => {
      event.preventDefault();
      delete this.element.dataset.over;
      this.files(event.dataTransfer.files);
    };
  }

  shoot() {
    this.camera?.close();
    this.camera = new Camera(this.place, (items) => items.length && this.send(items.at(-1).file), () => (this.camera = null));
    this.camera.open(this.text.gallery);
  }

  files(list) {
    if (list.length) this.send(list[list.length - 1]);
    this.input.value = "";
  }

  async send(file) {
    write(this.said, this.text.try_sending);
    const query = new URLSearchParams({ album: this.text.try_album, name: file.name, lang: this.lang });
    try {
      const answer = await fetch(`/api/pictures?${query}`, { method: "POST", body: file });
      const { kept = [], refused = [], error } = await answer.json();
      write(this.said, error ?? refused[0]?.reason ?? "");
      if (kept.length) this.taken(kept[0].sha);
    } catch {
      write(this.said, this.text.try_failed);
    }
  }

  close() {
    this.camera?.close();
  }
}
