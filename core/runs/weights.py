"""The weights of a run as a safetensors file: tensors and text, nothing that could run when it is read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.probes.subject import Subject

WEIGHTS_FILE = "weights.safetensors"


def weights_of(subject: Subject) -> bytes:
    """The state of the network that validates, on the CPU, with the config and the classes as JSON metadata."""
    from safetensors.torch import save

    state = subject.evaluated.state_dict()
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in state.items()}  # not channels last
    metadata = {
        "format": "pt",
        "config": json.dumps(subject.config.to_dict()),
        "classes": json.dumps(subject.data.classes),
        "step": str(subject.step),
    }
    return save(tensors, metadata)
