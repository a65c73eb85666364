"""Data sets, and weights, fetched once, by threads of the server process: progress, Cancel, and whole or not at all.

Files arrive and are unpacked in a working folder and are then renamed into their place, under a lock that
other servers on the same disk respect. Loads no torch.
"""

from __future__ import annotations

import gzip
import logging
import os
import shutil
import tarfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

from core.config import DATASETS as DATASET_NAMES
from core.datasets import DATASETS, home
from core.datasets.fetch import CHUNK, DownloadError, cancelled, check_room, disk_failure, fetch, save
from core.datasets.sources import SOURCES, Source
from core.errors import LiveTorchError
from core.i18n import N_

log = logging.getLogger("livetorch.download")


@dataclass(frozen=True)
class Progress:
    """How far a download is: bytes that have come and bytes in all."""

    done: int
    total: int
    state: str  # none, running, done, failed
    error: LiveTorchError | None = None


@dataclass(frozen=True)
class Shelf:
    """Where things of one kind are put, what people call them, and whether one is here."""

    root: Callable[[], Path]
    title: Callable[[str], str]
    here: Callable[[str], bool]


DATA = Shelf(
    lambda: home() / "data",
    lambda name: DATASET_NAMES[name].split(" (")[0],
    lambda name: DATASETS[name].available(),
)


@dataclass
class _Job:
    """One attempt. Its thread alone writes ``progress`` once it runs, except that Cancel ends it at once."""

    source: Source
    name: str
    title: str
    progress: Progress
    cancel: threading.Event = field(default_factory=threading.Event)


class Downloads:
    """The downloads of this process, by name. Thread-safe."""

    def __init__(self, sources: Mapping[str, Source] = SOURCES, shelf: Shelf = DATA) -> None:
        self.sources, self.shelf = sources, shelf
        self._lock = threading.Lock()
        self._jobs: dict[str, _Job] = {}

    def start(self, name: str) -> None:
        """Begin to fetch ``name``; nothing happens where it is on its way already."""
        with self._lock:
            if name in self._jobs and self._jobs[name].progress.state == "running":
                return
            source = self.sources[name]
            job = _Job(source, name, self.shelf.title(name), Progress(0, source.size, "running"))
            self._jobs[name] = job
        threading.Thread(target=self._run, args=(job,), name=f"download-{name}", daemon=True).start()

    def progress(self, name: str) -> Progress:
        """How the latest download of ``name`` goes or went."""
        with self._lock:
            job = self._jobs.get(name)
            return job.progress if job else Progress(0, self.sources[name].size, "none")

    def cancel(self, name: str) -> None:
        """Give up the download of ``name``; what has come is removed."""
        with self._lock:
            job = self._jobs.get(name)
            if job is not None and job.progress.state == "running":
                job.cancel.set()
                job.progress = Progress(job.progress.done, job.source.size, "failed", cancelled(job.title))

    def _run(self, job: _Job) -> None:
        """Body of a download's thread."""
        root = self.shelf.root()
        needed = job.source.size + job.source.unpacked
        try:
            root.mkdir(parents=True, exist_ok=True)
            self._install(job, root, needed)
            state, error = "done", None
        except LiveTorchError as failure:
            state, error = "failed", failure
        except OSError as failure:
            log.exception("download of %s", job.name)
            state, error = "failed", disk_failure(failure, _existing(root), needed, job.title)
        except Exception as failure:
            log.exception("download of %s", job.name)
            state, error = "failed", _unexpected(job.title, failure)
        self._tell(job, state, error=error)

    def _tell(self, job: _Job, state: str, done: int | None = None, error: LiveTorchError | None = None) -> None:
        with self._lock:
            if not job.cancel.is_set():
                done = (job.source.size if state == "done" else job.progress.done) if done is None else done
                job.progress = Progress(done, job.source.size, state, error)

    def _install(self, job: _Job, root: Path, needed: int) -> None:
        """Fetch, unpack and put in place, unless another server does so first."""
        lock = FileLock(root / f".{job.name}.lock")
        _acquire(lock, job)
        part = root / f".{job.name}.part"
        try:
            shutil.rmtree(part, ignore_errors=True)  # of a server that was killed
            if self.shelf.here(job.name):
                return
            check_room(root, needed, job.title)
            part.mkdir()
            unpacked = _unpack(self._fetch_all(job, part), part, job)
            with self._lock:  # from here on it is too late to cancel
                if job.cancel.is_set():
                    raise cancelled(job.title)
                _put_in_place(unpacked, root / job.source.folder)
        finally:
            shutil.rmtree(part, ignore_errors=True)
            lock.release()

    def _fetch_all(self, job: _Job, part: Path) -> list[Path]:
        before, packed = 0, []
        for file in job.source.files:

            def arrived(count: int, before: int = before) -> None:
                self._tell(job, "running", before + count)

            path = fetch(
                file,
                job.source.mirrors,
                part,
                job.title,
                cancel=job.cancel,
                arrived=arrived,
                advice=job.source.advice,
            )
            packed.append(path)
            before += file.size
        return packed


def _acquire(lock: FileLock, job: _Job) -> None:
    """Wait for another download of the same, in this server or another, as long as nobody cancels."""
    while True:
        if job.cancel.is_set():
            raise cancelled(job.title)
        try:
            lock.acquire(timeout=0.2)
            return
        except Timeout:
            continue


def _unpack(packed: list[Path], part: Path, job: _Job) -> Path:
    """A folder in ``part`` with the files as torchvision wants them. The packed ones go: they were verified."""
    folder = part / "unpacked"
    folder.mkdir()
    for path in packed:
        if job.cancel.is_set():
            raise cancelled(job.title)
        if path.name.endswith(".tar.gz"):
            with tarfile.open(path) as archive:
                archive.extractall(folder, filter="data")  # nothing outside the folder, no links, no devices
        elif path.suffix == ".gz":
            with gzip.open(path) as source, (folder / path.stem).open("wb") as out:
                shutil.copyfileobj(source, out, CHUNK)
        else:  # used as it comes
            path.rename(folder / path.name)
        path.unlink(missing_ok=True)
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                save(file.fileno())
    inner = folder / Path(job.source.folder).name  # an archive brings its own folder
    return inner if inner.is_dir() else folder


def _put_in_place(unpacked: Path, target: Path) -> None:
    """Rename the files of ``unpacked`` to ``target``, where some may lie that are not complete."""
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(unpacked.iterdir()):
        os.replace(path, target / path.name)


def _existing(path: Path) -> Path:
    return path if path.exists() else _existing(path.parent)


def _unexpected(name: str, error: Exception) -> DownloadError:
    return DownloadError(
        N_("The download of {name} failed ({kind}). Nothing was kept. The log of the server has the details."),
        name=name,
        kind=type(error).__name__,
    )


_downloads = Downloads()


def downloads() -> Downloads:
    """The downloads of this process."""
    return _downloads
