"""How the network learns: optimiser, schedule, loss, and when to stop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.i18n import N_
from core.settings import setting, validate

OPTIMIZERS = {
    "sgd": "SGD",
    "adam": "Adam",
    "adamw": "AdamW",
    "nadam": "NAdam",
    "radam": "RAdam",
    "adamax": "Adamax",
    "rmsprop": "RMSprop",
    "adagrad": "Adagrad",
    "adadelta": "Adadelta",
}
FUSED = frozenset({"sgd", "adam", "adamw"})  # torch updates all weights in one call, on the CPU too
# The constants that belong to each optimiser, beside its learning rate and weight decay.
OPTIMIZER_CONSTANTS: dict[str, tuple[str, ...]] = {
    "sgd": ("momentum", "nesterov"),
    "adam": ("beta1", "beta2"),
    "adamw": ("beta1", "beta2"),
    "nadam": ("beta1", "beta2"),
    "radam": ("beta1", "beta2"),
    "adamax": ("beta1", "beta2"),
    "rmsprop": ("momentum", "alpha"),
    "adagrad": (),
    "adadelta": ("rho",),
}
SCHEDULES = {
    "constant": N_("Constant"),
    "warmup": N_("Warm-up, then constant"),
    "step": N_("Steps"),
    "linear": N_("Linear"),
    "cosine": N_("Cosine"),
    "one_cycle": N_("One cycle"),
    "plateau": N_("When it stalls"),
}
SCHEDULE_CONSTANTS: dict[str, tuple[str, ...]] = {
    "constant": (),
    "warmup": ("warmup",),
    "step": ("step_epochs", "factor"),
    "linear": ("warmup", "floor"),
    "cosine": ("warmup", "floor"),
    "one_cycle": ("warmup", "floor"),
    "plateau": ("factor", "patience"),
}
LOSSES = {"cross_entropy": N_("Cross-entropy"), "mse": N_("Squared error on one-hot")}


@dataclass(frozen=True)
class OptimizerConfig:
    """The rule that turns gradients into updates, and its constants."""

    name: str = setting(
        "adam",
        N_("Optimiser"),
        N_(
            "The rule that turns gradients into weight updates. SGD: w <- w - lr x gradient. Adam divides by a running size of the gradient. Typical: Adam, or SGD with momentum."
        ),
        choices=OPTIMIZERS,
    )
    learning_rate: float = setting(
        0.001,
        N_("Learning rate"),
        N_(
            "Step size of each update; can be changed while the run goes on. w <- w - lr x gradient. Typical: 0.001 for Adam, 0.01-0.1 for SGD, 1 for Adadelta."
        ),
        minimum=0.0,
        maximum=1e10,
    )
    momentum: float = setting(
        0.9,
        N_("Momentum"),
        N_(
            "Share of the last update kept in the next one. v <- momentum x v + gradient; w <- w - lr x v. Used by SGD and RMSprop. Typical: 0-0.99."
        ),
        minimum=0.0,
        maximum=0.999,
        step=0.05,
    )
    nesterov: bool = setting(
        False,
        N_("Nesterov"),
        N_(
            "Looks one update ahead: the step uses gradient + momentum x v instead of v. Needs momentum above 0. Typical: on for SGD with momentum 0.9."
        ),
    )
    beta1: float = setting(
        0.9,
        N_("Beta 1"),
        N_(
            "Memory of the running mean of the gradient. m <- beta1 x m + (1 - beta1) x gradient. Typical: 0.9; 0.5 in GANs."
        ),
        minimum=0.0,
        maximum=0.999,
        step=0.01,
    )
    beta2: float = setting(
        0.999,
        N_("Beta 2"),
        N_(
            "Memory of the running mean of the squared gradient. v <- beta2 x v + (1 - beta2) x gradient². Typical: 0.95-0.999."
        ),
        minimum=0.0,
        maximum=0.9999,
        step=0.001,
    )
    alpha: float = setting(
        0.99,
        N_("Alpha"),
        N_(
            "Memory of RMSprop's running mean of the squared gradient. v <- alpha x v + (1 - alpha) x gradient². Typical: 0.9-0.99."
        ),
        minimum=0.0,
        maximum=0.9999,
        step=0.01,
    )
    rho: float = setting(
        0.9,
        N_("Rho"),
        N_(
            "Memory of Adadelta's running means of squared gradients and squared updates. v <- rho x v + (1 - rho) x gradient². Typical: 0.9-0.95."
        ),
        minimum=0.0,
        maximum=0.9999,
        step=0.01,
    )
    weight_decay: float = setting(
        0.0,
        N_("Weight decay"),
        N_(
            "Pulls every weight towards zero at each step. Gradient + decay x w; AdamW: w <- w - lr x decay x w. Typical: 0-0.01."
        ),
        minimum=0.0,
        maximum=10.0,
    )

    def __post_init__(self) -> None:
        validate(self)

    def constants(self) -> dict[str, Any]:
        """What ``torch.optim`` is given beside parameters and learning rate, by torch's own names."""
        used = OPTIMIZER_CONSTANTS[self.name]
        made: dict[str, Any] = {name: getattr(self, name) for name in ("momentum", "alpha", "rho") if name in used}
        if "nesterov" in used and self.momentum > 0:  # torch refuses it without momentum
            made["nesterov"] = self.nesterov
        if "beta1" in used:
            made["betas"] = (self.beta1, self.beta2)
        return made | {"weight_decay": self.weight_decay}


