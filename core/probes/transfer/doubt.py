"""What all other pictures say of each one: a head that has learned its picture by heart cannot tell that its class is wrong."""

from __future__ import annotations

import torch
from torch import Tensor

from core.errors import LiveTorchError
from core.i18n import N_
from core.probes.transfer.subject import TransferSubject
from core.training.transfer_features import features_of

RIDGE = 0.3  # of a kernel whose values are about 1: finds most swapped labels among 11 pictures and among 400


def others_say(subject: TransferSubject) -> Tensor:
    """For each picture of the set the classes' scores (N, C) by all others, about 0 to 1 and together 1.

    Leave-one-out predictions of ridge regression on the embeddings before anything was learned here, in closed form.
    Raises :class:`LiveTorchError` where there are none. They stay the same for a run, so they are worked out once.
    """
    known: Tensor | None = vars(subject).get("others_say")
    if known is None:
        known = left_out(_embeddings(subject), subject.data.labels, len(subject.data.classes))
        vars(subject)["others_say"] = known
    return known


def doubts(scores: Tensor, labels: Tensor) -> Tensor:
    """By how much the others prefer another class to each picture's own, (N,); below 0 where they agree with it."""
    own = scores.gather(1, labels[:, None])[:, 0]
    rivals = scores.scatter(1, labels[:, None], -torch.inf)
    return rivals.max(1).values - own


def left_out(features: Tensor, labels: Tensor, classes: int) -> Tensor:
    """Ridge regression of one-hot labels, each row predicted without itself: y - (G y) / diag(G), G = (K + ridge)^-1.

    Rasmussen and Williams, Gaussian Processes for Machine Learning, 2006, equation 5.12.
    """
    rows = features.double()
    rows = (rows - rows.mean(0)) / rows.std(0, correction=0).clamp(min=1e-6)
    kernel = rows @ rows.T / rows.shape[1] + 1.0  # the 1 is the bias
    targets = torch.nn.functional.one_hot(labels, classes).double()
    inverse = torch.linalg.inv(kernel + RIDGE * torch.eye(len(rows), dtype=torch.float64))
    found: Tensor = targets - (inverse @ targets) / inverse.diagonal()[:, None]
    return found


def _embeddings(subject: TransferSubject) -> Tensor:
    if subject.features is not None:
        return subject.features
    if not subject.config.looks_first:
        raise LiveTorchError(
            N_(
                "A network that learns from scratch knows nothing else to compare the pictures by. Train with a frozen backbone to see which are doubtful."
            )
        )
    return features_of(subject.config, subject.data)
