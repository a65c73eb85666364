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

from core.datasets.sources import RemoteFile
from core.errors import LiveTorchError
from core.i18n import N_

log = logging.getLogger("livetorch.download")

CHUNK = 1 << 16  # bytes between two looks at Cancel
TIMEOUT = 15.0  # seconds without a byte after which a connection counts as broken


class DownloadError(LiveTorchError):
    """A data set could not be fetched; nothing of it was kept."""


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
) -> Path:
    """``file`` of the data set ``name`` from the first of ``mirrors`` that gives it, written to ``folder``.

    ``arrived`` hears how many bytes of the file are there; it starts again from 0 at each mirror.
    Raises :class:`DownloadError` as the first mirror failed, or :class:`Cancelled`; ``OSError`` where the disk fails.
    """
    path, failures = folder / file.name, []
    for mirror in mirrors:
        try:
            _fetch_from(mirror + file.name, file, path, name, cancel, arrived)
            return path
        except Cancelled:
            raise
        except DownloadError as error:
            log.warning("%s%s: %s", mirror, file.name, error)
            path.unlink(missing_ok=True)
            failures.append(error)
    raise failures[0]


def _fetch_from(
    url: str, file: RemoteFile, path: Path, name: str, cancel: threading.Event, arrived: Callable[[int], None]
) -> None:
    digest, done = hashlib.md5(usedforsecurity=False), 0
    with _open(url, name) as response, path.open("wb") as out:
        arrived(0)
        while chunk := _read(response, name, done, file):
            if cancel.is_set():
                raise cancelled(name)
            out.write(chunk)
            digest.update(chunk)
            done += len(chunk)
            if done > file.size:
                break  # not the file; no need to fill the disk with it
            arrived(done)
        save(out.fileno())
    if done < file.size:
        raise _broken_off(name, done, file)
    if digest.hexdigest() != file.md5:
        raise DownloadError(
            N_(
                "{file} of {name} arrived, but it is not the file that was published (its MD5 sum differs). Nothing was kept. Try again later, put the files where LIVETORCH_DATA points, or choose Digits, which needs no files."
            ),
            file=file.name,
            name=name,
        )


def save(descriptor: int) -> None:
    """Have the disk, not only the system's cache, hold what was written."""
    os.fsync(descriptor)


def _open(url: str, name: str) -> http.client.HTTPResponse:
    request = urllib.request.Request(url, headers={"User-Agent": "LiveTorch"})
    try:
        response: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=TIMEOUT)
        return response
    except urllib.error.HTTPError as error:
        error.close()
        raise _no_answer(name, f"HTTP {error.code}") from error
    except (OSError, http.client.HTTPException) as error:  # URLError is an OSError
        reason = getattr(error, "reason", error)  # a URLError wraps what really happened
        said = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
        raise _no_answer(name, said) from error


def _no_answer(name: str, reason: str) -> DownloadError:
    return DownloadError(
        N_(
            "{name} could not be fetched: its server gave no answer ({reason}). Check the network and try again, put the files where LIVETORCH_DATA points, or choose Digits, which needs no files."
        ),
        name=name,
        reason=reason,
    )


def _read(response: http.client.HTTPResponse, name: str, done: int, file: RemoteFile) -> bytes:
    """The next bytes; empty at the end. Only errors of the network are turned into words here."""
    try:
        return response.read1(CHUNK)
    except (OSError, http.client.HTTPException) as error:
        raise _broken_off(name, done, file) from error


def _broken_off(name: str, done: int, file: RemoteFile) -> DownloadError:
    return DownloadError(
        N_(
            "The download of {name} broke off after {done} of {total} bytes of {file}. Nothing was kept. Check the network and try again."
        ),
        name=name,
        done=f"{done:,}",
        total=f"{file.size:,}",
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
            "The disk has no room for {name}: it needs {needed:,} MB while it is unpacked, {free:,} MB are free. Nothing was kept. Free some, or let LIVETORCH_HOME name a folder on another disk."
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
