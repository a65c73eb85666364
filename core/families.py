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


FAMILIES: dict[str, Family] = {
    "cnn": Family(
        task="core.training.classification:ImageClassification",
        rest="core.probes.rest:image_rest",
        script="core.export.script:standalone_script",
        check="core.models.table:layer_table",
        looks={
            "predictions": "core.probes.predictions:predictions",
            "classes": "core.probes.classes:classes",
            "picture": "core.probes.picture:picture",
            "filters": "core.probes.filters:filters",
            "updates": "core.probes.updates:updates",
        },
    ),
    "gan": Family(
        task="core.training.adversarial:AdversarialTraining",
        rest="core.probes.gan_subject:gan_rest",
        script="core.export.gan_script:adversarial_script",
        check="core.models.gan:players_table",
        looks={
            "plane": "core.probes.gan_plane:plane",
            "sheet": "core.probes.gan_pictures:sheet",
            "interpolation": "core.probes.gan_interpolation:interpolation",
            "nearest": "core.probes.gan_pictures:nearest",
            "flow": "core.probes.gan_flow:flow",
            "history": "core.probes.gan_history:history",
            "verdict": "core.probes.gan_verdict:verdict",
        },
    ),
    "rnn": Family(
        task="core.training.sequences:SequenceTask",
        rest="core.probes.rnn_subject:sequence_rest",
        script="core.export.rnn_script:sequence_script",
        check="core.probes.rnn_table:network_table",
        looks={
            "forecast": "core.probes.rnn_forecast:forecast",
            "sample": "core.probes.rnn_sample:sample",
            "sequences": "core.probes.rnn_sequences:sequences",
            "hidden": "core.probes.rnn_hidden:hidden",
            "gates": "core.probes.rnn_hidden:gates",
            "gradient": "core.probes.rnn_gradient:gradient",
            "step": "core.probes.rnn_step:step",
        },
    ),
    "mlp": Family(
        task="core.training.playground:Playground",
        rest="core.probes.mlp_subject:plane_rest",
        script="core.export.mlp_script:plane_script",
        check="core.models.mlp:network_table",
        looks={
            "playground": "core.probes.mlp_playground:playground",
            "points": "core.probes.mlp_points:points",
            "neuron": "core.probes.mlp_neuron:neuron",
        },
    ),
    "transfer": Family(
        task="core.training.transfer:Transfer",
        rest="core.probes.transfer_subject:transfer_rest",
        script="core.export.transfer_script:transfer_script",
        check="core.models.transfer_table:network_table",
        looks={
            "predictions": "core.probes.transfer_wall:predictions",
            "classes": "core.probes.transfer_wall:classes",
            "map": "core.probes.transfer_map:embedding_map",
            "advice": "core.probes.transfer_advice:advice",
            "try": "core.probes.transfer_try:one_picture",
            "updates": "core.probes.updates:updates",
        },
    ),
}

# page -> (subject, part, example, count, split) -> core.probes.inside.Inside
INSIDES: dict[str, str] = {
    page: f"core.probes.inside_{page}:inside" for page in ("cnn", "gan", "mlp", "rnn", "transfer", "zoo")
}

# what can be looked at in any network: name -> (subject, **arguments) -> what is seen, JSON-ready
COMMON_LOOKS: dict[str, str] = {
    "graph": "core.probes.graph:graph",
    "graph_values": "core.probes.graph:graph_values",
    "graph_node": "core.probes.graph:graph_node",
    "update": "core.probes.update:update",
    "layers": "core.probes.arithmetic:layers",
    "layer_maps": "core.probes.arithmetic:layer_maps",
    "arithmetic": "core.probes.arithmetic:arithmetic",
    "landscape": "core.probes.landscape:landscape",
    "landscape_row": "core.probes.landscape:landscape_row",
    "health": "core.probes.health:health",
    "health_now": "core.probes.health:health_now",
    "input_gradient": "core.probes.input_gradient:input_gradient",
    "unit_layers": "core.probes.feature_maps:unit_layers",
    "feature_maps": "core.probes.feature_maps:feature_maps",
    "attribution": "core.probes.attribution:attribution",
    "exciting": "core.probes.exciting:exciting",
    "ascent": "core.probes.ascent:ascent",
    "autograd": "core.probes.autograd:autograd",
    "autograd_dot": "core.probes.autograd:autograd_dot",
}

# what else can be asked of torchvision's models, which no run trains
MODEL_LOOKS: dict[str, str] = {"predicted": "core.probes.predicting:predicted"}


def looks_of(page: str) -> Mapping[str, str]:
    """Everything that can be looked at in the networks of ``page``."""
    own = FAMILIES[page].looks if page in FAMILIES else MODEL_LOOKS
    return {**own, **COMMON_LOOKS}


def found(place: str) -> Any:
    """What ``place`` ("module:name") names."""
    module, name = place.split(":")
    return getattr(importlib.import_module(module), name)
