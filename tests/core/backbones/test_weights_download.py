"""Weights are fetched whole and verified, or leave nothing; against a stand-in server on this machine."""

from __future__ import annotations

import errno
import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.backbones.download import SHELF, source_of, weights_downloads
from core.backbones.registry import BACKBONES, ZOO
from core.backbones.spec import URL, BackboneSpec
from core.datasets import fetch as fetching
from core.datasets.download import Downloads, Progress
from core.datasets.fetch import Cancelled
from tests.core.test_download import Mirror, ended, until

CONTENT = os.urandom(1) * 300_000
FILE = f"tiny-{hashlib.sha256(CONTENT).hexdigest()[:8]}.pth"
ROUGH = 300_500 / 2**20  # torchvision rounds to 0.001 MB
SPEC = BackboneSpec("tiny", "Tiny", FILE, ROUGH, 1, 1, "fc", (("conv1",),))


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setitem(BACKBONES, "tiny", SPEC)


@pytest.fixture
def mirrors() -> Iterator[Callable[..., Mirror]]:
    made: list[Mirror] = []

    def start(content: bytes = CONTENT) -> Mirror:
        made.append(Mirror({FILE: content}))
        return made[-1]

    yield start
    for mirror in made:
        mirror.close()


def fetched_from(mirror: Mirror) -> Downloads:
    return Downloads({"tiny": source_of(SPEC, mirror.url)}, SHELF)


def left(home: Path) -> list[str]:
    """Files below ``home``, locks aside. Folders may vanish meanwhile, which ``os.walk`` takes calmly."""
    found = (Path(folder) / name for folder, _folders, files in os.walk(home) for name in files)
    return sorted(str(path.relative_to(home)) for path in found if path.suffix != ".lock")


def failure(fetched: Downloads, home: Path) -> str:
    fetched.start("tiny")
    progress = ended(fetched, "tiny")
    assert progress.state == "failed" and progress.error is not None
    until(lambda: left(home) == [])
    assert not SPEC.available()
    return progress.error.message


def test_whole(home: Path, mirrors: Callable[..., Mirror]) -> None:
    mirror = mirrors()
    fetched = fetched_from(mirror)
    assert fetched.progress("tiny") == Progress(0, SPEC.size, "none") and not SPEC.available()
    fetched.start("tiny")
    assert ended(fetched, "tiny") == Progress(SPEC.size, SPEC.size, "done")
    assert SPEC.weights() == home / "hub" / "checkpoints" / FILE and left(home) == [f"hub/checkpoints/{FILE}"]
    assert (home / "hub" / "checkpoints" / FILE).read_bytes() == CONTENT
    fetched.start("tiny")
    assert ended(fetched, "tiny").state == "done" and mirror.asked == [FILE]  # what is there is not fetched again


def test_broken_off_and_tried_again(home: Path, mirrors: Callable[..., Mirror]) -> None:
    mirror = mirrors()
    mirror.break_after = 1000
    fetched = fetched_from(mirror)
    assert "broke off after 1,000 of 300,000 bytes" in failure(fetched, home)
    mirror.break_after = None
    fetched.start("tiny")
    assert ended(fetched, "tiny").state == "done" and SPEC.available()


def test_wrong_checksum(home: Path, mirrors: Callable[..., Mirror]) -> None:
    said = failure(fetched_from(mirrors(CONTENT[:-1] + bytes([CONTENT[-1] ^ 1]))), home)
    assert f"{FILE} of Tiny" in said and "SHA-256" in said and "offline backbone" in said


def test_a_body_without_end_is_not_kept(home: Path, mirrors: Callable[..., Mirror]) -> None:
    assert "not the file that was published" in failure(fetched_from(mirrors(CONTENT * 20)), home)


def test_cancelled(home: Path, mirrors: Callable[..., Mirror]) -> None:
    mirror = mirrors()
    mirror.hold = threading.Event()
    fetched = fetched_from(mirror)
    fetched.start("tiny")
    until(lambda: fetched.progress("tiny").done)
    fetched.cancel("tiny")
    progress = fetched.progress("tiny")
    assert progress.state == "failed" and isinstance(progress.error, Cancelled)
    mirror.hold.set()
    until(lambda: left(home) == [])


def test_a_disk_that_fills_up(home: Path, mirrors: Callable[..., Mirror], monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(fetching, "save", full)
    assert "no room for Tiny" in failure(fetched_from(mirrors()), home)


def test_without_network_the_way_out_is_named(home: Path, mirrors: Callable[..., Mirror]) -> None:
    gone = mirrors()
    gone.close()
    said = failure(fetched_from(gone), home)
    assert "Connection refused" in said and "offline backbone" in said and "random weights" in said


def test_there_is_one_for_the_process_with_all_that_can_be_fetched() -> None:
    assert weights_downloads() is weights_downloads() and set(weights_downloads().sources) == set(ZOO)
    assert weights_downloads().sources["resnet18"].mirrors == (URL,)
