"""The offline backbone: the network, its shipped weights, and the pictures made by formula that it was trained on."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch import nn

from core.models.formula import FEATURES, FormulaNet, middle_weights
from scripts.formula import fractals
from scripts.formula.compose import compose
from scripts.formula.losses import WEIGHTS as LOSSES
from scripts.formula.losses import Heads, of_scenes, of_things, together
from scripts.formula.scenes import SIDE, Scenes
from scripts.formula.store import FORM_NAMES, LOOK_NAMES, Store, made, numbers_of, tags_of
from scripts.formula.views import affine_grid, histogram, normalised, seen
from scripts.pretrain_formula import calibrate, rate, save, train, weight

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
    return made(tmp_path_factory.mktemp("formula"), seed=3, programmes=8, forms=8)


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


def test_features_are_means_middles_and_spreads_of_the_last_maps() -> None:
    torch.manual_seed(0)
    net = FormulaNet().eval()
    images = torch.randn(2, 3, 64, 64)
    maps = net.maps(images)
    assert [tuple(block.shape[1:]) for block in maps] == [(32, 16, 16), (64, 8, 8), (128, 4, 4), (192, 4, 4)]
    features = net.features(images)
    assert torch.allclose(features[:, :64], maps[1].mean((2, 3)))
    assert torch.allclose(features[:, -192:], maps[3].std((2, 3), correction=0), atol=0.011)
    weights = middle_weights(4, 4, images)
    assert weights.sum().item() == pytest.approx(1) and weights[1, 1] > 3 * weights[0, 1]
    assert torch.allclose(features[:, 384 + 192 : 768], (maps[3] * weights).sum((2, 3)), atol=1e-5)
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
    pictures = torch.from_numpy(np.array(store.pictures[:, 0])).permute(0, 3, 1, 2).float() / 255
    draws = torch.Generator().manual_seed(1)
    one, other = seen(pictures, draws), seen(pictures, draws)
    assert one.shape == pictures.shape
    assert not torch.equal(one, other)
    assert torch.equal(one, seen(pictures, torch.Generator().manual_seed(1)))
    likeness = nn.functional.cosine_similarity(one.flatten(1), normalised(pictures).flatten(1))
    assert likeness.median() > 0.9  # other light and sharpness, the same picture


def test_affine_grid_is_torchs() -> None:
    maps = torch.randn(3, 2, 3, generator=torch.Generator().manual_seed(2))
    expected = nn.functional.affine_grid(maps, [3, 3, 20, 20], align_corners=False)
    assert torch.allclose(affine_grid(maps, 20), expected, atol=1e-5)


def test_histogram_counts_colours() -> None:
    images = torch.zeros(2, 3, 4, 4)
    images[1] = 1
    seen = histogram(normalised(images))
    assert seen.shape == (2, 64)
    assert seen[0].argmax() == 0 and seen[1].argmax() == 63


def test_partners_are_found_among_all_rows() -> None:
    near, partners, others = torch.eye(4).repeat(2, 1), torch.arange(8).roll(4), torch.arange(8).roll(3)
    assert together(near, partners, others, 0.1) < 0.01 < together(torch.ones(8, 4), partners, others, 0.1)
    assert together(near, others, torch.arange(8).roll(2), 0.1) > 5
    alike = torch.ones(8, 4)  # all others count alike, but for the one that is left out
    assert together(alike, partners, others, 0.1).item() == pytest.approx(np.log(6), abs=1e-4)


def options(folder: Path, steps: int) -> argparse.Namespace:
    return argparse.Namespace(
        folder=folder, out=folder / "out.safetensors", seed=3, programmes=8, forms=8, steps=steps, batch=4, side=32, rate=1e-3,
        temperature=0.2, halves=False, lesson="things", start=None,
    )  # fmt: skip


def test_losses_are_those_of_the_step(store: Store, tmp_path: Path) -> None:
    torch.manual_seed(0)
    net, heads = FormulaNet(), Heads(store)
    chosen = options(tmp_path, 10)
    first, again, other = (of_things(net, heads, store, chosen, step) for step in (3, 3, 4))
    assert first.keys() == LOSSES.keys()
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert first["forms"] != other["forms"]
    assert rate(chosen, 0) < rate(chosen, 1) and rate(chosen, 9) < 1e-3


def test_the_first_lesson_looks_at_grounds_alone(store: Store, tmp_path: Path) -> None:
    torch.manual_seed(0)
    net, heads = FormulaNet(), Heads(store)
    first, again = (of_scenes(net, heads, store, options(tmp_path, 10), 3) for _ in range(2))
    assert set(first) == {"looks", "tags", "numbers", "colours"}
    assert all(torch.equal(first[name], again[name]) for name in first)


def test_the_second_lesson_begins_with_the_weights_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scripts.pretrain_formula.calibrate", partial(calibrate, count=16, batch=8))
    torch.manual_seed(5)
    save(FormulaNet(), tmp_path / "first.safetensors")
    chosen = options(tmp_path, 0)
    chosen.start = tmp_path / "first.safetensors"
    train(chosen)
    first, second = (load_file(path)["blocks.2.conv1.weight"] for path in (chosen.start, chosen.out))
    assert torch.equal(first, second)


def test_forms_and_looks_have_other_partners(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture's partner by form shares no looks with it, its partner by looks no form."""
    met: list[tuple[np.ndarray, np.ndarray]] = []
    sought: list[torch.Tensor] = []

    def noted(store: Store, forms: np.ndarray, looks: np.ndarray, side: int, draws: np.random.Generator) -> object:
        met.append((forms, looks))
        return compose(store, forms, looks, side, draws)

    def asked(vectors: torch.Tensor, partners: torch.Tensor, others: torch.Tensor, heat: float) -> torch.Tensor:
        sought.append(partners)
        return together(vectors, partners, others, heat)

    monkeypatch.setattr("scripts.formula.losses.compose", noted)
    monkeypatch.setattr("scripts.formula.losses.together", asked)
    of_things(FormulaNet(), Heads(store), store, options(tmp_path, 10), 0)
    forms, looks = met[0]
    by_form, by_looks = (partners.numpy() for partners in sought)
    assert (forms == forms[by_form]).all() and (looks != looks[by_form]).all()
    assert (looks == looks[by_looks]).all() and (forms != forms[by_looks]).all()


