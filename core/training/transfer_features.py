"""What a frozen backbone makes of the pictures of a run: computed before the first step, kept on the disk."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import torch
from torch import Tensor

from core.backbones import cache
from core.backbones.embed import BATCH, Embedder, embeddings
from core.backbones.fingerprint import weights_fingerprint
from core.backbones.load import load_backbone
from core.config.augmentation import RecipeConfig, recipe_text
from core.config.transfer import TransferRunConfig
from core.i18n import N_
from core.training.preparing import tell
from core.training.transfer_data import TransferData


def looked_at(done: int, total: int) -> None:
    """Tell whoever waits how far it is."""
    tell(N_("The backbone looks at the pictures: {done:,} of {total:,}."), done=done, total=total)


def features_of(config: TransferRunConfig, data: TransferData) -> Tensor:
    """The embeddings (N, F) of all pictures, undisturbed, in the order of the set."""
    return embeddings(
        config.backbone, config.pretrained, data.shas, threads=config.threads, device=config.device, arrived=looked_at
    )


def trained_on(config: TransferRunConfig, data: TransferData, features: Tensor) -> tuple[Tensor, Tensor]:
    """What the head of a frozen backbone learns from: embeddings (n, F) and the position of each one's picture, (n,).

    The training pictures themselves, and after them ``config.draws`` disturbed versions of all of them where there is
    a recipe.
    """
    rows, places = [features[data.train]], [data.train]
    if config.recipe.active and config.mode == "head":
        for draw in range(1, config.draws + 1):
            rows.append(_drawn(config, data, draw))
            places.append(data.train)
    return torch.cat(rows), torch.cat(places)


def _drawn(config: TransferRunConfig, data: TransferData, draw: int) -> Tensor:
    """One disturbed version of each training picture, embedded; what is drawn depends on the picture and ``draw`` alone."""
    kind = f"{config.backbone}-{weights_fingerprint(config.backbone, config.pretrained)}"
    places = data.train.tolist()
    keys = {place: draw_key(config, data, place, draw) for place in places}
    rows: dict[int, Tensor] = {}
    for place in places:
        if content := cache.kept(kind, keys[place], data.spec.features):
            rows[place] = torch.frombuffer(bytearray(content), dtype=torch.float32)
    missing = [place for place in places if place not in rows]
    embedder = Embedder(load_backbone(config.backbone, config.pretrained), config.device) if missing else None
    for at in range(0, len(missing), BATCH):
        _seen(config, draw, len(rows), len(places))
        part = missing[at : at + BATCH]
        pixels = torch.cat([disturbed(data, place, config.recipe, keys[place]) for place in part])
        assert embedder is not None
        for place, row in zip(part, embedder.of(pixels), strict=True):
            rows[place] = row
            cache.keep(kind, keys[place], row.numpy().tobytes())
    return torch.stack([rows[place] for place in places])


def _seen(config: TransferRunConfig, draw: int, done: int, total: int) -> None:
    tell(
        N_("The backbone looks at disturbed pictures, version {draw} of {draws}: {done:,} of {total:,}."),
        draw=draw, draws=config.draws, done=done, total=total,
    )  # fmt: skip


def draw_key(config: TransferRunConfig, data: TransferData, place: int, draw: int) -> str:
    """The fingerprint of version ``draw`` (from 1) of picture ``place``."""
    return key_of(data.set.pictures[place][0], recipe_text(replace(config.recipe, title="")), draw)


def key_of(sha: str, recipe: str, draw: int) -> str:
    """A fingerprint of one disturbed version, from which its random numbers are drawn as well."""
    return hashlib.sha256(f"{sha}:{draw}:{recipe}".encode()).hexdigest()


def disturbed(data: TransferData, place: int, recipe: RecipeConfig, key: str) -> Tensor:
    """Picture ``place`` after ``recipe``, (1, 3, S, S) uint8; leaves torch's random numbers as they were."""
    from core.augmentation.pipeline import augmented

    with torch.random.fork_rng(devices=[]):
        return augmented(data.stored([place]), recipe, seed_of(key))


def seed_of(key: str) -> int:
    """The seed of a disturbed version: the first eight digits of its fingerprint."""
    return int(key[:8], 16)
