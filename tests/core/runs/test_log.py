"""Points are found again by cursor, thinned without losing peaks, kept to the last digit."""

from __future__ import annotations

import json
import math

import pytest

from core.runs.log import Chunk, RunLog, columns, thin
from core.runs.record import Record
from core.runs.takeaway import csv_of


def payload(split: str, steps: range, losses: list[float] | None = None) -> dict:
    losses = losses or [1.0 / (step + 1) for step in steps]
    return {
        "split": split,
        "step": list(steps),
        "epoch": [1] * len(steps),
        "seconds": [0.1 * step for step in steps],
        "values": {"loss": losses, "accuracy": [0.5] * len(steps)},
    }


def log_of(*payloads: dict) -> RunLog:
    log = RunLog()
    for one in payloads:
        log.add(Chunk(log.total, one))
    return log


def test_any_cursor_continues_without_gap_or_double():
    log = log_of(
        payload("validation", range(1)),
        payload("train", range(1, 6)),
        payload("validation", range(5, 6)),
        payload("train", range(6, 9)),
    )
    everything = log.since(0)
    assert (everything["from"], everything["to"]) == (0, 10)
    for cursor in range(11):
        rest = log.since(cursor)
        assert (rest["from"], rest["to"]) == (cursor, 10)
        seen = sum(1 for at, _row in enumerate(log.rows()) if at >= cursor)
        assert len(rest["train"]["step"] if rest["train"] else []) + len(rest["validation"].get("step", [])) == seen
    assert log.since(99)["from"] == 10
    assert log.since(-5)["from"] == 0


def test_long_series_are_thinned_but_keep_their_peaks():
    losses = [1.0] * 50_000
    losses[31_337] = 99.0
    losses[77] = math.nan
    drawn = log_of(payload("train", range(50_000), losses)).since(0)["train"]
    assert len(drawn["step"]) <= 2_001
    assert max(value for value in drawn["loss"] if value is not None) == 99.0
    assert (drawn["step"][0], drawn["step"][-1]) == (0, 49_999)
    assert drawn["step"] == sorted(set(drawn["step"]))


def test_short_series_are_left_alone():
    rows = [(1, 1, 0.0, {"loss": 1.0})] * 5
    assert thin(rows, 10) is rows


def test_what_is_not_finite_survives_the_store_and_is_null_on_the_wire():
    chunk = Chunk(0, payload("train", range(3), [math.inf, math.nan, 0.1 + 0.2]))
    stored = json.loads(json.dumps(chunk.payload(), allow_nan=False))
    back = Chunk(0, stored)
    assert back.values["loss"][0] == math.inf
    assert math.isnan(back.values["loss"][1])
    assert back.values["loss"][2] == 0.1 + 0.2
    assert columns(list(chunk.rows()))["loss"] == [None, None, 0.1 + 0.2]


@pytest.mark.parametrize("cursor", [0, 3])
def test_an_empty_log_has_nothing_to_say(cursor):
    assert RunLog().since(cursor) == {"from": 0, "to": 0, "train": columns([]), "validation": columns([])}


def test_what_is_measured_only_later_has_empty_cells_before():
    late = payload("train", range(3, 5))
    late["values"] = {
        "loss": [0.2, 0.1],
        "learning_rate": [0.01, 0.01],
        "accuracy": [0.8, 0.9],
        "gradient_norm": [1.5, math.nan],
    }
    log = log_of(payload("train", range(1, 3)), payload("validation", range(2, 3)), late)
    assert log.names() == ["loss", "accuracy", "learning_rate", "gradient_norm"]
    train = log.since(0)["train"]
    assert train["gradient_norm"] == [None, None, 1.5, None] and train["accuracy"] == [0.5, 0.5, 0.8, 0.9]
    assert "gradient_norm" not in log.since(0)["validation"]
    assert log.latest["train"]["learning_rate"] == 0.01
    rows = csv_of(Record({}, log)).splitlines()
    assert rows[0] == "split,step,epoch,seconds,loss,accuracy,learning_rate,gradient_norm"
    assert rows[1].endswith(",0.5,,") and rows[-2].endswith(",0.2,0.8,0.01,1.5")


def test_an_epoch_is_validated_once_its_validation_is_there():
    ends = payload("train", range(1, 3)) | {"epoch": [0.5, 1.0]}
    begins = payload("train", range(1, 2)) | {"epoch": [0.5]}
    assert log_of().validated and log_of(begins).validated
    assert not log_of(ends).validated
    assert log_of(ends, payload("validation", range(2, 3))).validated
