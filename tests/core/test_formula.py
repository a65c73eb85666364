"""The offline backbone: the network, its shipped weights, and the pictures made by formula that it was trained on."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch import nn

from core.models.formula import FEATURES, FormulaNet
from scripts.formula import fractals
from scripts.formula.scenes import SIDE, Scenes
from scripts.formula.store import FORM_NAMES, LOOK_NAMES, Store, made, numbers_of, tags_of
from scripts.formula.views import histogram, normalised, views
from scripts.pretrain_formula import Heads, calibrate, loss_of, rate, save, together, train

WEIGHTS = Path(__file__).resolve().parents[2] / "assets" / "backbones" / "formula.safetensors"

EXACT = {  # programme -> colours at (10, 20), (48, 48), (90, 5) of its picture 1
    0: ([114, 129, 121], [98, 111, 102], [98, 112, 102]),
    1: ([129, 65, 228], [106, 51, 129], [122, 50, 145]),
    2: ([64, 24, 30], [130, 72, 87], [100, 46, 56]),
    5: ([106, 72, 140], [203, 137, 194], [152, 175, 35]),
}


@pytest.fixture(scope="module", autouse=True)
def few_fractals() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("scripts.formula.store.SYSTEMS", 32)
        yield


@pytest.fixture(scope="module")
def scenes() -> Scenes:
    return Scenes(3, systems=32)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return made(tmp_path_factory.mktemp("formula"), seed=3, programmes=8)


def shipped() -> FormulaNet:
    net = FormulaNet()
    net.load_state_dict(load_file(WEIGHTS))
    return net.eval()


def test_shipped_weights_fit_the_network_and_are_small() -> None:
    assert WEIGHTS.stat().st_size <= 5_000_000
    net = shipped()
    features = net.features(torch.zeros(2, 3, 128, 128))
    assert features.shape == (2, FEATURES)
    assert torch.isfinite(features).all()
    assert WEIGHTS.with_suffix(".md").is_file()


def test_shipped_features_tell_pictures_apart(scenes: Scenes) -> None:
    """Two pictures of one programme are more alike than pictures of different ones, for most programmes."""
    pictures = np.stack([scenes.picture(number, instance) for instance in (0, 1) for number in range(24)])
    with torch.inference_mode():
        values = shipped().features(normalised(torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 255))
    values = (values - values.mean(0)) / (values.std(0) + 1e-6)
    likeness = nn.functional.normalize(values[:24]) @ nn.functional.normalize(values[24:]).T
    assert (likeness.argmax(1) == torch.arange(24)).float().mean() > 0.6


def test_features_are_means_and_spreads_of_the_last_maps() -> None:
    torch.manual_seed(0)
    net = FormulaNet().eval()
    images = torch.randn(2, 3, 64, 64)
    maps = net.maps(images)
    assert [tuple(block.shape[1:]) for block in maps] == [(32, 16, 16), (64, 8, 8), (128, 4, 4), (192, 4, 4)]
    features = net.features(images)
    assert torch.allclose(features[:, :64], maps[1].mean((2, 3)))
    assert torch.allclose(features[:, -192:], maps[3].std((2, 3), correction=0), atol=0.011)
    assert torch.equal(features, net(images))


def test_stages_hold_every_weight_once_from_output_to_input() -> None:
    net = FormulaNet()
    parts = [part for stage in net.stages() for part in stage]
    assert parts[0] is net.blocks[-1] and parts[-1] is net.stem
    found = [id(weight) for part in parts for weight in part.parameters()]
    assert sorted(found) == sorted(id(weight) for weight in net.parameters())


def test_pictures_have_exact_numbers(scenes: Scenes) -> None:
    """Within one step of 255: libraries of sines may round differently on other machines."""
    for number, places in EXACT.items():
        picture = scenes.picture(number, 1)
        assert picture.shape == (SIDE, SIDE, 3) and picture.dtype == np.uint8
        seen = np.stack([picture[10, 20], picture[48, 48], picture[90, 5]]).astype(int)
        assert np.abs(seen - np.array(places)).max() <= 1


def test_same_seed_same_pictures_whatever_came_before(scenes: Scenes) -> None:
    again = Scenes(3, systems=32)
    assert all(np.array_equal(scenes.picture(n, 0), again.picture(n, 0)) for n in (5, 2, 9))
    assert not np.array_equal(scenes.picture(5, 0), scenes.picture(5, 1))
    assert not np.array_equal(Scenes(4, systems=32).picture(5, 0), scenes.picture(5, 0))


def test_fractals_are_neither_dots_nor_haze() -> None:
    draws = np.random.default_rng(6)
    linear, shift = fractals.systems(draws, 16)
    assert (np.linalg.norm(linear, 2, (-2, -1)) < 0.86).all()  # each map contracts
    covered = (fractals.densities(draws, linear, shift) > 0).mean((1, 2))
    assert 0.01 < np.median(covered) < 0.9


def test_what_is_known_about_a_picture(scenes: Scenes, store: Store) -> None:
    plan = scenes.programme(0)
    tags = tags_of(plan)
    assert len(tags) == 2 * len(LOOK_NAMES) + len(FORM_NAMES)
    assert sum(tags[: len(LOOK_NAMES)]) == 1  # the ground has one look
    assert len(numbers_of(plan)) == store.numbers.shape[1]
    assert store.pictures.shape == (8, 2, SIDE, SIDE, 3)


def test_views_differ_and_keep_shape(store: Store) -> None:
    pictures = torch.from_numpy(np.array(store.pictures[:, 0]))
    draws = torch.Generator().manual_seed(1)
    one, other = views(pictures, 48, draws), views(pictures, 48, draws)
    assert one.shape == (8, 3, 48, 48)
    assert not torch.equal(one, other)
    assert torch.equal(one, views(pictures, 48, torch.Generator().manual_seed(1)))


def test_histogram_counts_colours() -> None:
    images = torch.zeros(2, 3, 4, 4)
    images[1] = 1
    seen = histogram(normalised(images))
    assert seen.shape == (2, 64)
    assert seen[0].argmax() == 0 and seen[1].argmax() == 63


def test_views_of_one_picture_belong_together() -> None:
    near = torch.eye(4).repeat(2, 1)
    assert together(near, 0.1) < 0.01 < together(torch.ones(8, 4), 0.1)


def options(folder: Path, steps: int) -> argparse.Namespace:
    return argparse.Namespace(
        folder=folder, out=folder / "out.safetensors", seed=3, programmes=8, steps=steps, batch=4, side=32, rate=1e-3,
        temperature=0.2, device="cpu",
    )  # fmt: skip


def test_losses_are_those_of_the_step(store: Store, tmp_path: Path) -> None:
    torch.manual_seed(0)
    net, heads = FormulaNet(), Heads(store.tags.shape[1], store.numbers.shape[1])
    chosen = options(tmp_path, 10)
    first, again, other = (loss_of(net, heads, store, chosen, step) for step in (3, 3, 4))
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert first["pairs"] != other["pairs"]
    assert rate(chosen, 0) < rate(chosen, 1) and rate(chosen, 9) < 1e-3


def test_training_goes_on_where_it_was_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scripts.pretrain_formula.SAVE_EVERY", 2)
    train(options(tmp_path, 4))
    whole = load_file(tmp_path / "out.safetensors")
    (tmp_path / "training-3.pt").unlink()
    with monkeypatch.context() as patch:
        patch.setattr("scripts.pretrain_formula.calibrate", _stopped)
        patch.setattr("scripts.pretrain_formula.rate", lambda chosen, step: rate(options(tmp_path, 4), step))
        with pytest.raises(InterruptedError):
            train(options(tmp_path, 2))
    train(options(tmp_path, 4))
    resumed = load_file(tmp_path / "out.safetensors")
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)


def _stopped(*_: object) -> None:
    raise InterruptedError


def test_calibrated_statistics_are_those_of_the_pictures(store: Store, tmp_path: Path) -> None:
    net = FormulaNet()
    calibrate(net, store, batch=8)
    images = normalised(torch.from_numpy(np.array(store.pictures[:, 0])).permute(0, 3, 1, 2).float() / 255)
    norm = net.stem[1]
    assert isinstance(norm, nn.BatchNorm2d) and norm.running_mean is not None
    assert torch.allclose(norm.running_mean, net.stem[0](images).mean((0, 2, 3)), atol=1e-4)
    save(net, tmp_path / "net.safetensors")
    assert load_file(tmp_path / "net.safetensors")["stem.0.weight"].dtype == torch.float16
