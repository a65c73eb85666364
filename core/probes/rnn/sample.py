"""What a character model writes, and what surprises it."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor

from core.errors import LiveTorchError
from core.i18n import N_
from core.probes.arguments import show, whole
from core.probes.rnn.subject import SequenceSubject, assessed
from core.training.assessment import looking
from core.training.sequence_text import Characters

MOST_PROMPT = 200
SHOWN = 300  # characters of a held-out piece
LIKELY = 5


def sample(
    subject: SequenceSubject,
    temperature: Any = 0.8,
    prompt: Any = "",
    length: Any = 200,
    seed: Any = 0,
    piece: Any = 0,
) -> dict[str, Any]:
    """``length`` characters drawn one after another, and bits of surprise over a piece of the held-out text.

    Each is drawn from softmax(logits / ``temperature``) with a generator of its own, so ``seed`` repeats it. Raises
    :class:`LiveTorchError` for other data and for values out of range.
    """
    problem = subject.problem
    if not isinstance(problem, Characters):
        raise LiveTorchError(N_("Writing belongs to a text. This run has other data."))
    heat = _temperature(temperature)
    begun = _prompt(prompt)
    count, number = whole("length", length, 1, 400), whole("seed", seed, 0, 2**31 - 1)
    pieces = max(1, len(problem.held_out) // SHOWN)
    chosen = whole("piece", piece, 0, pieces - 1)
    with looking(subject.model):
        written = _written(subject, problem, begun, count, heat, number)
        surprise = _surprise(subject, problem, chosen)
        now = assessed(subject)["bits_per_character"]
    unigram, bigram = problem.entropies
    return {
        "prompt": begun,
        "unknown": "".join(sorted(set(begun) - set(problem.vocabulary))),
        **written,
        "surprise": surprise,
        "pieces": pieces,
        "bits_per_character": now,
        "unigram": unigram,
        "bigram": bigram,
        "vocabulary": problem.tokens,
        "characters": len(problem.symbols),
        "held_out": len(problem.validation),
    }


def _temperature(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0.1 <= value <= 2:
        raise LiveTorchError(
            N_("The temperature is {value}; it must be a number from 0.1 to 2."), value=show(value)
        )  # fmt: skip
    return float(value)


def _prompt(value: Any) -> str:
    if not isinstance(value, str) or len(value) > MOST_PROMPT:
        raise LiveTorchError(N_("The beginning must be a text of at most {most} characters."), most=MOST_PROMPT)
    return value


def _written(
    subject: SequenceSubject, problem: Characters, prompt: str, count: int, temperature: float, seed: int
) -> dict[str, Any]:
    """Characters drawn one after another; arithmetic in float32, whatever the precision of the run."""
    draw = torch.Generator().manual_seed(seed)
    place = {character: number for number, character in enumerate(problem.vocabulary)}
    symbols = [place.get(character, 0) for character in prompt or "\n"]
    answers, state = subject.model.each(torch.tensor([symbols], device=problem.device))
    text, chances = "", []
    top: list[list[list[Any]]] = []
    for number in range(count):
        likely = _chances(answers[0, -1] / temperature)
        best = [
            [problem.vocabulary[symbol], round(likely[symbol].item(), 4)] for symbol in likely.topk(_most(likely))[1]
        ]
        symbol = int(torch.multinomial(likely, 1, generator=draw))
        text += problem.vocabulary[symbol]
        chances.append(round(likely[symbol].item(), 4))
        top.append(best)
        if number < count - 1:
            answers, state = subject.model.each(torch.tensor([[symbol]], device=problem.device), state)
    return {"text": text, "probabilities": chances, "top": top, "next": top[0]}


def _chances(logits: Tensor) -> Tensor:
    """Softmax on the CPU. Raises :class:`LiveTorchError` where the network answers no numbers any more."""
    likely = logits.double().softmax(0).cpu()
    if not bool(likely.isfinite().all()):
        raise LiveTorchError(N_("The network's answers are no numbers any more, so it cannot write. Its training diverged."))  # fmt: skip
    return likely


def _most(likely: Tensor) -> int:
    return min(LIKELY, len(likely))


def _surprise(subject: SequenceSubject, problem: Characters, piece: int) -> dict[str, Any]:
    """-log2 of the probability of each character of a held-out piece, given those of the piece before it.

    The first one is judged after a newline.
    """
    symbols = problem.validation[piece * SHOWN : (piece + 1) * SHOWN]
    newline = max(0, problem.vocabulary.find("\n"))
    given = torch.cat([symbols.new_tensor([newline]), symbols[:-1]])
    answers, _state = subject.model.each(given[None])
    logs = answers[0].double().log_softmax(1).gather(1, symbols[:, None])[:, 0].cpu()
    text = problem.held_out[piece * SHOWN : (piece + 1) * SHOWN]
    return {"text": text, "bits": [round(-value / math.log(2), 3) for value in logs.tolist()]}
