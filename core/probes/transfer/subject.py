"""What a look may use of a run of the transfer page, on or over."""

from __future__ import annotations

from typing import Any, Protocol

import torch
from torch import Tensor

from core.config.transfer import TransferRunConfig
from core.models.transfer import TransferNet
from core.probes.arguments import one_of
from core.probes.subject import Subject
from core.training.transfer import first_network, logits_of
from core.training.transfer_data import TransferData, load_transfer
from core.training.transfer_features import features_of

PARTS = ("validation", "train")
ANEW = 1000  # so many validation pictures are answered again at every look, where that only takes the head
MOST_TRAINED = 400  # training pictures that a network without known embeddings is asked about


class TransferSubject(Subject, Protocol):
    """A network with the visitor's pictures, between two steps."""

    said: tuple[int, Tensor] | None  # step, and the probabilities of the validation pictures then

    @property
    def config(self) -> TransferRunConfig:
        """Resolved: nothing is left to the machine's choice."""

    @property
    def data(self) -> TransferData:
        """The pictures of the run."""

    @property
    def net(self) -> TransferNet:
        """Backbone and head, on ``config.device``."""

    @property
    def features(self) -> Tensor | None:
        """Embeddings (N, F) of all pictures by the backbone before it learned anything here, where they were computed."""


class TransferRest:
    """What is left of a run that is over. Its network lies on the CPU; its pictures' embeddings are on the disk."""

    def __init__(self, config: TransferRunConfig, data: TransferData, net: TransferNet, step: int) -> None:
        self.config, self.data, self.net, self.step = config, data, net, step
        self.features = features_of(config, data) if config.mode == "head" else None
        self.said: tuple[int, Tensor] | None = None
        self.meter = None

    @property
    def version(self) -> tuple[int, ...]:
        """It changes no more."""
        return (self.step,)


def transfer_rest(config: TransferRunConfig, weights: dict[str, Tensor], step: int) -> TransferRest:
    """What is left of a run of the transfer page. Raises ``RuntimeError`` for weights of another network."""
    data = load_transfer(config)
    net = first_network(config, data)
    net.load_state_dict(weights)
    return TransferRest(config, data, net.eval(), step)


def answers(subject: TransferSubject, part: str) -> tuple[Tensor, Tensor, int]:
    """Positions (n,), the probabilities of the classes (n, C) of pictures of a part, and the step they are of.

    The last validation's answers where asking again would take long.
    """
    one_of("part", part, PARTS)
    places = subject.data.part(part)
    quick = subject.config.mode == "head"
    if part == "train":
        chosen = places if quick else places[:MOST_TRAINED]
        return chosen, logits_of(subject, chosen.tolist()).softmax(1), subject.step
    last = subject.said
    if last is None or (quick and last[0] != subject.step and len(places) <= ANEW):
        last = subject.step, logits_of(subject, places.tolist()).softmax(1)
        subject.said = last  # several looks at one step share it
    return places, last[1], last[0]


def losses(probabilities: Tensor, labels: Tensor) -> Tensor:
    """-log of the probability of each picture's class, (n,)."""
    truth = probabilities.double().gather(1, labels[:, None])[:, 0]
    return -truth.clamp(min=torch.finfo(torch.float64).tiny).log()


def class_names(subject: Any) -> list[str]:
    """In the order of the outputs."""
    return list(subject.data.classes)
