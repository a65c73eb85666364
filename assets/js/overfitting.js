// When a network is said to overfit, judged by the curves of its run. No page, no socket.
//
// A test loss above the training loss is no sign by itself: where both are small their ratio is large and means nothing,
// and a network that is sure pays much for its last wrong point. So the gap is measured in what was to be learned, which
// is the share of right answers or, in regression, the share of the loss that training took away (1 - loss / loss of
// knowing nothing). Two things are worth a word:
//
// - apart: this share is at least 5 points smaller on the test points, more than which points were drawn usually makes
//   out among some hundred;
// - risen: it is at least 2 points smaller, and the test loss has turned round: in each of the last ten measurements it
//   lay a tenth or more above its lowest, while the training loss fell on (the generalisation loss of L. Prechelt,
//   Early stopping - but when?, 1998).
//
// In both, the test loss is also 1.3 times the training loss: a network that learns too little has no such gap.

const APART = 0.05;
const RISEN = 0.02;
const TURNED = 0.1; // above the lowest test loss, as a share of it
const MEASUREMENTS = 10; // for so many in a row; before there are more of them nothing is said
const ABOVE = 0.3; // above the training loss, as a share of it
const NOTHING_KNOWN = 0.5; // the most that half the mean square of targets between -1 and 1 can be

// `train`, `validation`: columns of a run (series.js); `since`: the step after which they are about the same points;
// `open`: it was said the last time, and so it is until the gap is half as wide, for a sentence must not flicker.
// Returns null, or { kind: "apart" | "risen", train, test, best }, each with loss, accuracy (null: regression) and epoch.
export function overfitting({ train, validation }, { since = -1, open = false } = {}) {
  const learned = measured(train, since);
  const tests = measured(validation, since);
  if (!learned.length || tests.length <= MEASUREMENTS) return null;
  const [now, test] = [learned.at(-1), tests.at(-1)];
  const share = open ? 0.5 : 1;
  const gap = gapOf(now, test, validation.loss[0]);
  if (gap < RISEN * share || test.loss < (1 + ABOVE * share) * now.loss) return null;
  const best = tests.reduce((least, one) => (one.loss < least.loss ? one : least));
  const turned = tests.slice(-MEASUREMENTS).every(({ loss }) => loss >= (1 + TURNED * share) * best.loss);
  if (turned && now.loss < lossAt(learned, best.epoch)) return { kind: "risen", train: now, test, best };
  return gap >= APART * share ? { kind: "apart", train: now, test, best } : null;
}

// In regression the untrained network's loss stands for knowing nothing, unless its weights were drawn too large.
function gapOf(train, test, first) {
  if (test.accuracy !== null) return train.accuracy - test.accuracy;
  return (test.loss - train.loss) / Math.min(typeof first === "number" ? first : NOTHING_KNOWN, NOTHING_KNOWN);
}

function measured(series, since) {
  const all = series.loss.map((loss, at) => ({ loss, accuracy: series.accuracy[at], epoch: series.epoch[at], step: series.step[at] }));
  return all.filter(({ loss, step }) => typeof loss === "number" && step > since);
}

// The training loss when the test loss was at its lowest.
function lossAt(learned, epoch) {
  return (learned.find((one) => one.epoch >= epoch) ?? learned.at(-1)).loss;
}
