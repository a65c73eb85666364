"""Everything of a run of the transfer page in one zip: weights, both scripts, the pictures in folders. Loads no torch."""

from __future__ import annotations

import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from core.backbones.registry import BACKBONES
from core.config.transfer import TransferRunConfig
from core.export.predict_script import predict_script_of
from core.export.transfer_parts import trained_before
from core.pictures import files
from core.pictures.sets import PictureSet
from core.pictures.split import split

LONGEST = 40  # characters of a class in a path


def write_zip(file: IO[bytes], config: TransferRunConfig, pictures: PictureSet, script: str, weights: Path) -> None:
    """Write it to ``file``. Raises :class:`core.errors.NotFoundError` where a picture is gone."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("train.py", script)
        archive.writestr("predict.py", predict_script_of(config))
        archive.write(weights, "weights.safetensors")
        spec = BACKBONES[config.backbone]
        path = spec.weights()
        if spec.shipped and path is not None and trained_before(config):
            archive.write(path, path.name)
        for name, source in places(config, pictures):
            archive.write(source, name)


def places(config: TransferRunConfig, pictures: PictureSet) -> Iterator[tuple[str, Path]]:
    """Path in the zip and file of every picture: ``pictures/train/0_ant/12.jpg`` is number 12 of the set, of class 0."""
    held = set(split(pictures, config.data.validation_share, config.data.seed).validation)
    for place, (sha, label) in enumerate(pictures.pictures):
        path = files.path_of(sha)
        part = "validation" if place in held else "train"
        yield f"pictures/{part}/{label}_{folder_name(pictures.classes[label])}/{place}{_ending(path)}", path


def folder_name(label: str) -> str:
    """A class as part of a path on any system: letters, digits, "-"; what else there is becomes "-"."""
    plain = unicodedata.normalize("NFKC", label)
    return "".join(letter if letter.isalnum() else "-" for letter in plain)[:LONGEST].strip("-") or "class"


def _ending(path: Path) -> str:
    with path.open("rb") as file:
        return ".png" if file.read(4) == b"\x89PNG" else ".jpg"
