"""The loop: what it says, that it repeats itself, that it can be steered, that it tells when it diverges."""

from __future__ import annotations

import math

import pytest
import torch

from core.config import OPTIMIZERS as NAMES
from core.config import OptimizerConfig, RunConfig, load
from core.errors import ConfigError
from core.probes import PICTURES, PROBES
from core.training.events import Edit, Edited, Ended, Metrics, Started
from core.training.loop import train
from core.training.optimizers import OPTIMIZERS
from core.training.task import make_task

SMALL = {"model": {"blocks": [{"channels": 4, "pooling": "max"}], "hidden": [8], "dropout": 0.2}, "batch_size": 128}


def config(**changed) -> RunConfig:
    return load(SMALL | {"epochs": 2} | changed).resolved(device="cpu", threads=1)


def events(settings: RunConfig, edits: dict[int, float] | None = None) -> list:
    """All events of a run; ``edits``: step -> learning rate set after it."""
    loop = train(make_task(settings), settings.epochs)
    said = [next(loop)]
    while True:
        last = said[-1]
        rate = (edits or {}).pop(last.step, None) if isinstance(last, Metrics) and last.split == "train" else None
        try:
            said.append(loop.send([Edit("optimizer.learning_rate", rate)] if rate is not None else None))
        except StopIteration:
            return said


def losses(said: list) -> list[float]:
    return [event.values["loss"] for event in said if isinstance(event, Metrics) and event.split == "train"]


def test_what_a_run_says_in_which_order():
    said = events(config())
    assert isinstance(said[0], Started)
    assert said[0].total_steps == 2 * math.ceil(1437 / 128) == 24
    assert said[1] == Metrics("validation", 0, 0, said[1].values)
    assert [event.step for event in said if isinstance(event, Metrics) and event.split == "train"] == list(range(1, 25))
    assert [event.step for event in said if isinstance(event, Metrics) and event.split == "validation"] == [0, 12, 24]
    assert said[-1] == Ended("finished", 24)
    assert losses(said)[-1] < losses(said)[0]


def test_same_seed_same_run_to_the_last_digit():
    assert events(config(seed=3)) == events(config(seed=3))
    assert losses(events(config(seed=3))) != losses(events(config(seed=4)))


def test_first_loss_and_update_by_hand():
    """One SGD step equals w - lr x gradient, with the gradient taken separately."""
    settings = config(optimizer={"name": "sgd", "learning_rate": 0.1, "momentum": 0.0})
    task = make_task(settings)
    batch = next(task.batches(1))
    before = [parameter.detach().clone() for parameter in task.model.parameters()]
    state = torch.get_rng_state()
    loss = torch.nn.functional.cross_entropy(task.model(batch[0]), batch[1])
    gradients = torch.autograd.grad(loss, list(task.model.parameters()))
    torch.set_rng_state(state)  # the step draws the same dropout mask
    values = task.training_step(batch)
    assert values["loss"] == loss.item()
    for parameter, weight, gradient in zip(task.model.parameters(), before, gradients, strict=True):
        # torch may fuse the multiplication into the subtraction, which rounds once less
        torch.testing.assert_close(parameter.detach(), weight - 0.1 * gradient, rtol=1e-6, atol=1e-8)


def test_an_edit_holds_from_the_next_step_and_keeps_the_optimizer_state():
    said = events(config(), {5: 0.01})
    assert Edited(5, "optimizer.learning_rate", 0.01) in said
    plain = losses(events(config()))
    assert losses(said)[:6] == plain[:6]  # the sixth loss is taken before the sixth update
    assert losses(said)[6:] != plain[6:]

    task = make_task(config())
    for number, batch in enumerate(task.batches(1), 1):
        task.training_step(batch)
        if number == 5:
            moments = [state["exp_avg"].clone() for state in task.optimizer.state.values()]
            task.apply(Edit("optimizer.learning_rate", 0.01))
            kept = [state["exp_avg"] for state in task.optimizer.state.values()]
            assert all(torch.equal(a, b) for a, b in zip(moments, kept, strict=True))
            assert task.learning_rate == task.optimizer.param_groups[0]["lr"] == 0.01


