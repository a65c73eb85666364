"""Odd and hostile pictures, made here: what people send, and what people send on purpose."""

from __future__ import annotations

import io
import pickle
import struct
import zlib
from typing import Any

import numpy as np
from PIL import Image
from pillow_heif import register_heif_opener

RED, BLUE, WHITE = (220, 30, 30), (20, 40, 200), (255, 255, 255)


def picture(size: tuple[int, int] = (64, 48), mode: str = "RGB") -> Image.Image:
    """Red left, blue right, with a white corner at the top left: turned or mirrored, it looks different."""
    image = Image.new("RGB", size, RED)
    width, height = size
    image.paste(BLUE, (width // 2, 0, width, height))
    image.paste(WHITE, (0, 0, max(1, width // 4), max(1, height // 4)))
    return image.convert(mode)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    if kind == "HEIF":
        register_heif_opener()  # with it comes what writes them
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def png_chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_claiming(width: int, height: int) -> bytes:
    """A PNG whose head says it is large and which has next to nothing in it."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = png_chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", head) + data + png_chunk(b"IEND", b"")


def sixteen_bit() -> bytes:
    """A grey ramp from black to white with 16 bits a pixel."""
    ramp = np.linspace(0, 65_535, 64 * 8).astype(np.uint16).reshape(8, 64)
    return encoded(Image.fromarray(ramp), "PNG")


def see_through_palette() -> bytes:
    """A palette picture whose first colour, at the top left, is transparent."""
    image = Image.new("P", (10, 10), 1)
    image.putpalette([9, 9, 9, *BLUE])
    image.paste(0, (0, 0, 5, 5))
    return encoded(image, "PNG", transparency=0)


def frames(kind: str, count: int = 129, **options: Any) -> bytes:
    """An animation that begins red and goes on blue."""
    first, *rest = [Image.new("RGB", (16, 16), RED), *[Image.new("RGB", (16, 16), BLUE)] * (count - 1)]
    rest = [one.copy() for one in rest]
    for number, one in enumerate(rest):
        one.putpixel((0, 0), (number % 256, 0, 0))  # frames that repeat are left out
    return encoded(first, kind, save_all=True, append_images=rest, **options)


def with_orientation(number: int, kind: str = "JPEG") -> bytes:
    exif = Image.Exif()
    exif[0x0112] = number
    exif[0x010E] = "written by a camera"
    return encoded(picture(), kind, exif=exif, **({"quality": 95, "subsampling": 0} if kind == "JPEG" else {}))


def layered_jpeg(layers: int = 3000) -> bytes:
    """A progressive JPEG whose last layer comes again and again."""
    content = encoded(picture((512, 512)), "JPEG", progressive=True)
    last = content.rindex(b"\xff\xda")
    return content[:last] + content[last:-2] * layers + content[-2:]


class Canary:
    """Runs code when it is unpickled."""

    def __reduce__(self) -> Any:
        return (exec, ("raise SystemExit('a pickle ran')",))


def no_pictures() -> dict[str, bytes]:
    """Files named .png that are none."""
    return {
        "svg": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        "svg with a mark": b"\xef\xbb\xbf  <svg onload='alert(1)'></svg>",
        "html": b"<!DOCTYPE html><html><script>alert(1)</script></html>",
        "pdf": b"%PDF-1.7\n1 0 obj",
        "pickle": pickle.dumps(Canary()),
        "text": b"BMW is a car, and this is a text that begins like a BMP",
        "empty": b"",
        "zeros": bytes(4096),
        "tiff": encoded(picture(), "TIFF"),
        "gzip": b"\x1f\x8b\x08" + bytes(60),
        "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
        "video": b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(60),
        "xbm": b"#define a_width 10\n#define a_height 10\nstatic char a_bits[] = {0};",
        "only a head": b"\x89PNG\r\n\x1a\n",
        "jpeg head": b"\xff\xd8\xff\xe0" + bytes(100),
        "webp head": b"RIFF\x20\0\0\0WEBPVP8 " + bytes(20),
        "heic head": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(40),
        "gif head": b"GIF89a\x05\0\x05\0\0\0\0",
    }
