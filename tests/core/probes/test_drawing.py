"""How a drawing is made to look like the pictures of a data set."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from core.probes.drawing import as_picture, decoded, fitted, usual_extent
from tests.core.probes.classifiers import drawn, few_pictures


def mass_centre(ink: Tensor) -> tuple[float, float]:
    rows, columns = torch.arange(ink.shape[0]), torch.arange(ink.shape[1])
    return float((ink.sum(1) * rows).sum() / ink.sum()), float((ink.sum(0) * columns).sum() / ink.sum())


@pytest.mark.parametrize("seed", range(5))
def test_a_drawing_is_centred_by_mass_within_half_a_pixel(seed):
    draw = torch.Generator().manual_seed(seed)
    ink = torch.zeros(28, 28)
    top, left = torch.randint(0, 12, (2,), generator=draw).tolist()
    ink[top : top + 12, left : left + 6] = torch.rand(12, 6, generator=draw) * torch.linspace(0.3, 1, 12)[:, None]
    made = fitted(ink, 28, 28, 20)
    assert mass_centre(made) == pytest.approx((13.5, 13.5), abs=0.51)
    seen = made.nonzero()
    assert (seen.amax(0) - seen.amin(0) + 1).tolist() == [20, 10]  # the longer side of 12 x 6 became 20
    assert made.max() == 1


def test_no_ink_is_lost_where_the_mass_lies_at_one_end():
    ink = torch.zeros(28, 28)
    ink[5:25, 10] = 0.05
    ink[5, 10] = 1.0
    made = fitted(ink, 28, 28, 20)
    assert made[8:28].count_nonzero() == made.count_nonzero() == 20  # pushed down as far as all of it fits


def test_one_dot_fills_the_middle():
    ink = torch.zeros(28, 28)
    ink[0, 27] = 0.2
    made = fitted(ink, 28, 28, 20)
    assert made[4:24, 4:24].eq(1).all() and made.sum() == 400


def test_how_large_things_are_in_a_data_set():
    images = torch.zeros(3, 1, 8, 8, dtype=torch.uint8)
    images[0, 0, 1:7, 3:5] = 9  # 6 high
    images[1, 0, 2, 1:6] = 9  # 5 wide
    images[2, 0, 4, 4] = 9
    data = few_pictures(3)
    data.validation_images.copy_(images)
    assert usual_extent(data) == 5
    data.validation_images.zero_()
    assert usual_extent(data) == 1


def test_a_drawing_may_be_finer_than_the_pictures():
    ink = torch.zeros(32, 32)
    ink[3, 4] = 255
    fine = decoded(drawn(ink), 8, 8)
    assert fine.shape == (32, 32)
    assert fine[3, 4] == 1 and fine.sum() == 1


def test_ink_is_repeated_for_a_colour_set_and_scaled_as_stored():
    stored = as_picture(torch.full((8, 8), 0.5), few_pictures(channels=3))
    assert stored.shape == (3, 8, 8)
    assert stored.dtype == torch.uint8 and stored.eq(8).all()
