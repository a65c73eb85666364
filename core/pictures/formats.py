"""Which format a file has, by its first bytes. Its name says nothing."""

from __future__ import annotations

from core.errors import LiveTorchError
from core.i18n import N_

MOST_SCANS = 100  # of a JPEG; a progressive one of a camera has about ten. Each takes as long as decoding the picture
ZIP = "ZIP"
HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
AVIF_BRANDS = (b"avif", b"avis")
NO_PICTURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", N_("It is a PDF document, not a picture. Save the page as PNG or JPEG.")),
    (b"II*\0", N_("TIFF and camera raw files are not taken. Save it as JPEG or PNG.")),
    (b"MM\0*", N_("TIFF and camera raw files are not taken. Save it as JPEG or PNG.")),
    (b"\x1f\x8b", N_("It is packed with gzip. Put pictures into a zip.")),
    (b"Rar!", N_("RAR archives are not taken. Put pictures into a zip.")),
    (b"7z\xbc\xaf", N_("7-Zip archives are not taken. Put pictures into a zip.")),
)
OTHERWISE = N_("It is no picture of a kind that is taken here: PNG, JPEG, WebP, HEIC, AVIF, GIF or BMP.")


def kind_of(head: bytes) -> str | None:
    """Pillow's name of the format that begins with ``head`` (32 bytes are enough), ``ZIP``, or ``None``."""
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return "GIF"
    if head[4:8] == b"ftyp":
        brands = [head[8:12], *(head[at : at + 4] for at in range(16, len(head) - 3, 4))]
        if any(brand in AVIF_BRANDS for brand in brands):
            return "AVIF"
        return "HEIF" if any(brand in HEIF_BRANDS for brand in brands) else None
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return ZIP
    # "BM" begins many a text; the bytes after it are reserved and zero, the size of the next header is small
    if head[:2] == b"BM" and head[6:10] == b"\0\0\0\0" and head[15:18] == b"\0\0\0":
        return "BMP"
    return None


def format_of(content: bytes) -> str:
    """Pillow's name of the format of a picture. Raises :class:`LiveTorchError` for anything else, by what it is."""
    if not content:
        raise LiveTorchError(N_("The file is empty."))
    kind = kind_of(content[:64])
    if kind == ZIP:
        raise LiveTorchError(
            N_("It is a zip inside a zip, or a document packed like one. Pictures must lie in it as they are.")
        )
    if kind is not None:
        return kind
    for begin, reason in NO_PICTURES:
        if content.startswith(begin):
            raise LiveTorchError(reason)
    text = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<svg", b"<?xml")):
        raise LiveTorchError(N_("It is an SVG or XML drawing, which has no pixels of its own. Save it as PNG."))
    if text.startswith((b"<!doctype", b"<html", b"<script")):
        raise LiveTorchError(N_("It is a web page, not a picture. Save the picture itself."))
    raise LiveTorchError(OTHERWISE)


def check_content(content: bytes, kind: str) -> None:
    """Raises :class:`LiveTorchError` for a JPEG whose decoding would take for ever. Markers are unique within its data."""
    if kind == "JPEG" and content.count(b"\xff\xda") > MOST_SCANS:
        raise LiveTorchError(
            N_("The JPEG is made of more than {most} layers, which takes too long. Save it anew."), most=MOST_SCANS
        )
