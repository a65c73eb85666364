// Numbers of the page /step: short ones for reading, and those of float32 with every digit that tells them apart.

// A true minus sign, as in the formulas.
function signed(text) {
  return text.replace(/^-/, "−").replace(/e-/, "e−").replace(/e\+/, "e");
}

// Four significant digits; a word where there is no number.
export function short(value, text, digits = 4) {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return text.nan;
  if (value === 0) return "0";
  const size = Math.abs(value);
  const said = size >= 1e5 || size < 1e-3 ? Number(value.toPrecision(digits)).toExponential() : String(Number(value.toPrecision(digits)));
  return signed(said);
}

// The shortest decimal number that is this very float32.
export function whole(value, text) {
  if (typeof value !== "number") return typeof value === "string" ? value : text.nan;
  const held = Math.fround(value);
  for (let digits = 1; digits <= 9; digits++) {
    const said = value.toPrecision(digits);
    if (Math.fround(Number(said)) === held) return signed(said);
  }
  return signed(String(value));
}

export function percent(share) {
  return share === null || share === undefined ? "–" : `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
}

// Negative numbers stand in brackets behind a sign.
export function held(value, text) {
  const said = short(value, text);
  return said.startsWith("−") ? `(${said})` : said;
}
