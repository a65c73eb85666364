"""What a script must know of a run, and what every script says of itself."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.config import RunConfig

Edit = dict[str, Any]


@dataclass(frozen=True)
class Recorded:
    """What is known of the run beside its settings."""

    edits: list[Edit]  # step, name, value: made after the step, holding from the next
    steps: int  # where the run is now
    versions: dict[str, str]
    state: str
    validated: bool = True  # whether the last epoch that was finished has been validated


def header(config: RunConfig, run: Recorded, what: str) -> str:
    """The docstring of a script: what it trains, how it was made, how exactly it repeats the run."""
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
    first = f'"""A LiveTorch run as a plain PyTorch script: {what}, {run.steps} steps, {run.state}.'
    return "\n\n".join([first, textwrap.fill(f"{made_with} {same}", 100), textwrap.fill(elsewhere, 100)]) + '\n"""'


def constants(config: RunConfig, changes: dict[int, dict[str, Any]], steps: int, more: Sequence[str] = ()) -> str:
    """The names a script begins with; ``changes``: step -> what was changed by hand after it; ``more``: a family's own."""
    lines = [
        f"SEED = {config.seed}",
        f"EPOCHS = {config.epochs}",
        f"BATCH_SIZE = {config.batch_size}",
        f"LEARNING_RATE = {config.optimizer.learning_rate!r}",
        *more,
    ]
    if changes:
        lines.append("EDITS = {  # after this step: what was changed by hand")
        for step, made in changes.items():
            lines.append(f"    {step}: {{" + ", ".join(f'"{name}": {value!r}' for name, value in made.items()) + "},")
        lines.append("}")
    lines += [f"STEPS = {steps}  # how far the run went", f'DEVICE = "{config.device}"', f"THREADS = {config.threads}"]
    return "\n".join(lines)
