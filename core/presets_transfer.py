"""Three ways to teach a network one's own classes, to be compared on the same pictures. No torch."""

from __future__ import annotations

from core.config import LossConfig, OptimizerConfig, ScheduleConfig, TransferRunConfig
from core.config.transfer import HeadConfig
from core.i18n import N_
from core.presets import Preset


def _frozen(_dataset: str) -> TransferRunConfig:
    return TransferRunConfig()


def _hidden(_dataset: str) -> TransferRunConfig:
    return TransferRunConfig(model=HeadConfig(hidden=64, dropout=0.3), loss=LossConfig(label_smoothing=0.05))


def _tuned(_dataset: str) -> TransferRunConfig:
    """The last two blocks at a tenth and a hundredth of the rate, as is usual since Howard and Ruder, 2018."""
    return TransferRunConfig(
        mode="finetune",
        blocks=2,
        decay=0.1,
        optimizer=OptimizerConfig(name="adamw", learning_rate=0.001, weight_decay=0.01),
        schedule=ScheduleConfig(name="one_cycle"),
        epochs=6,
    )


def _random(_dataset: str) -> TransferRunConfig:
    return TransferRunConfig(pretrained=False)


def _scratch(_dataset: str) -> TransferRunConfig:
    return TransferRunConfig(
        mode="scratch",
        optimizer=OptimizerConfig(name="adamw", learning_rate=0.001, weight_decay=0.01),
        schedule=ScheduleConfig(name="one_cycle"),
        epochs=6,
    )


PRESETS: dict[str, Preset] = {
    "frozen": Preset(
        N_("Frozen backbone"),
        N_("The backbone looks at each picture once; then a linear head learns in seconds."),
        None,
        _frozen,
    ),
    "hidden": Preset(
        N_("Frozen, with a hidden layer"),
        N_("64 hidden units, dropout and label smoothing: for classes that a straight cut does not part."),
        None,
        _hidden,
    ),
    "tuned": Preset(
        N_("Fine-tuned"),
        N_(
            "The last two blocks learn too, each at a tenth of the rate before. Takes minutes on a laptop; pays with many pictures."
        ),
        None,
        _tuned,
    ),
    "random": Preset(
        N_("Frozen at random"),
        N_("The same network that has learned nothing, frozen: what the architecture alone is worth."),
        None,
        _random,
    ),
    "scratch": Preset(
        N_("From scratch"),
        N_("All weights begin random and learn from your pictures alone: what the other pictures were worth."),
        None,
        _scratch,
    ),
}
