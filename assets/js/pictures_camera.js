// Pictures from the camera. Without one, or without leave, the camera app of a phone is offered instead.

import { element, fill } from "./dom.js";
import { item } from "./pictures_sources.js";

const SIDE = 1024; // pixels of the longer side: more would not be kept
const PAUSE = 250; // milliseconds between pictures while the button is held

export class Camera {
  // `take(items)` gets each picture; `over()` is called when the camera is closed.
  constructor(parent, take, over) {
    this.parent = parent;
    this.take = take;
    this.over = over;
    this.facing = "environment";
    this.count = 0;
  }

  async open(text) {
    this.text = text;
    this.closed = false;
    this.video = element("video", { autoplay: true, playsinline: true, muted: true });
    this.video.muted = true;
    this.shutter = element("button", { type: "button", class: "lt-pic-primary", title: text.shoot_help, disabled: true }, text.shoot);
    this.turning = element("button", { type: "button", hidden: true, onclick: () => this.turn() }, text.turn);
    const close = element("button", { type: "button", onclick: () => this.close() }, text.close);
    this.hold();
    this.panel = element("div", { class: "lt-pic-camera" }, this.video, element("div", { class: "lt-pic-row" }, this.shutter, this.turning, close));
    this.parent.replaceChildren(this.panel);
    await this.begin();
    this.shutter.focus();
  }

  async begin() {
    this.end();
    try {
      const wanted = { facingMode: { ideal: this.facing }, width: { ideal: 1280 }, height: { ideal: 960 } };
      const stream = await navigator.mediaDevices.getUserMedia({ video: wanted });
      if (this.closed) {
        for (const track of stream.getTracks()) track.stop();
        return;
      }
      this.stream = stream;
      this.video.srcObject = stream;
      await this.video.play();
      this.shutter.disabled = false;
      const devices = await navigator.mediaDevices.enumerateDevices();
      this.turning.hidden = devices.filter((one) => one.kind === "videoinput").length < 2;
    } catch (error) {
      if (!this.closed) this.instead(error?.name === "NotAllowedError" ? this.text.camera_denied : this.text.camera_none);
    }
  }

  // A file input with `capture` opens the camera app on phones and a file dialog elsewhere.
  instead(why) {
    const input = element("input", { type: "file", accept: "image/*", capture: "environment", hidden: true });
    input.onchange = () => this.take([...input.files].map((file) => item(file)));
    const open = element("button", { type: "button", class: "lt-pic-primary", onclick: () => input.click() }, this.text.camera_app);
    const close = element("button", { type: "button", onclick: () => this.close() }, this.text.close);
    this.panel.replaceChildren(element("p", {}, why), element("div", { class: "lt-pic-row" }, open, close, input));
    open.focus();
  }

  hold() {
    const begin = (event) => {
      if (event.button) return;
      this.shoot();
      this.timer = setInterval(() => this.shoot(), PAUSE);
    };
    const end = () => clearInterval(this.timer);
    this.shutter.addEventListener("pointerdown", begin);
    for (const name of ["pointerup", "pointerleave", "pointercancel"]) this.shutter.addEventListener(name, end);
    this.shutter.addEventListener("keydown", (event) => {
      if (event.key !== " " && event.key !== "Enter") return;
      event.preventDefault();
      if (!event.repeat) this.shoot();
    });
  }

  shoot() {
    const { videoWidth: width, videoHeight: height } = this.video;
    if (!width || this.closed) return;
    const scale = Math.min(1, SIDE / Math.max(width, height));
    const canvas = element("canvas", { width: Math.round(width * scale), height: Math.round(height * scale) });
    canvas.getContext("2d").drawImage(this.video, 0, 0, canvas.width, canvas.height);
    this.panel.dataset.shot = this.count += 1;
    this.video.animate?.([{ opacity: 0.35 }, { opacity: 1 }], 180);
    canvas.toBlob((blob) => blob && this.take([item(new File([blob], `camera ${this.count}.jpg`, { type: "image/jpeg" }))]), "image/jpeg", 0.92);
  }

  turn() {
    this.facing = this.facing === "environment" ? "user" : "environment";
    this.begin();
  }

  end() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
  }

  close() {
    if (this.closed) return;
    this.closed = true;
    clearInterval(this.timer);
    this.end();
    this.panel.remove();
    this.over();
  }
}
