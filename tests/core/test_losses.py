"""Losses against numbers one can check by hand, and the augmentation's promises."""

from __future__ import annotations

import math

import pytest
import torch

from core.config import AUGMENTATIONS
from core.config import LOSSES as NAMES
from core.training.augmentation import augment, flip, shift
from core.training.losses import LOSSES


def test_cross_entropy_by_hand():
    logits, labels = torch.tensor([[math.log(3.0), 0.0]]), torch.tensor([0])  # probabilities 3/4 and 1/4
    assert LOSSES["cross_entropy"](logits, labels, 0.0).item() == pytest.approx(-math.log(0.75))
    smoothed = -(0.9 * math.log(0.75) + 0.1 * math.log(0.25))  # 0.2 spread over two classes
    assert LOSSES["cross_entropy"](logits, labels, 0.2).item() == pytest.approx(smoothed)


def test_squared_error_by_hand():
    logits, labels = torch.tensor([[math.log(3.0), 0.0]]), torch.tensor([0])
    assert LOSSES["mse"](logits, labels, 0.0).item() == pytest.approx((0.25**2 + 0.25**2) / 2)
    assert LOSSES["mse"](logits, labels, 0.2).item() == pytest.approx((0.15**2 + 0.15**2) / 2)


def test_the_names_offered_are_the_losses_there_are():
    assert set(NAMES) == set(LOSSES)


def test_a_shift_moves_a_picture_whole():
    torch.manual_seed(0)
    images = torch.zeros(200, 1, 20, 20, dtype=torch.uint8)
    images[:, 0, 10, 10] = 9
    moved = shift(images)
    rows, columns = (moved[:, 0] == 9).nonzero()[:, 1], (moved[:, 0] == 9).nonzero()[:, 2]
    assert moved.shape == images.shape and moved.dtype == torch.uint8
    assert len(rows) == 200  # no pixel was lost or doubled
    assert set((rows - 10).tolist()) == set((columns - 10).tolist()) == {-2, -1, 0, 1, 2}


def test_what_comes_in_is_dark():
    torch.manual_seed(0)
    moved = shift(torch.full((50, 3, 10, 10), 7, dtype=torch.uint8))
    assert set(moved.unique().tolist()) == {0, 7}


def test_a_flip_turns_about_half():
    torch.manual_seed(0)
    images = torch.arange(4, dtype=torch.uint8).repeat(1000, 1, 1, 1)  # 0 1 2 3
    turned = flip(images)[:, 0, 0, 0]
    assert set(turned.tolist()) == {0, 3}
    assert 430 < (turned == 3).sum().item() < 570


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_every_augmentation_keeps_shape_and_kind(name):
    images = torch.randint(0, 256, (5, 3, 8, 8), dtype=torch.uint8)
    disturbed = augment(images, name)
    assert disturbed.shape == images.shape and disturbed.dtype == images.dtype
    assert (disturbed is images) == (name == "none")
