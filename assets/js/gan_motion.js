// Points that glide from where they were to where they are now: what one answer shows and the next one shows belong together.

const SECONDS = 0.22;

export class Motion {
  constructor() {
    this.still = window.matchMedia("(prefers-reduced-motion: reduce)");
  }

  // The newest places; another number of points begins anew.
  to(points) {
    const here = this.points && this.points.x.length === points.x.length ? this.now() : points;
    this.from = here;
    this.points = points;
    this.began = performance.now();
  }

  get share() {
    return this.still.matches ? 1 : Math.min(1, (performance.now() - this.began) / (1000 * SECONDS));
  }

  get moving() {
    return Boolean(this.points) && this.share < 1;
  }

  // Where they are at this moment; what is not finite has no place.
  now() {
    const { from, points, share } = this;
    if (share === 1) return points;
    const eased = share * (2 - share);
    const between = (a, b) => b.map((value, at) => (value === null || a[at] === null ? value : a[at] + eased * (value - a[at])));
    return { x: between(from.x, points.x), y: between(from.y, points.y) };
  }
}
