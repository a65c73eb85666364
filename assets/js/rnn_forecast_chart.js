// The chart of a forecast: its lines, and an axis of time that also reaches beyond the last value.

import { chartLayout, upright } from "./rnn_panel.js";

const HEIGHT = 330;
const MONTH = /^\d{4}-\d{2}(-\d{2})?$/;
const BEFORE = 0.6; // how much of the past is seen at first, as a share of what is held out

// Positions in the series as the axis wants them: numbers, dates, or names along a line.
export function timeAxis(times) {
  const last = times.length - 1;
  if (times.every((time) => time !== "" && Number.isFinite(Number(time)))) {
    const numbers = times.map(Number);
    const step = numbers[last] - numbers[last - 1] || 1;
    const value = (at) => (at <= last ? numbers[at] : numbers[last] + (at - last) * step);
    return { type: "linear", value, text: (at) => String(value(at)), extra: { tickformat: "d" } };
  }
  if (times.every((time) => MONTH.test(time))) {
    const dates = times.map((time) => Date.parse(time));
    const step = dates[last] - dates[last - 1];
    const value = (at) => new Date(at <= last ? dates[at] : dates[last] + (at - last) * step).toISOString().slice(0, 10);
    return { type: "date", value, text: (at) => times[at] ?? value(at), extra: {} };
  }
  const every = Math.max(1, Math.floor(times.length / 8));
  const tickvals = times.map((_, at) => at).filter((at) => at % every === 0);
  return { type: "linear", value: (at) => at, text: (at) => times[at] ?? `+${at - last}`, extra: { tickvals, ticktext: tickvals.map((at) => times[at]) } };
}

export function forecastTraces(data, axis, theme, text) {
  const { colours } = theme;
  const line = (values, from, name, colour, more = {}) => {
    const at = values.map((_, number) => from + number);
    const { width = 2, dash = "solid", ...others } = more;
    return {
      x: at.map(axis.value), y: values, customdata: at, name, type: "scatter", mode: "lines", line: { color: colours[colour], width, dash },
      hovertemplate: "%{y:.4~g}", ...others,
    };
  };
  const { split, free } = data;
  const naive = { width: 1.5, dash: "dot", visible: "legendonly" };
  const begin = data.values[free.origin - 1]; // the free run leaves the truth where it begins
  const run = (values, name, colour, more) => (begin === undefined ? line(values, free.origin, name, colour, more) : line([begin, ...values], free.origin - 1, name, colour, more));
  return [
    line(data.values, 0, text.methods.truth, "--lt-quiet", { width: 1.5 }),
    line(data.one_step, split, text.one_step, "--lt-train"),
    run(free.network, text.free, "--lt-validation", { width: 2.5 }),
    run(free.seasonal_naive ?? free.naive, text.free_naive, "--lt-mark", { width: 1.5, dash: "dash" }),
    line(data.seasonal_naive ?? data.naive, split, text.one_naive, "--lt-mark", naive),
  ];
}

export function forecastLayout(data, axis, theme, text) {
  const { colours } = theme;
  const { split, values, free, unit } = data;
  const held = values.length - split;
  const first = Math.max(0, Math.round(split - BEFORE * held));
  const last = Math.max(values.length - 1, free.origin + free.network.length - 1);
  const marks = [upright(axis.value(split), text.held_out, colours["--lt-quiet"]), upright(axis.value(free.origin), text.free_here, colours["--lt-validation"], "right")];
  return chartLayout(theme, {
    height: HEIGHT, uirevision: data.name,
    x: { type: axis.type, range: [axis.value(first), axis.value(last)], ...axis.extra },
    y: { title: { text: text.units[unit] ?? unit, standoff: 4 }, ...range(values.slice(first)) },
    shapes: marks.map((mark) => mark.shape),
    annotations: marks.map((mark, at) => ({ ...mark.note, y: 1 - 0.08 * at })),
  });
}

// The height of what is seen of the truth, with room: a network that runs wild must not press the series flat.
function range(seen) {
  const [low, high] = [Math.min(...seen), Math.max(...seen)];
  const room = 0.35 * (high - low || 1);
  return { range: [low - room, high + room] };
}
