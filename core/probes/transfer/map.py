"""All pictures of a run as points: what the backbone finds alike lies together."""

from __future__ import annotations

import hashlib
from typing import Any

import torch
from torch import Tensor

from core.backbones.embed import BATCH
from core.errors import LiveTorchError
from core.i18n import N_
from core.probes.arguments import one_of, whole
from core.probes.pictures import numbers
from core.probes.transfer.subject import TransferSubject, class_names
from core.training.assessment import looking

METHODS = ("pca", "tsne")
MOST = 600  # pictures; t-SNE takes a second for 300 of them
MOST_THROUGH = 200  # pictures that have to go through the network for it
FEWEST = 4
REDUCED = 30  # dimensions that t-SNE is given, as its authors advise
REMEMBERED = 4  # maps of this process

_known: dict[tuple[str, int, bytes], tuple[Tensor, list[float] | None]] = {}


def embedding_map(subject: TransferSubject, *, method: str = "pca", seed: int = 0) -> dict[str, Any]:
    """Two coordinates for each picture, by PCA or t-SNE of its embedding, with its class and the network's answer.

    Embeddings are standardised number by number. A network whose backbone learns is asked anew for at most 200 pictures.
    """
    one_of("method", method, METHODS)
    whole("seed", seed, 0, 9999)
    places = _places(subject)
    if len(places) < FEWEST:
        raise LiveTorchError(N_("A map takes at least {fewest} pictures. Bring some more."), fewest=FEWEST)
    features = _features(subject, places)
    points, explained = _points(method, seed, features)
    said = _answers(subject, features)
    held = set(subject.data.validation.tolist())
    return {
        "method": method,
        "index": places,
        "x": numbers(points[:, 0].tolist(), digits=5),
        "y": numbers(points[:, 1].tolist(), digits=5),
        "labels": subject.data.labels[places].tolist(),
        "predicted": said.indices.tolist(),
        "confidence": numbers(said.values.tolist(), digits=4),
        "held": [place in held for place in places],
        "classes": class_names(subject),
        "explained": explained,
        "total": len(subject.data.labels),
    }


def _places(subject: TransferSubject) -> list[int]:
    """All positions in the set, or evenly spread ones."""
    count, most = len(subject.data.labels), MOST if subject.config.mode == "head" else MOST_THROUGH
    return list(range(count)) if count <= most else [round(at * (count - 1) / (most - 1)) for at in range(most)]


def _features(subject: TransferSubject, places: list[int]) -> Tensor:
    """Present embeddings (n, F) on the CPU."""
    if subject.config.mode == "head":
        assert subject.features is not None
        return subject.features[places]
    with looking(subject.net):
        embed = subject.net.quick_embedder()
    parts = [places[at : at + BATCH] for at in range(0, len(places), BATCH)]
    with torch.inference_mode():
        found = [embed(_pixels(subject, part)).float().cpu() for part in parts]
    return torch.cat(found).clone()


def _pixels(subject: TransferSubject, places: list[int]) -> Tensor:
    return subject.data.normalised(subject.data.stored(places).to(subject.config.device))


def _answers(subject: TransferSubject, features: Tensor) -> Any:
    """The likeliest class of each row of ``features`` and its probability."""
    with looking(subject.net):
        logits: Tensor = subject.net.head(features.to(subject.config.device))
    return logits.float().cpu().softmax(1).max(1)


def _points(method: str, seed: int, features: Tensor) -> tuple[Tensor, list[float] | None]:
    """(n, 2), and of PCA the share of the variance along each axis. Those of the last few embeddings are remembered."""
    key = method, seed, hashlib.sha256(features.numpy().tobytes()).digest()
    if key not in _known:
        standard = (features - features.mean(0)) / features.std(0).clamp(min=1e-6)
        _known[key] = _pca(standard) if method == "pca" else (_tsne(standard, seed), None)
        for old in list(_known)[:-REMEMBERED]:
            del _known[old]
    return _known[key]


def _pca(features: Tensor) -> tuple[Tensor, list[float]]:
    centred = features.double() - features.double().mean(0)
    left, lengths, _right = torch.linalg.svd(centred, full_matrices=False)
    whole_of_it = float(lengths.square().sum()) or 1.0
    return left[:, :2] * lengths[:2], [float(length**2) / whole_of_it for length in lengths[:2]]


def _tsne(features: Tensor, seed: int) -> Tensor:
    """t-SNE (van der Maaten and Hinton, 2008) of the first 30 principal components, by scikit-learn."""
    from sklearn.manifold import TSNE

    centred = features.double() - features.double().mean(0)
    left, lengths, _right = torch.linalg.svd(centred, full_matrices=False)
    given = (left * lengths)[:, :REDUCED].numpy()
    perplexity = min(30.0, max(2.0, (len(given) - 1) / 3))
    made = TSNE(perplexity=perplexity, init="pca", random_state=seed, max_iter=500).fit_transform(given)
    return torch.from_numpy(made)
