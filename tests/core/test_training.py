"""The loop: what it says, that it repeats itself, that it can be steered, that it tells when it diverges."""

from __future__ import annotations

import math

import pytest
import torch

from core.config import OPTIMIZERS as NAMES
from core.config import CNNRunConfig, load
from core.errors import ConfigError
from core.training.events import Edit, Edited, Ended, Metrics, Started
from core.training.loop import train
from core.training.task import make_task

SMALL = {"model": {"blocks": [{"channels": 4, "pooling": "max"}], "hidden": [8], "dropout": 0.2}, "batch_size": 128}


def config(**changed) -> CNNRunConfig:
    precision = changed.get("precision", "float32")
    return load(SMALL | {"epochs": 2} | changed).resolved(device="cpu", threads=1, precision=precision)


def events(settings: CNNRunConfig, edits: dict[int, float] | None = None) -> list:
    """All events of a run; ``edits``: step -> learning rate set after it."""
    loop = train(make_task(settings))
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
    images, labels = task.pictures(batch)
    loss = torch.nn.functional.cross_entropy(task.model(images), labels)
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
        sizes.append(len(batch))
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


def test_each_choice_changes_the_numbers_of_a_run():
    """Loss, schedule, averaged weights, clipping, augmentation, initialisation: each changes the numbers of a run."""
    plain = losses(events(config(epochs=1)))
    for changed in (
        {"loss": {"name": "mse"}},
        {"loss": {"label_smoothing": 0.1}},
        {"schedule": {"name": "one_cycle"}},
        {"clip_norm": 0.1},
        {"data": {"augmentation": "shift"}},
        {"data": {"label_noise": 0.3}},
        {"model": SMALL["model"] | {"initialization": "kaiming"}},
        {"precision": "bfloat16"},
    ):
        said = losses(events(config(epochs=1, **changed)))
        assert len(said) == len(plain) and said != plain, changed
        assert all(math.isfinite(loss) for loss in said)


def test_averaged_weights_validate_and_train_nothing():
    plain, averaged = events(config()), events(config(ema_decay=0.9))
    assert losses(plain) == losses(averaged)
    validated = [
        [event.values["loss"] for event in said if isinstance(event, Metrics) and event.split == "validation"]
        for said in (plain, averaged)
    ]
    assert validated[0][0] == validated[1][0] and validated[0][1:] != validated[1][1:]
    task = make_task(config(ema_decay=0.5))
    first = task.model[0].weight.detach().clone()
    for _batch, batch in zip(range(2), task.batches(1), strict=False):
        before = task.model[0].weight.detach().clone()
        task.training_step(batch)
    expected = 0.5 * before + 0.5 * task.model[0].weight  # the first average is the first weight after a step
    torch.testing.assert_close(task.evaluated[0].weight, expected)
    assert not torch.equal(first, task.evaluated[0].weight)


def test_clipping_shortens_the_step():
    free = make_task(config(optimizer={"name": "sgd", "learning_rate": 1.0, "momentum": 0.0}))
    tight = make_task(config(optimizer={"name": "sgd", "learning_rate": 1.0, "momentum": 0.0}, clip_norm=0.01))
    for task in (free, tight):
        task.before_weights = [parameter.detach().clone() for parameter in task.model.parameters()]
        task.said = task.training_step(next(task.batches(1)))
    assert "gradient_norm" not in free.said
    moved = [
        (a.detach() - b).square().sum() for a, b in zip(tight.model.parameters(), tight.before_weights, strict=True)
    ]
    assert torch.stack(moved).sum().sqrt().item() == pytest.approx(0.01, rel=1e-3)
    assert tight.said["gradient_norm"] > 0.01


def test_the_rate_follows_the_schedule_and_the_batch_size():
    said = events(config(schedule={"name": "cosine", "warmup": 0.0, "floor": 0.0}, batch_size=719, epochs=2))
    rates = [event.values["learning_rate"] for event in said if isinstance(event, Metrics) and event.split == "train"]
    shares = [0, 719 / 1437 / 2, 1438 / 1437 / 2, 0.5, 0.5 + 719 / 1437 / 2, 0.5 + 1438 / 1437 / 2]
    expected = [0.001 * (1 + math.cos(math.pi * share)) / 2 for share in shares]
    assert len(rates) == 4  # two batches an epoch: 719 and 718
    assert rates == pytest.approx([expected[0], expected[1], expected[3], expected[4]], abs=1e-9)


def test_a_run_ends_at_its_target():
    ended = events(config(epochs=50, stop={"target_accuracy": 0.5}))[-1]
    assert ended.state == "finished" and ended.step < 50 * 12
    assert "the target was 50 %" in ended.reason.format(**ended.values)


def test_runs_of_one_seed_start_alike():
    starts = {seed: make_task(config(seed=seed)).started().start for seed in (1, 2)}
    assert starts[1] == make_task(config(seed=1, optimizer={"name": "sgd"}, batch_size=7)).started().start
    assert starts[1] != starts[2]


@pytest.mark.parametrize("name", CNNRunConfig.EDITABLE)
def test_every_editable_setting_is_taken_over(name):
    optimizer = {"nesterov": "sgd", "momentum": "sgd", "alpha": "rmsprop", "rho": "adadelta"}.get(
        name.split(".")[-1], "adam"
    )
    value = {"batch_size": 7, "optimizer.nesterov": True, "stop.patience": 4, "stop.seconds": 9}.get(name, 0.25)
    task = make_task(config(optimizer={"name": optimizer}))
    batches = task.batches(1)
    task.training_step(next(batches))
    task.apply(Edit(name, value))
    assert math.isfinite(task.training_step(next(batches))["loss"])
    *parents, last = name.split(".")
    held = task.config
    for parent in parents:
        held = getattr(held, parent)
    assert getattr(held, last) == value
    group = task.optimizer.param_groups[0]
    if name.startswith("optimizer.") and last in ("momentum", "nesterov", "alpha", "rho", "weight_decay"):
        assert group[last] == value
    if last in ("beta1", "beta2"):
        assert value in group["betas"]
