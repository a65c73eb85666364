// Numbers and sentences of the two players as they are written.

// Four significant digits at most, the minus as people write it.
export function short(value) {
  if (value === null || value === undefined) return "–";
  const size = Math.abs(value);
  const digits = size >= 100 ? 1 : size >= 10 ? 2 : size >= 0.01 ? 3 : 5;
  const text = Number.isInteger(value) && size < 10_000 ? String(value) : size >= 10_000 || size < 0.0001 ? value.toExponential(1) : value.toFixed(digits);
  return text.replace("-", "−");
}

export function percent(share, digits = 0) {
  return share === null || share === undefined ? "–" : `${(100 * share).toFixed(digits)} %`;
}

const SPECS = {
  ",": (value, lang) => Number(value).toLocaleString(lang),
  "%": (value, _lang, digits) => percent(value, digits),
  f: (value, _lang, digits) => Number(value).toFixed(digits),
};

// A template of the server's side with its values: {rounds:,}, {good:.0%}, {d_real:.2f}, {found}.
export function sentence(template, values, lang) {
  return template.replace(/\{(\w+)(?::(?:\.(\d+))?([,%f]))?\}/g, (whole, name, digits, kind) => {
    if (!(name in values)) return whole;
    return kind ? SPECS[kind](values[name], lang, Number(digits ?? 0)) : String(values[name]);
  });
}
