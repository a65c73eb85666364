"""What a backbone makes of pictures: one row of numbers each, computed once and kept on the disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor

from core.backbones import cache
from core.backbones.fingerprint import weights_fingerprint
from core.backbones.fused import quick
from core.backbones.load import Backbone, load_backbone, missing
from core.backbones.prepare import middle, normalised
from core.backbones.registry import BACKBONES
from core.pictures import files

BATCH = 4  # pictures together: on one core quicker than 1, 16 or 64, whose maps leave the cache
Arrived = Callable[[int, int], None]  # (pictures done, of how many); may raise to break off


class Embedder:
    """A backbone for embedding many pictures; quick, frozen."""

    def __init__(self, backbone: Backbone, device: str = "cpu") -> None:
        self.spec, self.device = backbone.spec, device
        self._model = quick(backbone.model).to(device)

    def of(self, pixels: Tensor) -> Tensor:
        """Pictures (N, 3, side, side) uint8 -> (N, F) float32 on the CPU.

        Batches always have :data:`BATCH` pictures, so that a picture's numbers do not depend on its company.
        """
        rows = [self._batch(part) for part in pixels.split(BATCH)]
        return torch.cat(rows) if rows else torch.empty(0, self.spec.features)

    @torch.inference_mode()
    def _batch(self, pixels: Tensor) -> Tensor:
        count = len(pixels)
        full = torch.cat([pixels, pixels[-1:].expand(BATCH - count, -1, -1, -1)]) if count < BATCH else pixels
        images = normalised(self.spec, full.to(self.device)).to(memory_format=torch.channels_last)
        found: Tensor = self._model(images)
        return found[:count].float().cpu().clone()


def embeddings(
    name: str,
    pretrained: bool,
    shas: Sequence[str],
    *,
    threads: int | None = None,
    device: str = "cpu",
    arrived: Arrived | None = None,
) -> Tensor:
    """Rows (N, F) float32 for the kept pictures ``shas``, in their order; the same to the last bit each time.

    ``threads``: of torch; by default as many as there are. ``arrived`` hears after every few pictures how many are done.
    Raises :class:`core.errors.ConfigError` where the weights are not here, :class:`core.errors.NotFoundError` for a
    picture that is not.
    """
    spec = BACKBONES[name]
    if pretrained and not spec.available():
        raise missing(spec)
    kind = f"{name}-{weights_fingerprint(name, pretrained)}"
    wanted = list(dict.fromkeys(shas))
    found = {sha: content for sha in wanted if (content := cache.kept(kind, sha, spec.features))}
    rows = {sha: torch.frombuffer(bytearray(content), dtype=torch.float32) for sha, content in found.items()}
    open_ones = [sha for sha in wanted if sha not in rows]
    if open_ones:
        with _threads(threads):
            rows |= _computed(name, pretrained, kind, open_ones, len(rows), arrived, device)
        cache.make_room()
    return torch.stack([rows[sha] for sha in shas]) if shas else torch.empty(0, spec.features)


def _computed(
    name: str, pretrained: bool, kind: str, shas: list[str], before: int, arrived: Arrived | None, device: str
) -> dict[str, Tensor]:
    """Embeds and keeps them."""
    embedder, rows = Embedder(load_backbone(name, pretrained), device), dict[str, Tensor]()
    for part in (shas[at : at + BATCH] for at in range(0, len(shas), BATCH)):
        if arrived is not None:
            arrived(before + len(rows), before + len(shas))
        found = embedder.of(torch.stack([middle(embedder.spec, files.rgb(sha)) for sha in part]))
        for sha, row in zip(part, found, strict=True):
            rows[sha] = row
            cache.keep(kind, sha, row.numpy().tobytes())
    if arrived is not None:
        arrived(before + len(rows), before + len(shas))
    return rows


@contextmanager
def _threads(count: int | None) -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(count or before)
    try:
        yield
    finally:
        torch.set_num_threads(before)
