"""The words of what can be seen of a recurrent network."""

from __future__ import annotations

from typing import Any

from core.config.rnn import ADDING_NAIVE, RNNRunConfig
from pages.shared.language import _
from pages.shared.words.parts import accuracy_chart, loss_chart, rate_chart
from pages.shared.words.rnn_views import states_words, step_words


def charts() -> list[dict[str, Any]]:
    """The curves of a run, whatever its task."""
    return [loss_chart(), _gradient_chart(), rate_chart()]


def charts_for(config: RNNRunConfig, entropies: tuple[float, float] | None = None) -> list[dict[str, Any]]:
    """The curves of a run of ``config``; ``entropies``: bits per character of its text by unigram and by bigram."""
    if config.kind == "forecast":
        return [_mase_chart(), loss_chart(), _gradient_chart(), rate_chart()]
    if config.kind == "characters":
        return [_bits_chart(entropies), loss_chart(), _gradient_chart(), rate_chart()]
    if config.dataset == "adding":
        rules = [{"value": ADDING_NAIVE, "label": _("always answering 1: {value:.3f}").format(value=ADDING_NAIVE)}]
        title = _("Squared error: how wrong the sum is")
        return [loss_chart() | {"title": title, "rules": rules}, _gradient_chart(), rate_chart()]
    chance = [{"value": 1 / 8, "label": _("chance: 1 in 8")}] if config.dataset == "copy" else []
    return [accuracy_chart() | {"rules": chance}, loss_chart(), _gradient_chart(), rate_chart()]


def words() -> dict[str, Any]:
    """Words of the views."""
    return _views() | _forecast() | _text() | _sequences() | states_words() | step_words()


def status() -> dict[str, str]:
    """What the status line calls things here."""
    return {"rate": _("{rate} sequences/s")}


def _mase_chart() -> dict[str, Any]:
    line = {"split": "validation", "column": "mase", "label": _("Validation"), "colour": "--lt-validation"}
    title = _("MASE, one step ahead: error beside that of the naive forecast")
    return {
        "name": "mase", "title": title, "kind": "number", "lines": [line],
        "rules": [{"value": 1.0, "label": _("naive: the next value is like this one")}],
    }  # fmt: skip


def _bits_chart(entropies: tuple[float, float] | None) -> dict[str, Any]:
    labels = (_("unigram: {bits:.2f}"), _("bigram: {bits:.2f}"))
    rules = [
        {"value": bits, "label": label.format(bits=bits)} for bits, label in zip(entropies or (), labels, strict=False)
    ]
    title = _("Bits per character: how surprised it is by the text")
    return {"name": "bits_per_character", "title": title, "kind": "number", "rules": rules}


def _gradient_chart() -> dict[str, Any]:
    line = {"split": "train", "column": "gradient_norm", "label": _("Before clipping"), "colour": "--lt-train"}
    return {
        "name": "gradient_norm", "title": _("Length of the gradient |g|"), "kind": "number", "lines": [line],
    }  # fmt: skip


def _views() -> dict[str, Any]:
    return {
        "views_label": _("Views into the network"),
        "views": {
            "forecast": _("Forecast"),
            "text": _("Text"),
            "sequences": _("Sequences"),
            "hidden": _("Hidden state"),
            "gates": _("Gates"),
            "gradient": _("Gradient through time"),
            "step": _("Time step"),
        },
        "leads": {
            "forecast": _(
                "The series, what the network says one step ahead, and where it runs to when it is fed its own answers."
            ),
            "text": _(
                "What the network writes, one character after the other, and how well it foresees text it never read."
            ),
            "sequences": _(
                "Sequences it was not trained on: what was wanted, what it says, and what it believed on the way."
            ),
            "hidden": _("What the network carries from step to step: a row for each unit, time runs to the right."),
            "gates": _("How the gates decide at each step what is kept, taken in and shown."),
            "gradient": _(
                "How much of the error at the end reaches each earlier step. What fades on the way back cannot be learned."
            ),
            "step": _("One time step with its real numbers: what goes in, what the cell does, what is handed on."),
        },
        "waiting": _("The network is being asked; its answer appears here."),
        "no_run": _("Press Train; this view then follows the network as it learns."),
        "queued_view": _("The run waits for its turn; this view starts with it."),
        "after_step": _("After step {step}"),
        "before_training": _("Not trained yet: these are its first, random weights."),
        "picture_buttons": {"previous": _("Previous"), "next": _("Next")},
        "sequence": _("Sequence"),
        "sequence_number": _("Number of the validation sequence"),
        "sequence_of": _("of 0 to {last}"),
        "layer": _("Layer"),
        "time_step": _("Time step"),
    }


