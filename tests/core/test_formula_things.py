"""Things made by formula (creatures, plants, outlines), and how they are put before a ground."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
import torch

from core.pictures.builtin import ALBUMS, SEED, SHAPE_CLASSES, SHAPES, draw_shape
from scripts.evaluate_formula import accuracies, drawn_shapes
from scripts.formula import things
from scripts.formula.compose import CELL, TURNED, compose
from scripts.formula.sheets import SIDE, Sheet, ellipse
from scripts.formula.store import FOLDS, Store, facts_of, made

FRACTALS = np.zeros((2, 96, 96), np.uint8)
FRACTALS[:, 20:70, 30:80] = 200


def form_of_kind(kind: str) -> things.Form:
    return things.form_of(np.random.default_rng(5), 2) | {"kind": kind}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("scripts.formula.store.SYSTEMS", 32)
        return made(tmp_path_factory.mktemp("things"), seed=4, programmes=12, forms=12)


@pytest.mark.parametrize("kind", things.KINDS)
def test_every_kind_is_drawn_and_its_pictures_differ(kind: str) -> None:
    form = form_of_kind(kind)
    one, again, other = (things.drawn(form, np.random.default_rng(seed), FRACTALS) for seed in (1, 1, 2))
    assert one.shape == (SIDE, SIDE, 3) and one.dtype == np.uint8
    assert np.array_equal(one, again) and not np.array_equal(one, other)
    assert 0.005 < (one[..., 0] > 128).mean() < 0.9


def test_a_part_covers_its_outline_and_is_lit_from_one_side() -> None:
    sheet = Sheet()
    sheet.part(ellipse(np.zeros(2), 0.5, 0.5, 0.0), 200)
    cover, colour, light = sheet.done(0.0).transpose(2, 0, 1)
    assert (cover > 128).mean() == pytest.approx(np.pi * 0.25 / 4, rel=0.05)
    assert colour[48, 48] == 200 and cover[2, 2] == 0
    assert light[48, 28] < 128 < light[48, 68]


def test_facts_tell_what_a_form_has() -> None:
    creature = form_of_kind("creature") | {"legs": 4, "wings": 1}
    facts = facts_of(creature, things.drawn(creature, np.random.default_rng(0), FRACTALS))
    assert facts[:2] == [2.0, 1] and facts[2] == len(creature["lengths"])
    assert facts[3:7] == [0, 0, 0, 0]
    long, round_ = (Sheet(), Sheet())
    long.part(ellipse(np.zeros(2), 0.8, 0.2, 0.7), 9)
    round_.part(ellipse(np.zeros(2), 0.4, 0.4, 0.0), 9)
    plain = form_of_kind("blob")
    assert facts_of(plain, long.done(0))[8] == pytest.approx(np.log(4), rel=0.1)
    assert facts_of(plain, round_.done(0))[8] == pytest.approx(0, abs=0.05)


@pytest.mark.parametrize("corners", [3, 4, 5])
def test_a_regular_polygon_repeats_itself_as_often_as_it_has_corners(corners: int) -> None:
    angles = np.arange(corners) / corners * 2 * np.pi + 0.2
    sheet = Sheet()
    sheet.part(0.7 * np.stack([np.cos(angles), np.sin(angles)], 1), 9)
    folds = facts_of(form_of_kind("blob"), sheet.done(0))[-len(FOLDS) :]
    assert FOLDS[int(np.argmax(folds))] == corners


def test_two_pictures_of_a_form_are_turned_almost_alike(store: Store) -> None:
    forms = np.tile(np.arange(6), 2)
    pose = compose(store, forms, np.arange(12), 64, np.random.default_rng(7)).pose
    turns = torch.atan2(pose[:, 2], pose[:, 1])  # of twice the angle
    apart = torch.remainder(turns[:6] - turns[6:] + np.pi, 2 * np.pi) - np.pi
    assert (apart.abs() <= 2 * TURNED + 1e-5).all() and (apart.abs() > 1e-3).any()


def test_composed_pictures_depend_on_their_numbers_alone(store: Store) -> None:
    forms, looks = np.arange(12), np.arange(12)[::-1]
    one, again = (compose(store, forms, looks, 64, np.random.default_rng(3)) for _ in range(2))
    assert torch.equal(one.images, again.images)
    assert one.images.shape == (12, 3, 64, 64)
    assert one.cover.shape == (12, 64 // CELL, 64 // CELL) and one.pose.shape == (12, 4)
    assert one.cover.min() >= 0 and one.cover.max() <= 1
    assert (one.cover.amax((1, 2)) > 0.05).all()  # the thing is in the picture
    other = compose(store, forms, np.arange(12), 64, np.random.default_rng(3))
    assert torch.equal(one.cover, other.cover) and not torch.equal(one.images, other.images)


def test_a_thing_is_where_its_cover_says(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """With nothing else in the way, a black thing on white grounds darkens what it covers and nothing else."""
    for name in ("SHADOWED", "OCCLUDED", "TWINS"):
        monkeypatch.setattr(f"scripts.formula.compose.{name}", 0.0)
    white = np.full_like(store.pictures, 255)
    black = np.zeros_like(store.palettes)
    numbers = np.zeros(12, np.int64)  # number 0 mixes nothing but ... its own surface in
    bare = Store(white, store.tags, store.numbers, black, store.things, store.kinds, store.facts)
    found = compose(bare, np.arange(12), numbers + 8, 64, np.random.default_rng(1))
    means = torch.nn.functional.avg_pool2d(found.images.mean(1, keepdim=True), CELL)[:, 0]
    uncovered = found.cover == 0
    assert torch.allclose(means[uncovered], torch.ones(int(uncovered.sum())), atol=1e-5)
    covered = found.cover > 0.99
    assert covered.any() and (means[covered] < 0.95).all()


def test_the_store_is_read_again_from_its_files(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scripts.formula.store.SYSTEMS", 32)
    first = made(tmp_path, 5, 3, 4)
    monkeypatch.setattr("scripts.formula.store.Scenes", None)  # whoever would draw again fails
    again = made(tmp_path, 5, 3, 4)
    assert np.array_equal(first.pictures, again.pictures) and np.array_equal(first.things, again.things)
    assert np.array_equal(first.facts, again.facts)


def test_the_shapes_that_are_measured_are_those_of_the_album() -> None:
    pictures, labels = drawn_shapes()
    assert len(pictures) == ALBUMS[SHAPES].pictures and sorted(set(labels.tolist())) == [0, 1, 2]
    rng = random.Random(SEED)
    first = [draw_shape(name, rng) for name in SHAPE_CLASSES]
    assert all(np.array_equal(a, b) for a, b in zip(pictures, first, strict=False))


def test_the_linear_head_finds_what_is_there_and_nothing_where_nothing_is() -> None:
    draws = np.random.default_rng(0)
    labels = np.repeat([0, 1], 40)
    noise = draws.normal(size=(80, 5)).astype(np.float32)
    told = noise + 4 * labels[:, None].astype(np.float32)
    assert min(accuracies(told, labels, 30)) > 95
    assert 30 < np.mean(accuracies(noise, labels, 30)) < 70
