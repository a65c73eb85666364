"""One file of a stranger to one RGB picture: upright, at most 1,024 pixels a side, nothing else of the file. For workers.

The format is told by the content. Nothing is decoded before its size is known; JPEG is decoded at a reduced scale, which
is how 48 megapixels of a phone fit. At these limits no decoder takes more than 300 MB.
"""

from __future__ import annotations

import io
import warnings
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from core.errors import LiveTorchError
from core.i18n import N_
from core.pictures.colours import on_white, to_srgb
from core.pictures.files import SIDE
from core.pictures.formats import check_content, format_of

MOST_PIXELS = 25_000_000
# JPEG can be decoded at a reduced scale (a progressive one in CMYK would need 400 MB all the same, so it has the usual
# limit); the decoder of WebP holds the picture three times
MOST_PIXELS_OF = {"JPEG": 50_000_000, "WEBP": 16_000_000}
MOST_SIDE = 8_192
ORIENTATION = 0x0112  # the EXIF tag
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # fmt: skip


def decoded(source: Path | bytes) -> Image.Image:
    """The picture in a file, as RGB. Raises :class:`LiveTorchError` with a sentence for everything that is none."""
    content = source if isinstance(source, bytes) else source.read_bytes()
    kind = format_of(content)
    check_content(content, kind)
    if kind == "HEIF":
        _know_heif()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about odd metadata; sizes are checked below
            with Image.open(io.BytesIO(content), formats=[kind]) as opened:
                return _upright(opened, kind)
    except LiveTorchError:
        raise
    except Image.DecompressionBombError:
        raise LiveTorchError(N_("It has far too many pixels. Make it smaller and bring it again.")) from None
    except UnidentifiedImageError:
        raise LiveTorchError(N_("It begins like a {kind} picture but is none, or is damaged."), kind=kind) from None
    except MemoryError:
        raise LiveTorchError(N_("Decoding it takes more memory than there is here.")) from None
    except Exception as error:  # decoders raise whatever they like
        raise _broken(error, kind) from None


def _broken(error: Exception, kind: str) -> LiveTorchError:
    if "truncated" in str(error).lower():
        return LiveTorchError(N_("The file ends too early: a part of the picture is missing. Bring it again."))
    return LiveTorchError(N_("This {kind} picture is damaged and cannot be decoded."), kind=kind)


def _upright(opened: Image.Image, kind: str) -> Image.Image:
    check_size(*opened.size, "CMYK JPEG" if kind == "JPEG" and opened.mode == "CMYK" else kind)
    turn = _orientation(opened)
    if kind == "JPEG":
        opened.draft(None, (SIDE, SIDE))  # decodes 1/2, 1/4 or 1/8 of it, never less than this
    opened.load()
    profile = opened.info.get("icc_profile")
    image = to_srgb(on_white(opened, SIDE), profile)
    if turn in TURNS:
        image = image.transpose(TURNS[turn])
    return _bare(image)


def check_size(width: int, height: int, kind: str) -> None:
    """Raises :class:`LiveTorchError` for more pixels than are decoded here."""
    most = MOST_PIXELS_OF.get(kind, MOST_PIXELS)
    if width < 1 or height < 1:
        raise LiveTorchError(N_("The picture has no pixels."))
    if max(width, height) > MOST_SIDE:
        raise LiveTorchError(
            N_("It is {width:,} x {height:,} pixels; a side may have up to {most:,}. Make it smaller and bring it again."),
            width=width, height=height, most=MOST_SIDE,
        )  # fmt: skip
    if width * height > most:
        raise LiveTorchError(
            N_("It has {pixels:.0f} megapixels; {kind} is taken up to {most:.0f}. Make it smaller, or save it as JPEG."),
            pixels=width * height / 1e6, most=most / 1e6, kind=kind,
        )  # fmt: skip


def _orientation(opened: Image.Image) -> int:
    try:
        return int(opened.getexif().get(ORIENTATION, 1))
    except Exception:  # EXIF is often damaged where the picture is not
        return 1


def _bare(image: Image.Image) -> Image.Image:
    """Pixels only: what was written about them is left behind."""
    plain = Image.new("RGB", image.size)
    plain.paste(image)
    return plain


def _know_heif() -> None:
    try:
        from pillow_heif import options, register_heif_opener
    except ImportError:
        raise LiveTorchError(N_("HEIC cannot be read on this server. Save the picture as JPEG.")) from None
    options.THUMBNAILS = False
    options.DEPTH_IMAGES = False
    options.AUX_IMAGES = False
    options.DECODE_THREADS = 2
    register_heif_opener()
