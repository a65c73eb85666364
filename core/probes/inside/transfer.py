"""A network of the transfer page with the visitor's own pictures; of a frozen backbone also its head with embeddings."""

from __future__ import annotations

from torch import Tensor

from core.probes.arguments import one_of, whole
from core.probes.inside import Inside
from core.probes.transfer.subject import TransferSubject
from core.training.losses import LOSSES

NETWORK, HEAD = "network", "head"
THROUGH = 16  # training pictures that go through the whole network for one look


def inside(subject: TransferSubject, part: str, example: int, count: int, split: str) -> Inside:
    """See :func:`core.probes.inside.inside`. Where only the head is trained, views of what is trained show the head."""
    trains_head = subject.config.mode == "head"
    if trains_head and split == "train":
        parts: tuple[str, ...] = (HEAD,)
        part = HEAD
    else:
        parts = (NETWORK, HEAD) if trains_head else (NETWORK,)
        part = one_of("part", part or NETWORK, parts)
    places = subject.data.part(split)
    first = whole("example", example, 0, len(places) - 1)
    whole("count", count, 1, 1024)
    chosen = places[first : first + (count if part == HEAD else min(count, THROUGH))]
    target = subject.data.labels[chosen].to(subject.config.device)
    config, names = subject.config, subject.data.classes

    def loss_of(logits: Tensor) -> Tensor:
        return LOSSES[config.loss.name](logits.float(), target, config.loss.label_smoothing)

    return Inside(
        model=subject.net.head if part == HEAD else subject.net,
        inputs=_inputs(subject, part, chosen.tolist()),
        target=target,
        loss_of=loss_of,
        parts=parts,
        part=part,
        outputs=tuple(names),
        kind="sample" if part == HEAD else "picture",
        names=tuple(names[label] for label in target.tolist()),
        examples=len(places),
        picture=None if part == HEAD else subject.data.stored(chosen.tolist()),
    )


def _inputs(subject: TransferSubject, part: str, places: list[int]) -> Tensor:
    if part == HEAD:
        assert subject.features is not None
        return subject.features[places].to(subject.config.device)
    return subject.data.normalised(subject.data.stored(places).to(subject.config.device))
