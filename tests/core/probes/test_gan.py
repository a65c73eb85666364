"""Looks at two players: what they show, that they leave no trace, that a run at rest shows the same."""

from __future__ import annotations

import base64
import copy
import json
import math
from typing import Any

import numpy
import pytest
import torch
from safetensors.torch import save_file

from core.config.gan import GAN_DATASETS
from core.datasets import DATASETS
from core.datasets.shapes2d import centres, sample
from core.errors import LiveTorchError
from core.families import FAMILIES
from core.presets_gan import PRESETS
from core.probes import look
from core.probes.gan.interpolation import path
from core.probes.gan.subject import gan_rest
from core.probes.gan.verdict import Numbers, judged, measured, tries
from core.probes.gan.words import TRIES, VERDICTS
from core.probes.rest import look_at_rest
from tests.core.gan.helping import SMALL, played, small, task_of
from tests.test_boundaries import loaded_after

LOOKS = FAMILIES["gan"].looks
ONLY = {"plane": "plane", "sheet": "images", "nearest": "images"}
HERE = [name for name in GAN_DATASETS if name not in DATASETS or DATASETS[name].available()]


def unpacked(text: str) -> numpy.ndarray:
    return numpy.frombuffer(base64.b64decode(text), dtype=numpy.uint8)


def answered(task: Any, args: dict[str, dict[str, Any]] | None = None) -> dict[str, Any]:
    """Every look that the data allow; the others refuse with a sentence."""
    kind, found = "plane" if task.config.in_plane else "images", {}
    for name in LOOKS:
        if ONLY.get(name, kind) == kind:
            found[name] = look(task, name, (args or {}).get(name, {}))
            assert json.dumps(found[name], allow_nan=False)
        else:
            with pytest.raises(LiveTorchError, match="This view"):
                look(task, name, {})
    return found


@pytest.mark.parametrize("dataset", HERE)
def test_every_look_is_answered_for_every_data_set_before_the_first_round(dataset):
    task = task_of(small(dataset=dataset))
    found = answered(task)
    assert found["verdict"]["verdict"] == "early"
    task.evaluate()
    assert len(answered(task)["history"]["moments"]) == 1


@pytest.mark.parametrize("name", [name for name, preset in PRESETS.items() if preset.dataset in HERE])
def test_every_look_is_answered_for_every_preset(name):
    task = task_of(PRESETS[name].make(PRESETS[name].dataset or "").resolved(device="cpu", threads=1))
    played(task, 1)
    task.evaluate()
    answered(task)


RICH = [
    {"generator": SMALL | {"batch_norm": True}, "discriminator": SMALL | {"spectral_norm": True}, "steps_d": 2},
    {"loss": {"name": "wgan_gp"}, "latent": {"dimension": 2}, "players": "discriminator"},
    {"dataset": "digits", "conditional": True, "loss": {"name": "hinge"}, "generator": SMALL | {"batch_norm": True}},
]


@pytest.mark.parametrize("changed", RICH)
def test_a_look_leaves_no_trace(changed):
    task, plain = task_of(small(**changed)), task_of(small(**changed))
    played(task, 2), played(plain, 2)
    gradients = [None if p.grad is None else p.grad.clone() for p in task.game.players.parameters()]
    state, moments = torch.get_rng_state(), copy.deepcopy(task.optimizer.state_dict())
    first = answered(task)
    assert torch.equal(torch.get_rng_state(), state)
    assert str(task.optimizer.state_dict()) == str(moments)
    for parameter, gradient in zip(task.game.players.parameters(), gradients, strict=True):
        assert gradient is None if parameter.grad is None else torch.equal(parameter.grad, gradient)
        assert parameter.requires_grad
    assert all(module.training for module in task.game.players.modules())
    assert answered(task) == first
    assert played(task, 3) == played(plain, 3)


