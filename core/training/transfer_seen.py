"""A batch as the network of a transfer run is going to see it.

Pages import this to ask the question, so importing it loads no torch.
"""

from __future__ import annotations

from typing import Any

from core.config import load_as
from core.config.transfer import TransferRunConfig
from core.errors import ConfigError, LiveTorchError
from core.training.seen import MOST, batch_shown


def transfer_batch_seen(values: dict[str, Any]) -> dict[str, Any]:
    """The first pictures to be trained on of a run of the config ``values``, as :func:`core.training.seen.batch_seen` says.

    A frozen backbone sees a disturbed version of each picture once; it is the first of them that is shown. Raises
    :class:`LiveTorchError` where a picture is gone.
    """
    import torch

    from core.augmentation.pipeline import augmented, mixer
    from core.training.transfer_data import load_transfer
    from core.training.transfer_features import disturbed, draw_key

    config = load_as(TransferRunConfig, values)
    try:
        data = load_transfer(config)
    except ConfigError as error:  # not as a ConfigError, which is remembered: pictures can be brought
        raise LiveTorchError(error.template, **error.values) from error
    places = data.train[: min(config.batch_size, MOST)]
    stored, labels = data.stored(places.tolist()), data.labels[places]
    if config.mode == "head":
        keys = {place: draw_key(config, data, place, 1) for place in places.tolist()}
        pixels = torch.cat([disturbed(data, place, config.recipe, key) for place, key in keys.items()])
    else:
        pixels = augmented(stored, config.recipe, config.seed)
    images = data.normalised(pixels)
    if (mix := mixer(config.recipe, len(data.classes))) is not None:
        images, labels = mix(images, labels)
    mean, std = (torch.tensor(one).view(3, 1, 1) for one in (data.spec.mean, data.spec.std))
    shown = ((images * std + mean) * 255).round().clamp(0, 255).to(torch.uint8)
    return batch_shown(stored, images, shown, labels, data.classes)