def test_looks_count_twice_while_the_rate_falls(tmp_path: Path) -> None:
    chosen = options(tmp_path, 100)
    assert [weight(chosen, step, "colours") / LOSSES["colours"] for step in (0, 69, 70, 99)] == [1, 1, 2, 2]
    assert weight(chosen, 99, "forms") == LOSSES["forms"]
    assert rate(chosen, 70) == chosen.rate > rate(chosen, 71)


def test_training_goes_on_where_it_was_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scripts.pretrain_formula.SAVE_EVERY", 2)
    monkeypatch.setattr("scripts.pretrain_formula.calibrate", partial(calibrate, count=16, batch=8))
    train(options(tmp_path, 4))
    whole = load_file(tmp_path / "out.safetensors")
    (tmp_path / "things-3.pt").unlink()
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
    calibrate(net, store, count=8, batch=8)
    draws = np.random.default_rng([6])
    forms, looks = draws.integers(0, 8, 8), draws.integers(0, 8, 8)
    images = normalised(compose(store, forms, looks, 96, draws).images.clamp(0, 1))
    norm = net.stem[1]
    assert isinstance(norm, nn.BatchNorm2d) and norm.running_mean is not None
    assert torch.allclose(norm.running_mean, net.stem[0](images).mean((0, 2, 3)), atol=1e-4)
    save(net, tmp_path / "net.safetensors")
    assert load_file(tmp_path / "net.safetensors")["stem.0.weight"].dtype == torch.float16
