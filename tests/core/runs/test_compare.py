"""Runs are told apart by what differs, and by nothing else."""

from __future__ import annotations

from core.config import CNNRunConfig, load
from core.runs.compare import differences, same_start


def rows(*values) -> list[tuple]:
    return [(one.label, one.number, one.values) for one in differences([load(value) for value in values])]


def test_equal_settings_differ_in_nothing():
    assert differences([CNNRunConfig(), CNNRunConfig()]) == []
    assert differences([CNNRunConfig(), load({"threads": 2})]) == []


def test_each_difference_is_named_with_both_values():
    other = {"optimizer": {"name": "sgd"}, "seed": 7, "model": {"blocks": [{"channels": 16}], "hidden": [64, 32]}}
    assert rows({}, other) == [
        ("Conv blocks", None, (2, 1)),
        ("Dense layers", None, (1, 2)),
        ("Channels", 2, (32, None)),
        ("Kernel", 2, (3, None)),
        ("Stride", 2, (1, None)),
        ("Padding", 2, (1, None)),
        ("Convolutions", 2, (1, None)),
        ("Kind", 2, ("standard", None)),
        ("Normalisation", 2, ("none", None)),
        ("Activation", 2, ("relu", None)),
        ("Skip connection", 2, (False, None)),
        ("Pooling", 2, ("max", None)),
        ("Pool size", 2, (2, None)),
        ("Dense layers", 2, (None, 32)),
        ("Optimiser", None, ("adam", "sgd")),
        ("Seed", None, (0, 7)),
    ]


def test_a_change_inside_a_block_is_one_row():
    other = {"model": {"blocks": [{"channels": 16, "skip": True}, {"channels": 32, "pooling": "max"}]}}
    assert rows({}, {}, other) == [("Skip connection", 1, (False, False, True))]


def test_runs_that_start_alike_have_the_same_checksum():
    assert same_start([{"start": "aa"}, {"start": "aa"}]) is True
    assert same_start([{"start": "aa"}, {"start": "bb"}]) is False
    assert same_start([{"start": "aa"}, {}]) is None


def test_painted_points_are_one_row_whatever_they_are():
    drawn = {"page": "gan", "dataset": "drawn"}
    found = rows(drawn | {"data": {"points": [[0.1, 0.2]]}}, drawn | {"data": {"points": [[0.1, 0.3]]}})
    assert [(label, number) for label, number, _values in found] == [("Drawn points", None)]
    assert all(value.startswith("1 (") for value in found[0][2])