def test_other_values_cannot_be_edited():
    with pytest.raises(ConfigError, match="epochs cannot be changed"):
        make_task(config()).apply(Edit("epochs", 3))
    with pytest.raises(ConfigError, match="Adam has no momentum"):
        make_task(config()).apply(Edit("optimizer.momentum", 0.3))


def test_another_batch_size_holds_from_the_next_batch_and_moves_the_end():
    task = make_task(config())
    sizes, position, left = [], [], []
    for batch in task.batches(1):
        sizes.append(len(batch[0]))
        position.append(task.progress)
        if len(sizes) == 3:
            task.apply(Edit("batch_size", 500))
        left.append(task.steps_left())
    assert sizes == [128, 128, 128, 500, 500, 53]
    assert position == [sum(sizes[:taken]) / 1437 for taken in range(1, 7)]
    assert left == [23, 22, 3 + 3, 2 + 3, 1 + 3, 3]


def test_dropout_can_come_and_go():
    plain, dropped = make_task(config(model={"hidden": [8]})), make_task(config(model={"hidden": [8]}))
    batch = next(plain.batches(1))
    assert plain.training_step(batch) == dropped.training_step(batch)  # p = 0 changes no digit
    dropped.apply(Edit("model.dropout", 0.5))
    assert [module.p for module in dropped.model.modules() if isinstance(module, torch.nn.Dropout)] == [0.5, 0.5]
    assert plain.training_step(batch) != dropped.training_step(batch)


@pytest.mark.parametrize("optimizer", NAMES)
@pytest.mark.parametrize("rate", [1e10, 1e38])
def test_a_learning_rate_beyond_reason_diverges_in_words(optimizer, rate):
    rate = min(rate, 1e10)
    last = events(config(optimizer={"name": optimizer, "learning_rate": rate}, epochs=20))[-1]
    assert last.state == "diverged"
    assert last.step < 60
    sentence = last.reason.format(**last.values)
    assert "1e+10" in sentence and "try 0.01" in sentence


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_takes_torchs_own_step(name):
    """Two steps on two weights equal torch.optim called directly."""
    settings = OptimizerConfig(name, learning_rate=0.1, momentum=0.5, weight_decay=0.01)
    direct = {
        "sgd": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.5, weight_decay=0.01),
        "adam": lambda p: torch.optim.Adam(p, lr=0.1, weight_decay=0.01),
        "adamw": lambda p: torch.optim.AdamW(p, lr=0.1, weight_decay=0.01),
        "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.1, momentum=0.5, weight_decay=0.01),
        "adagrad": lambda p: torch.optim.Adagrad(p, lr=0.1, weight_decay=0.01),
    }
    ended = []
    for make in (lambda p: OPTIMIZERS[name](p, settings), direct[name]):
        weight = torch.nn.Parameter(torch.tensor([1.0, -2.0]))
        optimizer = make([weight])
        for _step in range(2):
            optimizer.zero_grad()
            (weight**2).sum().backward()
            optimizer.step()
        ended.append(weight.detach().clone())
    assert torch.equal(*ended)
    assert not torch.equal(ended[0], torch.tensor([1.0, -2.0]))


def test_the_names_offered_are_the_optimizers_there_are():
    assert set(NAMES) == set(OPTIMIZERS)


@pytest.mark.parametrize("name", PROBES)
def test_a_probe_leaves_no_trace(name):
    task = make_task(config())
    weights = [parameter.clone() for parameter in task.model.parameters()]
    random = torch.get_rng_state()
    answer = PROBES[name](task)
    assert len(answer["predicted"]) == len(answer["labels"]) == 40
    assert task.model.training
    assert torch.equal(random, torch.get_rng_state())
    assert all(torch.equal(a, b) for a, b in zip(weights, task.model.parameters(), strict=True))


def test_the_wall_shows_the_validation_pictures():
    import io

    import numpy as np
    from PIL import Image

    task = make_task(config())
    sheet = np.asarray(Image.open(io.BytesIO(PICTURES["wall"](task))))
    assert sheet.shape == (5 * 32, 8 * 32)
    ninth = task.data.pixels(task.data.validation_images[8:9])[0, 0].numpy()  # second row, first column
    assert np.array_equal(sheet[32:64:4, 0:32:4], ninth)
