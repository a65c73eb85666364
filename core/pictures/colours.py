"""Pictures of any mode to RGB on white, shrunk on the way. For workers: imports Pillow."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageCms

LARGEST_PROFILE = 2**20  # bytes; those of cameras and printers have 0.5 to 600 kB
ALPHA = ("RGBA", "LA", "PA", "La", "RGBa")


def on_white(image: Image.Image, side: int) -> Image.Image:
    """``image`` (any mode) as RGB, or CMYK where it is, at most ``side`` pixels a side; what shows through is white.

    Shrinking comes before anything that copies pixels where it can: a picture of 25 megapixels takes 100 MB a copy.
    """
    image = _known_mode(image)
    if image.mode in ("L", "RGB", "CMYK"):
        small = shrunk(image, side)
        return small.convert("RGB") if small.mode == "L" else small
    small = shrunk(image, side)  # Pillow weighs by alpha while it shrinks
    white = Image.new("RGB", small.size, "white")
    white.paste(small.convert("RGB"), mask=small.getchannel("A"))
    return white


def _known_mode(image: Image.Image) -> Image.Image:
    """As L, RGB, CMYK or RGBA."""
    if image.mode.startswith("I") or image.mode == "F":
        return _sixteen_bit(image)
    if image.mode in ("L", "RGB", "P", "1") and "transparency" in image.info:
        return image.convert("RGBA")
    if image.mode in ALPHA:
        return image if image.mode == "RGBA" else image.convert("RGBA")
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("L" if image.mode == "1" else "RGB")


def _sixteen_bit(image: Image.Image) -> Image.Image:
    """Grey of 16 bits as grey of 8. Pillow's own conversion cuts everything above 255 off."""
    values = np.asarray(image)
    wide = values.dtype != np.uint8 and (image.mode.startswith("I;16") or values.max(initial=0) > 255)
    return Image.fromarray((values // 257 if wide else values).clip(0, 255).astype(np.uint8))


def shrunk(image: Image.Image, side: int) -> Image.Image:
    """At most ``side`` pixels a side, at least one.

    First by a whole number to no less than 1.5 times the size, as decoders of JPEG do: half of the arithmetic for 12
    megapixels, and the result differs from the exact filter's by a third of a grey level.
    """
    scale = side / max(image.size)
    if scale >= 1:
        return image
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=1.5)


def to_srgb(image: Image.Image, profile: object) -> Image.Image:
    """The colours a profile means, in sRGB: phones write Display P3, printers CMYK. Without one, or with a bad one, as they are."""
    if isinstance(profile, bytes) and 0 < len(profile) <= LARGEST_PROFILE:
        try:
            meant = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            found = ImageCms.profileToProfile(image, meant, ImageCms.createProfile("sRGB"), outputMode="RGB")
            if found is not None:
                return found
        except Exception:  # a profile for another kind of picture, or damaged
            return image.convert("RGB")
    return image.convert("RGB")
