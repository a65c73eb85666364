"""Where to start from on the RNN page: runs that show what recurrent networks can do, and cannot. No torch."""

from __future__ import annotations

from core.config import OptimizerConfig, ScheduleConfig, StopConfig
from core.config.rnn import RNNConfig, RNNRunConfig, SequenceConfig
from core.i18n import N_
from core.presets import Preset

LONG = 50  # steps of the adding problem: an LSTM bridges them, a plain RNN does not


def _adding(cell: str, epochs: int) -> RNNRunConfig:
    return RNNRunConfig(
        dataset="adding",
        data=SequenceConfig(length=LONG),
        model=RNNConfig(cell=cell, hidden=64),
        optimizer=OptimizerConfig(learning_rate=0.005),
        stop=StopConfig(target_loss=0.01),
        batch_size=128,
        epochs=epochs,
    )


def _adding_lstm(_dataset: str) -> RNNRunConfig:
    """Tried over three seeds: below 0.01 after 500-800 steps."""
    return _adding("lstm", 60)


def _adding_rnn(_dataset: str) -> RNNRunConfig:
    """The same with a plain RNN, which stays at the naive 0.167."""
    return _adding("rnn_tanh", 30)


def _copy_lstm(_dataset: str) -> RNNRunConfig:
    return RNNRunConfig(
        dataset="copy",
        data=SequenceConfig(length=20, items=5),
        model=RNNConfig(hidden=96),
        optimizer=OptimizerConfig(learning_rate=0.005),
        stop=StopConfig(target_accuracy=0.99),
        batch_size=64,
        epochs=100,
    )


def _sunspots(_dataset: str) -> RNNRunConfig:
    return RNNRunConfig(
        dataset="sunspots",
        data=SequenceConfig(length=24),
        optimizer=OptimizerConfig(learning_rate=0.005),
        schedule=ScheduleConfig(name="cosine", warmup=0.05),
        epochs=60,
    )


def _co2(dataset: str) -> RNNRunConfig:
    """Changes instead of levels: the last fifth lies above everything that was seen."""
    return RNNRunConfig(
        dataset=dataset,
        data=SequenceConfig(length=24, difference=True),
        optimizer=OptimizerConfig(learning_rate=0.005),
        schedule=ScheduleConfig(name="cosine", warmup=0.05),
        epochs=60,
    )


def _characters(dataset: str) -> RNNRunConfig:
    if dataset == "text":
        return _text()
    return RNNRunConfig(
        dataset=dataset,
        data=SequenceConfig(length=64, carry=True),
        model=RNNConfig(hidden=128),
        optimizer=OptimizerConfig(learning_rate=0.004),
        schedule=ScheduleConfig(name="cosine", warmup=0.05),
        batch_size=64,
        epochs=5,
    )


def _text() -> RNNRunConfig:
    """A visitor's text may be short: few streams, more passes."""
    return RNNRunConfig(
        dataset="text",
        data=SequenceConfig(length=64, carry=True),
        model=RNNConfig(hidden=128),
        optimizer=OptimizerConfig(learning_rate=0.004),
        batch_size=16,
        epochs=20,
    )


def _rows(dataset: str) -> RNNRunConfig:
    if dataset == "lines":
        return _lines()
    return RNNRunConfig(
        dataset="rows",
        model=RNNConfig(hidden=64),
        optimizer=OptimizerConfig(learning_rate=0.003),
        schedule=ScheduleConfig(name="cosine", warmup=0.05),
        epochs=30,
    )


def _pixels(_dataset: str) -> RNNRunConfig:
    return RNNRunConfig(
        dataset="pixels",
        model=RNNConfig(cell="gru", hidden=64),
        optimizer=OptimizerConfig(learning_rate=0.005),
        schedule=ScheduleConfig(name="cosine", warmup=0.05),
        epochs=40,
    )


def _lines() -> RNNRunConfig:
    return RNNRunConfig(
        dataset="lines",
        model=RNNConfig(hidden=64, bidirectional=True, dropout=0.2),
        optimizer=OptimizerConfig(learning_rate=0.003),
        epochs=30,
    )


PRESETS: dict[str, Preset] = {
    "forecast_sunspots": Preset(
        N_("Sunspots: next year"),
        N_("An LSTM learns the 11-year cycle from 1700 on and forecasts the last fifth, better than \"like last year\"."),
        "sunspots",
        _sunspots,
    ),
    "forecast_co2": Preset(
        N_("CO2: next month"),
        N_("A rising series with a season, learned by its changes: better than \"like last month\" and \"like last year\"."),
        "co2",
        _co2,
    ),
    "characters": Preset(
        N_("A network that writes Python"),
        N_("An LSTM reads the standard library character by character and writes its own; below the bits that counting pairs of characters needs."),
        "stdlib",
        _characters,
    ),
    "digits_rows": Preset(
        N_("Digits, row by row"),
        N_("Eight steps of eight pixels: an LSTM reads a digit like a text and names it at the end."),
        "rows",
        _rows,
    ),
    "digits_pixels": Preset(
        N_("Digits, pixel by pixel"),
        N_("Sixty-four steps of one pixel: a GRU must remember what it saw long ago."),
        "pixels",
        _pixels,
    ),
    "adding_lstm": Preset(
        N_("Adding problem: LSTM"),
        N_("Two of fifty numbers are marked; wanted is their sum. An LSTM finds out, below a squared error of 0.01."),
        "adding",
        _adding_lstm,
    ),
    "adding_rnn": Preset(
        N_("Adding problem: plain RNN"),
        N_("The same with a plain RNN: the gradient is gone before it reaches the first mark, so it stays at the naive 0.167."),
        "adding",
        _adding_rnn,
    ),
    "copy_lstm": Preset(
        N_("Delayed copy: LSTM"),
        N_("Five symbols, twenty blanks, then all five again: an LSTM carries them across to 99 %."),
        "copy",
        _copy_lstm,
    ),
}  # fmt: skip

# Data -> the preset whose ``make(data)`` suits them; it knows what visitors bring as well.
STARTS: dict[str, str] = {
    "sunspots": "forecast_sunspots",
    "co2": "forecast_co2",
    "series": "forecast_co2",
    "stdlib": "characters",
    "text": "characters",
    "rows": "digits_rows",
    "pixels": "digits_pixels",
    "lines": "digits_rows",
    "adding": "adding_lstm",
    "copy": "copy_lstm",
}
