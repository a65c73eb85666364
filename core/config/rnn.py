"""A run of the RNN page: sequences in, an answer at every step or at the end out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from core.config.run import OPTIMIZER_EDITS, PRECISIONS, STOP_EDITS, RunConfig
from core.config.training import OPTIMIZERS, OptimizerConfig, ScheduleConfig
from core.errors import ConfigError
from core.i18n import N_
from core.settings import setting, validate

SEQUENCES = {
    "sunspots": N_("Sunspots (a year each, 1700-2008)"),
    "co2": N_("CO2 on Mauna Loa (a month each, 1958-2001)"),
    "series": N_("Your series (CSV)"),
    "stdlib": N_("Python's standard library"),
    "text": N_("Your text"),
    "rows": N_("Digits, row by row"),
    "pixels": N_("Digits, pixel by pixel"),
    "lines": N_("Your labelled lines"),
    "adding": N_("Adding problem"),
    "copy": N_("Delayed copy"),
}
KINDS: Mapping[str, str] = {
    "sunspots": "forecast",
    "co2": "forecast",
    "series": "forecast",
    "stdlib": "characters",
    "text": "characters",
    "rows": "classify",
    "pixels": "classify",
    "lines": "classify",
    "adding": "memory",
    "copy": "memory",
}
UPLOADED = ("series", "text", "lines")  # what a visitor brings; data.upload says which
CELLS = {"rnn_tanh": "RNN (tanh)", "rnn_relu": "RNN (ReLU)", "gru": "GRU", "lstm": "LSTM"}
MEMORY_STEPS = 50  # fresh batches that count as an epoch of a memory task
ADDING_NAIVE = 1 / 6  # squared error of always answering 1: the variance of the sum of two numbers from 0 to 1
RNN_PRECISIONS = {name: PRECISIONS[name] for name in ("float32", "tf32")}
SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class SequenceConfig:
    """How sequences are cut, and how far gradients and hidden states reach."""

    length: int = setting(
        24,
        N_("Length"),
        N_(
            "Time steps of a training sequence: the window of a forecast, the piece of a text, the whole adding problem, the delay of the copy. An error at the end goes back through so many steps: dL/dh(1) = dL/dh(T) x J(T) x ... x J(2). Typical: 10-100."
        ),
        minimum=2,
        maximum=500,
        step=1,
    )
    bptt: int = setting(
        0,
        N_("Truncated BPTT"),
        N_(
            "Gradients go back at most so many steps (backpropagation through time); the hidden state goes on. 0: through the whole sequence. Cut before steps T - k, T - 2k, ... Typical: 0, or 20-100 for long texts."
        ),
        minimum=0,
        maximum=500,
        step=1,
    )
    carry: bool = setting(
        False,
        N_("Carry the hidden state"),
        N_(
            "The hidden state at the end of a sequence begins the next one, without a gradient; otherwise each begins with zeros. h(0) = h(T) of the sequence before. For texts, and for forecasts that remember the whole past. Typical: on for texts."
        ),
    )
    difference: bool = setting(
        False,
        N_("Learn the changes"),
        N_(
            "The network sees and predicts changes instead of levels, which lets it follow a trend beyond what it has seen. d(t) = x(t) - x(t-1). Typical: on where the series rises or falls for good."
        ),
    )
    season: int = setting(
        0,
        N_("Season"),
        N_(
            "Time steps after which the series repeats itself; what the seasonal naive forecast looks back by: x(t) = x(t - season). 0: the data set's own, or none. Typical: 12 for months, 7 for days."
        ),
        minimum=0,
        maximum=366,
        step=1,
    )
    items: int = setting(
        5,
        N_("Symbols to remember"),
        N_(
            "How many of eight symbols are shown before the delay and must be repeated after it. Chance: 1 in 8 for each. Typical: 3-10."
        ),
        minimum=1,
        maximum=10,
        step=1,
    )
    upload: str = setting(
        "", N_("Upload"), N_("Fingerprint (SHA-256) of the file or text that was brought. Empty: none yet.")
    )

    def __post_init__(self) -> None:
        validate(self)
        if not isinstance(self.upload, str) or (self.upload and not SHA256.fullmatch(self.upload)):
            raise ConfigError(
                "upload",
                N_("{field} is not the fingerprint of an upload. Upload the file again, or choose other data."),
            )


@dataclass(frozen=True)
class RNNConfig:
    """A recurrent network: cells over time, then one linear layer."""

    cell: str = setting(
        "lstm",
        N_("Cell"),
        N_(
            "What happens at each time step. RNN: h(t) = tanh(W x(t) + U h(t-1) + b), which forgets quickly. GRU: 2 gates decide what is kept; LSTM: 3 gates and a cell that sums up, c(t) = f c(t-1) + i g. Typical: LSTM or GRU."
        ),
        choices=CELLS,
    )
    layers: int = setting(
        1,
        N_("Layers"),
        N_("Recurrent layers on top of one another; each reads the hidden states below it. Typical: 1-2."),
        minimum=1,
        maximum=3,
        step=1,
    )
    hidden: int = setting(
        32,
        N_("Hidden units"),
        N_(
            "Numbers the network carries from step to step. Parameters of a layer: g x hidden x (inputs + hidden + 2), g = 1 (RNN), 3 (GRU), 4 (LSTM). Typical: 16-128."
        ),
        minimum=4,
        maximum=256,
        step=4,
    )
    bidirectional: bool = setting(
        False,
        N_("Bidirectional"),
        N_(
            "A second network reads from the end to the beginning; the answer sees both. Only where the whole sequence is known before an answer is wanted, so not for forecasts, texts and the copy. Typical: off; on for labelled lines."
        ),
    )
    dropout: float = setting(
        0.0,
        N_("Dropout"),
        N_(
            "Share of each layer's outputs set to zero at random in training, the rest divided by (1 - p); hidden states on their way through time are spared. Typical: 0-0.5."
        ),
        minimum=0.0,
        maximum=0.9,
        step=0.05,
    )
    forget_bias: float = setting(
        1.0,
        N_("Forget bias"),
        N_(
            "Where an LSTM's forget gates begin: f = sigmoid(W x + U h + bias). Above 0 it remembers from the start (Jozefowicz et al., 2015). Typical: 1; 0 is PyTorch's own."
        ),
        minimum=-2.0,
        maximum=5.0,
        step=0.5,
    )
    embedding: int = setting(
        32,
        N_("Embedding"),
        N_("Numbers learned for each character, by which the network reads it. Parameters: characters x numbers. Typical: 16-64."),
        minimum=2,
        maximum=128,
        step=1,
    )  # fmt: skip

    def __post_init__(self) -> None:
        validate(self)


@dataclass(frozen=True)
class RNNRunConfig(RunConfig):
    """A recurrent network with its sequences."""

    EDITABLE: ClassVar[tuple[str, ...]] = (
        *OPTIMIZER_EDITS,
        "batch_size",
        "clip_norm",
        "model.dropout",
        *STOP_EDITS,
    )

    page: str = setting("rnn", N_("Page"), N_("The page that made this run."), choices={"rnn": "RNN"})
    dataset: str = setting(
        "sunspots",
        N_("Data"),
        N_(
            "What the sequences are. Forecasts: a series of numbers, the next one is wanted. Texts: the next character is wanted. Digits and labelled lines: the class is wanted at the end. Adding and copy: made-up puzzles that need a long memory."
        ),
        choices=SEQUENCES,
    )
    data: SequenceConfig = field(default_factory=SequenceConfig)
    model: RNNConfig = field(default_factory=RNNConfig)
    clip_norm: float = setting(
        1.0,
        N_("Gradient clipping"),
        N_(
            "Longest gradient allowed: a longer one is shortened to it, which tames the jumps of exploding gradients; 0: never. g <- g x min(1, clip / |g|). Typical: 1."
        ),
        minimum=0.0,
        maximum=1000.0,
        step=0.5,
    )
    batch_size: int = setting(
        32,
        N_("Batch size"),
        N_(
            "Sequences per optimiser step. Steps per epoch: ceil(sequences / batch size); memory tasks: 50. With a carried state it is the number of streams the text is cut into. Typical: 16-128."
        ),
        minimum=1,
        maximum=1024,
        step=1,
    )
    optimizer: OptimizerConfig = field(default_factory=lambda: OptimizerConfig(learning_rate=0.005))
    schedule: ScheduleConfig = field(default_factory=lambda: ScheduleConfig(name="cosine", warmup=0.05))
    epochs: int = setting(
        60,
        N_("Epochs"),
        N_(
            "How often all training sequences are seen; memory tasks: 50 batches of fresh sequences each. Steps: epochs x steps per epoch. Typical: 5-200."
        ),
        minimum=1,
        maximum=1000,
        step=1,
    )

    precision: str = setting(
        "float32",
        N_("Precision"),
        N_(
            "How many bits the arithmetic keeps. float32: 24 bits; TF32: 11 inside matrix products of a GPU. PyTorch's recurrent layers know no bfloat16 on most processors, so it is not offered here. Typical: float32."
        ),
        choices=RNN_PRECISIONS,
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.model.bidirectional and (self.kind in ("forecast", "characters") or self.dataset == "copy"):
            raise ConfigError(
                "model.bidirectional",
                N_(
                    "A bidirectional network reads the sequence from its end, where it would see the answers it is to give in {dataset}. Switch it off, or choose digits, labelled lines or the adding problem."
                ),
                dataset=SEQUENCES[self.dataset],
            )
        if self.model.bidirectional and self.data.bptt:
            raise ConfigError(
                "data.bptt",
                N_(
                    "Truncated BPTT cuts a sequence into pieces that are read forwards, which a bidirectional network cannot do. Set it to 0, or switch bidirectional off."
                ),
            )
        if self.data.carry and self.kind in ("classify", "memory"):
            raise ConfigError(
                "data.carry",
                N_(
                    "In {dataset} no sequence follows from the one before, so there is no hidden state to carry. Switch it off."
                ),
                dataset=SEQUENCES[self.dataset],
            )

    @property
    def kind(self) -> str:
        """``forecast``, ``characters``, ``classify`` or ``memory``."""
        return KINDS[self.dataset]

    @property
    def title(self) -> str:
        """``Adding problem, LSTM 64, Adam 0.005``."""
        dataset = SEQUENCES[self.dataset].split(" (")[0]
        units = "-".join([str(self.model.hidden)] * self.model.layers)
        cell = ("bi-" if self.model.bidirectional else "") + CELLS[self.model.cell]
        return f"{dataset}, {cell} {units}, {OPTIMIZERS[self.optimizer.name]} {self.optimizer.learning_rate:g}"
