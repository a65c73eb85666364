"""How the two players get along, told from their numbers."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor

from core.probes.gan.subject import GANSubject
from core.probes.pictures import numbers
from core.training.gan_game import Game
from core.training.gan_measures import CELLS, EXTENT, GENERATED, counted, divergences

FIRST, SOON = 300, 600  # rounds before which nothing is said, and nothing of a collapse: modes are found one by one
COLLAPSED = 0.5  # share of what there is that is found at most
WINS = 0.8  # D(x) - D(G(z)), as a share of the largest there can be
SWINGS = 0.35  # divergence of the samples of two evaluations that follow each other
FAR = 0.5  # divergence from the real ones, in bits
FALLEN, LASTING = 0.3, 3  # quality lost, in how many evaluations that follow each other
LATE, FLAT = 2_000, 10  # rounds and evaluations after which something should have come of it
WORKS = {"js": 0.25, "good": 0.75, "confidence": 0.6}

Numbers = dict[str, float | None]


def verdict(subject: GANSubject) -> dict[str, Any]:
    """A key of :data:`core.probes.gan.words.VERDICTS` with the sentence's values, what to try, and the numbers behind it."""
    found = measured(subject)
    key = judged(found, subject.step)
    return {
        "verdict": key,
        "values": _values(found, subject.step),
        "tries": tries(key, subject),
        "numbers": dict(zip(found, numbers(_plain(found)), strict=True)),
    }


def _plain(found: Numbers) -> list[float]:
    return [math.nan if value is None else value for value in found.values()]


def judged(found: Numbers, step: int) -> str:
    """The verdict on ``found`` after ``step`` rounds; what can be told apart is looked for first."""

    def at(name: str) -> float:
        value = found[name]
        return math.nan if value is None else value  # a comparison with which is never true

    if step < FIRST:
        return "early"
    if at("gap") > WINS:
        return "d_wins"
    if step >= SOON and at("found") <= COLLAPSED * at("whole"):
        return "collapse"
    flat = at("better") <= 0
    if at("moved") > SWINGS and flat:
        return "oscillates"
    quality = at("quality")
    if at("js") < WORKS["js"] or (at("found") >= 0.95 * at("whole") and quality >= WORKS["good"]):
        return "works"
    if found["js"] is None and at("found") == at("whole") and quality >= WORKS["confidence"]:
        return "works"
    if at("best") - at("now") > FALLEN:
        return "worse"
    return "stuck" if step >= LATE and flat and at("distance") > FAR else "learning"


def measured(subject: GANSubject) -> Numbers:
    """Everything a verdict rests on; ``None`` where it is not defined or nothing is known of the past."""
    last = _latest(subject)
    real, fake = _scores(subject)
    found, whole = _kinds(subject.game, last)
    quality = last.get("good", last.get("confidence"))
    if quality is None:
        quality = 1 - last["js"]
    return {
        "modes": last.get("modes"),
        "good": last.get("good"),
        "js": last.get("js"),
        "d_real": real,
        "d_fake": fake,
        "gap": _gap(subject, real, fake),
        "found": found,
        "whole": whole,
        "quality": quality,
        "distance": last.get("js", 1 - quality),
        "moved": _moved(subject),
        "better": _better(subject),
        **_lately(subject),
    }


def _latest(subject: GANSubject) -> dict[str, float]:
    """The last evaluation, or one of now where it was long ago: an epoch of 60,000 pictures has a thousand rounds."""
    past = subject.history.evaluations
    if past and subject.step - past[-1]["step"] < FIRST:
        return past[-1]
    return subject.game.measures()


def _scores(subject: GANSubject) -> tuple[float, float]:
    """Mean D(x) and D(G(z)): over the last rounds, or of the players as they stand."""
    rounds = list(subject.history.rounds)[-100:]
    if rounds:
        real, fake = (sum(one[name] for one in rounds) / len(rounds) for name in ("d_real", "d_fake"))
        return real, fake
    game = subject.game
    with game.looked_at():
        turn = game.discriminator_turn(torch.Generator().manual_seed(subject.config.seed), learns=False)
        real, fake = (mean.item() for mean in turn.means(game.probabilities))
    return real, fake


