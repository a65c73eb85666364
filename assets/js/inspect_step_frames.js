// The moments of one update, in order: what is lit, and which phase it belongs to.

export const PHASES = ["batch", "forward", "loss", "backward", "gradient", "clip", "optimizer", "weight"];

// [{phase, layer}]: `layer` is a place in data.layers where the phase goes through them one by one.
export function framesOf(data) {
  const layers = data.layers.map((_row, at) => at);
  const one = (phase) => ({ phase, layer: null });
  return [
    one("batch"),
    ...layers.map((layer) => ({ phase: "forward", layer })),
    one("loss"),
    ...layers.toReversed().map((layer) => ({ phase: "backward", layer })),
    one("gradient"),
    ...(data.clip ? [one("clip")] : []),
    one("optimizer"),
    one("weight"),
  ];
}

// The same moment of another update: same phase and layer where it has them.
export function nearest(frames, frame) {
  const same = frames.findIndex((one) => one.phase === frame.phase && one.layer === frame.layer);
  return same >= 0 ? same : Math.max(0, frames.findIndex((one) => one.phase === frame.phase));
}