@pytest.mark.parametrize("changed", [*RICH, {"loss": {"name": "wgan_clip"}, "clip_norm": 0.1, "epochs": 2}])
def test_slow_motion_shows_what_the_next_round_does(changed):
    task = task_of(small(steps_g=1, **changed))
    played(task, 2)
    seen = look(task, "flow", {})
    phases = {phase["name"]: phase for phase in seen["phases"]}
    names = [
        "z_d",
        "fake_d",
        "real",
        "d_real",
        "d_fake",
        "loss_d",
        "update_d",
        "z_g",
        "fake_g",
        "d_g",
        "loss_g",
        "update_g",
    ]
    alone = changed.get("players") == "discriminator"
    assert list(phases) == [name for name in names if not (alone and name == "update_g")]
    before = [parameter.detach().clone() for parameter in task.game.discriminator.parameters()]
    values = task.training_step(next(task.batches(1)))  # the epoch goes on
    assert phases["loss_g"]["numbers"] == [pytest.approx(values["loss"], rel=1e-5)]
    assert seen["next_step"] == task.step
    if task.config.steps_d == 1:
        assert phases["loss_d"]["numbers"] == [pytest.approx(values["loss_d"], rel=1e-5)]
        assert phases["d_real"]["mean"] == pytest.approx(values["d_real"], rel=1e-4)
        change = math.sqrt(
            sum(
                (a - b).square().sum().item() for a, b in zip(task.game.discriminator.parameters(), before, strict=True)
            )
        )
        assert phases["update_d"]["change"] == pytest.approx(change, rel=1e-4)
    assert phases["update_d"]["learning_rate"] == pytest.approx(values["learning_rate_d"], rel=1e-5)


def test_the_surface_is_the_discriminator():
    task = task_of(small())
    played(task, 3)
    surface = look(task, "plane", {"side": 8})["surface"]
    values = surface["low"] + unpacked(surface["values"]) / 255 * (surface["high"] - surface["low"])
    places = torch.tensor([[-1.6, -1.6], [1.6, -1.6], [-1.6, 1.6]])
    said = task.game.discriminator(places).sigmoid().flatten().tolist()
    step = (surface["high"] - surface["low"]) / 255
    assert [values[0], values[7], values[56]] == pytest.approx(said, abs=step)  # from the lower left, x first


def test_arrows_are_minus_the_gradient_of_one_samples_loss():
    task = task_of(small())
    arrows = look(task, "plane", {})["arrows"]
    points = torch.tensor([arrows["x"], arrows["y"]]).T.requires_grad_()
    assert len(points) == 60
    loss = -task.game.discriminator(points).sigmoid().log().sum()
    slope = torch.autograd.grad(loss, points)[0]
    assert arrows["dx"] == pytest.approx((-slope[:, 0]).tolist(), rel=1e-2, abs=1e-4)
    assert arrows["dy"] == pytest.approx((-slope[:, 1]).tolist(), rel=1e-2, abs=1e-4)
    assert arrows["longest"] == pytest.approx(slope.norm(dim=1).max().item(), rel=1e-3)


def test_the_plane_in_numbers():
    seen = look(task_of(small()), "plane", {"samples": 25})
    assert len(seen["real"]["x"]) == len(seen["generated"]["y"]) == 25
    assert seen["equilibrium"] == 0.5 and seen["score"] == "probability"
    assert 0 < seen["js_floor"] < 0.1
    assert seen["modes"]["x"] == pytest.approx(centres("ring")[:, 0].tolist(), abs=1e-4)
    assert seen["modes"]["radius"] == pytest.approx(0.15)
    assert look(task_of(small(dataset="line")), "plane", {})["modes"] is None


@pytest.mark.parametrize(("dimension", "columns", "rows"), [(1, 121, 1), (2, 17, 17), (3, None, None)])
def test_a_warped_grid_needs_one_or_two_latent_numbers(dimension, columns, rows):
    task = task_of(small(latent={"dimension": dimension, "distribution": "uniform"}))
    warp = look(task, "plane", {})["warp"]
    if columns is None:
        assert warp is None
        return
    assert (warp["columns"], warp["rows"], len(warp["x"])) == (columns, rows, columns * rows)
    corner = task.game.generator(torch.full((1, dimension), -1.0))[0].tolist()
    assert [warp["x"][0], warp["y"][0]] == pytest.approx(corner, rel=1e-3)


def test_a_sheet_of_one_class_a_row():
    task = task_of(small(dataset="digits", conditional=True))
    seen = look(task, "sheet", {"side": 3})
    assert (seen["columns"], seen["rows"], seen["labels"]) == (3, 10, list("0123456789"))
    pixels = unpacked(seen["pixels"]).reshape(80, 24)
    z = task.game.fixed(30).z[:3]
    told = torch.nn.functional.one_hot(torch.tensor([7, 7, 7]), 10).float()
    made = task.game.generator(torch.cat([z, told], 1))
    tile = ((made[2, 0] + 1) * 127.5).round().detach().numpy()
    assert numpy.abs(pixels[56:64, 16:24] - tile).max() <= 1
    assert len(seen["judged"]) == len(seen["confidence"]) == 30
    assert seen["judge"]["accuracy"] > 0.95


