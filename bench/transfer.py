"""Teaching own classes through the real engine: how long the backbone looks at 200 pictures, and how long the head learns."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import Any

from bench.training import VISITOR, engine

Row = tuple[str, float, str, str, str]  # name, value, unit, bar, what

PICTURES, CLASSES = 200, ("circle", "square")
SECONDS = 300.0  # for a machine that is busy


def drawn_set() -> str:
    """The fingerprint of 200 drawn pictures of two classes."""
    from core.pictures.builtin import draw_shape
    from core.pictures.sets import PictureSet, keep_set
    from core.pictures.store import stored

    rng = random.Random(1)
    labels = [number % len(CLASSES) for number in range(PICTURES)]
    pictures = tuple((stored(draw_shape(CLASSES[label], rng), "", "")["sha"], label) for label in labels)
    return keep_set(PictureSet("Bench", CLASSES, pictures))


def run_of(service: Any, fingerprint: str, pretrained: bool) -> dict[str, float]:
    """A run of the preset "frozen" to its end: seconds before its first step, seconds of training, accuracy."""
    from core.presets_transfer import PRESETS

    config = PRESETS["frozen"].make("").with_value("pictures", fingerprint).with_value("pretrained", pretrained)
    run = service.submit(VISITOR, config)
    record = service.record(run.id, VISITOR)
    began, first = time.monotonic(), None
    while record.active and time.monotonic() - began < SECONDS:
        time.sleep(0.02)
        if first is None and record.row["info"].get("device"):
            first = time.monotonic() - began
    assert record.state == "finished", record.row["reason"]
    validated = [(at, values) for split, _step, _epoch, at, values in record.log.rows() if split == "validation"]
    found = {"before": first or 0.0, "seconds": record.log.seconds, "accuracy": validated[-1][1]["accuracy"]}
    service.delete(run.id, VISITOR)
    return found


def rows(home: Path) -> list[Row]:
    """The bars of issue 6, measured."""
    from core.backbones.registry import BACKBONES

    pretrained = BACKBONES["mobilenet_v2"].available()
    with engine(home) as service:
        fingerprint = drawn_set()
        first = run_of(service, fingerprint, pretrained)
        again = [run_of(service, fingerprint, pretrained) for _round in range(3)]
    said = ", ".join(f"{one['seconds']:.2f}" for one in again)
    weights = "ImageNet's weights" if pretrained else "random weights"
    seconds = sorted(one["seconds"] for one in again)[1]
    return [
        (
            "transfer.embed_seconds",
            first["before"],
            "s",
            "",
            f"MobileNetV2, {weights}, looks at 200 pictures, process start included",
        ),
        ("transfer.head_seconds", seconds, "s", "<= 3", f"head on 200 embedded pictures, 30 epochs, median of {said}"),
        ("transfer.head_accuracy", again[0]["accuracy"], "", "", "on the held-out quarter"),
        (
            "transfer.again_seconds",
            again[-1]["before"] + again[-1]["seconds"],
            "s",
            "",
            "the same again, embeddings kept: click to end",
        ),
    ]
