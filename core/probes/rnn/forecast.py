"""The series with what the network would have said, next to forecasts that need no network."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from core.errors import LiveTorchError
from core.i18n import N_
from core.probes.arguments import whole
from core.probes.rnn.subject import SequenceSubject, numbers
from core.training.assessment import looking
from core.training.sequence_forecast import LONGEST, ORIGINS, Forecast

BEFORE = 400  # values shown before what validates
SHORT = 12


def forecast(subject: SequenceSubject, origin: Any = None) -> dict[str, Any]:
    """One step ahead over the validation part, and 24 steps on from one origin; scores beside naive forecasts.

    ``origin``: validation value from which the network goes on from its own forecasts; by default 24 before the
    end. ``scores``: mean absolute error in the series' unit and as MASE (Hyndman and Koehler, 2006); of free-running
    forecasts over at most 64 origins. Raises :class:`LiveTorchError` for other data and other origins.
    """
    problem = subject.problem
    if not isinstance(problem, Forecast):
        raise LiveTorchError(N_("Forecasts belong to a series of numbers. This run has other data."))
    series = problem.series
    count = len(series.values) - series.split
    at = series.split + (max(0, count - LONGEST) if origin is None else whole("origin", origin, 0, count - 1))
    scored = _origins(series.split, len(series.values) - min(LONGEST, count))
    with looking(subject.model):
        one_step = problem.value(problem.one_step(subject.model))  # (V,)
        free = problem.free(subject.model, [at])[0]
        many = problem.free(subject.model, scored, min(LONGEST, count))  # (origins, steps)
    first = max(0, series.split - BEFORE)
    naive = _naive(problem, 1, at, scored)
    seasonal = _naive(problem, series.season, at, scored)
    return {
        "name": series.name,
        "unit": series.unit,
        "times": list(series.times[first:]),
        "values": numbers(problem.levels[first:]),
        "split": series.split - first,
        "season": series.season if seasonal["scores"] else 0,
        "one_step": numbers(one_step),
        "naive": naive["one_step"],
        "seasonal_naive": seasonal["one_step"],
        "free": {
            "origin": at - first,
            "network": numbers(free),
            "naive": naive["free"],
            "seasonal_naive": seasonal["free"],
            "truth": numbers(problem.levels[at : at + LONGEST]),
        },
        "scores": {
            "network": _scores(problem, one_step, many, scored),
            "naive": naive["scores"],
            "seasonal_naive": seasonal["scores"],
        },
        "origins": len(scored),
    }


def _origins(first: int, last: int) -> list[int]:
    """At most 64 positions from ``first`` to ``last``, at equal distances."""
    places = range(first, last + 1)
    return list(places[:: -(-len(places) // ORIGINS)])


def _naive(problem: Forecast, season: int, at: int, origins: list[int]) -> dict[str, Any]:
    """What is said by repeating the value ``season`` steps before; nothing where there is no season, or one too long."""
    levels, split = problem.levels, problem.series.split
    if not 0 < season <= split:
        return {"one_step": None, "free": None, "scores": None}
    said = levels[split - season : len(levels) - season]
    repeated = torch.stack([_repeated(levels, start, season, min(LONGEST, len(said))) for start in origins])
    return {
        "one_step": numbers(said),
        "free": numbers(_repeated(levels, at, season, LONGEST)),
        "scores": _scores(problem, said, repeated, origins),
    }


def _repeated(levels: Tensor, start: int, season: int, steps: int) -> Tensor:
    """What was last known ``season`` steps before, again and again: (steps,)."""
    return levels[[start - season + step % season for step in range(steps)]]


def _scores(problem: Forecast, one_step: Tensor, many: Tensor, origins: list[int]) -> dict[str, dict[str, float]]:
    """Of forecasts one step ahead (V,), and from each origin (origins, steps)."""
    truth = torch.stack([problem.levels[start : start + many.shape[1]] for start in origins])
    wrong = (many - truth).abs()
    errors = {
        "one_step": (one_step - problem.truth).abs().mean(),
        "free_12": wrong[:, :SHORT].mean(),
        "free_24": wrong[:, :LONGEST].mean(),
    }
    return {name: {"mae": error.item(), "mase": error.item() / problem.series.scale} for name, error in errors.items()}