def _gap(subject: GANSubject, real: float, fake: float) -> float | None:
    """How far D tells them apart: 1 is all it can. A Wasserstein score has no largest value."""
    name, label = subject.config.loss.name, subject.config.loss.real_label
    if name == "hinge":
        return (real - fake) / 2  # no more is asked than 1 and -1
    return None if name in ("wgan_clip", "wgan_gp") else (real - fake) / label


def _kinds(game: Game, last: dict[str, float]) -> tuple[float, float]:
    """(kinds of sample found, kinds there are): modes, classes, or cells of the plane with a hundredth of the real points."""
    if "classes" in last:
        return last["classes"], len(game.classes)
    if "modes" in last:
        return last["modes"], {"ring": 8.0, "grid": 25.0}[game.config.dataset]
    made, _scores = game.shown(GENERATED)
    real = _occupied(_coarse(game.reference()))
    found = real & _occupied(counted(made.cpu(), EXTENT, 8))  # samples where nothing real is find nothing
    return float(found.sum()), float(real.sum())


def _coarse(counts: Tensor) -> Tensor:
    """24 x 24 cells as 8 x 8."""
    part = CELLS // 8
    return counts.view(8, part, 8, part).sum((1, 3)).flatten()


def _occupied(counts: Tensor) -> Tensor:
    """Which cells hold at least one sample in a hundred."""
    return counts >= 0.01 * counts.sum()


def _moved(subject: GANSubject) -> float | None:
    """How far the samples' places differ between the last moments that were kept, as a divergence from 0 to 1."""
    if not subject.config.in_plane or len(subject.history.latest) < 4:
        return None
    counts = [counted(one.samples, EXTENT, 8) for one in subject.history.latest]
    apart = [divergences(a, b)[0] for a, b in pairwise(counts)]
    return sum(apart) / len(apart)


def _better(subject: GANSubject) -> float | None:
    """By how much the last evaluations came nearer than all before them; nothing while there are few."""
    past = [1 - _good(one) for one in subject.history.evaluations]
    if len(past) < 2 * FLAT:
        return None
    return min(past[:-FLAT]) - min(past[-FLAT:])


def _lately(subject: GANSubject) -> Numbers:
    """Quality at its best, and the best of the last evaluations: a single bad one says little."""
    past = [_good(one) for one in subject.history.evaluations]
    return {"best": max(past), "now": max(past[-LASTING:])} if past else {"best": None, "now": None}


def _good(one: dict[str, float]) -> float:
    """From 0 to 1."""
    return 1 - one["js"] if "js" in one else one["confidence"]


def _values(found: Numbers, step: int) -> dict[str, Any]:
    """For the sentence."""
    values = {name: found[name] or 0.0 for name in ("d_real", "d_fake", "quality", "moved", "distance", "best", "now")}
    values = {name: round(value, 4) if math.isfinite(value) else 0.0 for name, value in values.items()}
    return values | {"rounds": step, "found": int(found["found"] or 0), "whole": int(found["whole"] or 0)}


def tries(key: str, subject: GANSubject) -> list[str]:
    """What helps against ``key`` and is not done yet: keys of :data:`core.probes.gan.words.TRIES`."""
    config = subject.config
    wasserstein = config.loss.name in ("wgan_clip", "wgan_gp")
    helps = {
        "loss.name": ["non_saturating"] if config.loss.name == "minimax" else [],
        "penalty": [] if wasserstein else ["wgan_gp"],
        "label": ["label"] if not wasserstein and config.loss.name != "hinge" and config.loss.real_label > 0.9 else [],
        "spectral": [] if config.discriminator.spectral_norm else ["spectral"],
        "beta1": ["beta1"] if max(config.optimizer.beta1, config.discriminator_optimizer.beta1) > 0.5 else [],
        "latent": ["more_latent"] if config.latent.dimension < 4 else [],
    }
    more_g = ["fewer_g"] if config.steps_g > 1 else ["larger_batch"]
    return {
        "early": ["wait"],
        "learning": ["wait"],
        "works": [],
        "collapse": [*more_g, "faster_d", *helps["penalty"], *helps["latent"]],
        "d_wins": ["slower_d", *helps["loss.name"], *helps["label"], *helps["spectral"]],
        "oscillates": [*helps["beta1"], "lower_rates", *helps["penalty"]],
        "worse": ["lower_rates", *helps["penalty"], *helps["spectral"]],
        "stuck": ["lower_rates", "faster_d", *helps["penalty"]],
    }[key]
