// The points of a run, and what is computed from them. No page, no socket.

const MOST_POINTS = 1000;
const THRESHOLDS = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.97, 0.99];
const MOST_THRESHOLDS = 4;

export function emptySeries() {
  return { step: [], epoch: [], seconds: [], loss: [], accuracy: [] };
}

// Columns may come and go between two frames; where one is missing its points are null.
export function append(series, more) {
  const count = more.step.length;
  const before = series.step.length;
  for (const name of new Set([...Object.keys(series), ...Object.keys(more)])) {
    series[name] ??= Array(before).fill(null);
    for (let at = 0; at < count; at++) series[name].push(more[name]?.[at] ?? null);
  }
}

// Where `step` lies on an axis (steps, epochs, seconds), by the last point that is not after it.
export function placeOf(series, step, axis) {
  if (axis === "step") return step;
  const points = [series.train, series.validation].flatMap((one) => one.step.map((at, i) => [at, one[axis][i]]));
  const before = points.filter(([at]) => at <= step);
  return before.length ? Math.max(...before.map(([, place]) => place)) : 0;
}

// Exponential moving average that starts unbiased; gaps (null) stay gaps.
export function smooth(values, weight) {
  let mean = 0;
  let mass = 0;
  return values.map((value) => {
    if (value === null) return null;
    mean = weight * mean + (1 - weight) * value;
    mass = weight * mass + (1 - weight);
    return mean / mass;
  });
}

// Positions to draw: of each stretch the lowest and the highest, so that peaks stay.
export function thinned(values) {
  const count = values.length;
  if (count <= MOST_POINTS) return [...values.keys()];
  const width = Math.ceil(count / (MOST_POINTS / 2));
  const kept = [];
  for (let start = 0; start < count; start += width) {
    let low = start;
    let high = start;
    for (let at = start; at < Math.min(start + width, count); at++) {
      if (values[at] !== null && (values[low] === null || values[at] < values[low])) low = at;
      if (values[at] !== null && (values[high] === null || values[at] > values[high])) high = at;
    }
    kept.push(Math.min(low, high));
    if (low !== high) kept.push(Math.max(low, high));
  }
  if (kept[kept.length - 1] !== count - 1) kept.push(count - 1);
  return kept;
}

export function varies(values = []) {
  const first = values.find((value) => value !== null);
  return values.some((value) => value !== null && value !== first);
}

// Short at any size, so that a heading never needs another line for its numbers.
export function shown(value, kind) {
  if (value === null || value === undefined) return "–";
  if (kind === "percent") return (100 * value).toFixed(1) + " %";
  if (kind === "count") return String(value);
  if (kind === "rate") return String(Number(value.toPrecision(3)));
  return value > 0 && value < 0.001 ? value.toExponential(2) : value.toPrecision(4);
}

// How fast each run got where: the highest thresholds that at least one reached, and when each run did.
export function race(seriesOfRuns) {
  const reached = (series, threshold) => series.accuracy.findIndex((value) => value !== null && value >= threshold);
  const thresholds = THRESHOLDS.filter((one) => seriesOfRuns.some((series) => reached(series, one) >= 0)).slice(-MOST_THRESHOLDS);
  const rows = seriesOfRuns.map((series) => ({
    best: series.accuracy.reduce((best, value) => (value !== null && (best === null || value > best) ? value : best), null),
    loss: series.loss.at(-1) ?? null,
    reached: thresholds.map((threshold) => {
      const at = reached(series, threshold);
      return at < 0 ? null : { seconds: series.seconds[at], step: series.step[at] };
    }),
  }));
  return { thresholds, rows };
}
