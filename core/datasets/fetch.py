"""One file from the network onto the disk, whole and verified, or not at all. Loads no torch."""

from __future__ import annotations

import errno
import hashlib
import http.client
import logging
import os
import shutil
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from core.datasets.sources import DATA_ADVICE, Advice, RemoteFile
from core.errors import LiveTorchError
from core.i18n import N_

log = logging.getLogger("livetorch.download")

CHUNK = 1 << 16  # bytes between two looks at Cancel
TIMEOUT = 15.0  # seconds without a byte after which a connection counts as broken
LARGER = 1.05  # times the size that is known roughly: what is larger is another file


class DownloadError(LiveTorchError):
    """A data set, or weights, could not be fetched; nothing of it was kept."""


class Cancelled(DownloadError):
    """The visitor changed their mind."""


def cancelled(name: str) -> Cancelled:
    return Cancelled(N_("The download of {name} was cancelled. Nothing was kept."), name=name)


def fetch(
    file: RemoteFile,
    mirrors: tuple[str, ...],
    folder: Path,
    name: str,
    *,
    cancel: threading.Event,
    arrived: Callable[[int], None],
    advice: Advice = DATA_ADVICE,
) -> Path:
    """``file`` of what is called ``name`` from the first of ``mirrors`` that gives it, written to ``folder``.

    ``arrived`` hears how many bytes of the file are there; it starts again from 0 at each mirror.
    Raises :class:`DownloadError` as the first mirror failed, or :class:`Cancelled`; ``OSError`` where the disk fails.
    """
    path, failures = folder / file.name, []
    for mirror in mirrors:
        try:
            _fetch_from(mirror + file.name, file, path, name, cancel, arrived, advice)
            return path
        except Cancelled:
            raise
        except DownloadError as error:
            log.warning("%s%s: %s", mirror, file.name, error)
            path.unlink(missing_ok=True)
            failures.append(error)
    raise failures[0]


def _fetch_from(
    url: str,
    file: RemoteFile,
    path: Path,
    name: str,
    cancel: threading.Event,
    arrived: Callable[[int], None],
    advice: Advice,
) -> None:
    digest, done = hashlib.sha256() if file.sha256 else hashlib.md5(usedforsecurity=False), 0
    with _open(url, name, advice) as response, path.open("wb") as out:
        least, most = _bounds(file, response)
        arrived(0)
        while chunk := _read(response, name, done, least, file):
            if cancel.is_set():
                raise cancelled(name)
            out.write(chunk)
            digest.update(chunk)
            done += len(chunk)
            if done > most:
                break  # not the file; no need to fill the disk with it
            arrived(done)
        save(out.fileno())
    if done < least:
        raise _broken_off(name, done, least, file)
    if not digest.hexdigest().startswith(file.sha256 or file.md5):
        kind = "SHA-256" if file.sha256 else "MD5"
        raise DownloadError(advice.another, file=file.name, name=name, sum=kind)


def _bounds(file: RemoteFile, response: http.client.HTTPResponse) -> tuple[int, int]:
    """Fewest and most bytes of a whole ``file``; where its size is known roughly, its server announces it."""
    if not file.about:
        return file.size, file.size
    most = round(file.size * LARGER)
    return min(response.length or 0, most), most


def save(descriptor: int) -> None:
    """Have the disk, not only the system's cache, hold what was written."""
    os.fsync(descriptor)


def _open(url: str, name: str, advice: Advice) -> http.client.HTTPResponse:
    request = urllib.request.Request(url, headers={"User-Agent": "LiveTorch"})
    try:
        response: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=TIMEOUT)
        return response
    except urllib.error.HTTPError as error:
        error.close()
        raise DownloadError(advice.no_answer, name=name, reason=f"HTTP {error.code}") from error
    except (OSError, http.client.HTTPException) as error:  # URLError is an OSError
        reason = getattr(error, "reason", error)  # a URLError wraps what really happened
        said = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
        raise DownloadError(advice.no_answer, name=name, reason=said) from error


def _read(response: http.client.HTTPResponse, name: str, done: int, total: int, file: RemoteFile) -> bytes:
    """The next bytes; empty at the end. Only errors of the network are turned into words here."""
    try:
        return response.read1(CHUNK)
    except (OSError, http.client.HTTPException) as error:
        raise _broken_off(name, done, total, file) from error


def _broken_off(name: str, done: int, total: int, file: RemoteFile) -> DownloadError:
    return DownloadError(
        N_(
            "The download of {name} broke off after {done} of {total} bytes of {file}. Nothing was kept. Check the network and try again."
        ),
        name=name,
        done=f"{done:,}",
        total=f"{total:,}",
        file=file.name,
    )


def check_room(folder: Path, needed: int, name: str) -> None:
    """Raises :class:`DownloadError` where the disk of ``folder`` has less than ``needed`` bytes left."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise no_room(name, needed, free)


def no_room(name: str, needed: int, free: int) -> DownloadError:
    return DownloadError(
        N_(
            "The disk has no room for {name}: it needs {needed:,} MB, {free:,} MB are free. Nothing was kept. Free some, or let LIVETORCH_HOME name a folder on another disk."
        ),
        name=name,
        needed=-(-needed // 2**20),
        free=free // 2**20,
    )


def disk_failure(error: OSError, folder: Path, needed: int, name: str) -> DownloadError:
    """What an error of the disk means for the download of ``name``."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return no_room(name, needed, shutil.disk_usage(folder).free)
    return DownloadError(
        N_(
            "{name} could not be written to the disk ({reason}). Nothing was kept. Check that the folder LIVETORCH_HOME can be written to."
        ),
        name=name,
        reason=error.strerror or type(error).__name__,
    )
