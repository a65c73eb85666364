"""A batch as the network of a run is going to see it: drawn with the run's own pictures, order and pipeline.

Pages import this to ask the question, so importing it loads no torch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.config import CNNRunConfig, load_as
from core.errors import ConfigError, LiveTorchError

if TYPE_CHECKING:
    from torch import Tensor

MOST = 32  # pictures shown


def batch_seen(values: dict[str, Any]) -> dict[str, Any]:
    """The first pictures of the first epoch of a run of the config ``values``, JSON-ready.

    ``before`` and ``after`` (data URLs), and ``shares`` [(class, share), ...] of each; ``low`` and ``high``: the range of
    what goes into the network; ``size`` [C, H, W]. The random numbers are those of the seed, but not the run's own, whose
    weights are drawn first. Raises :class:`LiveTorchError` where the data set is missing or damaged.
    """
    import torch

    from core.datasets import load_data
    from core.training.seeing import Seeing

    config = load_as(CNNRunConfig, values)
    try:
        data = load_data(config)
    except ConfigError as error:  # not as a ConfigError, which is remembered: files can be replaced
        raise LiveTorchError(error.template, **error.values) from error
    torch.manual_seed(config.seed)
    order = torch.randperm(len(data.train_images), generator=torch.Generator().manual_seed(config.seed))
    batch = order[: min(config.batch_size, MOST)]
    stored, labels = data.train_images[batch], data.train_labels[batch]
    seeing = Seeing(config, data)
    seen, target = seeing.batch(stored, labels)
    return batch_shown(data.pixels(stored), seen, seeing.shown(seen), target, data.classes)


def batch_shown(
    stored: Tensor, seen: Tensor, shown: Tensor, target: Tensor, classes: tuple[str, ...]
) -> dict[str, Any]:
    """JSON of a batch (B, C, H, W): as stored (bytes), as the network sees it, and that as bytes again; see above."""
    from core.augmentation.subjects import data_url

    return {
        "before": [data_url(one) for one in stored],
        "after": [data_url(one) for one in shown],
        "shares": [_shares(one, classes) for one in target],
        "low": seen.min().item(),
        "high": seen.max().item(),
        "size": list(seen.shape[1:]),
    }


def _shares(target: Tensor, classes: tuple[str, ...]) -> list[tuple[str, float]]:
    if target.dim() == 0:
        return [(classes[int(target)], 1.0)]
    found = [(name, share) for name, share in zip(classes, target.tolist(), strict=True) if share > 0]
    return sorted(found, key=lambda one: -one[1])
