"""The weights of a run as a safetensors file: tensors and text, nothing that could run when it is read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.training.task import Task

WEIGHTS_FILE = "weights.safetensors"


def weights_of(task: Task) -> bytes:
    """What the task keeps of its network, on the CPU, with the config and the classes as JSON metadata."""
    from safetensors.torch import save

    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in task.weights().items()}  # not channels last
    metadata = {
        "format": "pt",
        "config": json.dumps(task.config.to_dict()),
        "classes": json.dumps(list(task.classes)),
        "step": str(task.step),
    }
    if about := task.about():
        metadata["preprocessing"] = json.dumps(about)
    return save(tensors, metadata)
