"""All pictures of a run as points: what the backbone finds alike lies together."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from core.errors import LiveTorchError
from core.i18n import N_
from core.probes.arguments import one_of, whole
from core.probes.pictures import numbers
from core.probes.transfer.subject import TransferSubject, class_names
from core.training.assessment import looking
from core.training.transfer import PICTURES_AT_ONCE, logits_of

METHODS = ("pca", "tsne")
MOST = 600  # pictures; t-SNE takes a second for 300 of them
MOST_THROUGH = 200  # pictures that have to go through the network for it
FEWEST = 4
REDUCED = 30  # dimensions that t-SNE is given, as its authors advise


def embedding_map(subject: TransferSubject, *, method: str = "pca", seed: int = 0) -> dict[str, Any]:
    """Two coordinates for each picture, by PCA or t-SNE of its embedding, with its class and the network's answer.

    Embeddings are standardised number by number. A network whose backbone learns is asked anew for at most 200 pictures.
    """
    one_of("method", method, METHODS)
    whole("seed", seed, 0, 9999)
    places, features = _features(subject)
    if len(places) < FEWEST:
        raise LiveTorchError(N_("A map takes at least {fewest} pictures. Bring some more."), fewest=FEWEST)
    points, explained = _points(subject, method, seed, places, features)
    said = logits_of(subject, places).softmax(1).max(1)
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


def _features(subject: TransferSubject) -> tuple[list[int], Tensor]:
    """Positions and present embeddings (n, F), standardised; of many pictures evenly spread ones."""
    count, most = len(subject.data.labels), MOST if subject.config.mode == "head" else MOST_THROUGH
    places = list(range(count)) if count <= most else [round(at * (count - 1) / (most - 1)) for at in range(most)]
    if subject.config.mode == "head":
        assert subject.features is not None
        found = subject.features[places]
    else:
        found = _embedded(subject, places)
    return places, (found - found.mean(0)) / found.std(0).clamp(min=1e-6)


def _embedded(subject: TransferSubject, places: list[int]) -> Tensor:
    parts = []
    with looking(subject.net):
        for at in range(0, len(places), PICTURES_AT_ONCE):
            pixels = subject.data.stored(places[at : at + PICTURES_AT_ONCE]).to(subject.config.device)
            parts.append(subject.net.embedded(subject.data.normalised(pixels)).float().cpu())
    return torch.cat(parts)


def _points(
    subject: TransferSubject, method: str, seed: int, places: list[int], features: Tensor
) -> tuple[Tensor, list[float] | None]:
    """(n, 2), and of PCA the share of the variance along each axis. Remembered where the embeddings stay as they are."""
    known: dict[tuple[str, int], Any] = vars(subject).setdefault("maps", {})
    if subject.config.mode == "head" and (method, seed) in known:
        found: tuple[Tensor, list[float] | None] = known[method, seed]
        return found
    made = _pca(features) if method == "pca" else (_tsne(features, seed), None)
    known[method, seed] = made
    return made


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
