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
}


def found(place: str) -> Any:
    """What ``place`` ("module:name") names."""
    module, name = place.split(":")
    return getattr(importlib.import_module(module), name)
