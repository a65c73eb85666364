// Histograms as they come (80 bins of each moment's own range) on bins that are the same for a whole run.

import { bytesOf } from "./tensors.js";

const MOST = 65535;
export const BINS = 40;

// Shares of all values, a number a bin; nothing where there was no finite value.
export function sharesOf({ counts, peak }) {
  if (!counts) return [];
  const bytes = bytesOf(counts);
  const view = new DataView(bytes.buffer);
  return Array.from({ length: bytes.length / 2 }, (_, at) => (view.getUint16(2 * at, true) / MOST) * peak);
}

// The lowest and the highest value of all, a little apart where they are one.
export function rangeOf(histograms) {
  const known = histograms.filter((one) => one && one.low !== null);
  if (!known.length) return null;
  const low = Math.min(...known.map((one) => one.low));
  const high = Math.max(...known.map((one) => one.high));
  return high > low ? [low, high] : [low - 0.5, high + 0.5];
}

// Each share goes to the common bins that its own bin overlaps, by how much it does.
export function rebinned(histogram, [low, high]) {
  const bins = new Float64Array(BINS);
  const shares = sharesOf(histogram);
  const wide = (high - low) / BINS;
  const own = (histogram.high - histogram.low) / shares.length;
  const bin = (value) => Math.max(0, Math.min(BINS - 1, Math.floor((value - low) / wide)));
  shares.forEach((share, at) => {
    if (!share) return;
    if (!(own > 0)) {
      bins[bin(histogram.low)] += share;
      return;
    }
    const [from, to] = [histogram.low + at * own, histogram.low + (at + 1) * own];
    for (let one = bin(from); one <= bin(to); one += 1) {
      const overlap = Math.min(to, low + (one + 1) * wide) - Math.max(from, low + one * wide);
      bins[one] += share * Math.max(0, Math.min(1, overlap / own));
    }
  });
  return bins;
}
