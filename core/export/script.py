"""The standalone script of a run: plain PyTorch that repeats it, with no LiveTorch import.

Only what the run uses appears: a run with a constant rate has no schedule in its script.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Any

from core.config import FUSED, OPTIMIZERS, RunConfig
from core.datasets import DATASETS
from core.datasets.script_text import load_data_code
from core.export import script_parts as parts
from core.export.network_code import model_code
from core.models.cnn import layer_specs

Edit = dict[str, Any]


@dataclass(frozen=True)
class Recorded:
    """What is known of the run beside its settings."""

    edits: list[Edit]  # step, name, value: made after the step, holding from the next
    steps: int  # where the run is now
    versions: dict[str, str]
    state: str
    validated: bool = True  # whether the last epoch that was finished has been validated


def standalone_script(config: RunConfig, run: Recorded) -> str:
    """A script that repeats exactly the run of ``config`` (device, threads and precision resolved)."""
    changes = changes_of(config, run.edits)
    changed = {name for made in changes.values() for name in made}
    spec = DATASETS[config.dataset]
    layers = layer_specs(config.model, spec.shape, len(spec.classes), editable="dropout" in changed)
    imports, data = load_data_code(config)
    head = [_header(config, run), _imports(config, imports), _constants(config, changes, run.steps)]
    body = [
        data,
        model_code(layers, spec.shape, config.model.initialization),
        *parts.functions(config, changed),
        parts.main(config, changed, _optimizer(config), run.validated),
        'if __name__ == "__main__":\n    main()',
    ]
    return "\n\n".join(head) + "\n\n\n" + "\n\n\n".join(part.strip("\n") for part in body) + "\n"


def changes_of(config: RunConfig, edits: list[Edit]) -> dict[int, dict[str, Any]]:
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


def _header(config: RunConfig, run: Recorded) -> str:
    made = ", ".join(f"{name} {version}" for name, version in run.versions.items())
    threads = f"{config.threads} thread{'' if config.threads == 1 else 's'}"
    # Measured: MNIST with one and with two threads differs by less than 1e-6 over 10 steps, by 3e-5 after 100
    # with Adam at 0.001, by 0.4 within 50 steps with SGD at 0.1 and momentum 0.9.
    same = (
        "On the same machine, with these versions and this number of threads, it prints the same numbers to the last digit."
        if config.device == "cpu"
        else "It ran on a GPU, which does not always add in the same order, so even there the last digits vary."
    )
    elsewhere = (
        "With other machines, versions or thread counts rounding differs: the loss is the same to about 1e-3 over the first "
        "ten steps. The difference then grows, faster with a higher learning rate: the curves keep their shape, not their digits."
    )
    made_with = f"Made with {made}, {threads}, device {config.device}, {config.precision}."
    first = f'"""A LiveTorch run as a plain PyTorch script: {config.dataset}, {run.steps} steps, {run.state}.'
    return "\n\n".join([first, textwrap.fill(f"{made_with} {same}", 100), textwrap.fill(elsewhere, 100)]) + '\n"""'


def _imports(config: RunConfig, of_data: list[str]) -> str:
    """Import lines in ruff's order: the standard library, then the rest."""
    lines = {*of_data, "import torch", "from torch import nn", "from torch.nn import functional as F"}
    if config.ema_decay:
        lines.add("from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn")
    if config.schedule.name in ("step", "cosine", "one_cycle", "plateau"):
        lines.add("import math")
    standard = {
        "import gzip",
        "import math",
        "import pickle",
        "import struct",
        "import sys",
        "from pathlib import Path",
    }

    def order(line: str) -> tuple[bool, str]:
        return line.startswith("from"), line.split()[1]

    groups = (sorted(lines & standard, key=order), sorted(lines - standard, key=order))
    return "\n\n".join("\n".join(group) for group in groups if group)


def _constants(config: RunConfig, changes: dict[int, dict[str, Any]], steps: int) -> str:
    lines = [
        f"SEED = {config.seed}",
        f"EPOCHS = {config.epochs}",
        f"BATCH_SIZE = {config.batch_size}",
        f"LEARNING_RATE = {config.optimizer.learning_rate!r}",
    ]
    if changes:
        lines.append("EDITS = {  # after this step: what was changed by hand")
        for step, made in changes.items():
            lines.append(f"    {step}: {{" + ", ".join(f'"{name}": {value!r}' for name, value in made.items()) + "},")
        lines.append("}")
    return "\n".join(
        [
            *lines,
            f"STEPS = {steps}  # how far the run went",
            f'DEVICE = "{config.device}"',
            f"THREADS = {config.threads}",
        ]
    )


def _optimizer(config: RunConfig) -> str:
    constants = config.optimizer.constants() | ({"fused": True} if config.optimizer.name in FUSED else {})
    given = ", ".join(f"{name}={value!r}" for name, value in constants.items())
    return f"torch.optim.{OPTIMIZERS[config.optimizer.name]}(model.parameters(), lr=LEARNING_RATE, {given})"
