"""How each layer fares over a run: gradients, weights, updates, activations, and what ails it."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from core.errors import LiveTorchError
from core.i18n import N_
from core.probes.arguments import whole
from core.probes.gradients.moments import asked_steps, worth_asking
from core.probes.gradients.numbers import layer_health
from core.probes.gradients.update import update_norms
from core.probes.gradients.verdicts import Told, verdicts
from core.probes.inside import Inside, inside
from core.probes.layer_labels import layer_labels

if TYPE_CHECKING:
    from core.probes.subject import Subject
    from core.training.past import Past
    from core.training.task import Task

EXAMPLES = 64  # of the training data, the same at every step
SECONDS = 0.7  # after which an answer ends with what it has
REPLAY_SECONDS = 1.5  # for the way from a kept moment to a step; if it takes longer, the nearest kept one is examined

_FIRST: WeakKeyDictionary[Past, dict[str, Told]] = WeakKeyDictionary()  # by past and part


def health_now(subject: Subject, part: str = "") -> dict[str, Any]:
    """The numbers of every layer as it is now, on 64 training examples; updates are left out."""
    seen = inside(subject, part, 0, EXAMPLES, "train")
    found = _labelled(subject, seen, layer_health(seen, histograms=False))
    told = Told(subject.config, seen.part, subject.step)
    return {
        "parts": list(seen.parts),
        "part": seen.part,
        **_rounded(found),
        "verdicts": verdicts(told, found),
    }


def health(subject: Subject, part: str = "", steps: str = "", known: int = 0) -> dict[str, Any]:
    """The numbers of every layer after each of ``steps`` ("0,10,40"; as many as 0.7 s allow, one at least).

    ``found`` has one moment for each of the first of ``steps``, in their order: the nearest that is kept where the way
    from there is too long. ``moments`` lists the steps worth asking for, fewer than 60 in a long run. ``known``: the
    newest step the page knows of, so that the list is made anew when there is another one.
    Raises :class:`LiveTorchError` where no moments are kept.
    """
    whole("known", known, 0, 2**53)
    past = getattr(subject, "past", None)
    if past is None or not past.steps:
        raise LiveTorchError(
            N_("No moments of this run are kept, so there is no history to draw. The numbers of now stand below.")
        )
    asked = asked_steps(steps, past.steps[-1])
    began = time.perf_counter()
    found: list[dict[str, Any]] = []
    first = _first(past, part) if asked else None
    for step in asked:
        if found and time.perf_counter() - began > SECONDS:
            break
        found.append(_moment(past.task_at(step, REPLAY_SECONDS), part, first))
    seen = inside(subject, part, 0, 1, "train")
    return {
        "parts": list(seen.parts),
        "part": seen.part,
        "kept": len(past.steps),
        "moments": worth_asking(past.steps),
        "found": found,
    }


def _labelled(subject: Subject, seen: Inside, found: dict[str, Any]) -> dict[str, Any]:
    """Add what each layer is called on the page that trains it."""
    labels = layer_labels(subject, seen.part, seen.model)
    for layer in found["layers"]:
        part = layer["name"].removeprefix(layer["module"])  # which matrix, of a recurrent one
        layer["label"] = labels.get(layer["module"], layer["module"]) + part
    return found


def _first(past: Past, part: str) -> Told:
    """What the network was at the start, which later moments are held against; made once."""
    known = _FIRST.setdefault(past, {})
    if part not in known:
        task = past.task_at(past.steps[0])
        seen = inside(task, part, 0, EXAMPLES, "train")
        found = layer_health(seen, histograms=False)
        weights = {layer["name"]: layer["weight"] for layer in found["layers"]}
        known[part] = Told(task.config, seen.part, task.step, found["loss"], _together(found), None, weights)
    return known[part]


def _moment(task: Task, part: str, first: Told | None) -> dict[str, Any]:
    """Examine a copy of the task, then let it take its next step, which shows the true update."""
    seen, step, rate = inside(task, part, 0, EXAMPLES, "train"), task.step, task.learning_rate
    found = _labelled(task, seen, layer_health(seen))
    moved = update_norms(task, part)
    for layer in found["layers"]:
        layer["ratio"] = moved[layer["name"]] / layer["weight"] if layer["weight"] else math.nan
    now = Told(task.config, seen.part, step, rate=rate)
    told = now if first is None else replace(first, config=now.config, step=step, rate=rate)
    return {"step": step, **_rounded(found), "verdicts": verdicts(told, found)}


def _together(found: dict[str, Any]) -> float:
    return math.hypot(*(layer["gradient"] for layer in found["layers"]))


def _rounded(found: dict[str, Any]) -> dict[str, Any]:
    """Numbers with five significant digits, as short as they may travel."""
    layers = [{name: _short(value) for name, value in one.items()} for one in found["layers"]]
    return {"loss": _short(found["loss"]), "examples": found["examples"], "layers": layers}


def _short(value: Any) -> Any:
    return float(f"{value:.5g}") if isinstance(value, float) else value
