"""What to change in a run's settings against what ails its layers. No torch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from core.config import CNNRunConfig, GANRunConfig, MLPRunConfig, RNNRunConfig, RunConfig
from core.errors import LiveTorchError

Change = dict[str, Any]  # config path -> new value
FLAT = ("tanh", "sigmoid")
BAD_STARTS = ("small", "large", "zero")
CLIP = 1.0


def change_for(verdict: str, config: RunConfig, part: str, overshot: bool = False) -> tuple[str, Change | None]:
    """What to try against ``verdict`` (a key of :data:`core.probes.gradients.words.TRIES`) and the change it is.

    The first remedy that changes anything and makes a config that can be; ``settings`` and nothing where none does.
    ``overshot``: updates that were too large brought it about.
    """
    remedies = REMEDIES[verdict]
    for name in ("lower_rate", *remedies) if overshot and "lower_rate" in remedies else remedies:
        change = {path: value for path, value in CHANGES[name](config, part) if value_at(config, path) != value}
        if change and _possible(config, change):
            return name, change
    return "settings", None


def _possible(config: RunConfig, change: Change) -> bool:
    try:
        for path, value in change.items():
            config = config.with_value(path, value)
    except LiveTorchError:
        return False
    return True


def value_at(config: RunConfig, path: str) -> Any:
    """What ``config`` has at the dotted ``path``."""
    found: Any = config
    for name in path.split("."):
        found = found[int(name)] if isinstance(found, tuple) else getattr(found, name)
    return found


Settings = Iterator[tuple[str, Any]]


def activations(config: RunConfig, part: str) -> list[str]:
    """Paths of the activations of the hidden layers."""
    if isinstance(config, CNNRunConfig):
        dense = ["model.activation"] if config.model.hidden else []
        return [f"model.blocks.{number}.activation" for number in range(len(config.model.blocks))] + dense
    if isinstance(config, MLPRunConfig):
        return [f"model.layers.{number}.activation" for number in range(len(config.model.layers))]
    return [f"{part}.activation"] if isinstance(config, GANRunConfig) else []


def _rate(factor: float) -> Callable[[RunConfig, str], Settings]:
    def change(config: RunConfig, part: str) -> Settings:
        owner = "discriminator_optimizer" if part == "discriminator" else "optimizer"
        path = f"{owner}.learning_rate"
        yield path, float(f"{factor * value_at(config, path):.6g}")

    return change


def _clip(config: RunConfig, part: str) -> Settings:
    if config.clip_norm == 0 or config.clip_norm > CLIP:
        yield "clip_norm", CLIP


def _initial(config: RunConfig, part: str) -> Settings:
    if isinstance(config, CNNRunConfig | MLPRunConfig) and config.model.initialization in BAD_STARTS:
        flat = any(value_at(config, path) in FLAT for path in activations(config, part))
        yield "model.initialization", "xavier" if flat else "kaiming"


def _relu(config: RunConfig, part: str) -> Settings:
    yield from ((path, "relu") for path in activations(config, part) if value_at(config, path) in FLAT)


def _leaky(config: RunConfig, part: str) -> Settings:
    yield from ((path, "leaky_relu") for path in activations(config, part) if value_at(config, path) == "relu")
    if isinstance(config, RNNRunConfig) and config.model.cell == "rnn_relu":
        yield "model.cell", "rnn_tanh"


def _normalise(config: RunConfig, part: str) -> Settings:
    if isinstance(config, MLPRunConfig):
        yield "model.normalization", "batch"
    elif isinstance(config, CNNRunConfig):
        bare = [number for number, block in enumerate(config.model.blocks) if block.normalization == "none"]
        yield from ((f"model.blocks.{number}.normalization", "batch") for number in bare)
    elif isinstance(config, GANRunConfig) and part == "generator":
        yield "generator.batch_norm", True


def _skip(config: RunConfig, part: str) -> Settings:
    if isinstance(config, MLPRunConfig):
        yield "model.skip", True
    elif isinstance(config, CNNRunConfig):
        yield from ((f"model.blocks.{number}.skip", True) for number in range(len(config.model.blocks)))


def _lstm(config: RunConfig, part: str) -> Settings:
    if isinstance(config, RNNRunConfig) and config.model.cell.startswith("rnn_"):
        yield "model.cell", "lstm"


def _spectral(config: RunConfig, part: str) -> Settings:
    if isinstance(config, GANRunConfig) and part == "discriminator":
        yield "discriminator.spectral_norm", True


CHANGES: dict[str, Callable[[RunConfig, str], Settings]] = {
    "lower_rate": _rate(0.1),
    "raise_rate": _rate(10.0),
    "clip": _clip,
    "initial": _initial,
    "relu": _relu,
    "leaky": _leaky,
    "normalise": _normalise,
    "skip": _skip,
    "lstm": _lstm,
    "spectral": _spectral,
}
# verdict -> what helps, the most promising first
REMEDIES: dict[str, tuple[str, ...]] = {
    "broken": ("initial", "lower_rate", "clip"),
    "exploding": ("initial", "lower_rate"),
    "grown": ("clip", "spectral", "lower_rate"),
    "large": ("initial", "lower_rate"),
    "slow": ("raise_rate",),
    "vanishing": ("initial", "relu", "normalise", "skip", "lstm", "spectral"),
    "dead": ("initial", "leaky", "lower_rate"),
    "saturated": ("initial", "normalise", "lower_rate"),
    "gates": ("lower_rate",),
    "zero": ("initial",),
}
