"""The CNN page's runs on a GPU."""

from __future__ import annotations

import pytest
import torch

from core.config import CNNRunConfig, load
from core.models.table import checked_layers
from core.training.events import Edit, Metrics
from core.training.loop import train
from core.training.moments import capture, packed, put_back, unpacked
from core.training.optimizers import GRAPHED
from core.training.task import make_task, resolve
from tests.gpu import DEVICE, cuda_alone

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
    found, wanted = (losses(config(device, precision="float32"))[:10] for device in (DEVICE, "cpu"))
    assert found == pytest.approx(wanted, abs=2e-3)


@pytest.mark.parametrize("optimizer", ["adam", "adamw", "sgd"])
@pytest.mark.parametrize("schedule", ["constant", "one_cycle"])
def test_a_graph_takes_the_steps_that_eager_takes(optimizer, schedule):
    """In float32: bfloat16 has three digits, and two ways of rounding soon part."""
    chosen = {"name": optimizer, "learning_rate": 0.2 if optimizer == "sgd" else 0.01, "weight_decay": 0.001}
    if optimizer == "sgd":
        chosen |= {"momentum": 0.9, "nesterov": True}
    changed = {"optimizer": chosen, "schedule": {"name": schedule}, "clip_norm": 1.0, "precision": "float32"}
    edits = {
        8: [Edit("optimizer.learning_rate", 0.1 if optimizer == "sgd" else 0.005)],
        10: [Edit("batch_size", 64)],
        20: [Edit("optimizer.weight_decay", 0.01), Edit("clip_norm", 0.0)],
    }
    settings = config(DEVICE, epochs=4, **changed)
    found = losses(settings, edits=edits)
    assert found[:30] == pytest.approx(losses(settings, graphed=False, edits=edits)[:30], abs=1e-2)
    assert found[-1] < found[0] / 1.5


@cuda_alone
@pytest.mark.parametrize("optimizer", sorted(GRAPHED))
def test_the_graph_is_really_used(optimizer):
    task = make_task(config(DEVICE, optimizer={"name": optimizer}))
    for _number, batch in zip(range(6), task.batches(1), strict=False):
        task.training_step(batch)
    assert task.graphed is not None and task.graphed.graph is not None and not task.graphed.refused


@pytest.mark.parametrize("optimizer", ["sgd", "rmsprop", "nadam", "adadelta", "adamw"])
@pytest.mark.parametrize("precision", ["float32", "tf32", "bfloat16"] if DEVICE == "cuda" else ["float32"])
def test_every_kind_of_run_learns(optimizer, precision):
    rate = {"sgd": 0.05, "adadelta": 1.0}.get(optimizer, 0.003)
    chosen = {"name": optimizer, "learning_rate": rate}
    augmented = {"augmentation": "shift"}
    found = losses(config(DEVICE, optimizer=chosen, precision=precision, data=augmented, ema_decay=0.9, epochs=8))
    assert found[-1] < found[0] / 1.5


def huge(device: str) -> CNNRunConfig:
    """Few weights, but pictures that grow from block to block: some gigabytes in the batch of all training pictures."""
    blocks = [{"channels": 512, "padding": 5, "kernel_size": 3}] * 4
    blocks[-1] = blocks[-1] | {"pooling": "global"}
    return config(device, model={"blocks": blocks, "hidden": []}, batch_size=4096)


def test_what_shall_be_out_of_memory_is_refused_for_nothing_else():
    checked_layers(huge(DEVICE))


@cuda_alone
def test_too_large_a_batch_is_out_of_memory_and_leaves_the_device_usable():
    free = torch.cuda.mem_get_info()[0]
    torch.cuda.set_per_process_memory_fraction(0.02)
    try:
        with pytest.raises(torch.OutOfMemoryError):
            losses(huge("cuda"))
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)
        torch.cuda.empty_cache()
    assert torch.cuda.mem_get_info()[0] > 0.5 * free
    assert len(losses(config(DEVICE, epochs=1))) == 12


def test_a_moment_of_the_gpu_goes_on_there_and_on_the_cpu():
    """Where a run is looked at after its end, or branches from a step of its past."""
    settings = config(DEVICE, precision="float32", schedule={"name": "one_cycle"})
    task = make_task(settings)
    batches = task.batches(1)
    for _step in range(6):
        task.training_step(next(batches))
    state = unpacked(packed(capture(task)))
    wanted = [task.training_step(batch)["loss"] for batch in batches]
    for device in (DEVICE, "cpu"):
        other = make_task(config(device, precision="float32", schedule={"name": "one_cycle"}))
        put_back(other, state)
        found = [other.training_step(batch)["loss"] for batch in other.batches(1)]
        assert found == pytest.approx(wanted, abs=2e-3)


def test_looks_see_into_a_network_on_the_gpu():
    from core.probes import look

    task = make_task(config(DEVICE))
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
        here, there = augmented(images, recipe, 5), augmented(images.to(DEVICE), recipe, 5)
        assert there.device.type == DEVICE and there.dtype == torch.uint8
        near = (here.int() - there.cpu().int()).abs() <= 2
        assert near.float().mean() > 0.97, name  # the last bits, and what they decide
    task = make_task(config(DEVICE, recipe="rotate_1_-10_10_black~noise_0.5_0.05~-mixup_0.4"))
    assert task.graphed is None
    assert losses(config(DEVICE, recipe="rotate_1_-10_10_black", epochs=8))[-1] < 2