@dataclass(frozen=True)
class ScheduleConfig:
    """How the learning rate moves during the run; every schedule multiplies the rate that is set."""

    name: str = setting(
        "constant",
        N_("Schedule"),
        N_(
            "How the learning rate moves during the run: lr x factor(t), t from 0 to 1. One cycle rises to the rate and falls below it again. Typical: constant to explore, cosine or one cycle for the last per cent."
        ),
        choices=SCHEDULES,
    )
    warmup: float = setting(
        0.2,
        N_("Warm-up"),
        N_(
            "Share of the run in which the rate rises to its full height. From 1/25 of the rate, in a straight line; one cycle: by a half cosine. Typical: 0.05-0.1, one cycle 0.2-0.3."
        ),
        minimum=0.0,
        maximum=0.9,
        step=0.05,
    )
    step_epochs: int = setting(
        10,
        N_("Every epochs"),
        N_("After how many epochs the rate falls by the factor. lr x factor^floor(epoch / every). Typical: 5-30."),
        minimum=1,
        maximum=200,
        step=1,
    )
    factor: float = setting(
        0.3,
        N_("Factor"),
        N_("What the rate is multiplied by when it falls. lr <- factor x lr. Typical: 0.1-0.5."),
        minimum=0.01,
        maximum=1.0,
        step=0.05,
    )
    patience: int = setting(
        3,
        N_("Patience"),
        N_("Epochs without a lower validation loss before the rate falls. Typical: 2-10."),
        minimum=0,
        maximum=100,
        step=1,
    )
    floor: float = setting(
        0.01,
        N_("Last rate"),
        N_("Share of the rate that is left at the end of the run. Typical: 0-0.1."),
        minimum=0.0,
        maximum=1.0,
        step=0.01,
    )

    def __post_init__(self) -> None:
        validate(self)


@dataclass(frozen=True)
class LossConfig:
    """What counts as wrong, and by how much."""

    name: str = setting(
        "cross_entropy",
        N_("Loss"),
        N_(
            "How wrong an answer is. Cross-entropy: -log of the probability given to the true class. Squared error: mean of (probability - one-hot)²; its gradient fades where the network is surely wrong. Typical: cross-entropy."
        ),
        choices=LOSSES,
    )
    label_smoothing: float = setting(
        0.0,
        N_("Label smoothing"),
        N_(
            "Share of the target spread over all classes, so that the network is not pushed to be certain. Target: (1 - s) x one-hot + s / classes. Typical: 0-0.1."
        ),
        minimum=0.0,
        maximum=0.9,
        step=0.05,
    )

    def __post_init__(self) -> None:
        validate(self)


@dataclass(frozen=True)
class StopConfig:
    """When a run ends before its last epoch; 0 switches a rule off."""

    target_accuracy: float = setting(
        0.0,
        N_("Target accuracy"),
        N_("The run ends once its validation accuracy reaches this share; 0: never. Checked after each epoch."),
        minimum=0.0,
        maximum=1.0,
        step=0.01,
    )
    target_loss: float = setting(
        0.0,
        N_("Target loss"),
        N_("The run ends once its validation loss is at or below this; 0: never. Checked after each epoch."),
        minimum=0.0,
        maximum=1000.0,
        step=0.01,
    )
    patience: int = setting(
        0,
        N_("Stop when stalled"),
        N_(
            "The run ends after so many epochs without a lower validation loss; 0: never. Known as early stopping. Typical: 5-20."
        ),
        minimum=0,
        maximum=200,
        step=1,
    )
    seconds: int = setting(
        0,
        N_("Time limit"),
        N_("The run ends after so many seconds of training, pauses not counted; 0: never."),
        minimum=0,
        maximum=86_400,
        step=10,
    )

    def __post_init__(self) -> None:
        validate(self)
