"""The points: formulas, shares, and files."""

from __future__ import annotations

import pytest
import torch
from sklearn.datasets import make_moons

from core.datasets.plane import load_plane, points_of_csv, training_places
from core.datasets.plane_sets import GENERATORS, moons
from core.errors import ConfigError
from tests.core.mlp.runs import DRAWN, config


def drawn(name: str, noise: float = 0.0, count: int = 400, **more):
    return GENERATORS[name](count, noise, torch.Generator().manual_seed(1), **more)


def test_circles_lie_where_tensorflow_playground_puts_them():
    points, targets = drawn("circles")
    radius = points.norm(dim=1)
    assert targets.sum() == 200
    assert radius[targets == 1].max() < 2.5 and radius[targets == 0].min() >= 3.5 and radius.max() <= 5
    points, targets = drawn("circles", 0.5)
    assert 0 < ((points.norm(dim=1) < 2.5).float() != targets).float().mean() < 0.5  # noise moves classes, not points


def test_xor_is_the_sign_of_the_product_with_a_gap():
    points, targets = drawn("xor")
    assert torch.equal(targets, (points.prod(1) > 0).float())
    assert points.abs().min() >= 0.3 and points.abs().max() <= 5.3


def test_clouds_have_the_variance_of_their_noise():
    for noise, variance in ((0.0, 0.5), (0.2, 1.9)):
        points, targets = drawn("gaussians", noise, 2000)
        assert points[targets == 1].mean(0).tolist() == pytest.approx([2, 2], abs=0.15)
        assert points[targets == 0].var().item() == pytest.approx(variance, rel=0.15)


@pytest.mark.parametrize("arms", [2, 3, 5, 8])
def test_a_spiral_has_as_many_arms_as_classes(arms):
    points, targets = drawn("spiral", arms=arms)
    radius = points.norm(dim=1)
    assert radius.max() < 5 and targets.unique().tolist() == list(range(arms))
    angle = torch.atan2(points[:, 0], points[:, 1])
    # turned back by the way it has come, each arm is a straight line
    along = 1.75 * radius / 5 * 2 * torch.pi
    turned = ((angle - along) / (2 * torch.pi / arms)).remainder(arms)
    found = (arms - 1 - targets).remainder(arms)
    away = (turned - found + arms / 2).remainder(arms) - arms / 2
    assert away[radius > 0].abs().max() < 1e-3


def test_moons_are_those_of_scikit_learn():
    ours, targets = moons(2000, 0.0, torch.Generator().manual_seed(0))
    theirs, labels = make_moons(2000, noise=None)
    theirs = 3 * (torch.tensor(theirs).float() - torch.tensor([0.5, 0.25]))
    for label in (0, 1):
        distance = torch.cdist(ours[targets == label], theirs[torch.tensor(labels) == label]).min(1).values
        assert distance.max() < 0.01


def test_regression_targets():
    points, targets = drawn("plane")
    torch.testing.assert_close(targets, points.sum(1) / 10)
    points, targets = drawn("multi_gauss")
    hill = points[:, 0].square() + (points[:, 1] + 2.5).square() < 1  # around (0, -2.5)
    assert hill.any() and (targets[hill] >= 0.5).all()
    assert targets.abs().max() <= 1 and (targets == 0).any()


def test_points_depend_on_their_own_seed_alone():
    first, again = load_plane(config()), load_plane(config(seed=9))
    other = load_plane(config(data={"seed": 1}))
    assert torch.equal(first.train_points, again.train_points)
    assert not torch.equal(first.train_points, other.train_points)


@pytest.mark.parametrize("name", GENERATORS)
def test_every_set_is_shared_out_and_fits_the_plane(name):
    data = load_plane(config(dataset=name, data={"noise": 0.5, "train_share": 0.3, "samples": 200}))
    assert len(data.train_points) == len(data.train_targets) == 60 and len(data.test_points) == 140
    assert torch.cat([data.train_points, data.test_points]).abs().max() < 7.5
    assert data.train_points.dtype == data.train_targets.dtype == torch.float32


def test_another_point_moves_hardly_any_between_training_and_test():
    points = [[x / 10, -x / 7, x % 2] for x in range(-20, 20)]
    before = training_places(points, 20, 0)
    after = training_places([*points, [5.0, 5.0, 0]], 20, 0)
    assert len(set(before) & set(after)) >= 19
    data = load_plane(config(dataset="drawn", data={"points": DRAWN}))
    together = torch.cat([data.train_points, data.test_points])
    assert sorted(together.tolist()) == sorted([x1, x2] for x1, x2, _ in DRAWN)
    assert len(data.train_points) == 4


def test_a_file_with_names_words_and_foreign_units():
    read = points_of_csv(b"\xef\xbb\xbflabel;y;x\ncat;10;0\ndog;20;100\ncat;30;50\ndog;10;0\n", "classification")
    assert read.names == ("cat", "dog") and read.classes == 2 and read.scaled
    assert read.points == ((-5.0, -5.0, 0.0), (5.0, 0.0, 1.0), (0.0, 5.0, 0.0), (-5.0, -5.0, 1.0))
    config(dataset="drawn", data={"points": read.points})


def test_a_file_of_bare_numbers():
    read = points_of_csv(b"1,2,10\n-1,2,9\n3,4,9\n5,5,10\n", "classification")
    assert read.names == ("9", "10") and not read.scaled and read.points[0] == (1.0, 2.0, 1.0)
    values = points_of_csv(b"1,2,10\n-1,2,5\n3,4,-2\n5,5,0\n", "regression")
    assert [point[2] for point in values.points] == [1.0, 0.5, -0.2, 0.0] and values.classes == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "three columns"),
        (b"1,2\n3,4\n", "three columns"),
        (b"1,2,0\n" * 3, "at least 4"),
        (b"1,2,0\n1,x,1\n1,1,0\n1,1,1\n", "Row 2 .* 'x'"),
        (b"1,2,0\n1,nan,1\n1,1,0\n1,1,1\n", "Row 2"),
        (b"1,2,0\n1,2\n1,1,0\n1,1,1\n", "fewer columns"),
        (b"1,2,0\n" * 5, "1 different classes"),
        (b"".join(b"1,2,%d\n" % number for number in range(9)), "9 different classes"),
        (b"1,2,0\n1,2,1\n" * 1001, "2,002 points"),
        (b"\xff\xfe1,2", "UTF-8"),
        (b"1,2,0\n" * 60_000, "KB are possible"),
        (b'1,2,0\n"' + b"a" * 140_000 + b'",1,2\n', "cannot be read"),
    ],
)
def test_what_is_no_file_of_points_is_refused(content, words):
    with pytest.raises(ConfigError, match=words):
        points_of_csv(content, "classification")


def test_values_that_are_no_numbers_are_refused_in_regression():
    with pytest.raises(ConfigError, match="where a number should be"):
        points_of_csv(b"1,2,a\n1,2,b\n1,3,a\n1,2,b\n", "regression")
