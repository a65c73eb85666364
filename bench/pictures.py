"""How long it takes to take in what phones send, and how much memory the worst of it needs. Of one core."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
from PIL import Image

from bench.browser import median

Row = tuple[str, float, str, str, str]
ROUNDS = 5
MEASURE = """
import json, sys, time
from PIL import JpegImagePlugin, PngImagePlugin
from core.pictures import decode, store
content = open(sys.argv[1], "rb").read()
if sys.argv[1].endswith("heic"):
    decode._know_heif()
def peak():  # ru_maxrss begins with that of the parent process
    try:
        return int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0]) / 1024
    except OSError:
        return 0.0
before = peak()
began = time.process_time()
store.stored(decode.decoded(content), "x", "")
spent = 1e3 * (time.process_time() - began)
print(json.dumps([spent, peak() - before]))
"""


def photo(width: int, height: int) -> Image.Image:
    """Soft colours with the grain of a camera."""
    rng = np.random.default_rng(0)
    soft = Image.fromarray(rng.integers(0, 255, (12, 16, 3), np.uint8)).resize(
        (width, height), Image.Resampling.BICUBIC
    )
    grain = rng.integers(-5, 6, (height, width, 1), np.int8)
    return Image.fromarray((np.asarray(soft, np.int16) + grain).clip(0, 255).astype(np.uint8))


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def rows(home: Path) -> list[Row]:
    """Time of the core from the file's bytes to the kept picture with its thumbnail, and what memory grew by."""
    from pillow_heif import register_heif_opener

    register_heif_opener()
    home.mkdir(parents=True, exist_ok=True)
    small, large = photo(4032, 3024), photo(8064, 6048)
    phone = {
        "jpeg_12mp": ("12.jpg", encoded(small, "JPEG", quality=88), "<= 250"),
        "jpeg_48mp": ("48.jpg", encoded(large, "JPEG", quality=80), "<= 400"),
        "heic_12mp": ("12.heic", encoded(small, "HEIF", quality=60), ""),
        "png_alpha_25mp": ("25.png", encoded(Image.new("RGBA", (5000, 5000), (9, 9, 9, 99)), "PNG", compress_level=1), "<= 2000"),
    }  # fmt: skip
    worst = ("48p.jpg", encoded(large, "JPEG", quality=40, progressive=True, subsampling=0))
    found: list[Row] = []
    for name, (file, content, bar) in phone.items():
        (home / file).write_bytes(content)
        taken = [measured(home / file) for _round in range(ROUNDS)]
        said = (
            f"{file}, {len(content) / 2**20:.1f} MB, to the kept picture; memory + {max(m for _t, m in taken):.0f} MB"
        )
        found.append((f"pictures.{name}_ms", median([spent for spent, _memory in taken]), "ms", bar, said))
    (home / worst[0]).write_bytes(worst[1])
    peak = max(measured(home / worst[0])[1] for _round in range(2))
    found.append(
        ("pictures.worst_mb", peak, "MB", "<= 300", "48 MP progressive JPEG with full colour: what memory grew by")
    )
    return found


def measured(path: Path) -> tuple[float, float]:
    """Milliseconds of the core and MB for one file, in a process of its own."""
    environment = os.environ | {"LIVETORCH_HOME": str(path.parent / "home")}
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, env=environment, check=True
    )
    spent, memory = json.loads(done.stdout)
    return float(spent), float(memory)
