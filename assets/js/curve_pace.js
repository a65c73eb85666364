// When curves below a stage are drawn, one chart at a time: some times a second while they are seen, seldom while they
// are not, and never for more than a share of the time, which belongs to the stage above them.

const SEEN = 150; // milliseconds from chart to chart
const AWAY = 1500; // while none is on the screen; their downloads are not far behind
const SHARE = 0.12;

export class Pace {
  constructor() {
    this.ended = -Infinity; // when the last chart was ready
    this.took = 0;
  }

  // Milliseconds until the next chart may be drawn; `seen`: some of them are on the screen.
  wait(seen) {
    return this.ended + Math.max(seen ? SEEN : AWAY, this.took / SHARE) - performance.now();
  }

  // `draw` says whether it drew anything, and so does this.
  async keep(draw) {
    const began = performance.now();
    const drew = await draw();
    this.ended = performance.now();
    if (drew) this.took = this.ended - began;
    return drew;
  }
}
