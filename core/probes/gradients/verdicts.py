"""Whether a layer vanishes, explodes, dies or saturates: thresholds on its numbers at one step.

They are rules of thumb, with these sources:

- an update is about 1e-3 of the weights (Karpathy, "A Recipe for Training Neural Networks" and CS231n, "Ratio of
  weights:updates"); a hundred times more or less is called too large or hardly moving, more than all of the weights
  exploding;
- in a network that learns, gradients are of one size in all layers (Glorot and Bengio, 2010, figure 7); where a weight
  of the first layer gets less than a thousandth of what one of the last gets, they vanish;
- with too high a learning rate as much as 40 % of the ReLU units die (CS231n, "Commonly used activation functions"), and
  a third of them are silent on 64 examples in networks that learn well, so half and more is called dead;
- tanh beyond 0.97 has 6 % of its slope; a layer of which half lies there is saturated (Glorot and Bengio, 2010,
  section 3.1). What comes last may well lie at its ends: that is what a sure answer looks like.

A network whose loss has fallen far may be saturated and its gradients small because it has learned; it is not blamed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.config import RunConfig
from core.probes.gradients.changes import change_for, value_at

USUAL = 1e-3
TOO_LARGE, TOO_SMALL, EXPLODED = 1e2 * USUAL, 1e-2 * USUAL, 1.0
GROWN = 1e3  # times the gradient of the start
VANISHED = 1e-3
DEAD, SATURATED, STUCK = 0.5, 0.5, 0.9  # shares
LEARNED = 0.25  # of the first loss
OVERSHOT = 3.0  # times its weights at the start: what ails the layer now came from updates
TINY = 0.005  # root mean square of weights that any update exceeds, as where they begin at 0.001

Numbers = dict[str, Any]  # of one layer, see core.probes.gradients.numbers.layer_health
Blame = tuple[str, list[Numbers], dict[str, str]]  # verdict, its layers with the worst one first, values


@dataclass(frozen=True)
class Told:
    """What a verdict rests on beside the layers' numbers. ``loss``, ``gradient``: those of the run's first moment."""

    config: RunConfig
    part: str
    step: int
    loss: float | None = None
    gradient: float | None = None
    rate: float | None = None  # of the step that was taken
    weights: Mapping[str, float] = field(default_factory=dict)  # |w| of each layer at the first moment


def verdicts(told: Told, found: Numbers) -> list[dict[str, Any]]:
    """What ails the layers of ``found`` at one step, the gravest first; empty where nothing does.

    Each has ``verdict`` (key of :data:`core.probes.gradients.words.VERDICTS`), ``values`` for its sentence, the names of
    its ``layers`` with the worst one first, ``remedy`` (key of TRIES), and ``change``, ``before``: config path -> value.
    """
    said: list[dict[str, Any]] = []
    explained: set[str] = set()  # verdicts for which a graver one accounts
    for check in CHECKS:
        for verdict, layers, values in check(told, found):
            if verdict in explained:
                continue
            explained |= CAUSES.get(verdict, set())
            overshot = layers[0]["weight"] > OVERSHOT * told.weights.get(layers[0]["name"], math.inf)
            remedy, change = change_for(verdict, told.config, told.part, overshot)
            said.append(
                {
                    "verdict": verdict,
                    "values": {"layer": layers[0]["label"], **values},
                    "layers": [layer["name"] for layer in layers],
                    "remedy": remedy,
                    "change": change,
                    "before": None if change is None else {path: value_at(told.config, path) for path in change},
                }
            )
    return said


def _broken(_told: Told, found: Numbers) -> Iterator[Blame]:
    names = ("gradient", "weight", "mean")
    broken = [one for one in found["layers"] if not all(math.isfinite(one[name] or 0.0) for name in names)]
    if broken:
        yield "broken", broken, {}


def _updates(told: Told, found: Numbers) -> Iterator[Blame]:
    """Updates against weights; those of weights that begin near zero are large whatever the learning rate."""
    layers = [one for one in found["layers"] if one.get("ratio") is not None and math.isfinite(one["ratio"])]
    sized = [one for one in layers if one["weight"] / math.sqrt(one["parameters"]) > TINY]
    sized.sort(key=lambda one: -one["ratio"])
    exploding = [one for one in sized if one["ratio"] >= EXPLODED]
    if exploding:
        yield "exploding", exploding, {"ratio": short(exploding[0]["ratio"])}
    large = [one for one in sized if TOO_LARGE < one["ratio"] < EXPLODED]
    if large:
        yield "large", large, {"percent": percent(large[0]["ratio"])}
    slow = [one for one in reversed(sized) if 0 < one["ratio"] < TOO_SMALL]  # who does not learn at all, need not
    slow = [one for one in slow if one["gradient"] > USUAL * one["weight"]]
    if slow and not learned(told, found) and not _slowed(told):
        yield "slow", slow, {"ratio": short(slow[0]["ratio"])}


def _slowed(told: Told) -> bool:
    """Whether the schedule holds the learning rate down."""
    return told.rate is not None and told.rate < 0.5 * value_at(told.config, "optimizer.learning_rate")


def _grown(told: Told, found: Numbers) -> Iterator[Blame]:
    layers = sorted(found["layers"], key=lambda one: -one["gradient"])
    together = math.hypot(*(one["gradient"] for one in layers))
    if told.gradient and together > GROWN * told.gradient and together > 1:
        values = {"times": short(together / told.gradient), "gradient": short(layers[0]["gradient"])}
        yield "grown", layers[:1], values


def _zero(_told: Told, found: Numbers) -> Iterator[Blame]:
    zero = [one for one in found["layers"] if one["weight"] == 0]
    if zero:
        yield "zero", zero, {}


def _dead(told: Told, found: Numbers) -> Iterator[Blame]:
    dead = [one for one in _hidden(found) if (one["dead"] or 0) >= DEAD and one["activation"]]
    dead.sort(key=lambda one: -one["dead"])
    if dead:
        yield "dead", dead, {"percent": percent(dead[0]["dead"]), "examples": str(found.get("examples", ""))}


def _saturated(told: Told, found: Numbers) -> Iterator[Blame]:
    if learned(told, found):
        return
    for verdict, gates, share in (("saturated", False, SATURATED), ("gates", True, STUCK)):
        flat = [one for one in _hidden(found) if one["gates"] is gates and (one["saturated"] or 0) >= share]
        flat.sort(key=lambda one: -one["saturated"])
        if flat:
            values = {"percent": percent(flat[0]["saturated"]), "activation": flat[0]["activation"]}
            yield verdict, flat, values


def _vanishing(told: Told, found: Numbers) -> Iterator[Blame]:
    weighty = [one for one in found["layers"] if len(one["shape"]) > 1 and one["kind"] != "Embedding"]
    if len(weighty) < 2 or weighty[-1]["rms"] == 0 or learned(told, found):
        return
    last = weighty[-1]
    faint = [one for one in weighty[:-1] if one["rms"] < VANISHED * last["rms"]]
    if faint and faint[0] is weighty[0]:
        yield "vanishing", faint, {"ratio": short(faint[0]["rms"] / last["rms"]), "last": last["label"]}


def _hidden(found: Numbers) -> list[Numbers]:
    """All but the last layer."""
    return list(found["layers"][:-1])


def learned(told: Told, found: Numbers) -> bool:
    """Whether the loss has fallen far below that of the first moment; where two play, it says nothing."""
    if told.loss is None or told.config.page == "gan" or not math.isfinite(found["loss"]):
        return False
    return bool(found["loss"] < LEARNED * told.loss)


def short(number: float) -> str:
    """Two significant digits: 0.012, 2.0e-6."""
    if 1e-3 <= abs(number) < 100 or number == 0 or not math.isfinite(number):
        return f"{number:.2g}"
    if 100 <= abs(number) < 1e4:
        return f"{number:.0f}"
    digits, power = f"{number:.1e}".split("e")
    return f"{digits}e{int(power)}"


def percent(share: float) -> str:
    """Whole per cent."""
    return f"{100 * share:.0f}"


CHECKS: tuple[Callable[[Told, Numbers], Iterator[Blame]], ...] = (
    _broken, _zero, _updates, _grown, _dead, _saturated, _vanishing,
)  # fmt: skip
# a verdict -> those that it accounts for
CAUSES: dict[str, set[str]] = {
    "broken": {"exploding", "grown", "large", "slow", "dead", "saturated", "vanishing"},
    "zero": {"dead", "vanishing", "slow", "large"},
    "exploding": {"large", "grown"},
    "dead": {"vanishing"},
}
