"""The task: its numbers against plain torch, whatever the way to them; edits; what is recorded."""

from __future__ import annotations

import copy
import math

import pytest
import torch

from core.config import ACTIVATIONS, MLPRunConfig
from core.errors import ConfigError
from core.training.events import Edit, Ended, Metrics
from core.training.plane_losses import PLANE_LOSSES, penalty, target_of
from core.training.playground import batch_sizes, recorded
from core.training.task import make_task
from tests.core.mlp.runs import DRAWN, config, events, numbers


def trained(settings: MLPRunConfig, epochs: int = 2, by_hand: bool = True):
    task = make_task(settings)
    if not by_hand:
        task.steps.by_hand = task.steps.plain_sgd = False
    for epoch in range(1, epochs + 1):
        for stretch in task.batches(epoch):
            task.training_step(stretch)
    return task


def same(one, other) -> bool:
    return all(torch.equal(a, b) for a, b in zip(one.model.parameters(), other.model.parameters(), strict=True))


def test_losses_by_hand():
    outputs, signs = torch.tensor([[0.5], [-2.0]]), torch.tensor([[1.0], [1.0]])
    expected = ((math.tanh(0.5) - 1) ** 2 + (math.tanh(-2) - 1) ** 2) / 4
    assert PLANE_LOSSES["tanh_squared"](outputs, signs).item() == pytest.approx(expected)
    assert PLANE_LOSSES["squared"](outputs, signs).item() == pytest.approx((0.25 + 9) / 4)
    assert PLANE_LOSSES["hinge"](outputs, signs).item() == pytest.approx((0.5 + 3) / 2)
    expected = (math.log(1 + math.exp(-0.5)) + math.log(1 + math.exp(2))) / 2
    assert PLANE_LOSSES["bce"](outputs, signs).item() == pytest.approx(expected)
    linear = torch.nn.Linear(2, 1)
    linear.weight.data[:] = torch.tensor([[3.0, -1.0]])
    assert penalty([linear], 0.1, 0.2).item() == pytest.approx(0.1 * 4 + 0.1 * 10)


def test_targets_of_several_classes():
    labels = torch.tensor([0.0, 2.0])
    three = {"dataset": "spiral", "data": {"classes": 3}}
    assert target_of(config(loss={"name": "bce"}, **three), labels).tolist() == [[1, 0, 0], [0, 0, 1]]
    assert target_of(config(loss={"name": "hinge"}, **three), labels).tolist() == [[1, -1, -1], [-1, -1, 1]]
    assert target_of(config(loss={"name": "cross_entropy"}, **three), labels).tolist() == [0, 2]
    assert target_of(config(), torch.tensor([0.0, 1.0])).tolist() == [[-1], [1]]


def test_a_step_against_plain_torch():
    task = make_task(config())
    model = copy.deepcopy(task.model)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.03)
    task.single = True
    stretch = next(task.batches(1))
    assert stretch.sizes == [10]
    x = task.data.train_points[stretch.places]
    signs = 2 * task.data.train_targets[stretch.places] - 1
    loss = 0.5 * ((torch.tanh(model(x)) - signs[:, None]) ** 2).mean()
    loss.backward()
    optimizer.step()
    values = task.training_step(stretch)
    for ours, theirs in zip(task.model.parameters(), model.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-6, atol=1e-8)
    outputs = model(task.data.train_points)[:, 0]
    right = ((outputs > 0).float() == task.data.train_targets).sum().item()
    assert values["accuracy"] == right / 250
    assert values["learning_rate"] == 0.03


CASES = [
    (loss, dataset, activation, skip, penalties)
    for loss, dataset in (
        ("mse", "circles"),
        ("mse", "spiral"),
        ("bce", "moons"),
        ("hinge", "spiral"),
        ("cross_entropy", "circles"),
        ("mse", "plane"),
    )
    for activation, skip, penalties in (
        ("tanh", False, {}),
        ("relu", True, {"l2": 0.01}),
        ("gelu", True, {"l1": 0.01}),
    )
] + [("bce", "spiral", activation, True, {}) for activation in ACTIVATIONS]


@pytest.mark.parametrize(("loss", "dataset", "activation", "skip", "penalties"), CASES)
def test_gradients_by_hand_are_autograds_to_the_last_digit(loss, dataset, activation, skip, penalties):
    layers = [{"neurons": count, "activation": activation} for count in (6, 6, 3)]
    settings = config(
        loss={"name": loss},
        dataset=dataset,
        data={"classes": 4, "samples": 90},
        features={"sin_x1": True, "product": True},
        model={"layers": layers, "skip": skip},
        penalty=penalties,
        batch_size=8,
    )
    quick, plain = trained(settings), trained(settings, by_hand=False)
    assert quick.steps.by_hand and not plain.steps.by_hand
    assert same(quick, plain)


def test_same_seed_same_run_and_other_seeds_others():
    assert events(config(epochs=5, seed=3)) == events(config(epochs=5, seed=3))
    assert events(config(epochs=5, seed=3)) != events(config(epochs=5, seed=4))


