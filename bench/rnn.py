"""The RNN page's presets through the real engine: do they do what they promise, and how fast."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from bench.training import VISITOR, engine

Row = tuple[str, float, str, str, str]  # name, value, unit, bar, what


def run_of(service: Any, preset: str, seed: int, look: str) -> dict[str, Any]:
    """A preset's run with the threads that the server chooses, watched to its end with one look open.

    ``validations``: (seconds from the first step, values) of each; ``steps``.
    """
    from core.presets_rnn import PRESETS
    from core.runs.looks import Look

    made = PRESETS[preset]
    config = made.make(made.dataset or "").with_value("seed", seed)
    run = service.submit(VISITOR, config)
    record = service.record(run.id, VISITOR)
    woken = threading.Event()
    unwatch = service.watch(record, woken.set)
    service.viewing.look(record, woken.set, (Look.of(look, {}),))
    cursor = 0
    while record.active:
        woken.wait(1.0)
        woken.clear()
        cursor = record.log.since(cursor)["to"]
    unwatch()
    assert record.state == "finished", record.row["reason"]
    validations = [(at, values) for split, _step, _epoch, at, values in record.log.rows() if split == "validation"]
    begun = validations[0][0]
    found = {"validations": [(at - begun, values) for at, values in validations], "steps": record.log.step}
    service.delete(run.id, VISITOR)
    return found


def rows(home: Path, seeds: int = 3) -> list[Row]:
    """The bars of issue 4, measured."""
    with engine(home) as service:
        return [*_adding(service, seeds), *_forecasts(service), *_characters(service)]


def _adding(service: Any, seeds: int) -> list[Row]:
    runs = [run_of(service, "adding_lstm", seed, "gradient") for seed in range(seeds)]
    reached = [next((at for at, values in run["validations"] if values["loss"] < 0.01), float("inf")) for run in runs]
    plain = run_of(service, "adding_rnn", 0, "gradient")
    best = min(values["loss"] for _at, values in plain["validations"])
    said = ", ".join(f"{seconds:.1f}" for seconds in reached)
    return [
        (
            "rnn.adding_lstm_seconds",
            max(reached),
            "s",
            "< 120",
            f"LSTM solves the adding problem at length 50 (test MSE below 0.01), slowest of seeds: {said}",
        ),
        (
            "rnn.adding_plain_mse",
            best,
            "",
            "> 0.1",
            f"best test MSE of the plain RNN in {plain['steps']:,} steps; naive 0.167",
        ),
    ]


def _forecasts(service: Any) -> list[Row]:
    found: list[Row] = []
    for preset in ("forecast_sunspots", "forecast_co2"):
        at, values = run_of(service, preset, 0, "forecast")["validations"][-1]
        what = f"one step ahead over the last fifth, at the end of the preset's run ({at:.1f} s)"
        found.append((f"rnn.{preset}_mase", values["mase"], "", "< 1", what))
    return found


def _characters(service: Any) -> list[Row]:
    from core.datasets.text import entropies, stdlib

    text = stdlib()
    unigram, bigram = entropies(text.content[text.split :])
    validations = run_of(service, "characters", 0, "sample")["validations"]
    beaten = next((at for at, values in validations if values["bits_per_character"] < bigram), float("inf"))
    last, values = validations[-1]
    said = f"unigram {unigram:.2f}, bigram {bigram:.2f} bits; {values['bits_per_character']:.2f} after {last:.0f} s"
    return [
        ("rnn.characters_seconds", beaten, "s", "< 180", f"until held-out text needs fewer bits than by pairs: {said}"),
        ("rnn.characters_bits", values["bits_per_character"], "bits", f"< {bigram:.2f}", said),
    ]
