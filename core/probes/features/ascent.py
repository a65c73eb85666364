"""Feature visualisation: a picture that is changed until a unit answers as strongly as it can.

Gradient ascent on the input (Erhan et al., 2009) from grey with a little noise. So that something can be recognised,
each step looks at the picture moved by some pixels, and every fourth step blurs it a little (Yosinski et al., 2015;
Olah et al., 2017).
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Generator, Tensor

from core.errors import LiveTorchError
from core.i18n import N_
from core.probes.arguments import whole
from core.probes.features.attribution_inputs import blurred
from core.probes.features.explained import Explained, explained
from core.probes.features.layer_outputs import Layer, layer_named, layers_of, unit_of
from core.probes.layer_labels import layer_labels
from core.probes.pictures import numbers, single
from core.probes.threads import one_thread
from core.training.checksum import checksum

MOST_STEPS = 256
RATE = 0.02  # of a step, as a share of the way from black to white
NOISE = 0.02  # of the first picture, likewise
BLUR_EVERY, BLUR = 4, 0.5  # pixels
KEPT = 8  # pictures on their way
BETAS, TINY = (0.9, 0.999), 1e-12


@dataclass
class Climb:
    """A picture on its way. Random numbers come from a generator of its own, so every climb repeats itself."""

    x: Tensor  # (1, C, H, W)
    draw: Generator
    mean: Tensor
    square: Tensor
    values: list[float] = field(default_factory=list)  # what the unit said before each step

    @property
    def steps(self) -> int:
        """Taken so far."""
        return len(self.values)


CLIMBS: OrderedDict[tuple[Any, ...], Climb] = OrderedDict()  # of this process; another one begins at grey again


@one_thread
def ascent(subject: Any, *, layer: str, unit: int, steps: int, part: str = "", seed: int = 0) -> dict[str, Any]:
    """The picture after ``steps`` steps, what the unit says to it, and what it said on the way.

    What an earlier question reached is gone on from, with the same result as from the start.
    """
    what = explained(subject, part)
    if what.kind != "picture":
        raise LiveTorchError(
            N_(
                "Ascent draws a picture, and this network does not read pictures. What excites a unit is shown beside it."
            )
        )
    chosen = layer_named(
        layers_of(what.network, what.given), layer_labels(subject, what.seen.part, what.network), layer
    )
    whole("unit", unit, 0, chosen.units - 1)
    whole("steps", steps, 1, MOST_STEPS)
    key = (checksum(what.network), what.seen.part, chosen.name, unit, whole("seed", seed, 0, 1_000_000))
    climb = CLIMBS.get(key)
    if climb is None or climb.steps > steps:
        climb = beginning(what, seed)
    while climb.steps < steps:
        step(climb, what, chosen, unit)
    CLIMBS[key] = climb
    CLIMBS.move_to_end(key)
    while len(CLIMBS) > KEPT:
        CLIMBS.popitem(last=False)
    with torch.no_grad():
        value, peak = answer(what, chosen, unit, climb.x)
    return {
        "layer": chosen.name,
        "unit": unit,
        "steps": climb.steps,
        "picture": single(pixels_of(climb.x[0], what)),
        "value": numbers([float(value)])[0],
        "peak": numbers([float(peak)])[0],
        "values": numbers(climb.values, 4),
        "silent": climb.mean.abs().max().item() == 0,
    }


def beginning(what: Explained, seed: int) -> Climb:
    """Grey, with a little noise."""
    assert what.low is not None and what.high is not None
    draw = Generator().manual_seed(seed)
    middle, span = (what.low + what.high) / 2, what.high - what.low
    x = middle + NOISE * span * torch.randn(what.input.shape, generator=draw)
    return Climb(x, draw, torch.zeros_like(x), torch.zeros_like(x))


def answer(what: Explained, layer: Layer, unit: int, x: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and largest value of the unit's map, or twice the value of a neuron."""
    model = what.model
    if model is what.network:
        values = unit_of(model, x, layer, unit)
    else:  # wrapped, because the network is told a class as well
        values = unit_of(model, x, Layer(f"network.{layer.name}", layer.kind, layer.shape, layer.last), unit)
    return values.mean(), values.amax()


def step(climb: Climb, what: Explained, layer: Layer, unit: int) -> None:
    """One step of Adam (Kingma and Ba, 2015) up the unit's mean value."""
    assert what.low is not None and what.high is not None
    reach = max(1, min(climb.x.shape[2:]) // 16)
    move = torch.randint(-reach, reach + 1, (2,), generator=climb.draw).tolist()
    moved = torch.roll(climb.x, move, (2, 3)).requires_grad_(True)
    value, _peak = answer(what, layer, unit, moved)
    (slope,) = torch.autograd.grad(value, moved) if value.requires_grad else (torch.zeros_like(moved),)
    slope = torch.roll(slope, [-by for by in move], (2, 3))
    climb.values.append(float(value.detach()))
    slow, fast = BETAS
    climb.mean = slow * climb.mean + (1 - slow) * slope
    climb.square = fast * climb.square + (1 - fast) * slope**2
    mean, square = climb.mean / (1 - slow**climb.steps), climb.square / (1 - fast**climb.steps)
    climb.x = climb.x + RATE * (what.high - what.low) * mean / (square.sqrt() + TINY)
    if climb.steps % BLUR_EVERY == 0:
        climb.x = blurred(climb.x, BLUR)
    climb.x = climb.x.clamp(what.low, what.high)


def pixels_of(x: Tensor, what: Explained) -> Tensor:
    """(C, H, W) as the network reads it, as bytes."""
    assert what.low is not None and what.high is not None
    return ((x - what.low) / (what.high - what.low) * 255).round().clamp(0, 255).to(torch.uint8)
