// The numbers of every layer at the kept moments of a run, asked for piece by piece: the ends first, then what lies between.

const PIECE = 4; // moments in one question; an answer that would take too long ends sooner
const RENEW = 4000; // milliseconds between two questions for new moments while the run is on
const REST = 1500; // and from an answer to the next question, which leaves the processor to the run

// Ends, middle, quarters, ...: what is known at any time covers the whole run.
export function coarseFirst(steps) {
  const order = [];
  const taken = new Set();
  const take = (at) => {
    if (taken.has(at)) return;
    taken.add(at);
    order.push(steps[at]);
  };
  if (steps.length) [steps.length - 1, 0].forEach(take);
  for (let parts = 2; order.length < steps.length; parts *= 2)
    for (let part = 1; part < parts; part += 1) take(Math.round((part / parts) * (steps.length - 1)));
  return order;
}

export class History {
  constructor(part) {
    this.part = part;
    this.entries = new Map(); // step -> what was found
    this.moments = [];
    this.asked = new Set(); // steps that were answered, perhaps with another one nearby
    this.error = null;
    this.listed = -1; // the newest step when the list was asked for
    this.at = -Infinity; // when that was
    this.heard = -Infinity; // when the last answer came
  }

  get steps() {
    return [...this.entries.keys()].sort((one, other) => one - other);
  }

  get missing() {
    return this.moments.filter((step) => !this.entries.has(step) && !this.asked.has(step));
  }

  // The newest entry up to `step` (null: of all), or else the oldest.
  entry(step) {
    const { steps } = this;
    const found = step === null ? steps.at(-1) : (steps.filter((one) => one <= step).at(-1) ?? steps[0]);
    return this.entries.get(found);
  }

  again() {
    this.error = null;
    this.listing = this.piece = null;
    this.listed = -1;
    this.at = -Infinity;
  }

  // What to ask for now; it changes only when the last question was answered.
  looks({ status, over, at: moment }) {
    if (this.error || !status || (status.step === 0 && !over)) return [];
    if (!this.listing && status.step !== this.listed && performance.now() - this.at > (this.missing.length ? 4 : 1) * RENEW) {
      this.listed = status.step;
      this.at = performance.now();
      this.listing = { name: "health", args: { part: this.part, steps: "", known: status.step }, at: 0 };
    }
    const resting = status.state === "running" && performance.now() - this.heard < REST;
    const now = moment === null || this.entries.has(moment) || this.asked.has(moment) ? [] : [moment];
    if (!this.piece && this.moments.length && (now.length || (this.missing.length && !resting))) {
      const asked = [...now, ...coarseFirst(this.missing.filter((step) => step !== moment))].slice(0, PIECE);
      // a question to a moment knows the changes that were made up to there; without any, all go to the same one
      const at = status.edits.length ? (this.moments.filter((step) => step <= status.step).at(-1) ?? 0) : 0;
      this.piece = { name: "health", args: { part: this.part, steps: asked.join(), known: this.moments.at(-1) }, at };
    }
    return [this.listing, this.piece].filter(Boolean);
  }

  // Take in what was answered; says whether anything came.
  hear(feed) {
    let came = false;
    for (const kind of ["listing", "piece"]) {
      const look = this[kind];
      const answer = look && feed.answer(look);
      if (!answer) continue;
      this[kind] = null;
      this.heard = performance.now();
      came = true;
      if (answer.error) this.error = answer.error;
      else this.take(answer.data, look);
    }
    return came;
  }

  take({ moments, found, parts, part, kept }, look) {
    Object.assign(this, { moments, parts, found_part: part, kept });
    for (const entry of found) this.entries.set(entry.step, entry);
    for (const step of look.args.steps.split(",").slice(0, found.length)) this.asked.add(Number(step));
  }
}
