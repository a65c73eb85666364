"""What only a GPU shows. Skipped where there is none; needs neither Streamlit nor a browser."""

from __future__ import annotations

import pytest
import torch

from core.config import CNNRunConfig, load
from core.training.events import Edit, Metrics
from core.training.loop import train
from core.training.task import make_task, resolve

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU that PyTorch can use")

BLOCKS = [{"channels": 8, "normalization": "batch", "pooling": "max"}, {"channels": 16, "skip": True, "stride": 2}]
VALUES = {"model": {"blocks": BLOCKS, "hidden": [16]}, "batch_size": 128, "epochs": 2}


def config(device: str, **changed) -> CNNRunConfig:
    return resolve(load(VALUES | {"device": device} | changed), threads=1)


def losses(settings: CNNRunConfig, graphed: bool = True, edits: dict[int, list[Edit]] | None = None) -> list[float]:
    task, found, reply = make_task(settings), [], None
    if not graphed:
        task.graphed = None
    loop = train(task)
    event = next(loop)
    while True:
        if isinstance(event, Metrics) and event.split == "train":
            found.append(event.values["loss"])
            reply = (edits or {}).get(event.step)
        try:
            event, reply = loop.send(reply), None
        except StopIteration:
            return found


def test_the_first_steps_are_those_of_the_cpu():
    assert losses(config("cuda"))[:10] == pytest.approx(losses(config("cpu"))[:10], abs=2e-3)


@pytest.mark.parametrize("optimizer", ["adam", "adamw"])
@pytest.mark.parametrize("schedule", ["constant", "one_cycle"])
def test_a_graph_takes_the_steps_that_eager_takes(optimizer, schedule):
    changed = {"optimizer": {"name": optimizer, "weight_decay": 0.01}, "schedule": {"name": schedule}, "clip_norm": 1.0}
    edits = {
        8: [Edit("optimizer.learning_rate", 0.003)],
        10: [Edit("batch_size", 64)],
        20: [Edit("optimizer.weight_decay", 0.1), Edit("clip_norm", 0.0)],
    }
    settings = config("cuda", **changed)
    found = losses(settings, edits=edits)
    assert found == pytest.approx(losses(settings, graphed=False, edits=edits), abs=5e-3)
    assert found[-1] < found[0] / 2


def test_the_graph_is_really_used():
    task = make_task(config("cuda"))
    for _number, batch in zip(range(6), task.batches(1), strict=False):
        task.training_step(batch)
    assert task.graphed is not None and task.graphed.graph is not None and not task.graphed.refused


@pytest.mark.parametrize("optimizer", ["sgd", "rmsprop", "nadam", "adadelta", "adamw"])
@pytest.mark.parametrize("precision", ["float32", "tf32", "bfloat16"])
def test_every_kind_of_run_learns(optimizer, precision):
    rate = {"sgd": 0.05, "adadelta": 1.0}.get(optimizer, 0.003)
    chosen = {"name": optimizer, "learning_rate": rate}
    augmented = {"augmentation": "shift"}
    found = losses(config("cuda", optimizer=chosen, precision=precision, data=augmented, ema_decay=0.9, epochs=8))
    assert found[-1] < found[0] / 1.5


def test_too_large_a_batch_is_out_of_memory_and_leaves_the_device_usable():
    blocks = [{"channels": 512, "padding": 5, "kernel_size": 3}] * 8
    huge = config("cuda", model={"blocks": blocks, "hidden": []}, batch_size=4096)
    free = torch.cuda.mem_get_info()[0]
    torch.cuda.set_per_process_memory_fraction(0.02)
    try:
        with pytest.raises(torch.OutOfMemoryError):
            losses(huge)
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)
        torch.cuda.empty_cache()
    assert torch.cuda.mem_get_info()[0] > 0.5 * free
    assert len(losses(config("cuda", epochs=1))) == 12


def test_looks_see_into_a_network_on_the_gpu():
    from core.probes import look

    task = make_task(config("cuda"))
    for _number, batch in zip(range(5), task.batches(1), strict=False):
        task.training_step(batch)
    task.evaluate()
    for name, args in (
        ("predictions", {}),
        ("classes", {}),
        ("picture", {"index": 3}),
        ("filters", {}),
        ("updates", {}),
    ):
        assert look(task, name, args)
    task.training_step(next(task.batches(1)))  # the meter was asked to measure this one
    assert len(look(task, "updates", {})["step"]) == 1


def test_a_recipe_draws_on_the_cpu_and_is_done_on_the_gpu():
    from core.augmentation.pipeline import augmented
    from core.config.augmentation import TRANSFORMS, RecipeConfig, TransformConfig

    images = torch.randint(0, 256, (16, 3, 32, 32), dtype=torch.uint8)
    for name in TRANSFORMS:
        recipe = RecipeConfig(transforms=(TransformConfig(name).with_values(p=0.7),))
        here, there = augmented(images, recipe, 5), augmented(images.cuda(), recipe, 5)
        assert there.is_cuda and there.dtype == torch.uint8
        near = (here.int() - there.cpu().int()).abs() <= 2
        assert near.float().mean() > 0.97, name  # the last bits, and what they decide
    task = make_task(config("cuda", recipe="rotate_1_-10_10_black~noise_0.5_0.05~-mixup_0.4"))
    assert task.graphed is None
    assert losses(config("cuda", recipe="rotate_1_-10_10_black", epochs=8))[-1] < 2
