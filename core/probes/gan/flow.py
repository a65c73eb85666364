"""Slow motion: the phases of the next round with its real numbers, played on copies."""

from __future__ import annotations

import copy
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from core.probes.gan.pictures import packed
from core.probes.gan.plane import coordinates
from core.probes.gan.subject import GANSubject, copied
from core.probes.pictures import numbers
from core.training.adversarial import AdversarialTraining
from core.training.gan_game import Game, Turn
from core.training.gan_history import as_bytes
from core.training.gan_losses import clip_weights
from core.training.optimizers import set_rate

SHOWN, POINTS, TILES = 6, 60, 4  # of each tensor: numbers, points, pictures


def flow(subject: GANSubject) -> dict[str, Any]:
    """What comes next: the first update of each player in the order they are made, each with what it computes.

    The very samples of the next round are drawn, from a copy of its generator. A run that is over shows no updates:
    its optimisers are gone.
    """
    game, draws = _copy(subject.game), copied(subject.draws)
    config, optimizers = subject.config, _optimizers(subject, game)
    learns = {"discriminator": config.players != "generator", "generator": config.players != "discriminator"}
    phases: list[dict[str, Any]] = []
    for number in range(config.steps_d if learns["discriminator"] else 1):
        turn = game.discriminator_turn(draws, learns["discriminator"])
        told = _discriminator_phases(game, turn) if number == 0 else []
        told += _update(game, "discriminator", turn.loss, optimizers, learns)
        phases += told if number == 0 else []
    turn = game.generator_turn(draws, learns["generator"])
    phases += _generator_phases(game, turn) + _update(game, "generator", turn.loss, optimizers, learns)
    return {
        "kind": "plane" if config.in_plane else "images",
        "next_step": subject.step + 1,
        "phases": phases,
    }


def _copy(game: Game) -> Game:
    """The same data, other networks in the same state."""
    made = copy.copy(game)
    made.generator, made.discriminator = copy.deepcopy(game.generator), copy.deepcopy(game.discriminator)
    return made


def _optimizers(subject: GANSubject, game: Game) -> dict[str, tuple[Optimizer, float]]:
    """Copies of both optimisers that update the copies of the players, with the rates of the next round; none at rest."""
    made: dict[str, tuple[Optimizer, float]] = {}
    if not isinstance(subject, AdversarialTraining):
        return made
    for player, name in (("discriminator", "discriminator_optimizer"), ("generator", "optimizer")):
        running: Optimizer = getattr(subject, name)
        old, new = getattr(subject.game, player), getattr(game, player)
        # deepcopy would copy the parameters once more; told beforehand, it takes those of the copy
        memo: dict[int, Any] = {id(a): b for a, b in zip(old.parameters(), new.parameters(), strict=True)}
        optimizer = copy.deepcopy(running, memo)
        rate = getattr(subject.config, name).learning_rate * subject.next_factor()
        set_rate(optimizer, rate)
        made[player] = optimizer, rate
    return made


def _discriminator_phases(game: Game, turn: Turn) -> list[dict[str, Any]]:
    assert turn.real is not None and turn.on_real is not None
    return [
        _tensor("z_d", "discriminator", turn.z),
        _tensor("fake_d", "discriminator", turn.fake) | _drawn(game, turn.fake),
        _tensor("real", "discriminator", turn.real) | _drawn(game, turn.real),
        _tensor("d_real", "discriminator", _meant(game, turn.on_real)),
        _tensor("d_fake", "discriminator", _meant(game, turn.on_fake)),
        _loss("loss_d", "discriminator", turn.loss),
    ]


def _generator_phases(game: Game, turn: Turn) -> list[dict[str, Any]]:
    return [
        _tensor("z_g", "generator", turn.z),
        _tensor("fake_g", "generator", turn.fake) | _drawn(game, turn.fake),
        _tensor("d_g", "generator", _meant(game, turn.on_fake)),
        _loss("loss_g", "generator", turn.loss),
    ]


def _meant(game: Game, scores: Tensor) -> Tensor:
    return scores.sigmoid() if game.probabilities else scores


def _tensor(name: str, player: str, values: Tensor) -> dict[str, Any]:
    """Shape, first numbers, mean and deviation."""
    found = values.detach().float().cpu()
    spread = found.std(correction=0).item()
    return {
        "name": name,
        "player": player,
        "shape": list(found.shape),
        "numbers": numbers(found.flatten()[:SHOWN].tolist(), 4),
        "mean": numbers([found.mean().item()])[0],
        "deviation": numbers([spread])[0],
    }


def _loss(name: str, player: str, loss: Tensor) -> dict[str, Any]:
    return {"name": name, "player": player, "shape": [], "numbers": numbers([loss.item()])}


def _drawn(game: Game, samples: Tensor) -> dict[str, Any]:
    """Some of the samples for the eye."""
    if game.images is None:
        return coordinates(samples[:POINTS])
    tiles = as_bytes(samples[:TILES])
    count, height, width = tiles.shape
    return {"tiles": count, "height": height, "width": width, "pixels": packed(tiles.transpose(0, 1))}


def _update(
    game: Game, player: str, loss: Tensor, optimizers: dict[str, tuple[Optimizer, float]], learns: dict[str, bool]
) -> list[dict[str, Any]]:
    """Make the update in the copy; how large gradient, weights and change are, as norms over all parameters."""
    if player not in optimizers or not learns[player]:
        return []
    network, (optimizer, rate) = getattr(game, player), optimizers[player]
    before = [parameter.detach().clone() for parameter in network.parameters()]
    optimizer.zero_grad()
    loss.backward()
    gradient = _norm(parameter.grad for parameter in network.parameters() if parameter.grad is not None)
    if game.config.clip_norm > 0:
        nn.utils.clip_grad_norm_(network.parameters(), game.config.clip_norm)
    optimizer.step()
    if player == "discriminator" and game.config.loss.name == "wgan_clip":
        clip_weights(network, game.config.loss.clip)
    change = _norm(now.detach() - old for now, old in zip(network.parameters(), before, strict=True))
    weights = _norm(before)
    told = numbers([gradient, weights, change, change / weights if weights else 0.0, rate])
    names = ("gradient_norm", "weights_before", "change", "relative", "learning_rate")
    name = "update_d" if player == "discriminator" else "update_g"
    return [{"name": name, "player": player} | dict(zip(names, told, strict=True))]


def _norm(parts: Any) -> float:
    return float(torch.stack([part.norm() for part in parts]).norm())
