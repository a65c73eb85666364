"""The standalone script of a run: plain PyTorch that repeats it, with no LiveTorch import.

Only what the run uses appears: a run with a constant rate has no schedule in its script.
"""

from __future__ import annotations

from typing import Any

from core.config import FUSED, OPTIMIZERS, CNNRunConfig
from core.config.cnn import OWN
from core.datasets import spec_of
from core.datasets.own_script import own_constants
from core.datasets.script_text import load_data_code
from core.export import script_parts as parts
from core.export.network_code import model_code
from core.export.recorded import Edit, Recorded, constants, header
from core.export.transforms_code import IMPORT, mix_code, transforms_code
from core.models.cnn import layer_specs


def standalone_script(config: CNNRunConfig, run: Recorded) -> str:
    """A script that repeats exactly the run of ``config`` (device, threads and precision resolved)."""
    changes = changes_of(config, run.edits)
    changed = {name for made in changes.values() for name in made}
    spec = spec_of(config)
    layers = layer_specs(config.model, spec.shape, len(spec.classes), editable="dropout" in changed)
    imports, data = load_data_code(config)
    recipe, names = config.recipe, constants(config, changes, run.steps)
    if config.dataset == OWN:
        names += "\n" + own_constants(config)
    if recipe.active:
        names += "\n" + transforms_code(recipe, spec.shape[1:]).rstrip()
    if recipe.batch != "none":
        names += "\n" + mix_code(recipe, len(spec.classes)).rstrip()
    head = [
        header(config, run, "own pictures" if config.dataset == OWN else config.dataset),
        _imports(config, imports),
        names,
    ]
    body = [
        data,
        model_code(layers, spec.shape, config.model.initialization),
        *parts.functions(config, changed),
        parts.main(config, changed, _optimizer(config), run.validated),
        'if __name__ == "__main__":\n    main()',
    ]
    return "\n\n".join(head) + "\n\n\n" + "\n\n\n".join(part.strip("\n") for part in body) + "\n"


def changes_of(config: CNNRunConfig, edits: list[Edit]) -> dict[int, dict[str, Any]]:
    """Step -> what changed after it, by the names a script uses: torch's own for the optimiser's constants.

    Stop rules change no number, so they are left out; the script knows where the run ended.
    """
    changes: dict[int, dict[str, Any]] = {}
    for edit in edits:
        before, config = config, config.with_value(edit["name"], edit["value"])
        path, last = edit["name"], edit["name"].split(".")[-1]
        if path.startswith("stop."):
            continue
        if path == "optimizer.learning_rate":
            made = {"lr": edit["value"]}
        elif path.startswith("optimizer."):
            old, new = before.optimizer.constants(), config.optimizer.constants()
            made = {name: new.get(name, False) for name in old | new if new.get(name, False) != old.get(name, False)}
        else:
            made = {last: edit["value"]}
        changes.setdefault(edit["step"], {}).update(made)
    return changes


def _imports(config: CNNRunConfig, of_data: list[str]) -> str:
    """Import lines in ruff's order: the standard library, then the rest."""
    lines = {*of_data, "import torch", "from torch import nn", "from torch.nn import functional as F"}
    if config.ema_decay:
        lines.add("from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn")
    if not config.recipe.empty:
        lines.add(IMPORT)
    if config.schedule.name in ("step", "cosine", "one_cycle", "plateau"):
        lines.add("import math")
    standard = {
        "import gzip",
        "import math",
        "import os",
        "import pickle",
        "import struct",
        "import sys",
        "from pathlib import Path",
    }

    def order(line: str) -> tuple[bool, str]:
        return line.startswith("from"), line.split()[1]

    groups = (sorted(lines & standard, key=order), sorted(lines - standard, key=order))
    return "\n\n".join("\n".join(group) for group in groups if group)


def _optimizer(config: CNNRunConfig) -> str:
    constants = config.optimizer.constants() | ({"fused": True} if config.optimizer.name in FUSED else {})
    given = ", ".join(f"{name}={value!r}" for name, value in constants.items())
    return f"torch.optim.{OPTIMIZERS[config.optimizer.name]}(model.parameters(), lr=LEARNING_RATE, {given})"
