"""How fast pictures become numbers: decoding and embedding with MobileNetV2, on one thread, in time of that core."""

from __future__ import annotations

import io
import os
import random
import time
from collections.abc import Callable
from pathlib import Path

import torch
from PIL import Image

from bench.browser import median
from core.backbones.embed import BATCH, Embedder, embeddings
from core.backbones.load import load_backbone
from core.backbones.prepare import middle
from core.pictures import files

Row = tuple[str, float, str, str, str]
NAME = "mobilenet_v2"
PICTURES, ROUNDS = 24, 5


def rows(home: Path) -> list[Row]:
    """With random weights, which take as long as ImageNet's."""
    before, threads = os.environ.get("LIVETORCH_HOME"), torch.get_num_threads()
    os.environ["LIVETORCH_HOME"] = str(home)
    torch.set_num_threads(1)
    try:
        return _rows()
    finally:
        torch.set_num_threads(threads)
        if before is None:
            del os.environ["LIVETORCH_HOME"]
        else:
            os.environ["LIVETORCH_HOME"] = before


def _rows() -> list[Row]:
    shas = [files.keep(photo(seed)) for seed in range(PICTURES)]
    backbone = load_backbone(NAME, pretrained=False)
    embedder = Embedder(backbone)
    pixels = torch.stack([middle(backbone.spec, files.rgb(sha)) for sha in shas[:BATCH]])
    images = torch.stack([backbone.prepare(files.rgb(sha)) for sha in shas[:BATCH]])
    decode = milliseconds(lambda: [middle(backbone.spec, files.rgb(sha)) for sha in shas]) / PICTURES
    with torch.no_grad():
        pairs = [
            (once(lambda: embedder.of(pixels)), once(lambda: backbone.features(images))) for _ in range(3 * ROUNDS)
        ]
    embed, plain = (median([pair[which] for pair in pairs[1:]]) / BATCH for which in range(2))
    ratio = median([there / here for here, there in pairs[1:]])
    first = milliseconds(lambda: embeddings(NAME, False, shas), rounds=1) / PICTURES
    again = milliseconds(lambda: embeddings(NAME, False, shas)) / PICTURES
    return [
        ("backbones.decode_ms", decode, "ms", "<= 15", "a JPEG of 500 x 400 to the 224 x 224 that are read"),
        ("backbones.embed_ms", embed, "ms", "<= 25", f"MobileNetV2, one thread, {BATCH} at a time"),
        (
            "backbones.embed_vs_plain",
            ratio,
            "x",
            ">= 1.3",
            f"the same as torchvision builds it: {plain:.1f} ms",
        ),
        ("backbones.embeddings_ms", first, "ms", "", "all of it a picture, model built and results kept on the disk"),
        ("backbones.kept_ms", again, "ms", "<= 2", "a picture that was embedded before"),
    ]


def photo(seed: int) -> bytes:
    """A JPEG of 500 x 400 with as much detail as a photo has."""
    content = random.Random(seed).randbytes(3 * 125 * 100)
    image = Image.frombytes("RGB", (125, 100), content).resize((500, 400), Image.Resampling.BICUBIC)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=90)
    return file.getvalue()


def milliseconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Median of some rounds, after one that warms up where there are several."""
    taken = [once(work) for _round in range(rounds + (rounds > 1))]
    return median(taken[1:] or taken)


def once(work: Callable[[], object]) -> float:
    """Milliseconds of a core, so that others on the machine count for little."""
    began = time.process_time()
    work()
    return 1e3 * (time.process_time() - began)