def _forecast() -> dict[str, Any]:
    return {
        "methods": {
            "truth": _("Truth"),
            "network": _("Network"),
            "naive": _("Naive: like the last"),
            "seasonal_naive": _("Seasonal naive: like a season ago"),
        },
        "one_step": _("One step ahead"),
        "one_naive": _("Naive, one step ahead"),
        "free": _("Running free"),
        "free_naive": _("Naive, running free"),
        "free_here": _("runs free"),
        "free_from": _("Runs free from"),
        "free_help": _(
            "From here on the network gets its own answers in place of the truth: x̂(t+1) = f(x̂(t), h(t)). Click on the chart, or move the slider."
        ),
        "held_out": _("held out"),
        "scores": _("How good it is on what was held out"),
        "spans": {"one_step": _("1 step"), "free_12": _("12 steps, free"), "free_24": _("24 steps, free")},
        "own_unit": _("the unit of the series"),
        "units": {"number": _("number")},
        "scores_caption": _(
            "MASE: mean error divided by the mean change from one value to the next in the training part, mean|x - x̂| / mean|x(t) - x(t-1)|; below 1 is better than guessing no change. Small: the mean error itself, in {unit}. Free runs: mean over {origins} starting points."
        ),
        "scores_caption_season": _(
            "MASE: mean error divided by the mean change from one value to the next in the training part, mean|x - x̂| / mean|x(t) - x(t-1)|; below 1 is better than guessing no change. Small: the mean error itself, in {unit}. Season: {season} steps. Free runs: mean over {origins} starting points."
        ),
        "forecast_alt": _("{name} with forecasts; MASE one step ahead {mase}"),
    }


def _text() -> dict[str, Any]:
    return {
        "prompt": _("Begins with"),
        "prompt_empty": _("a new line"),
        "temperature": _("Temperature"),
        "temperature_help": _(
            "How daring the choice is: p <- softmax(z / T). Low: nearly always the likeliest character; 1: as the network believes; high: wild."
        ),
        "again": _("Another"),
        "again_help": _("The same network throws its dice anew."),
        "colour_by": _("Colour"),
        "colours": {"probability": _("how likely"), "surprise": _("how surprising")},
        "colour_captions": {
            "probability": _("The bluer a character, the surer the network was of it. Point at one to see what else could have stood there."),
            "surprise": _("The more orange a character, the less it was expected, -log2 p. Point at one to see what else could have stood there."),
        },
        "written": _("What the network writes"),
        "next_title": _("What may follow the beginning"),
        "top_title": _("Instead of {character} could have come"),
        "unknown": _("The network does not know {characters}; it reads on without them."),
        "bits": _("Bits per character on held-out text"),
        "entropies": {
            "network": _("Network, at the last validation"),
            "bigram": _("Bigram: by the last character"),
            "unigram": _("Unigram: by frequency alone"),
        },
        "bits_caption": _(
            "Mean of -log2 p(character) over text that was held out; lower is better, 8 would be a byte. A table of how often characters occur reaches the unigram's number, one of pairs the bigram's."
        ),
        "held_out_text": _("Text it never read, coloured by surprise"),
        "surprise_caption": _(
            "-log2 p of each character given all before it: plain is foreseen, orange is a surprise. 1 bit is a coin toss."
        ),
        "surprised": _("{character}: {bits} bits, {percent} % expected"),
        "piece_of": _("Piece {piece} of {pieces}"),
        "piece_before": _("Previous piece"),
        "piece_after": _("Next piece"),
    }  # fmt: skip


def _sequences() -> dict[str, Any]:
    return {
        "sequences_range": _("{first} to {last} of {count}"),
        "scores_said": {
            "share": _("At the last validation: {accuracy} % of all right; guessing reaches {naive} %."),
            "adding": _("At the last validation: squared error {mse}; always answering 1 gives {naive}."),
        },
        "sequence_legends": {
            "picture": _("The strip is what it would have answered after each step: green right, orange wrong, the stronger the surer."),
            "lines": _("Each character is coloured by what it would have answered there: green right, orange wrong, the stronger the surer."),
            "answer": _("The network reads from both ends, so it answers only when it has read everything."),
            "adding": _("Two of the numbers are marked in blue; wanted is their sum."),
            "copy": _("Symbols are shown, then comes a long silence, then they are wanted back: green right, orange wrong, the stronger the surer."),
        },
        "answer_right": _("{said}, {percent} % sure"),
        "answer_wrong": _("{said}, {percent} % sure; it is {truth}"),
        "belief": _("Step {step}: {said}, {percent} %"),
        "picture_alt": _("A picture of {truth}"),
        "marked": _("Step {step}: {value}, marked"),
        "adding_alt": _("{count} numbers, marked: {addends}"),
        "adding_said": _("{addends} = {truth}; says {said}, off by {off}"),
        "copy_given": _("given"),
        "copy_says": _("says"),
        "copy_delay": _("{delay} steps of silence"),
        "copy_symbol": _("wanted {truth}, believed in it with {percent} %"),
    }  # fmt: skip
