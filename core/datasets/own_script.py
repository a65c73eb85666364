"""How a standalone script loads own pictures: by their fingerprints, from the folder in which LiveTorch keeps them."""

from __future__ import annotations

from core.config import CNNRunConfig
from core.datasets.own import SEED, SHARE
from core.pictures.split import set_of, split

IMPORTS = [
    "import os",
    "import sys",
    "from pathlib import Path",
    "import numpy as np",
    "from PIL import Image, ImageOps",
]
WIDE = 118

READ = """\
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(os.environ.get("LIVETORCH_HOME", ".")) / "pictures"

    def square(sha):
        path = folder / sha[:2] / sha
        thumbnail = path.with_name(path.name + ".small")
        with Image.open(thumbnail if thumbnail.is_file() else path) as opened:
            image = ImageOps.fit(opened.convert("RGB"), ({side}, {side}))
        return torch.from_numpy(np.asarray(image).copy()).permute(2, 0, 1)

    def part(pictures):
        return torch.stack([square(sha) for sha, _label in pictures]), torch.tensor([label for _sha, label in pictures])

    images, labels = part(TRAIN)
    validation_images, validation_labels = part(VALIDATION)
"""


def own_code(config: CNNRunConfig) -> str:
    """The lines of ``load_data()`` that read the pictures."""
    return READ.format(side=config.side)


def own_constants(config: CNNRunConfig) -> str:
    """Which pictures are trained on and which validate: fingerprint and class of each."""
    one = set_of(config.pictures)
    parts = split(one, SHARE, SEED)
    lines = [f"CLASSES = {list(one.classes)!r}".replace("'", '"')] if not any('"' in name or "'" in name for name in one.classes) else []  # fmt: skip
    for name, places in (("TRAIN", parts.train), ("VALIDATION", parts.validation)):
        lines.append(f"{name} = [  # fingerprint, class")
        lines += [f'    ("{sha}", {label}),' for sha, label in (one.pictures[place] for place in places)]
        lines.append("]")
    return "\n".join(lines)
