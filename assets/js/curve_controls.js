// What can be chosen about the curves, and their downloads.

import { element, recall, remember } from "./dom.js";

const SETTINGS_KEY = "livetorch_curves";
const AXES = ["step", "epoch", "seconds"];

export function storedSettings() {
  return { smoothing: 0.8, log: false, axis: "step", ...recall(SETTINGS_KEY, {}) };
}

// `settings` is changed in place; `changed` hears of it.
export function curveControls({ text, settings, changed, run, view, charts, empty }) {
  const choose = (name, value) => {
    settings[name] = value;
    remember(SETTINGS_KEY, settings);
    changed();
  };
  const slider = element("input", {
    type: "range", min: 0, max: 0.99, step: 0.01, value: settings.smoothing, "aria-label": text.smoothing,
    oninput: (event) => choose("smoothing", Number(event.target.value)),
  });
  const log = element("input", { type: "checkbox", checked: settings.log, onchange: (event) => choose("log", event.target.checked) });
  const axis = element(
    "select",
    { "aria-label": text.axis, onchange: (event) => choose("axis", event.target.value) },
    ...AXES.map((name) => element("option", { value: name, selected: name === settings.axis }, text[name])),
  );
  return element(
    "div",
    { class: "lt-controls" },
    element("label", { title: text.smoothing_help }, text.smoothing, slider),
    element("label", { title: text.log_help }, log, text.log),
    element("label", { title: text.axis_help }, text.axis, axis),
    downloads({ text, run, view, charts, empty }),
  );
}

function downloads({ text, run, view, charts, empty }) {
  const picture = (format) => () => {
    for (const [metric, chart] of Object.entries(charts))
      if (chart.data) window.Plotly.downloadImage(chart, { format, width: 900, height: 420, filename: `livetorch_${metric}` });
  };
  const csv = () => {
    const query = view ? `?view=${encodeURIComponent(view)}` : "";
    location.assign(`/api/runs/${run}/metrics.csv${query}`);
  };
  const button = (label, onclick, disabled) => element("button", { type: "button", onclick, disabled }, label);
  return element(
    "span",
    { class: "lt-downloads", role: "group", "aria-label": text.download },
    button("PNG", picture("png"), empty), button("SVG", picture("svg"), empty), button("CSV", csv, !run),
  );
}
