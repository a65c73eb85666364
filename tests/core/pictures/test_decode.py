"""Every file becomes one plain RGB picture or a sentence, in time."""

from __future__ import annotations

import io
import random
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageFilter, ImageOps

from core.errors import LiveTorchError
from core.pictures.colours import shrunk
from core.pictures.decode import decoded
from core.pictures.store import encoded as kept
from tests.core.pictures import corpus
from tests.core.pictures.corpus import BLUE, RED, WHITE, encoded, picture


def near(colour, wanted, by=14):
    return all(abs(one - other) <= by for one, other in zip(colour, wanted, strict=True))


def looks_right(image):
    """Whether it is :func:`picture`, upright."""
    width, height = image.size
    return near(image.getpixel((width // 8, height // 8)), WHITE) and near(image.getpixel((width // 4, height - 2)), RED) and near(image.getpixel((width - 2, 2)), BLUE)  # fmt: skip


def refused(content):
    began = time.monotonic()
    with pytest.raises(LiveTorchError) as error:
        decoded(content)
    assert time.monotonic() - began < 2
    assert len(error.value.message) > 15 and error.value.message.endswith(".")
    return error.value.message


@pytest.mark.parametrize("name", corpus.no_pictures())
def test_what_is_no_picture_is_refused_by_what_it_is(name):
    said = refused(corpus.no_pictures()[name])
    known = {"svg": "SVG", "html": "web page", "pdf": "PDF", "tiff": "TIFF", "empty": "empty", "pickle": "no picture"}
    assert known.get(name, "") in said


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "AVIF", "HEIF"])
def test_every_format_is_read_whatever_its_name(kind):
    from pillow_heif import register_heif_opener

    register_heif_opener()
    image = decoded(encoded(picture(), kind, **({"quality": 95} if kind in ("JPEG", "AVIF", "HEIF") else {})))
    assert image.mode == "RGB" and image.size == (64, 48) and looks_right(image)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("number", range(1, 9))
def test_pictures_are_turned_upright_and_what_the_camera_wrote_is_dropped(kind, number):
    content = corpus.with_orientation(number, kind)
    image = decoded(content)
    wanted = ImageOps.exif_transpose(Image.open(io.BytesIO(content))).convert("RGB")
    assert image.size == wanted.size
    assert np.abs(np.asarray(image).astype(int) - np.asarray(wanted)).max() < 3
    assert b"written by a camera" in content and not image.info and not image.getexif()
    assert b"written by a camera" not in kept(image) and b"Exif" not in kept(image)


def test_a_wrong_orientation_is_no_orientation():
    assert looks_right(decoded(corpus.with_orientation(77)))
    content = bytearray(corpus.with_orientation(6))
    at = content.index(b"Exif\0\0") + 6
    content[at : at + 40] = b"\xff" * 40
    assert looks_right(decoded(bytes(content)))


def test_what_shows_through_is_white():
    image = Image.new("RGBA", (40, 20), (0, 0, 0, 0))
    image.paste((*BLUE, 255), (20, 0, 40, 20))
    image.putpixel((0, 0), (*RED, 128))
    for content in (encoded(image, "PNG"), encoded(image, "WEBP", lossless=True)):
        found = decoded(content)
        assert found.getpixel((5, 5)) == WHITE and found.getpixel((30, 5)) == BLUE
        assert near(found.getpixel((0, 0)), tuple((one + 255) // 2 for one in RED), 2)
    palette = decoded(corpus.see_through_palette())
    assert palette.getpixel((2, 2)) == WHITE and palette.getpixel((8, 8)) == BLUE
    grey = Image.merge("LA", [Image.new("L", (9, 9), 40), Image.new("L", (9, 9), 0)])
    assert decoded(encoded(grey, "PNG")).getpixel((4, 4)) == WHITE
    keyed = encoded(Image.new("RGB", (9, 9), RED), "PNG", transparency=RED)
    assert decoded(keyed).getpixel((4, 4)) == WHITE


def test_shrinking_does_not_darken_edges_against_nothing():
    """Colours of pixels that cannot be seen must not be mixed in."""
    image = Image.new("RGBA", (3000, 30), (0, 0, 0, 0))
    image.paste((*RED, 255), (0, 0, 1500, 30))
    row = np.asarray(decoded(encoded(image, "PNG")))[5].astype(int)
    assert (row[:, 0] >= RED[0] - 1).all() and row.shape == (1024, 3)


def test_sixteen_bits_keep_their_greys():
    values = np.asarray(decoded(corpus.sixteen_bit()))[..., 0]
    assert values.min() == 0 and values.max() == 255 and 120 < values.mean() < 135


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA"])
def test_modes_of_png(mode):
    image = decoded(encoded(picture(mode=mode), "PNG"))
    assert image.mode == "RGB" and image.size == (64, 48) and near(image.getpixel((2, 2)), WHITE)


def test_cmyk():
    image = decoded(encoded(picture(mode="CMYK"), "JPEG", quality=95))
    assert image.mode == "RGB" and looks_right(image)


def test_colours_of_a_profile_are_converted():
    """A profile whose red primary is sRGB's green: what is red by number is meant green."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"_XYZ").replace(b"gXYZ", b"rXYZ").replace(b"_XYZ", b"gXYZ")
    for kind in ("PNG", "JPEG"):
        assert looks_right(decoded(encoded(picture(), kind, icc_profile=srgb)))
        found = decoded(encoded(picture(), kind, icc_profile=swapped)).getpixel((16, 46))
        assert near(found, (RED[1], RED[0], RED[2]))


def test_a_profile_that_does_not_fit_is_left_out():
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for broken in (b"no profile", bytes(200), srgb[:100], bytes(2**19)):
        assert looks_right(decoded(encoded(picture(), "PNG", icc_profile=broken)))
    assert looks_right(decoded(encoded(picture(mode="CMYK"), "JPEG", icc_profile=srgb, quality=95)))


@pytest.mark.parametrize(("kind", "options"), [("PNG", {}), ("WEBP", {"lossless": True}), ("GIF", {})])
def test_of_an_animation_the_first_frame_is_taken(kind, options):
    image = decoded(corpus.frames(kind, **options))
    assert image.size == (16, 16) and near(image.getpixel((8, 8)), RED, 4)


def test_of_two_pictures_in_one_file_the_first_is_taken():
    second = picture().transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    content = encoded(picture(), "MPO", save_all=True, append_images=[second], quality=95)
    assert looks_right(decoded(content))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_one_pixel(kind):
    image = decoded(encoded(Image.new("RGB", (1, 1), RED), kind))
    assert image.size == (1, 1) and near(image.getpixel((0, 0)), RED)
    assert Image.open(io.BytesIO(kept(image))).size == (1, 1)


def test_shrinking_in_two_steps_looks_like_the_exact_filter():
    grain = np.random.default_rng(0).integers(0, 256, (1800, 2400, 3), np.uint8)
    image = Image.fromarray(grain).filter(ImageFilter.GaussianBlur(2))
    exact = image.resize((600, 450), Image.Resampling.LANCZOS)
    difference = np.asarray(shrunk(image, 600), float) - np.asarray(exact, float)
    assert np.abs(difference).max() > 0, "not in two steps"
    assert np.abs(difference).mean() < 0.5 and np.abs(difference).max() <= 4


def test_large_pictures_are_shrunk_and_thin_ones_keep_a_pixel():
    assert decoded(encoded(picture((3000, 1500)), "JPEG")).size == (1024, 512)
    assert decoded(encoded(picture((2, 8000)), "PNG")).size == (1, 1024)
    assert decoded(encoded(picture((1024, 7)), "PNG")).size == (1024, 7)


@pytest.mark.parametrize("size", [(60_000, 60_000), (5001, 5000), (8193, 2), (30_000, 30_000), (2**31 - 1, 1), (0, 5)])
def test_too_many_pixels_are_refused_before_they_are_decoded(size):
    assert refused(corpus.png_claiming(*size))


def test_the_words_name_the_size_and_the_limit():
    assert "8,193 x 2 pixels; a side may have up to 8,192" in refused(corpus.png_claiming(8193, 2))
    assert "26 megapixels; PNG is taken up to 25" in refused(corpus.png_claiming(5200, 5000))


def test_a_jpeg_of_a_phone_with_48_megapixels_is_taken():
    content = encoded(Image.new("RGB", (8064, 6048), RED), "JPEG", quality=30)
    assert decoded(content).size == (1024, 768)
    assert "CMYK JPEG is taken up to 25" in refused(encoded(Image.new("CMYK", (5200, 5000)), "JPEG", quality=5))
    assert "JPEG is taken up to 50" in refused(encoded(Image.new("L", (8192, 6200)), "JPEG", quality=5))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "AVIF"])
@pytest.mark.parametrize("share", [0.2, 0.6, 0.95])
def test_a_file_that_was_cut_off_is_refused_or_shown(kind, share):
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8))
    content = encoded(noise, kind)
    try:
        assert decoded(content[: int(len(content) * share)]).size == (64, 64)
    except LiveTorchError as error:
        assert error.message.endswith(".")


def test_a_jpeg_of_thousands_of_layers_is_refused():
    assert "layers" in refused(corpus.layered_jpeg())


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "AVIF", "HEIF"])
def test_damaged_files_end_in_a_picture_or_a_sentence(kind):
    content = encoded(picture((96, 96)), kind)
    rng = random.Random(kind)
    for _time in range(60):
        damaged = bytearray(content)
        for _byte in range(rng.randint(1, 12)):
            damaged[rng.randrange(12, len(damaged))] = rng.randrange(256)
        began = time.process_time()  # whatever else the machine does
        try:
            assert decoded(bytes(damaged)).mode == "RGB"
        except LiveTorchError as error:
            assert error.message
        assert time.process_time() - began < 2


def test_small_pictures_are_kept_exactly_and_large_ones_nearly():
    noise = np.random.default_rng(1).integers(0, 255, (200, 200, 3), np.uint8)
    assert (np.asarray(Image.open(io.BytesIO(kept(Image.fromarray(noise))))) == noise).all()
    smooth = picture((600, 400))
    again = Image.open(io.BytesIO(kept(smooth)))
    assert again.format == "JPEG" and np.abs(np.asarray(again).astype(int) - np.asarray(smooth)).mean() < 2


MEASURE = """
import sys
from core.pictures import colours, decode, store
from core.errors import LiveTorchError
from PIL import JpegImagePlugin, PngImagePlugin, WebPImagePlugin, GifImagePlugin
def peak():  # what getrusage says begins with the parent's
    return int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0]) / 1024
before = peak()
image = decode.decoded(open(sys.argv[1], "rb").read())
assert max(image.size) == 1024
print(peak() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="tells its peak on Linux only")
def test_the_largest_pictures_stay_within_300_mb(tmp_path):
    """25 megapixels with alpha, with a palette; 50 of a progressive JPEG without thinned-out colour."""
    side = 5000
    files = {
        "alpha.png": encoded(Image.new("RGBA", (side, side), (1, 2, 3, 100)), "PNG", compress_level=1),
        "palette.png": encoded(Image.new("P", (side, side), 0), "PNG", compress_level=1, transparency=0),
        "large.jpg": encoded(Image.new("RGB", (8192, 6100)), "JPEG", progressive=True, subsampling=0, quality=10),
        "large.webp": encoded(Image.new("RGBA", (4000, 4000), (1, 2, 3, 100)), "WEBP", method=0),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
        done = subprocess.run(
            [sys.executable, "-c", MEASURE, str(tmp_path / name)],
            capture_output=True, text=True, cwd=Path(__file__).parents[3],
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert 20 < float(done.stdout) < 300, name


def test_without_the_decoder_of_heic_the_rest_works(monkeypatch):
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    assert "HEIC cannot be read" in refused(corpus.no_pictures()["heic head"])
    assert looks_right(decoded(encoded(picture(), "PNG")))