def test_a_training_picture_is_recognised_as_a_copy():
    task = task_of(small(dataset="digits"))
    copied = task.game.stored(task.game.pictures[[5, 17]])
    task.game.shown = lambda count: (copied[:count], None)
    seen = look(task, "nearest", {"count": 2})
    assert (seen["index"], seen["copies"]) == ([5, 17], 2)
    assert seen["distance"] == pytest.approx([0.0, 0.0], abs=0.1)
    assert seen["classes"] == [str(task.game.labels[5].item()), str(task.game.labels[17].item())]
    assert seen["generated"] == seen["nearest"]
    real = task.game.stored(task.game.pictures)[:50].flatten(1)
    nearest = torch.cdist(real, task.game.stored(task.game.pictures).flatten(1)).topk(2, largest=False).values[:, 1]
    assert seen["typical"] == pytest.approx((nearest.median() * 127.5 / 8).item(), rel=0.2)  # of 50 among the many


def test_a_path_between_two_noises():
    first, last, shares = torch.tensor([2.0, 0.0]), torch.tensor([0.0, 2.0]), torch.tensor([0.0, 0.5, 1.0])
    arc = path(first, last, shares, "gaussian")
    torch.testing.assert_close(arc, torch.tensor([[2.0, 0.0], [2**0.5, 2**0.5], [0.0, 2.0]]), atol=1e-5, rtol=0)
    line = path(first, last, shares, "uniform")
    torch.testing.assert_close(line, torch.tensor([[2.0, 0.0], [1.0, 1.0], [0.0, 2.0]]))
    same = path(first, first, shares, "gaussian")
    torch.testing.assert_close(same, first.repeat(3, 1))


@pytest.mark.parametrize("changed", [{}, {"dataset": "spiral", "discriminator": SMALL | {"spectral_norm": True}}, {"dataset": "digits", "conditional": True}])  # fmt: skip
def test_a_run_at_rest_shows_what_it_showed_last(changed, tmp_path):
    task = task_of(small(**changed))
    played(task, 3)
    task.evaluate()
    file = str(tmp_path / "weights.safetensors")
    save_file({name: value.contiguous() for name, value in task.weights().items()}, file)
    live = answered(task)
    for name, seen in live.items():
        rested = look_at_rest(task.config.to_dict(), file, 3, name, {})
        if name in ("plane", "sheet", "interpolation", "nearest"):
            assert rested == seen
        elif name == "history":
            assert [{**one, "epoch": 0} for one in rested["moments"]] == [{**seen["moments"][-1], "epoch": 0}]
        elif name == "flow":
            assert not any(phase["name"].startswith("update") for phase in rested["phases"])
        else:
            assert rested["verdict"] == seen["verdict"]
    state = torch.get_rng_state()
    gan_rest(task.config, task.weights(), 3)
    assert torch.equal(torch.get_rng_state(), state)


def test_weights_of_other_players_are_refused(tmp_path):
    file = str(tmp_path / "weights.safetensors")
    save_file({name: value.contiguous() for name, value in task_of(small()).weights().items()}, file)
    with pytest.raises(LiveTorchError, match="do not fit its network"):
        look_at_rest(small(generator={"hidden": [8]}).to_dict(), file, 3, "plane", {})


BAD = [
    ("plane", {"samples": 5}),
    ("plane", {"side": 100}),
    ("plane", {"side": True}),
    ("interpolation", {"start": -1}),
    ("interpolation", {"steps": 1}),
    ("interpolation", {"label": 3}),
    ("history", {"moment": 3}),
    ("nothing", {}),
]


@pytest.mark.parametrize(("name", "args"), BAD)
def test_bad_arguments_are_refused_with_a_sentence(name, args):
    with pytest.raises(LiveTorchError):
        look(task_of(small()), name, args)


@pytest.mark.parametrize("dataset", ["ring", "digits"])
def test_players_that_are_broken_are_looked_at_all_the_same(dataset):
    task = task_of(small(dataset=dataset))
    for parameter in task.game.players.parameters():
        parameter.data.fill_(math.nan)
    played(task, 1)
    task.evaluate()
    answered(task)


