"""The families of networks: for each page what trains, what can be looked at, and what is taken away.

Only names are kept here, "module:function"; what they name is imported where it is first needed.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Family:
    """One kind of network with all that belongs to it."""

    task: str  # (config) -> core.training.task.Task
    rest: str  # (config, weights) -> what looks may use of a run that is over
    script: str  # (config, core.export.script.Recorded) -> the standalone script
    check: str  # (config as a dict): raises ConfigError for a run that cannot be; a question of the page
    looks: Mapping[str, str]  # name -> (subject, **arguments) -> what is seen, JSON-ready
    fits: str | None = None  # (config, versions, weights file): raises where what a run rests on has changed since


FAMILIES: dict[str, Family] = {
    "cnn": Family(
        task="core.training.classification:ImageClassification",
        rest="core.probes.rest:image_rest",
        script="core.export.script:standalone_script",
        check="core.models.table:layer_table",
        looks={
            "predictions": "core.probes.cnn.predictions:predictions",
            "classes": "core.probes.cnn.classes:classes",
            "picture": "core.probes.cnn.picture:picture",
            "filters": "core.probes.cnn.filters:filters",
            "updates": "core.probes.cnn.updates:updates",
        },
    ),
    "gan": Family(
        task="core.training.adversarial:AdversarialTraining",
        rest="core.probes.gan.subject:gan_rest",
        script="core.export.gan_script:adversarial_script",
        check="core.models.gan:players_table",
        looks={
            "plane": "core.probes.gan.plane:plane",
            "sheet": "core.probes.gan.pictures:sheet",
            "interpolation": "core.probes.gan.interpolation:interpolation",
            "nearest": "core.probes.gan.pictures:nearest",
            "flow": "core.probes.gan.flow:flow",
            "history": "core.probes.gan.history:history",
            "verdict": "core.probes.gan.verdict:verdict",
        },
    ),
    "rnn": Family(
        task="core.training.sequences:SequenceTask",
        rest="core.probes.rnn.subject:sequence_rest",
        script="core.export.rnn_script:sequence_script",
        check="core.probes.rnn.table:network_table",
        looks={
            "forecast": "core.probes.rnn.forecast:forecast",
            "sample": "core.probes.rnn.sample:sample",
            "sequences": "core.probes.rnn.sequences:sequences",
            "hidden": "core.probes.rnn.hidden:hidden",
            "gates": "core.probes.rnn.hidden:gates",
            "gradient": "core.probes.rnn.gradient:gradient",
            "step": "core.probes.rnn.step:step",
        },
    ),
    "mlp": Family(
        task="core.training.playground:Playground",
        rest="core.probes.mlp.subject:plane_rest",
        script="core.export.mlp_script:plane_script",
        check="core.models.mlp:network_table",
        looks={
            "playground": "core.probes.mlp.playground:playground",
            "points": "core.probes.mlp.points:points",
            "neuron": "core.probes.mlp.neuron:neuron",
        },
    ),
    "transfer": Family(
        task="core.training.transfer:Transfer",
        rest="core.probes.transfer.subject:transfer_rest",
        script="core.export.transfer_script:transfer_script",
        check="core.models.transfer_table:network_table",
        looks={
            "predictions": "core.probes.transfer.wall:predictions",
            "classes": "core.probes.transfer.wall:classes",
            "map": "core.probes.transfer.map:embedding_map",
            "advice": "core.probes.transfer.advice:advice",
            "try": "core.probes.transfer.unseen:one_picture",
            "updates": "core.probes.cnn.updates:updates",
        },
        fits="core.backbones.fits:check_fits",
    ),
}

# page -> (subject, part, example, count, split) -> core.probes.inside.Inside
INSIDES: dict[str, str] = {
    page: f"core.probes.inside.{page}:inside" for page in ("cnn", "gan", "mlp", "rnn", "transfer", "zoo")
}

# what can be looked at in any network: name -> (subject, **arguments) -> what is seen, JSON-ready
COMMON_LOOKS: dict[str, str] = {
    "graph": "core.probes.graph.looks:graph",
    "graph_values": "core.probes.graph.looks:graph_values",
    "graph_node": "core.probes.graph.looks:graph_node",
    "update": "core.probes.step.looks:update",
    "layers": "core.probes.arithmetic.looks:layers",
    "layer_maps": "core.probes.arithmetic.looks:layer_maps",
    "arithmetic": "core.probes.arithmetic.looks:arithmetic",
    "landscape": "core.probes.landscape.looks:landscape",
    "landscape_row": "core.probes.landscape.looks:landscape_row",
    "health": "core.probes.gradients.looks:health",
    "health_now": "core.probes.gradients.looks:health_now",
    "input_gradient": "core.probes.gradients.input_gradient:input_gradient",
    "unit_layers": "core.probes.features.maps:unit_layers",
    "feature_maps": "core.probes.features.maps:feature_maps",
    "attribution": "core.probes.features.attribution:attribution",
    "exciting": "core.probes.features.exciting:exciting",
    "ascent": "core.probes.features.ascent:ascent",
    "autograd": "core.probes.autograd.looks:autograd",
    "autograd_dot": "core.probes.autograd.looks:autograd_dot",
}

# what else can be asked of torchvision's models, which no run trains
MODEL_LOOKS: dict[str, str] = {"predicted": "core.probes.zoo.predicting:predicted"}


def looks_of(page: str) -> Mapping[str, str]:
    """Everything that can be looked at in the networks of ``page``."""
    own = FAMILIES[page].looks if page in FAMILIES else MODEL_LOOKS
    return {**own, **COMMON_LOOKS}


def found(place: str) -> Any:
    """What ``place`` ("module:name") names."""
    module, name = place.split(":")
    return getattr(importlib.import_module(module), name)
