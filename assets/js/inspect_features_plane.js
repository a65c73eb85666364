// What a unit makes of every place of the plane, with the points that excite it most and least.

import { element, fill, write } from "./dom.js";
import { paint, scaleBar } from "./tensors.js";

const SIDE = 320; // pixels, about
const [MOST, LEAST] = [6, 5]; // radius of a mark

export class UnitPlane {
  constructor(text) {
    this.text = text;
    this.canvas = element("canvas", { class: "lt-unit-plane", role: "img" });
    this.scale = scaleBar();
    this.note = element("figcaption");
    this.element = element("figure", { hidden: true }, this.canvas, this.scale.bar, this.note);
  }

  show(data, dark, theme) {
    const { plane } = data;
    this.element.hidden = !plane;
    if (!plane) return;
    paint(this.canvas, plane.block, { columns: 1, cell: SIDE, dark });
    this.scale.show(plane.block, dark);
    const context = this.canvas.getContext("2d");
    const place = ([x, y]) => [((x + plane.edge) / (2 * plane.edge)) * this.canvas.width, ((plane.edge - y) / (2 * plane.edge)) * this.canvas.height];
    context.lineWidth = 2;
    for (const item of data.most) this.mark(context, place(item.point), MOST, true, theme);
    for (const item of data.least) this.mark(context, place(item.point), LEAST, false, theme);
    write(this.note, fill(this.text.plane_caption, { edge: plane.edge }));
    this.canvas.setAttribute("aria-label", fill(this.text.plane_alt, { label: data.label, unit: data.unit + 1 }));
  }

  // Most: a filled disc; least: an empty square. Shape tells them apart, not colour alone.
  mark(context, [x, y], size, most, theme) {
    context.strokeStyle = theme.colours["--lt-text"];
    context.fillStyle = theme.colours["--lt-mark"];
    context.beginPath();
    if (most) context.arc(x, y, size, 0, 2 * Math.PI);
    else context.rect(x - size, y - size, 2 * size, 2 * size);
    if (most) context.fill();
    context.stroke();
  }
}