# What is said of the players


def numbers(**known: float | None) -> Numbers:
    names = ("gap", "found", "whole", "quality", "js", "distance", "moved", "better", "best", "now")
    usual: Numbers = {"gap": 0.1, "found": 8.0, "whole": 8.0, "quality": 0.5, "js": 0.6, "distance": 0.6, "moved": 0.1, "better": 0.1, "best": 0.5, "now": 0.5}  # fmt: skip
    assert set(known) <= set(names)
    return usual | known


SAID: list[tuple[Numbers, int, str]] = [
    (numbers(found=1.0), 100, "early"),
    (numbers(found=1.0), 400, "learning"),
    (numbers(found=4.0), 700, "collapse"),
    (numbers(found=0.0, gap=0.9), 700, "d_wins"),
    (numbers(gap=None, found=1.0), 700, "collapse"),
    (numbers(moved=0.7, better=-0.1), 700, "oscillates"),
    (numbers(moved=0.7), 700, "learning"),
    (numbers(js=0.1), 700, "works"),
    (numbers(quality=0.8), 700, "works"),
    (numbers(js=None, found=10.0, whole=10.0, quality=0.7), 700, "works"),
    (numbers(js=None, found=9.0, whole=10.0, quality=0.7), 700, "learning"),
    (numbers(better=-0.1), 3000, "stuck"),
    (numbers(better=-0.1, best=0.8, now=0.2), 3000, "worse"),
    (numbers(better=-0.1, best=0.8, now=0.2, found=1.0), 3000, "collapse"),
    (numbers(best=0.8, now=0.55), 700, "learning"),
    (numbers(best=None, now=None), 700, "learning"),
    (numbers(better=None), 3000, "learning"),
]


@pytest.mark.parametrize(("found", "step", "key"), SAID)
def test_verdicts(found, step, key):
    assert judged(found, step) == key


@pytest.mark.parametrize("key", VERDICTS)
def test_every_verdict_is_a_sentence_and_what_to_try_are_sentences_too(key):
    seen = look(task_of(small()), "verdict", {})
    assert VERDICTS[key].format(**seen["values"])
    for config in (small(), small(loss={"name": "minimax"}, steps_g=5, latent={"dimension": 2}), small(loss={"name": "wgan_gp"})):  # fmt: skip
        tried = tries(key, task_of(config))
        assert set(tried) <= set(TRIES) and len(tried) == len(set(tried))


def test_a_verdict_does_not_rest_on_an_evaluation_of_long_ago():
    task = task_of(small())
    old = task.evaluate()
    played(task, 40)
    now = task.game.measures()
    assert now["js"] != old["js"]
    assert measured(task)["js"] == old["js"]
    task.step = 700
    assert measured(task)["js"] == now["js"]


def test_one_bad_evaluation_is_not_yet_worse():
    task = task_of(small())
    task.history.evaluations[:] = [{"step": at, "js": 1 - good} for at, good in enumerate((0.1, 0.8, 0.7, 0.2))]
    found = measured(task)
    assert (found["best"], found["now"]) == (pytest.approx(0.8), pytest.approx(0.8))
    task.history.evaluations += [{"step": at, "js": 0.9} for at in (4, 5)]
    found = measured(task)
    assert (found["best"], found["now"]) == (pytest.approx(0.8), pytest.approx(0.2))


def test_samples_where_nothing_real_is_find_nothing(monkeypatch):
    """A spiral has no modes, so cells of the plane are counted: never more are found than there are."""
    task = task_of(small(dataset="spiral"))
    everywhere = torch.rand(2000, 2, generator=torch.Generator().manual_seed(0)) * 2.4 - 1.2
    real = sample(task.config, 2000, torch.Generator().manual_seed(1))
    for points, least in ((everywhere, 0.9), (real, 0.9), (real[real[:, 0] > 0], 0.3), (everywhere + 9, 0.0)):
        monkeypatch.setattr(task.game, "shown", lambda _count, points=points: (points, points[:, :1]))
        numbers = measured(task)
        assert numbers["whole"] >= 12
        assert least * numbers["whole"] <= numbers["found"] <= numbers["whole"] * (1 if least != 0.3 else 0.7)
    assert numbers["found"] <= 1  # what lies outside counts at the edge


def test_words_need_no_torch():
    assert "torch" not in loaded_after("import core.probes.gan.words, core.presets_gan, core.models.gan")
