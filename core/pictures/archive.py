"""A zip of pictures in folders: the folder is the class. Its names are shown and never used as paths; nothing is unpacked
to the disk. What it claims about itself is checked before it is believed, what it yields is counted."""

from __future__ import annotations

import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from core.errors import LiveTorchError
from core.i18n import N_
from core.pictures.kept import file_name, label_name

MOST_FILES = 2_000
MOST_UNPACKED = 200 * 2**20
MOST_DIRECTORY = 4 * 2**20  # bytes of the list of contents, which is read whole: 2,000 files need some 0.3 MB
SECONDS = 3.0  # after which a question answers, so that others have their turn
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
END, END_LENGTH, LONGEST_COMMENT = b"PK\x05\x06", 22, 65_535
SKIPPED = ("__macosx", "thumbs.db", "desktop.ini")
Said = dict[str, Any]
Take = Callable[[bytes, str, str], tuple[list[Said], list[Said]]]


class Archive:
    """An opened zip. Raises :class:`LiveTorchError` for one that is refused as a whole."""

    def __init__(self, path: Path, picture_bytes: int) -> None:
        check_end(path)
        self.picture_bytes = picture_bytes
        try:
            self.zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            raise LiveTorchError(N_("The zip is damaged, or was not sent whole. Make it anew.")) from None
        self.entries = [one for one in self.zip.infolist() if is_meant(one)]
        try:
            check_entries(self.entries)
        except LiveTorchError:
            self.zip.close()
            raise

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, _kind: type | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        self.zip.close()

    def take(self, first: int, most: int, take: Take) -> Said:
        """Have entries from ``first`` on taken; see :func:`core.pictures.take.take_from_zip`."""
        until = time.monotonic() + SECONDS
        kept: list[Said] = []
        refused: list[Said] = []
        place = first
        while place < min(first + most, len(self.entries)) and time.monotonic() < until:
            more, less = self._one(self.entries[place], take)
            kept, refused, place = kept + more, refused + less, place + 1
        return {"kept": kept, "refused": refused, "next": place, "of": len(self.entries)}

    def _one(self, entry: zipfile.ZipInfo, take: Take) -> tuple[list[Said], list[Said]]:
        name = file_name(entry.filename)
        try:
            return take(self._content(entry), name, class_of(entry.filename))
        except LiveTorchError as error:
            return [], [{"name": name, "template": error.template, "values": error.values}]

    def _content(self, entry: zipfile.ZipInfo) -> bytes:
        """The bytes of a file. Raises :class:`LiveTorchError` where they are too many, packed strangely or damaged."""
        if entry.flag_bits & 0x1:
            raise LiveTorchError(N_("It is locked with a password. Make the zip without one."))
        if entry.compress_type not in METHODS:
            raise LiveTorchError(N_("It is packed in an unusual way. Make the zip with the usual method (deflate)."))
        most = min(self.picture_bytes, entry.file_size)
        try:
            with self.zip.open(entry) as file:
                content = file.read(most + 1)
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError, NotImplementedError):
            raise LiveTorchError(N_("It is damaged within the zip. Make the zip anew.")) from None
        if len(content) > most:
            raise LiveTorchError(
                N_("It has more than {most:.0f} MB, as much as one picture may have. Make it smaller."),
                most=self.picture_bytes / 2**20,
            )
        return content


def check_end(path: Path) -> None:
    """Look at the end of a zip before anything is read of it. Raises :class:`LiveTorchError`.

    Python reads the whole list of contents into memory, a million entries if it likes.
    """
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - END_LENGTH - LONGEST_COMMENT))
        tail = file.read()
    at = tail.rfind(END)
    if at < 0 or len(tail) - at < END_LENGTH:
        raise LiveTorchError(N_("The zip is damaged, or was not sent whole. Make it anew."))
    directory = int.from_bytes(tail[at + 12 : at + 16], "little")
    if directory > MOST_DIRECTORY or tail[max(0, at - 20) :].startswith(b"PK\x06\x07"):
        raise LiveTorchError(
            N_("The zip lists far more than {most:,} files, as many as are taken. Make several of it."), most=MOST_FILES
        )


def check_entries(entries: list[zipfile.ZipInfo]) -> None:
    """Raises :class:`LiveTorchError` for none, too many, or too large when unpacked."""
    if not entries:
        raise LiveTorchError(N_("The zip has no files in it. Put folders of pictures into it, one for each class."))
    if len(entries) > MOST_FILES:
        raise LiveTorchError(
            N_("The zip has {count:,} files; up to {most:,} are taken. Make several of it."),
            count=len(entries), most=MOST_FILES,
        )  # fmt: skip
    unpacked = sum(one.file_size for one in entries)
    if unpacked > MOST_UNPACKED:
        raise LiveTorchError(
            N_("Unpacked, the zip would take {size:,.0f} MB; up to {most:.0f} are taken. Make several of it, or smaller pictures."),
            size=unpacked / 2**20, most=MOST_UNPACKED / 2**20,
        )  # fmt: skip


def is_meant(entry: zipfile.ZipInfo) -> bool:
    """Whether an entry was put there by a person: no folder, and nothing that systems add on their own."""
    parts = [part for part in entry.filename.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    if entry.is_dir() or not parts:
        return False
    return not any(part.startswith(".") or part.lower() in SKIPPED for part in parts)


def class_of(path: str) -> str:
    """The innermost folder of a name in a zip: "birds/train/crow/1.jpg" is "crow"; "" for a file beside the folders."""
    parts = [part for part in path.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return label_name(parts[-2]) if len(parts) > 1 else ""
