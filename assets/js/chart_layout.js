// How a chart looks beside its lines: axes, legend, marks of what was changed by hand.

const CHART_HEIGHT = { number: 230, percent: 230, rate: 170 };
const LABEL_ROWS = 4;
const LABEL_HEIGHT = 15;
const LETTER_WIDTH = 6.5;
const FIRST_ROW = 29; // pixels of a legend, which CHART_HEIGHT has room for
const MORE_ROW = 19;
const ENTRY_MARK = 45; // of an entry of the legend, beside its words
const FINE_DECADES = 2; // more of them leave no room for three numbers each
const ANY_HEIGHT = 10000; // else Plotly gives a legend half of the chart and cuts the rest off

function editValue(value, text) {
  if (typeof value === "boolean") return value ? text.on : text.off;
  if (typeof value?.[3] === "number") return Number(value[3].toPrecision(3)); // a weight set by hand: which one, and what it became
  if (value?.count !== undefined) return `(${value.count})`; // points: how many there are
  return typeof value === "number" ? Number(value.toPrecision(3)) : value;
}

// What was changed by hand, with a row for each label so that none lies on another; what finds no row has a line only.
function editMarks(edits, { axis, last, width, text }) {
  const ends = Array(LABEL_ROWS).fill(-Infinity);
  return edits.map((edit) => {
    const x = edit[axis];
    const label = `${text.edit_short[edit.name] ?? edit.name} ${editValue(edit.value, text)}`;
    const left = (x / last) * width;
    const row = ends.findIndex((end) => end < left);
    if (row >= 0) ends[row] = left + LETTER_WIDTH * (label.length + 1);
    return { x, label, row };
  });
}

// How high a legend will be: its entries in rows, each as wide as its words. Only a guess, since letters differ.
export function legendGuess(names, width) {
  let [rows, left] = [1, width];
  for (const name of names) {
    const wide = ENTRY_MARK + LETTER_WIDTH * name.length;
    if (wide > left && left < width) [rows, left] = [rows + 1, width];
    left -= wide;
  }
  return FIRST_ROW + MORE_ROW * (rows - 1);
}

// Rows of a legend are room of their own, which must not be taken from the curves.
function chartHeight(kind, legend) {
  return CHART_HEIGHT[kind] + Math.max(0, Math.ceil(legend) - FIRST_ROW);
}

// A level worth knowing: where a run stops, or where two players are even.
function ruleLine({ value, label }, log, colour) {
  const y = log ? Math.log10(value) : value;
  return {
    shapes: [{ type: "line", xref: "paper", x0: 0, x1: 1, y0: value, y1: value, line: { color: colour("--lt-quiet"), width: 1, dash: "dash" } }],
    annotations: [{
      xref: "paper", x: 1, xanchor: "right", y, yanchor: "bottom", text: label, showarrow: false, font: { size: 11, color: colour("--lt-quiet") },
    }],
  };
}

function editDrawings(edits, above, colour) {
  return {
    shapes: edits.map((edit) => ({
      type: "line", x0: edit.x, x1: edit.x, yref: "paper", y0: 0, y1: 1, line: { color: colour("--lt-mark"), width: 1, dash: "dot" },
    })),
    annotations: edits.filter((edit) => edit.row >= 0).map((edit) => ({
      x: edit.x, yref: "paper", y: above ? 1 : 0, yshift: (above ? -1 : 1) * LABEL_HEIGHT * edit.row, text: edit.label, showarrow: false,
      xanchor: "left", yanchor: above ? "top" : "bottom", font: { size: 11, color: colour("--lt-mark") }, bgcolor: colour("--lt-panel"),
    })),
  };
}

// The moment that the views below show, where it is not now.
function momentLine(x, colour) {
  return { type: "line", x0: x, x1: x, yref: "paper", y0: 0, y1: 1, line: { color: colour("--lt-mark"), width: 2 } };
}

// `scene`: what Curves.scene() tells; `blank`: no training point yet, so one of validation alone gives no sensible range;
// `legend`: its height in pixels; `decades`: powers of ten between the smallest and the largest rate.
export function layout(spec, scene, { legend, decades }) {
  const { text, settings, theme, width, last, blank, edits } = scene;
  const { name, kind, rules = [] } = spec;
  const rate = kind === "rate"; // its own edits are seen without a mark
  const colour = (name) => theme.colours[name];
  const grid = { gridcolor: colour("--lt-grid"), linecolor: colour("--lt-grid"), zeroline: false, automargin: true };
  const log = rate || (settings.log && kind === "number");
  const whole = kind === "percent" ? [0, 1] : [0, Math.max(2.5, 1.1 * scene.first(name))];
  const undone = (edit, at) => edits.slice(at + 1).some((later) => later.name === edit.name && later.step === edit.step); // before any step
  const marked = edits.filter((edit, at) => !(rate && edit.name === "optimizer.learning_rate") && !undone(edit, at));
  const marks = editMarks(marked, { axis: settings.axis, last, width: width - 40, text });
  const above = kind !== "percent"; // a curve that falls leaves room at the top, one that rises at the bottom
  const target = scene.target && name === "accuracy" ? [{ value: scene.target, label: text.target.replace("{target}", Number((100 * scene.target).toPrecision(4))) }] : [];
  const drawn = [editDrawings(marks, above, colour), ...[...target, ...rules].map((rule) => ruleLine(rule, log, colour))];
  return {
    height: chartHeight(kind, legend),
    margin: { l: 8, r: 8, t: 26, b: 8 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: theme.font, size: 12, color: colour("--lt-text") },
    showlegend: !rate || scene.others.length > 0,
    legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", font: { size: 12 }, tracegroupgap: 0, maxheight: ANY_HEIGHT },
    hovermode: "x unified",
    hoverlabel: { bgcolor: colour("--lt-panel"), font: { color: colour("--lt-text") }, namelength: -1 },
    uirevision: `${scene.run}-${settings.axis}-${log}-${blank}`,
    xaxis: { ...grid, title: { text: text[settings.axis], standoff: 4 }, rangemode: "tozero", ...(blank && { range: [0, 100] }) },
    yaxis: {
      ...grid, ...(blank && !log && { range: whole }), type: log ? "log" : "linear", ...(rate ? { dtick: decades > FINE_DECADES ? 1 : "D2" } : { nticks: 6 }), // D2: 1, 2 and 5 of each power of ten
      tickformat: kind === "percent" ? ".0%" : rate ? "~g" : "",
    },
    shapes: [...drawn.flatMap((one) => one.shapes), ...(scene.moment === null ? [] : [momentLine(scene.moment, colour)])],
    annotations: drawn.flatMap((one) => one.annotations),
  };
}
