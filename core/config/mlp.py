"""A run of the playground: points of the plane in, a class or a number out."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar, Self

from core.config.mlp_network import MLP_LOSSES as MLP_LOSSES
from core.config.mlp_network import MLPConfig, MLPLossConfig, PenaltyConfig
from core.config.plane import FeaturesConfig, PlaneConfig
from core.config.run import OPTIMIZER_EDITS, STOP_EDITS, RunConfig
from core.config.training import OPTIMIZERS, OptimizerConfig
from core.errors import ConfigError
from core.i18n import N_
from core.settings import setting

PLANE_SETS = {
    "circles": N_("Circles"),
    "xor": N_("Exclusive or"),
    "gaussians": N_("Two Gaussians"),
    "spiral": N_("Spiral"),
    "moons": N_("Moons"),
    "plane": N_("Plane (regression)"),
    "multi_gauss": N_("Six Gaussians (regression)"),
    "drawn": N_("My own points"),
}
REGRESSIONS = frozenset({"plane", "multi_gauss"})
MODES = {"eager": N_("Eager"), "compiled": N_("Compiled")}
FEWEST_DRAWN = 4
STRONGEST_POKE = 1000.0


@dataclass(frozen=True)
class MLPRunConfig(RunConfig):
    """A small fully connected network with points of the plane. The defaults are TensorFlow Playground's."""

    EDITABLE: ClassVar[tuple[str, ...]] = (
        *OPTIMIZER_EDITS,
        "batch_size",
        "clip_norm",
        "model.dropout",
        "penalty.l1",
        "penalty.l2",
        "data.points",
        "poke",
        *STOP_EDITS,
    )

    page: str = setting("mlp", N_("Page"), N_("The page that made this run."), choices={"mlp": N_("Playground")})
    dataset: str = setting(
        "circles",
        N_("Data set"),
        N_(
            "The points the network learns from. Two classes: a disc in a ring, the four corners of exclusive or, two clouds, interleaved spirals, two moons. Regression: a slope, six hills and hollows. Or points set by hand or read from a file."
        ),
        choices=PLANE_SETS,
    )
    data: PlaneConfig = field(default_factory=PlaneConfig)
    features: FeaturesConfig = field(default_factory=FeaturesConfig)
    model: MLPConfig = field(default_factory=MLPConfig)
    loss: MLPLossConfig = field(default_factory=MLPLossConfig)
    penalty: PenaltyConfig = field(default_factory=PenaltyConfig)
    optimizer: OptimizerConfig = field(
        default_factory=lambda: OptimizerConfig(name="sgd", learning_rate=0.03, momentum=0.0)
    )
    mode: str = setting(
        "eager",
        N_("Mode"),
        N_(
            "Eager: PyTorch runs the step operation by operation; a run repeats itself to the last digit. Compiled: torch.compile makes one program of the step, which takes some seconds at first and then runs about twice as fast; the last digits differ. Typical: eager."
        ),
        choices=MODES,
    )
    batch_size: int = setting(
        10,
        N_("Batch size"),
        N_(
            "Points per optimiser step. Steps per epoch: ceil(training points / batch size). Small is noisy, large is smooth. Typical: 1-30."
        ),
        minimum=1,
        maximum=2000,
        step=1,
    )
    epochs: int = setting(
        3000,
        N_("Epochs"),
        N_(
            "How often the whole training set is seen. Steps: epochs x steps per epoch. Typical: 100-10,000; an epoch takes a few milliseconds."
        ),
        minimum=1,
        maximum=100_000,
        step=1,
    )
    poke: tuple[float, ...] = setting(
        (),
        N_("Weight set by hand"),
        N_("The last weight that was set by hand while the run was on: layer, neuron, input (-1: bias), value."),
        count=(0, 5),
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if not any(getattr(self.features, one.name) for one in fields(self.features)):
            raise ConfigError("features", N_("The network has no input. Switch on at least one of them."))
        if self.task == "regression" and self.loss.name != "mse":
            raise ConfigError(
                "loss.name",
                N_("{loss} tells classes apart, and these points have numbers. Choose the squared error."),
                loss=MLP_LOSSES[self.loss.name],
            )
        if self.precision not in ("float32", "auto"):
            raise ConfigError("precision", N_("The playground calculates in float32. Choose float32."))
        self._check_points()
        self._check_batches()
        self._check_mode()
        if self.poke:
            self._check_poke()

    @property
    def task(self) -> str:
        """``classification`` or ``regression``."""
        if self.dataset == "drawn":
            return self.data.task
        return "regression" if self.dataset in REGRESSIONS else "classification"

    @property
    def classes(self) -> int:
        """How many classes the points have; 0 in regression."""
        if self.task == "regression":
            return 0
        return self.data.classes if self.dataset in ("spiral", "drawn") else 2

    @property
    def outputs(self) -> int:
        """Numbers the network gives for a point."""
        single = self.classes == 0 or (self.classes == 2 and self.loss.name != "cross_entropy")
        return 1 if single else self.classes

    @property
    def widths(self) -> tuple[int, ...]:
        """Neurons of every layer, inputs first, output last."""
        inputs = sum(getattr(self.features, one.name) for one in fields(self.features))
        return (inputs, *(layer.neurons for layer in self.model.layers), self.outputs)

    @property
    def parts(self) -> tuple[int, int]:
        """How many points are trained on, and how many tested on; one at least of each."""
        count = len(self.data.points) if self.dataset == "drawn" else self.data.samples
        trained = min(max(round(self.data.train_share * count), 1), count - 1)
        return trained, count - trained

    @property
    def title(self) -> str:
        """``Circles, 2-4-2-1, SGD 0.03``."""
        widths = "-".join(map(str, self.widths))
        name = PLANE_SETS[self.dataset].split(" (")[0]
        return f"{name}, {widths}, {OPTIMIZERS[self.optimizer.name]} {self.optimizer.learning_rate:g}"

    def resolved(self, *, device: str, threads: int, precision: str = "float32") -> Self:
        """A copy in which nothing is left to the machine's choice; the arithmetic is always float32."""
        return replace(self, device=device, threads=threads, precision="float32")

    def with_value(self, path: str, value: Any) -> Self:
        """As for every run, but only points set by hand can become others. A weight set by hand carries a number of its own, so that the same one can be set twice."""
        if path == "data.points" and self.dataset != "drawn":
            raise ConfigError(
                path,
                N_("These points come from a formula. To set points by hand, choose your own points as data set."),
            )
        if path != "poke":
            return super().with_value(path, value)
        if not isinstance(value, list | tuple) or len(value) != 4:
            raise ConfigError(
                "poke", N_("A weight is set by layer, neuron, input and value; {found} came."), found=str(value)[:40]
            )
        made = self.poke[4] if len(self.poke) == 5 else 0
        return super().with_value("poke", [*value, made + 1])

    def _check_points(self) -> None:
        if self.dataset != "drawn":
            return
        if len(self.data.points) < FEWEST_DRAWN:
            raise ConfigError(
                "data.points",
                N_("There are {count} points of your own; at least {fewest} are needed. Draw some, or load a file."),
                count=len(self.data.points),
                fewest=FEWEST_DRAWN,
            )

    def _check_batches(self) -> None:
        """Batch normalisation needs two points in every batch; a last single point joins the batch before it."""
        if self.model.normalization == "batch" and self.model.layers and min(self.batch_size, self.parts[0]) == 1:
            raise ConfigError(
                "batch_size",
                N_(
                    "A batch is a single point here, and batch normalisation has nothing to take a mean of. Take larger batches, more points or layer normalisation."
                ),
            )

    def _check_mode(self) -> None:
        if self.mode == "compiled" and (self.model.dropout > 0 or self.model.normalization != "none"):
            raise ConfigError(
                "mode",
                N_("Compiled steps know neither dropout nor normalisation. Choose the eager mode, or switch them off."),
            )

    def _check_poke(self) -> None:
        layer, row, column, value = self.poke[:4] if len(self.poke) >= 4 else (-1.0, 0.0, 0.0, 0.0)
        widths = self.widths
        whole = all(float(number).is_integer() for number in (layer, row, column))
        there = whole and 0 <= layer < len(widths) - 1
        there = there and 0 <= row < widths[int(layer) + 1] and -1 <= column < widths[int(layer)]
        if not there or abs(value) > STRONGEST_POKE:
            raise ConfigError(
                "poke",
                N_(
                    "There is no weight {place} that could become {value:g}; weights lie between -{most:g} and {most:g}."
                ),
                place=" / ".join(f"{number:g}" for number in (layer, row, column)),
                value=value,
                most=STRONGEST_POKE,
            )
