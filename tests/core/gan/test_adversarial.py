"""Rounds of the GAN task: exact first updates, order, seeds, edits, who learns."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import pytest
import torch
from torch.nn import functional as F

from core.config import load
from core.config.gan import GAN_LOSSES, GANRunConfig
from core.datasets.shapes2d import ring
from core.errors import ConfigError
from core.models.gan import build, discriminator_layers, generator_layers, players_table
from core.training.events import Edit, Ended, Metrics, Started
from core.training.gan_history import History, Moment
from tests.core.gan.helping import SMALL, events, played, small, task_of


def weights(task) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in task.weights().items()}


def moved(before: dict[str, torch.Tensor], task) -> set[str]:
    return {name.split(".")[0] for name, value in task.weights().items() if not torch.equal(value, before[name])}


def test_the_first_round_by_hand():
    """Both updates with plain SGD, gradients taken separately: the generator meets the new discriminator."""
    sgd = {"name": "sgd", "learning_rate": 0.1, "momentum": 0.0}
    config = small(optimizer=sgd, discriminator_optimizer=sgd, schedule={"name": "constant"}, loss={"real_label": 0.9})
    task = task_of(config)
    torch.manual_seed(config.seed)
    generator, discriminator = build(config)
    assert all(
        torch.equal(a, b)
        for a, b in zip(generator.state_dict().values(), task.game.generator.state_dict().values(), strict=True)
    )
    draw = torch.Generator().manual_seed(config.seed)
    real = ring(32, 0.05, draw)
    fake = generator(torch.randn(32, 8, generator=draw)).detach()
    on_real, on_fake = discriminator(real), discriminator(fake)
    loss_d = F.binary_cross_entropy(on_real.sigmoid(), torch.full((32, 1), 0.9)) - (1 - on_fake.sigmoid()).log().mean()
    gradients = torch.autograd.grad(loss_d, list(discriminator.parameters()))
    with torch.no_grad():
        for weight, gradient in zip(discriminator.parameters(), gradients, strict=True):
            weight -= 0.1 * gradient
    loss = -discriminator(generator(torch.randn(32, 8, generator=draw))).sigmoid().log().mean()
    gradients = torch.autograd.grad(loss, list(generator.parameters()))
    with torch.no_grad():
        for weight, gradient in zip(generator.parameters(), gradients, strict=True):
            weight -= 0.1 * gradient
    said = played(task, 1)[0]
    assert said["loss"] == pytest.approx(loss.item(), rel=1e-5)
    assert said["loss_d"] == pytest.approx(loss_d.item(), rel=1e-5)
    assert said["d_real"] == pytest.approx(on_real.sigmoid().mean().item(), rel=1e-5)
    assert said["d_fake"] == pytest.approx(on_fake.sigmoid().mean().item(), rel=1e-5)
    for mine, theirs in ((generator, task.game.generator), (discriminator, task.game.discriminator)):
        for a, b in zip(mine.parameters(), theirs.parameters(), strict=True):
            torch.testing.assert_close(a, b, rtol=1e-5, atol=1e-7)


def test_what_a_run_says_in_which_order():
    said = events(small(epochs=2))
    assert isinstance(said[0], Started)
    assert (said[0].total_steps, said[0].samples, said[0].shape) == (200, 3200, (2,))
    metrics = [event for event in said if isinstance(event, Metrics)]
    assert [event.step for event in metrics if event.split == "validation"] == [0, 100, 200]
    assert [event.step for event in metrics if event.split == "train"] == list(range(1, 201))
    train = next(event for event in metrics if event.split == "train")
    assert list(train.values) == ["loss", "loss_d", "d_real", "d_fake", "learning_rate", "learning_rate_d"]
    assert list(metrics[0].values) == ["loss", "js", "kl", "modes", "good"]
    assert metrics[-1].progress == 2.0
    assert said[-1] == Ended("finished", 200)


@pytest.mark.parametrize("loss", GAN_LOSSES)
def test_same_seed_same_rounds_to_the_last_digit(loss):
    config = small(loss={"name": loss}, seed=3)
    once = played(task_of(config), 5)
    assert once == played(task_of(config), 5)
    assert once != played(task_of(small(loss={"name": loss}, seed=4)), 5)
    assert all(math.isfinite(value) for values in once for value in values.values())


@pytest.mark.parametrize(("players", "learning"), [("both", {"generator", "discriminator"}), ("generator", {"generator"}), ("discriminator", {"discriminator"})])  # fmt: skip
def test_who_learns(players, learning):
    task = task_of(small(players=players, steps_d=2, steps_g=2))
    before = weights(task)
    said = played(task, 1)[0]
    assert moved(before, task) == learning
    assert {"loss", "loss_d", "d_real", "d_fake"} < said.keys()


def test_a_step_of_the_discriminator_alone_then_of_the_generator_alone():
    task = task_of(small())
    for player in ("discriminator", "generator"):
        before = weights(task)
        task.apply(Edit("players", player))
        played(task, 1)
        assert moved(before, task) == {player}


def test_more_updates_take_more_noise():
    task = task_of(small(steps_d=3, steps_g=2))
    calls: list[str] = []
    for name in ("discriminator_turn", "generator_turn"):
        turn = getattr(task.game, name)
        setattr(task.game, name, lambda *args, turn=turn, name=name: (calls.append(name[0]), turn(*args))[1])
    played(task, 1)
    assert "".join(calls) == "dddgg"


def test_clipped_weights_stay_within():
    task = task_of(small(loss={"name": "wgan_clip", "clip": 0.02}))
    played(task, 2)
    assert max(weight.abs().max().item() for weight in task.game.discriminator.parameters()) <= 0.02 + 1e-9
    assert max(weight.abs().max().item() for weight in task.game.generator.parameters()) > 0.02


EDITS: dict[str, Any] = {
    "steps_d": 2,
    "steps_g": 2,
    "players": "generator",
    "batch_size": 48,
    "clip_norm": 0.01,
    "loss.real_label": 0.6,
    "loss.penalty": 1.0,
    "loss.clip": 0.1,
    "data.points": [[0.5, 0.5]],
    "data.spread": 0.2,
    "stop.target_loss": 0.1,
    "stop.patience": 3,
    "stop.seconds": 30,
}
CONSTANTS = {"learning_rate": 0.02, "beta1": 0.1, "beta2": 0.9, "weight_decay": 0.1}
MOMENTA = {"momentum": 0.3, "nesterov": True}
NEEDS: dict[str, dict[str, Any]] = {
    "loss.penalty": {"loss": {"name": "wgan_gp"}},
    "loss.clip": {"loss": {"name": "wgan_clip"}},
    "data.points": {"dataset": "drawn"},
}


def optimiser_edits() -> dict[str, tuple[str, Any]]:
    made: dict[str, tuple[str, Any]] = {}
    for owner in ("optimizer", "discriminator_optimizer"):
        made |= {f"{owner}.{name}": ("adam", value) for name, value in CONSTANTS.items()}
        made |= {f"{owner}.{name}": ("sgd", value) for name, value in MOMENTA.items()}
        made[f"{owner}.alpha"], made[f"{owner}.rho"] = ("rmsprop", 0.5), ("adadelta", 0.5)
    return made


def test_every_setting_that_can_be_edited_is_tried():
    assert set(GANRunConfig.EDITABLE) == EDITS.keys() | optimiser_edits().keys()


@pytest.mark.parametrize("name", GANRunConfig.EDITABLE)
def test_an_edit_is_taken_over(name):
    changed = dict(NEEDS.get(name, {}))
    value = EDITS.get(name)
    if name in optimiser_edits():
        optimizer, value = optimiser_edits()[name]
        changed[name.split(".")[0]] = {"name": optimizer, "learning_rate": 0.01, "momentum": 0.5}
    task, plain = task_of(small(**changed)), task_of(small(**changed))
    assert played(task, 3) == played(plain, 3)
    task.apply(Edit(name, value))
    assert task.config == plain.config.with_value(name, value)
    if not name.startswith("stop."):
        assert played(task, 3) != played(plain, 3)


def test_points_drawn_on_the_way_are_what_is_measured_against():
    task = task_of(small(dataset="drawn"))
    before = task.game.reference()
    task.apply(Edit("data.points", [[1.0, 1.0]]))
    after = task.game.reference()
    assert not torch.equal(before, after)
    assert after.sum() == before.sum()
    with pytest.raises(ConfigError, match="at least one point"):
        task.apply(Edit("data.points", []))


def test_other_values_cannot_be_edited():
    task = task_of(small())
    with pytest.raises(ConfigError, match="epochs cannot be changed"):
        task.apply(Edit("epochs", 3))
    with pytest.raises(ConfigError, match="Adam has no momentum"):
        task.apply(Edit("discriminator_optimizer.momentum", 0.3))


def test_rounds_of_pictures_follow_the_batch_size():
    task = task_of(small(dataset="digits", batch_size=300))
    assert task.steps_left() == 5
    taken = []
    for batch in task.batches(1):
        task.training_step(batch)
        taken.append((task.progress, task.steps_left()))
        if len(taken) == 1:
            task.apply(Edit("steps_d", 2))
    assert taken == [(300 / 1437, 4), (900 / 1437, 1), (1.0, 0)]


def test_both_rates_follow_one_schedule():
    said = [
        event for event in events(small(discriminator_optimizer={"learning_rate": 0.004})) if isinstance(event, Metrics)
    ]
    rates = [
        (event.values["learning_rate"], event.values["learning_rate_d"]) for event in said if event.split == "train"
    ]
    assert rates[0] == (0.001, 0.004)
    assert rates[50] == pytest.approx((0.001 * (1 - 0.99 / 2), 0.004 * (1 - 0.99 / 2)))


def test_evaluations_draw_nothing_and_change_nothing():
    task = task_of(small(generator=SMALL | {"batch_norm": True}, discriminator=SMALL | {"spectral_norm": True}))
    played(task, 2)
    before, state = weights(task), task.draws.get_state()
    assert task.evaluate() == task.evaluate()
    assert torch.equal(task.draws.get_state(), state) and moved(before, task) == set()
    assert task.game.generator.training


@pytest.mark.parametrize("dataset", ["digits", "mnist"])
@pytest.mark.parametrize("kind", ["mlp", "dcgan"])
@pytest.mark.parametrize("conditional", [False, True])
def test_the_layers_that_are_shown_are_those_that_compute(dataset, kind, conditional):
    player = {"kind": kind, "channels": 8, "hidden": [16, 8]}
    config = small(
        dataset=dataset, conditional=conditional, generator=player | {"batch_norm": True}, discriminator=player
    )
    generator, discriminator = build(config)
    z = torch.randn(3, 8 + 10 * conditional)
    for layer, module in zip(generator_layers(config), generator, strict=True):
        z = module(z)
        assert z.shape == (3, *layer.output)
        assert sum(part.numel() for part in module.parameters()) == layer.parameters
    x = torch.cat([z.flatten(1), torch.zeros(3, 10)], 1) if conditional else z
    if conditional and kind == "dcgan":
        x = torch.cat([z, torch.zeros(3, 10, *z.shape[2:])], 1)
    for layer, module in zip(discriminator_layers(config), discriminator, strict=True):
        x = module(x)
        assert x.shape == (3, *layer.output)
        assert sum(part.numel() for part in module.parameters()) == layer.parameters
    assert x.shape == (3, 1)


def test_spectral_norm_bounds_the_slope():
    """Weights five times too large; while they stand still, the running estimate of the singular value gets exact."""
    config = small(
        discriminator={"hidden": [64, 64], "spectral_norm": True}, discriminator_optimizer={"learning_rate": 0.0}
    )
    task = task_of(config)
    layers = [module for module in task.game.discriminator if hasattr(module, "weight")]
    for layer in layers:
        layer.parametrizations.weight.original.data *= 5
    played(task, 50)
    assert min(torch.linalg.matrix_norm(layer.parametrizations.weight.original, 2).item() for layer in layers) > 1.5
    slopes = [torch.linalg.matrix_norm(layer.weight.detach(), 2).item() for layer in layers]
    assert slopes == pytest.approx([1.0] * 3, abs=0.03)


def test_moments_are_thinned_evenly():
    history = History()
    for number in range(101):
        history.add(Moment(number, float(number), torch.tensor([number])))
        steps = [one.step for one in history.all()]
        assert len(steps) <= 40 and steps[0] == 0 and steps[-1] == number
        assert len({b - a for a, b in pairwise(steps[:-1])}) <= 1


def test_the_table_of_the_page():
    table = players_table(small().to_dict())
    assert table["generator"]["parameters"] == 16 * 9 + 2 * 17
    assert table["discriminator"]["parameters"] == 16 * 3 + 17
    assert table["parameters"] == 178 + 65
    assert (table["kind"], table["score"], table["equilibrium"], table["modes"]) == ("plane", "probability", 0.5, 8)
    assert (table["rounds"], table["total_rounds"], table["samples"]) == (100, 100, None)
    pictures = players_table(small(dataset="digits", batch_size=100, steps_d=2).to_dict())
    assert (pictures["rounds"], pictures["samples"]) == (8, 1437)


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"generator": {"kind": "dcgan"}}, "generator.kind", "no pixels"),
    ({"discriminator": {"kind": "dcgan"}}, "discriminator.kind", "no pixels"),
    ({"conditional": True}, "conditional", "have none"),
    ({"dataset": "drawn", "data": {"points": []}}, "data.points", "at least one point"),
    ({"dataset": "drawn", "data": {"points": [[1.0]]}}, "data.points.0", "two numbers"),
    ({"dataset": "drawn", "data": {"points": [[1.0, 9.0]]}}, "data.points.0.1", "between -1.5 and 1.5"),
    ({"data": {"points": [[0.0, 0.0]] * 2001}}, "data.points", "2001 entries"),
    ({"data": {"points": [["a", "b"]]}}, "data.points.0.0", "must be a number"),
    ({"data": {"points": [3]}}, "data.points.0", "must be a list"),
    ({"latent": {"dimension": 65}}, "latent.dimension", "between 1 and 64"),
    ({"loss": {"name": "kl"}}, "loss.name", "must be one of"),
    ({"dataset": "cifar10"}, "dataset", "must be one of"),
    ({"batch_size": 1}, "batch_size", "between 2 and 4096"),
    ({"precision": "bfloat16"}, "precision", "must be one of"),
]


@pytest.mark.parametrize(("values", "field", "said"), BAD)
def test_what_cannot_be_is_refused_with_a_sentence(values, field, said):
    with pytest.raises(ConfigError, match=said) as caught:
        load({"page": "gan"} | values)
    assert caught.value.field == field


def test_players_that_are_too_large_and_pictures_that_are_not_there(monkeypatch, tmp_path):
    large = {"hidden": [1024] * 6}
    monkeypatch.setenv("LIVETORCH_MAX_PARAMETERS", "1000000")
    with pytest.raises(ConfigError, match="Most of them are in the discriminator") as caught:
        players_table(small(discriminator=large).to_dict())
    assert caught.value.field == "discriminator.hidden"
    for name in ("LIVETORCH_DATA", "LIVETORCH_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    with pytest.raises(ConfigError, match="is not on this machine"):
        players_table(small(dataset="mnist").to_dict())
