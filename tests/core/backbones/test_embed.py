"""Embeddings: what the backbone says, the same to the last bit, computed once."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from core.backbones import cache
from core.backbones.embed import Embedder, embeddings
from core.backbones.load import load_backbone
from core.errors import ConfigError, NotFoundError
from core.pictures import files

NAME, FEATURES = "squeezenet1_1", 512  # a quick one; with random weights here


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many pictures were embedded at a time."""
    seen: list[int] = []
    embedded = Embedder.of

    def counted(self: Embedder, pixels: torch.Tensor) -> torch.Tensor:
        seen.append(len(pixels))
        return embedded(self, pixels)

    monkeypatch.setattr(Embedder, "of", counted)
    return seen


def test_rows_are_the_backbones_features(shas: list[str]) -> None:
    backbone = load_backbone(NAME, pretrained=False)
    found = embeddings(NAME, False, shas)
    assert found.shape == (6, backbone.spec.features) and found.dtype == torch.float32
    with torch.no_grad():
        wanted = backbone.features(torch.stack([backbone.prepare(files.rgb(sha)) for sha in shas]))
    torch.testing.assert_close(found, wanted, rtol=1e-3, atol=1e-4)


def test_each_is_computed_once_and_the_same_in_any_company(shas: list[str], batches: list[int], home: Path) -> None:
    first = embeddings(NAME, False, shas)
    assert batches == [4, 2]
    again = embeddings(NAME, False, [*reversed(shas), shas[0]])
    assert batches == [4, 2] and torch.equal(again, torch.cat([first.flip(0), first[:1]]))
    for path in (home / "embeddings").glob("*/*"):
        path.unlink()
    alone = torch.cat([embeddings(NAME, False, [sha]) for sha in reversed(shas)])
    assert torch.equal(alone, first.flip(0))


def test_other_weights_are_other_embeddings(shas: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    first = embeddings(NAME, False, shas[:1])
    monkeypatch.setattr("core.backbones.embed.weights_fingerprint", lambda *_args: "f" * 16)
    monkeypatch.setattr("core.backbones.load.SEED", 7)
    assert embeddings(NAME, False, shas[:1]).shape == first.shape
    assert len(list(cache.folder().iterdir())) == 2


def test_progress_is_heard_and_can_break_off(shas: list[str], batches: list[int]) -> None:
    heard: list[tuple[int, int]] = []

    def until_four(done: int, total: int) -> None:
        heard.append((done, total))
        if done >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        embeddings(NAME, False, shas, arrived=until_four)
    assert heard == [(0, 6), (4, 6)]
    heard.clear()
    embeddings(NAME, False, shas, arrived=lambda done, total: heard.append((done, total)))
    assert heard == [(4, 6), (6, 6)] and batches == [4, 2]


def test_a_torn_file_is_computed_anew(shas: list[str], batches: list[int]) -> None:
    first = embeddings(NAME, False, shas[:1])
    (path,) = cache.folder().glob("*/*")
    path.write_bytes(path.read_bytes()[:-3])
    assert torch.equal(embeddings(NAME, False, shas[:1]), first) and batches == [1, 1]


def test_the_room_is_bounded_and_a_full_disk_is_no_fault(shas: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST_KEPT", 3 * FEATURES * 4)
    first = embeddings(NAME, False, shas)
    assert len(list(cache.folder().glob("*/*"))) == 3

    def full(*_args: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("core.datasets.kept.tempfile.mkstemp", full)
    assert torch.equal(embeddings(NAME, False, shas), first)


def test_no_pictures_missing_pictures_missing_weights(shas: list[str]) -> None:
    assert embeddings(NAME, False, []).shape == (0, FEATURES)
    with pytest.raises(NotFoundError, match="bring it again"):
        embeddings(NAME, False, ["0" * 64])
    with pytest.raises(ConfigError, match="not on this machine"):
        embeddings("resnet18", True, shas)


def test_threads_are_put_back(shas: list[str]) -> None:
    embeddings(NAME, False, shas[:1], threads=2)
    assert torch.get_num_threads() == 1
