"""Downloads are whole or leave nothing, against a stand-in server on this machine."""

from __future__ import annotations

import errno
import gzip
import hashlib
import io
import os
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from core.datasets import DATASETS, find_cifar_root, find_root
from core.datasets import fetch as fetching
from core.datasets.download import Downloads, Progress, downloads
from core.datasets.fetch import Cancelled
from core.datasets.sources import CIFAR_FILES, CIFAR_FOLDER, IDX_FILES, SOURCES, RemoteFile, Source

CONTENT = {f"{name}.gz": gzip.compress(bytes([number]) * 200_000) for number, name in enumerate(IDX_FILES)}


def archive(**files: bytes) -> bytes:
    """A .tar.gz with ``files`` in CIFAR's folder; a name with a slash is taken as it is."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as made:
        for name, data in files.items():
            entry = tarfile.TarInfo(f"{CIFAR_FOLDER}/{name}" if "/" not in name else name)
            entry.size = len(data)
            made.addfile(entry, io.BytesIO(data))
    return out.getvalue()


class Mirror:
    """A server that gives ``content`` and can be told to misbehave."""

    def __init__(self, content: dict[str, bytes]) -> None:
        self.content, self.asked = dict(content), list[str]()
        self.break_after: int | None = None  # bytes of a body before the connection is closed
        self.hold: threading.Event | None = None  # half a body is sent, the rest when this is set
        mirror = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                mirror.answer(self)

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/"

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        name = handler.path[1:]
        self.asked.append(name)
        if name not in self.content:
            handler.send_error(404)
            return
        body = self.content[name]
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        if self.break_after is not None:
            handler.wfile.write(body[: self.break_after])
            return
        half = len(body) // 2
        handler.wfile.write(body[:half])
        handler.wfile.flush()
        if self.hold is not None:
            self.hold.wait(20)
        with suppress(OSError):  # the other side may have given up
            handler.wfile.write(body[half:])

    def close(self) -> None:
        if self.hold is not None:
            self.hold.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("LIVETORCH_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("LIVETORCH_DATA", raising=False)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    return tmp_path / "home"


@pytest.fixture
def mirrors() -> Iterator[Callable[..., Mirror]]:
    """Makes stand-in servers, which end with the test."""
    made: list[Mirror] = []

    def start(content: dict[str, bytes] = CONTENT) -> Mirror:
        made.append(Mirror(content))
        return made[-1]

    yield start
    for mirror in made:
        mirror.close()


def source(*urls: str, content: dict[str, bytes] = CONTENT, folder: str = "MNIST/raw", unpacked: int = 0) -> Source:
    """A source of ``content``, with its true sizes and sums."""
    files = [RemoteFile(name, len(data), hashlib.md5(data).hexdigest()) for name, data in content.items()]
    return Source(folder, urls, tuple(files), unpacked)


def until(condition: Callable[[], object], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def ended(fetched: Downloads, name: str = "mnist") -> Progress:
    """The progress once the download is over."""
    until(lambda: fetched.progress(name).state in ("done", "failed"))
    return fetched.progress(name)


def left(home: Path) -> list[str]:
    """What lies in the data folder, locks aside. Folders may vanish meanwhile, which ``os.walk`` takes calmly."""
    data = home / "data"
    found = (Path(folder) / name for folder, folders, files in os.walk(data) for name in (*folders, *files))
    return sorted(str(path.relative_to(data)) for path in found if path.suffix != ".lock")


def failure(fetched: Downloads, home: Path, name: str = "mnist") -> str:
    """Starts a download that must fail; returns its sentence. Nothing may be left."""
    fetched.start(name)
    progress = ended(fetched, name)
    assert progress.state == "failed" and progress.error is not None
    until(lambda: left(home) == [])
    assert not DATASETS[name].available()
    return progress.error.message


def test_a_whole_download_is_unpacked_where_torchvision_looks(home, mirrors):
    fetched = Downloads({"mnist": source(mirrors().url)})
    total = sum(map(len, CONTENT.values()))
    assert fetched.progress("mnist") == Progress(0, total, "none") and not DATASETS["mnist"].available()
    fetched.start("mnist")
    assert ended(fetched) == Progress(total, total, "done")
    assert find_root("MNIST") == home / "data" and DATASETS["mnist"].available()
    assert left(home) == ["MNIST", "MNIST/raw", *sorted(f"MNIST/raw/{name}" for name in IDX_FILES)]
    for number, name in enumerate(IDX_FILES):
        assert (home / "data" / "MNIST" / "raw" / name).read_bytes() == bytes([number]) * 200_000


def test_what_is_there_is_not_fetched_again(home, mirrors):
    mirror = mirrors()
    for fetched in (Downloads({"mnist": source(mirror.url)}) for _ in range(2)):
        fetched.start("mnist")
        assert ended(fetched).state == "done"
    assert len(mirror.asked) == 4


def test_progress_counts_bytes_as_they_come(home, mirrors):
    mirror = mirrors()
    mirror.hold = threading.Event()
    fetched = Downloads({"mnist": source(mirror.url)})
    fetched.start("mnist")
    first = len(CONTENT[f"{IDX_FILES[0]}.gz"])
    until(lambda: fetched.progress("mnist").done == first // 2)
    assert fetched.progress("mnist").state == "running"
    mirror.hold.set()
    assert ended(fetched).state == "done"


def test_two_at_once_fetch_once(home, mirrors):
    """Two servers on one disk: the second waits for the lock, then finds the files there."""
    mirror = mirrors()
    mirror.hold = threading.Event()
    both = [Downloads({"mnist": source(mirror.url)}) for _ in range(2)]
    both[0].start("mnist")
    until(lambda: mirror.asked)
    both[1].start("mnist")
    both[1].start("mnist")  # a second click changes nothing
    mirror.hold.set()
    assert [ended(fetched).state for fetched in both] == ["done", "done"]
    assert sorted(mirror.asked) == sorted(CONTENT)


def test_the_next_mirror_is_taken_where_one_fails(home, mirrors):
    broken, damaged, good = mirrors(), mirrors(dict.fromkeys(CONTENT, b"<html>sign in</html>")), mirrors()
    broken.break_after = 50
    fetched = Downloads({"mnist": source(mirrors({}).url, broken.url, damaged.url, good.url)})
    fetched.start("mnist")
    assert ended(fetched).state == "done"
    assert [len(mirror.asked) for mirror in (broken, damaged, good)] == [4, 4, 4]


def test_broken_off_halfway(home, mirrors):
    mirror = mirrors()
    mirror.break_after = 60
    fetched = Downloads({"mnist": source(mirror.url)})
    said = failure(fetched, home)
    assert f"broke off after 60 of {len(CONTENT[f'{IDX_FILES[0]}.gz'])} bytes" in said
    mirror.break_after = None
    fetched.start("mnist")  # the advice helps
    assert ended(fetched).state == "done"


def test_wrong_checksum(home, mirrors):
    """One flipped bit in the last file: nothing at all is kept."""
    last = f"{IDX_FILES[3]}.gz"
    flipped = CONTENT[last][:-1] + bytes([CONTENT[last][-1] ^ 1])
    said = failure(Downloads({"mnist": source(mirrors(CONTENT | {last: flipped}).url)}), home)
    assert f"{last} of MNIST" in said and "not the file that was published" in said and "Digits" in said


def test_a_body_that_never_ends_is_not_kept(home, mirrors):
    first = f"{IDX_FILES[0]}.gz"
    said = failure(Downloads({"mnist": source(mirrors(CONTENT | {first: CONTENT[first] * 1000}).url)}), home)
    assert "not the file that was published" in said


def test_no_server(home, mirrors):
    gone = mirrors()
    gone.close()
    said = failure(Downloads({"mnist": source(gone.url)}), home)
    assert "Connection refused" in said and "LIVETORCH_DATA" in said and "Digits" in said
    said = failure(Downloads({"mnist": source(mirrors({}).url)}), home)
    assert "HTTP 404" in said


def test_a_silent_server_is_given_up(home, mirrors, monkeypatch):
    monkeypatch.setattr(fetching, "TIMEOUT", 0.2)
    mirror = mirrors()
    mirror.hold = threading.Event()
    assert "broke off after" in failure(Downloads({"mnist": source(mirror.url)}), home)


def test_too_little_room_is_noticed_before_anything_is_fetched(home, mirrors):
    mirror = mirrors()
    said = failure(Downloads({"mnist": source(mirror.url, unpacked=10**17)}), home)
    assert "no room for MNIST" in said and "95,367,431,641 MB" in said and "LIVETORCH_HOME" in said
    assert mirror.asked == []


def test_a_disk_that_fills_up_meanwhile(home, mirrors, monkeypatch):
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(fetching, "save", full)
    said = failure(Downloads({"mnist": source(mirrors().url)}), home)
    assert "no room for MNIST" in said and "free" in said


def test_a_folder_that_cannot_be_written(home, mirrors):
    home.mkdir()
    (home / "data").write_text("a file stands where the folder should")
    fetched = Downloads({"mnist": source(mirrors().url)})
    fetched.start("mnist")
    error = ended(fetched).error
    assert error is not None and "could not be written" in error.message and "LIVETORCH_HOME" in error.message


def test_cancel_ends_it_at_once_and_leaves_nothing(home, mirrors):
    mirror = mirrors()
    mirror.hold = threading.Event()
    fetched = Downloads({"mnist": source(mirror.url)})
    fetched.cancel("mnist")  # nothing to cancel yet
    fetched.start("mnist")
    until(lambda: fetched.progress("mnist").done)
    fetched.cancel("mnist")
    progress = fetched.progress("mnist")
    assert progress.state == "failed" and isinstance(progress.error, Cancelled)
    mirror.hold.set()
    until(lambda: left(home) == [])
    assert fetched.progress("mnist") == progress
    mirror.hold = None
    fetched.start("mnist")
    assert ended(fetched).state == "done"


def test_what_a_killed_server_left_is_removed(home, mirrors):
    part = home / "data" / ".mnist.part"
    part.mkdir(parents=True)
    (part / "half").write_bytes(b"half a file")
    fetched = Downloads({"mnist": source(mirrors().url)})
    fetched.start("mnist")
    assert ended(fetched).state == "done"
    assert ".mnist.part" not in left(home)


def cifar(url: str, packed: bytes) -> Downloads:
    content = {"cifar-10-python.tar.gz": packed}
    return Downloads({"cifar10": source(url, content=content, folder=CIFAR_FOLDER)})


def test_an_archive_is_unpacked_into_its_folder(home, mirrors):
    packed = archive(**{name: name.encode() for name in CIFAR_FILES})
    fetched = cifar(mirrors({"cifar-10-python.tar.gz": packed}).url, packed)
    fetched.start("cifar10")
    assert ended(fetched, "cifar10").state == "done"
    assert find_cifar_root() == home / "data"
    assert left(home) == sorted([CIFAR_FOLDER, *(f"{CIFAR_FOLDER}/{name}" for name in CIFAR_FILES)])


def test_an_archive_cannot_write_beside_its_folder(home, mirrors):
    packed = archive(**{name: b"" for name in CIFAR_FILES}, **{"../../../escaped": b"out"})
    said = failure(cifar(mirrors({"cifar-10-python.tar.gz": packed}).url, packed), home, "cifar10")
    assert "OutsideDestinationError" in said
    assert not list(home.parent.rglob("escaped"))


def test_there_is_one_for_the_process():
    assert downloads() is downloads() and downloads().sources is SOURCES
