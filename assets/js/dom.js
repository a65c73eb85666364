// Elements, remembered choices, colours of the theme, plotly.js: what every module of the live view needs.

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made[key] = value;
    else if (value !== null && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

// "After step {step}" with its values in place.
export function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

// Writing text only where it differs spares the browser a layout.
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function recall(key, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? otherwise;
  } catch {
    return otherwise; // storage may be forbidden; the defaults serve
  }
}

export function remember(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // storage may be forbidden; the choice holds until the page is left
  }
}

export function loadPlotly() {
  window.livetorchPlotly ??= new Promise((done, failed) => {
    if (window.Plotly) return done(window.Plotly);
    const script = element("script", { src: "/livetorch/plotly.min.js" });
    script.onload = () => done(window.Plotly);
    script.onerror = () => {
      window.livetorchPlotly = undefined;
      failed(new Error("plotly.js did not load"));
    };
    document.head.append(script);
  });
  return window.livetorchPlotly;
}

// A colour variable as [red, green, blue, alpha]: neither Plotly nor a canvas understands light-dark() or color-mix().
const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
function channels(parent, name) {
  const probe = element("span", { style: `color: var(${name}); display: none` });
  parent.append(probe);
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = getComputedStyle(probe).color;
  canvas.fillRect(0, 0, 1, 1);
  probe.remove();
  return canvas.getImageData(0, 0, 1, 1).data;
}

const COLOURS = ["--lt-train", "--lt-validation", "--lt-grid", "--lt-text", "--lt-panel", "--lt-mark", "--lt-quiet", "--lt-line", "--lt-right", "--lt-wrong"];
export const OTHERS = [1, 2, 3, 4, 5, 6].map((number) => `--lt-other-${number}`);

// The theme's colours by name, and whether it is the dark one.
export function readTheme(parent) {
  const colours = {};
  for (const name of [...COLOURS, ...OTHERS]) {
    const [red, green, blue, alpha] = channels(parent, name);
    colours[name] = `rgba(${red},${green},${blue},${alpha / 255})`;
  }
  const [red, green, blue] = channels(parent, "--lt-panel");
  const font = getComputedStyle(parent).fontFamily;
  return { colours, dark: red + green + blue < 384, font, key: JSON.stringify(colours) };
}
