"""A folder of one's own for weights, embeddings and pictures, and pictures to embed."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from PIL import Image

from core.pictures import files


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """LIVETORCH_HOME, empty; torch.hub's own folder is empty, too."""
    monkeypatch.setenv("LIVETORCH_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    return tmp_path / "home"


def noise(seed: int, width: int = 90, height: int = 70) -> Image.Image:
    """A small picture of coloured patches."""
    content = random.Random(seed).randbytes(9 * 7 * 3)
    return Image.frombytes("RGB", (9, 7), content).resize((width, height), Image.Resampling.BICUBIC)


@pytest.fixture
def shas(home: Path) -> list[str]:
    """Six kept pictures."""
    found = []
    for seed in range(6):
        file = io.BytesIO()
        noise(seed).save(file, "PNG")
        found.append(files.keep(file.getvalue()))
    return found


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Small pictures: several threads would mostly wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