@pytest.mark.parametrize("model", [{"dropout": 0.3}, {"normalization": "batch"}, {}])
def test_steps_one_by_one_give_the_same_numbers(model):
    settings = config(epochs=6, model=model, schedule={"name": "one_cycle"}, features={"sin_x1": True})
    plain, stepped = events(settings), events(settings, single=[*range(30, 60), *range(100, 103)])
    for split in ("train", "validation"):
        whole, more = numbers(plain, split), numbers(stepped, split)
        assert whole.items() <= more.items()
        assert len(more) > len(whole) or split == "validation"
    steps = [event.step for event in stepped if isinstance(event, Metrics) and event.split == "train"]
    assert steps[:4] == [25, 50, 51, 52]


def test_fewer_and_fewer_epochs_are_recorded():
    kept = [epoch for epoch in range(1, 100_001) if recorded(epoch, 100_000)]
    assert kept[:201] == [*range(1, 201), 202]
    assert kept[-1] == 100_000 and 1000 < len(kept) < 1200
    said = events(config(epochs=211, data={"samples": 10}))
    assert list(numbers(said, "train"))[-5:] == list(numbers(said, "validation"))[-5:] == [204, 206, 208, 210, 211]
    assert said[-1] == Ended("finished", 211)


def test_batches_cover_every_point_once():
    assert batch_sizes(25, 10, False) == [10, 10, 5]
    assert batch_sizes(21, 10, True) == [10, 11] and batch_sizes(21, 10, False) == [10, 10, 1]
    task = make_task(config(data={"samples": 100}, batch_size=7))
    places = torch.cat([stretch.places for stretch in task.batches(1)])
    assert places.sort().values.tolist() == list(range(50))
    assert task.progress == 1.0 and task.started().total_steps == 2999 * 8
    longest = make_task(config(batch_size=1))
    assert max(len(stretch.sizes) for stretch in longest.batches(1)) == 64


def test_a_zero_start_moves_only_the_last_bias():
    task = trained(config(model={"layers": [{"neurons": 4, "activation": "relu"}], "initialization": "zero"}))
    weight, bias, out, last = task.model.parameters()
    assert not weight.any() and not bias.any() and not out.any() and last.any()


def test_an_exploding_start_ends_in_words():
    model = {"layers": [{"neurons": 32, "activation": "relu"}] * 8, "initialization": "large"}
    last = events(config(model=model, loss={"name": "bce"}))[-1]
    assert last.state == "diverged" and "initial weights are far too large" in last.reason.format(**last.values)


VALUES = {
    "optimizer.nesterov": True,
    "batch_size": 3,
    "stop.patience": 4,
    "stop.seconds": 9,
    "data.points": DRAWN[:6],
    "poke": [1, 1, 3, 0.25],
}


@pytest.mark.parametrize("name", MLPRunConfig.EDITABLE)
def test_every_editable_setting_is_taken_over(name):
    chosen = {"nesterov": "sgd", "momentum": "sgd", "alpha": "rmsprop", "rho": "adadelta"}
    optimizer = {"name": chosen.get(name.split(".")[-1], "adam")}
    if name == "optimizer.nesterov":
        optimizer["momentum"] = 0.5
    task = make_task(config(optimizer=optimizer, dataset="drawn", data={"points": DRAWN}, batch_size=2))
    task.single = True
    batches, value = task.batches(1), VALUES.get(name, 0.25)
    task.training_step(next(batches))
    version = task.version
    task.apply(Edit(name, value))
    assert task.version != version
    if name == "poke":
        assert task.model.linears[1].weight[1, 3].item() == 0.25
    elif name == "data.points":
        assert task.points_version == 1 and len(task.train) + len(task.test) == 6
    else:
        *parents, last = name.split(".")
        held = task.config
        for parent in parents:
            held = getattr(held, parent)
        assert getattr(held, last) == value
        group = task.optimizer.param_groups[0]
        if parents == ["optimizer"] and last in group:
            assert group[last] == value
    assert math.isfinite(task.training_step(next(batches))["loss"])


def test_a_bias_set_by_hand_keeps_the_optimiser():
    task = trained(config(optimizer={"name": "adam"}), epochs=1)
    kept = [state["exp_avg"].clone() for state in task.optimizer.state.values()]
    task.apply(Edit("poke", [2, 0, -1, 3.5]))
    assert task.model.output.bias.item() == 3.5
    now = [state["exp_avg"] for state in task.optimizer.state.values()]
    assert all(torch.equal(a, b) for a, b in zip(kept, now, strict=True))
    with pytest.raises(ConfigError):
        task.apply(Edit("poke", [2, 1, 0, 3.5]))
    with pytest.raises(ConfigError):
        task.apply(Edit("epochs", 3))


def test_what_is_changed_after_a_step_does_not_touch_its_numbers():
    said = events(config(epochs=2), [{"step": 25, "name": "poke", "value": [2, 0, -1, 30.0]}])
    plain = events(config(epochs=2))
    for split in ("train", "validation"):
        assert numbers(said, split)[25] == numbers(plain, split)[25]
        assert numbers(said, split)[50] != numbers(plain, split)[50]


@pytest.mark.parametrize("changed", [{"clip_norm": 0.01}, {"penalty": {"l1": 0.01, "l2": 0.01}}, {"schedule": {"name": "cosine"}}])  # fmt: skip
def test_each_choice_changes_the_numbers(changed):
    assert numbers(events(config(epochs=2, **changed)), "train") != numbers(events(config(epochs=2)), "train")
