"""What the tests of the GAN family share: small runs and their numbers."""

from __future__ import annotations

from typing import Any

from core.config import GANRunConfig, load
from core.training.adversarial import AdversarialTraining
from core.training.events import Edit, Edited, Ended, Event, Metrics
from core.training.loop import train
from core.training.task import make_task

SMALL = {"hidden": [16]}


def small(**changed: Any) -> GANRunConfig:
    """A run with tiny players."""
    values = {"page": "gan", "generator": SMALL, "discriminator": SMALL, "batch_size": 32, "epochs": 1} | changed
    config = load(values).resolved(device="cpu", threads=1)
    assert isinstance(config, GANRunConfig)
    return config


def task_of(config: GANRunConfig) -> AdversarialTraining:
    task = make_task(config)
    assert isinstance(task, AdversarialTraining)
    return task


def played(task: AdversarialTraining, rounds: int) -> list[dict[str, float]]:
    """The numbers of the first rounds, without evaluations."""
    batches = task.batches(1)
    return [task.training_step(next(batches)) for _round in range(rounds)]


def events(config: GANRunConfig, edits: list[dict[str, Any]] | None = None, steps: int = 10**9) -> list[Event]:
    """What a run says until ``steps``; each edit (step, name, value) is made after its step."""
    loop = train(task_of(config))
    said: list[Event] = [next(loop)]
    while not isinstance(said[-1], Ended):
        last, reply = said[-1], None
        if isinstance(last, Metrics):
            if last.split == "train" and last.step >= steps:
                break
            if last.split == "train" or last.step == 0:
                reply = [Edit(edit["name"], edit["value"]) for edit in edits or [] if edit["step"] == last.step]
        said.append(loop.send(reply or None))
    return [event for event in said if not isinstance(event, Edited)]
