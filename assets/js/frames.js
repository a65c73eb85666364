// Drawing at most once a frame, and never while the last drawing is still under way.

export class Frames {
  constructor(draw) {
    this.draw = draw;
  }

  schedule() {
    this.wanted = true;
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame(async () => {
      this.wanted = false;
      try {
        await this.draw();
      } finally {
        this.scheduled = false;
        if (this.wanted) this.schedule();
      }
    });
  }
}
