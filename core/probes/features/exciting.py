"""Which examples of the data excite a unit most, which least, and by what part of them."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from core.errors import LiveTorchError
from core.i18n import N_
from core.probes.arguments import whole
from core.probes.features.exciting_examples import described, whole_plane
from core.probes.features.exciting_spots import influence, receptive
from core.probes.features.layer_outputs import Layer, layer_named, layers_of, unit_of
from core.probes.inside import Inside, inside
from core.probes.layer_labels import layer_labels
from core.probes.pictures import numbers, tensor_block
from core.probes.threads import one_thread

LOOKED_AT = 1000  # examples at most
MOST, LEAST = 9, 3
LINES = 200  # of text, which differ in length and go through the network one by one
AT_ONCE = 4 * 224 * 224 * 3  # numbers of a batch of inputs, at most
BATCH = 256
COMPARED = 20  # classes whose means are sent


@one_thread
def exciting(subject: Any, *, layer: str, unit: int, part: str = "", split: str = "validation") -> dict[str, Any]:
    """The nine examples of (up to 1,000) to which ``unit`` of ``layer`` answers most, and the three with the least.

    A channel's answer is its largest value anywhere in the map, a recurrent unit's its largest at any step.
    """
    groups = _groups(subject, part, split)
    with groups[0].opened():
        layers = layers_of(groups[0].model, groups[0].inputs[:1])
    labels = layer_labels(subject, groups[0].part, groups[0].model)
    chosen = layer_named(layers, labels, layer)
    whole("unit", unit, 0, chosen.units - 1)
    answers = [_answers(group, chosen, unit) for group in groups]  # (N, places) each
    best = torch.cat([one.amax(1) for one in answers])
    if not bool(best.isfinite().all()):
        raise LiveTorchError(N_("This unit puts out values that are not finite; there is no largest among them."))
    order = best.argsort(descending=True, stable=True).tolist()
    shown = order[:MOST] + ([] if len(order) < MOST + LEAST else order[: -LEAST - 1 : -1])
    items = [_item(subject, groups, answers, chosen, unit, place) for place in shown]
    return {
        "layer": chosen.name,
        "label": labels.get(chosen.name, chosen.name),
        "kind": chosen.kind,
        "shape": list(chosen.shape),
        "unit": unit,
        "looked_at": len(best),
        "silent": int((best == 0).sum()),
        "lowest": numbers([best.min().item()])[0],
        "highest": numbers([best.max().item()])[0],
        "mean": numbers([best.double().mean().item()])[0],
        "example_kind": groups[0].kind,
        "most": items[:MOST],
        "least": items[MOST:],
        "classes": _by_class(groups, best),
        "kernel": _kernel(groups[0], chosen, unit),
        "plane": whole_plane(subject, groups[0], chosen, unit),
    }


def _groups(subject: Any, part: str, split: str) -> list[Inside]:
    """Examples in batches of equal shape: lines of text differ in length."""
    first = inside(subject, part, 0, 1, split)
    if first.kind != "sequence" or getattr(subject.problem, "validation_lengths", None) is None:
        return [inside(subject, part, 0, min(LOOKED_AT, first.examples), split)]
    return [inside(subject, part, place, 1, split) for place in range(min(LINES, first.examples))]


def _answers(group: Inside, layer: Layer, unit: int) -> Tensor:
    """The unit's values for each example, (N, places) on the CPU."""
    size = max(1, min(BATCH, AT_ONCE // max(1, group.inputs[0].numel())))
    with group.opened(), torch.no_grad():
        parts = [unit_of(group.model, some, layer, unit).float().cpu() for some in group.inputs.split(size)]
    found = torch.cat(parts)
    return found.reshape(len(found), -1)


def _item(
    subject: Any, groups: list[Inside], answers: list[Tensor], layer: Layer, unit: int, number: int
) -> dict[str, Any]:
    """Example ``number``, counted through all groups, with its value and the spot of it."""
    group, within = 0, number
    while within >= len(answers[group]):
        within -= len(answers[group])
        group += 1
    values, seen = answers[group][within], groups[group]
    at = int(values.argmax())
    place = list(divmod(at, layer.shape[2])) if len(layer.shape) == 3 else [at] if len(layer.shape) == 2 else []
    box = None
    if len(layer.shape) == 3 and seen.kind == "noise":
        box = influence(seen, layer, unit, within, (place[0], place[1]))
    elif seen.picture is not None:
        box = receptive(seen, layer, unit, within, at)
    return {
        "index": _index(seen, group, within),
        "row": 1 if seen.kind == "sample" and within >= len(seen.inputs) // 2 else 0,
        "name": seen.names[within] if within < len(seen.names) else "",
        "value": numbers([values.max().item()])[0],
        "place": place,
        "box": box,
        "sides": None if seen.picture is None else list(seen.picture.shape[2:]),
        **described(subject, seen, within, values if len(layer.shape) == 2 else None, group),
    }


def _index(seen: Inside, group: int, within: int) -> int:
    """Which example to ask for to see this one again."""
    if seen.kind == "sample":  # real ones, then as many generated ones
        return within % (len(seen.inputs) // 2)
    return group + within


def _by_class(groups: list[Inside], best: Tensor) -> list[list[Any]]:
    """Mean answer for each name that several examples share: [name, mean, count], largest first."""
    names = [name for group in groups for name in (*group.names, *[""] * (len(group.inputs) - len(group.names)))]
    if len(set(names)) < 2 or len(set(names)) > min(COMPARED, len(names) // 2):
        return []
    found = []
    for name in set(names):
        values = best[[place for place, one in enumerate(names) if one == name]]
        found.append([name, numbers([values.double().mean().item()])[0], len(values)])
    return sorted(found, key=lambda one: -(one[1] or 0.0))


def _kernel(seen: Inside, layer: Layer, unit: int) -> dict[str, Any] | None:
    """The unit's own filter, for a convolution: (inputs, k, k), eight inputs at most."""
    module = seen.model.get_submodule(layer.name)
    weight = getattr(module, "weight", None)
    if not layer.kind.startswith("Conv") or not isinstance(weight, Tensor) or weight.dim() != 4:
        return None
    own = weight[:, unit] if "Transpose" in layer.kind else weight[unit]
    return {"inputs": own.shape[0], "tensor": tensor_block(own.detach()[:8], signed=True)}
