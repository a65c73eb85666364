"""Some validation sequences with what is wanted and what the network answers."""

from __future__ import annotations

from typing import Any

from core.config.rnn import ADDING_NAIVE
from core.errors import LiveTorchError
from core.i18n import N_
from core.probes.arguments import whole
from core.probes.pictures import single
from core.probes.rnn.subject import SequenceSubject, assessed, probabilities
from core.training.assessment import looking
from core.training.sequence_classes import Classification, Digits, Lines
from core.training.sequence_memory import SYMBOLS, Adding, Copy

SHOWN = 12


def sequences(subject: SequenceSubject, first: Any = 0) -> dict[str, Any]:
    """Twelve of them from number ``first`` on, and the score of all. Raises :class:`LiveTorchError` for other data."""
    problem = subject.problem
    if not isinstance(problem, Classification | Adding | Copy):
        raise LiveTorchError(N_("Single sequences belong to classes and memory tasks. This run has other data."))
    begin = whole("first", first, 0, problem.examples - 1)
    chosen = range(begin, min(begin + SHOWN, problem.examples))
    with looking(subject.model):
        score = assessed(subject)
        if isinstance(problem, Classification):
            items = [_classified(subject, problem, index) for index in chosen]
            said = {"accuracy": score["accuracy"], "naive": _commonest(problem)}
        elif isinstance(problem, Adding):
            items = _added(subject, problem, chosen)
            said = {"mse": score["loss"], "naive": ADDING_NAIVE}
        else:
            items = _copied(subject, problem, chosen)
            said = {"accuracy": score["accuracy"], "naive": 1 / SYMBOLS}
    return {
        "kind": subject.config.kind,
        "task": subject.config.dataset,
        "count": problem.examples,
        "first": begin,
        "classes": list(problem.classes),
        "items": items,
        "score": said,
    }


def _commonest(problem: Classification) -> float:
    """Share of right answers for who always names the commonest class of the training part."""
    most = problem.labels.bincount(minlength=problem.outputs).argmax()
    return (problem.validation_labels == most).double().mean().item()


def _classified(subject: SequenceSubject, problem: Classification, index: int) -> dict[str, Any]:
    example, model = problem.example(index), subject.model
    per_step = None
    if subject.config.model.bidirectional:  # half of it knows nothing before the end
        chances = probabilities(model.last(example.inputs))[0]
    else:
        answers = probabilities(model.each(example.inputs)[0])[0]  # (T, classes)
        chances = answers[-1]
        surest = answers.max(1)
        per_step = {
            "classes": surest.indices.tolist(),
            "probabilities": [round(value, 4) for value in surest.values.tolist()],
        }
    found: dict[str, Any] = {
        "index": index,
        "truth": int(problem.validation_labels[index]),
        "prediction": int(chances.argmax()),
        "probability": round(chances.max().item(), 4),
        "per_step": per_step,
    }
    if isinstance(problem, Digits):
        found["picture"] = single(problem.data.pixels(problem.data.validation_images[index]))
    if isinstance(problem, Lines):
        found["text"] = problem.text(index)
    return found


def _added(subject: SequenceSubject, problem: Adding, chosen: range) -> list[dict[str, Any]]:
    rows = problem.validation[chosen.start : chosen.stop]
    answers = subject.model.last(rows)[:, 0].tolist()
    return [
        {
            "index": index,
            "values": [round(value, 4) for value in row[:, 0].tolist()],
            "marks": row[:, 1].nonzero()[:, 0].tolist(),
            "truth": wanted,
            "prediction": answer,
        }
        for index, row, wanted, answer in zip(
            chosen, rows, problem.wanted[chosen.start : chosen.stop].tolist(), answers, strict=True
        )
    ]


def _copied(subject: SequenceSubject, problem: Copy, chosen: range) -> list[dict[str, Any]]:
    rows, wanted = (part[chosen.start : chosen.stop] for part in (problem.validation, problem.wanted))
    answers = probabilities(subject.model.each(rows)[0][:, -wanted.shape[1] :])  # (n, items, symbols)
    right = answers.gather(2, wanted.cpu()[:, :, None])[:, :, 0]
    return [
        {
            "index": index,
            "given": truth,
            "truth": truth,
            "prediction": said,
            "probabilities": [round(value, 4) for value in sure],
            "delay": subject.config.data.length,
        }
        for index, truth, said, sure in zip(
            chosen, wanted.tolist(), answers.argmax(2).tolist(), right.tolist(), strict=True
        )
    ]
