"""Data of the plane and measures of what is generated, on cases one can count."""

from __future__ import annotations

import math

import numpy
import pytest
import torch
from scipy.spatial.distance import jensenshannon

from core.config.gan import PLANE
from core.datasets import load_dataset
from core.datasets.shapes2d import centres, sample
from core.training.gan_judge import judge
from core.training.gan_measures import counted, covered, divergences, radius_of, recognised
from tests.core.gan.helping import small, task_of


def drawn(dataset: str, count: int = 4000, **data) -> torch.Tensor:
    return sample(small(dataset=dataset, data=data), count, torch.Generator().manual_seed(0))


@pytest.mark.parametrize("dataset", PLANE)
def test_points_lie_in_the_plane_and_come_again_with_the_seed(dataset):
    points = drawn(dataset)
    assert points.shape == (4000, 2) and points.dtype == torch.float32
    assert points.abs().max() < 1.6
    assert torch.equal(points, drawn(dataset))


@pytest.mark.parametrize(("dataset", "modes"), [("ring", 8), ("grid", 25)])
def test_real_points_cover_every_mode(dataset, modes):
    """3 sigma hold 98.9 % of a Gaussian of two dimensions: 1 - exp(-9/2)."""
    found, good, share = covered(drawn(dataset, 20_000), centres(dataset), radius_of(0.05))
    assert found == modes == len(share)
    assert good == pytest.approx(1 - math.exp(-4.5), abs=0.003)
    assert share.tolist() == pytest.approx([good / modes] * modes, abs=0.01)


def test_without_spread_points_lie_where_they_are_said_to():
    line = drawn("line", spread=0.0)
    torch.testing.assert_close(line[:, 1], 0.6 * line[:, 0])
    spiral = drawn("spiral", spread=0.0)
    assert spiral.norm(dim=1).max() <= 1
    strokes = drawn("disjoint", spread=0.0)
    assert strokes[:, 0].abs().tolist() == pytest.approx([0.8] * 4000)
    points = [[0.5, -0.25], [1.0, 1.0]]
    made = drawn("drawn", 100, spread=0.0, points=points)
    assert sorted(set(map(tuple, made.tolist()))) == [(0.5, -0.25), (1.0, 1.0)]


def test_cells_are_counted_from_the_lower_left():
    points = torch.tensor([[-1.5, -1.5], [1.5, -1.5], [0.1, 0.1], [9.0, 0.1], [math.nan, 0.1]])
    counts = counted(points, 1.6, 2).tolist()
    assert counts == [1.0, 1.0, 1.0, 2.0]  # what lies outside counts at the edge, what is nowhere at the left one


def test_divergences_are_scipys():
    real, made = torch.tensor([5.0, 3.0, 2.0, 0.0]), torch.tensor([1.0, 0.0, 4.0, 5.0])
    js, kl = divergences(real, made)
    assert js == pytest.approx(jensenshannon(real.numpy(), made.numpy(), base=2) ** 2)
    p, q = numpy.array([0.5, 0.3, 0.2]), (numpy.array([1.1, 0.1, 4.1])) / 10.4
    assert kl == pytest.approx((p * numpy.log2(p / q)).sum())
    assert divergences(real, 3 * real)[0] == pytest.approx(0.0, abs=1e-12)
    assert divergences(torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0]))[0] == pytest.approx(1.0)


def test_a_mode_needs_a_hundredth_of_all_samples():
    middles = centres("ring")
    points = torch.cat([middles[:1].repeat(98, 1), middles[1:2], torch.tensor([[5.0, 5.0]])])
    found, good, share = covered(points, middles, 0.15)
    assert (found, good) == (2, 0.99)
    assert share.tolist() == [0.98, 0.01, 0, 0, 0, 0, 0, 0]
    assert covered(torch.cat([points, points[:1]]), middles, 0.15)[0] == 1  # 1 of 101 is less
    assert covered(torch.full((10, 2), math.nan), middles, 0.15)[:2] == (0, 0.0)


def test_recognised_pictures():
    confidence, predicted = torch.tensor([0.9, 0.8, 0.81, 0.1]), torch.tensor([0, 1, 1, 3])
    assert recognised(confidence, predicted, 10) == (0.5, 3)
    many = torch.cat([torch.zeros(99, dtype=torch.int64), torch.ones(1, dtype=torch.int64)])
    assert recognised(torch.ones(100), many, 2) == (1.0, 1)  # one in a hundred is not present


def test_the_judge_knows_real_digits_and_uses_no_random_numbers():
    state = torch.get_rng_state()
    judge.cache_clear()
    found = judge("digits")
    assert torch.equal(torch.get_rng_state(), state)
    assert found.accuracy > 0.95
    assert found.seconds > 0
    assert judge("digits") is found
    data = load_dataset("digits")
    assert sure_of(data.validation_images.float() / data.scale * 2 - 1) > 0.9


def sure_of(pictures: torch.Tensor) -> float:
    """Share of pictures of which the judge of digits is sure."""
    surest = judge("digits").probabilities(pictures).max(1)
    return recognised(surest.values, surest.indices, 10)[0]


def without_sense(kind: str, count: int = 500) -> torch.Tensor:
    """Pictures of 8 x 8 that show nothing, of kinds that the judge was not trained on."""
    draw = torch.Generator().manual_seed(5)
    noise = torch.rand(count, 1, 8, 8, generator=draw)
    return {
        "uniform": 2 * noise - 1,
        "gaussian": torch.randn(count, 1, 8, 8, generator=draw).clamp(-1, 1),
        "black and white": (noise > 0.5).float() * 2 - 1,
        "few dots": (noise > 0.8).float() * 2 - 1,
        "blocks": (2 * noise[:, :, :4, :4] - 1).repeat_interleave(2, 2).repeat_interleave(2, 3),
        "one grey": torch.linspace(-1, 1, count).view(-1, 1, 1, 1).expand(-1, 1, 8, 8),
    }[kind]


@pytest.mark.parametrize("kind", ["uniform", "gaussian", "black and white", "few dots", "blocks", "one grey"])
def test_the_judge_is_not_sure_of_pictures_that_show_nothing(kind):
    """One trained on real pictures alone is sure of 23 to 67 % of these."""
    assert sure_of(without_sense(kind)) < 0.02


@pytest.mark.parametrize("batch_norm", [False, True])
def test_what_a_generator_makes_before_it_learns_is_nothing(batch_norm):
    generator = {"hidden": [128, 256], "batch_norm": batch_norm}
    first = task_of(small(dataset="digits", latent={"dimension": 16}, generator=generator)).evaluate()
    assert first["confidence"] < 0.02
