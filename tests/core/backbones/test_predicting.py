"""torchvision's models asked about a picture of the visitor's own."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import pytest
import torch
from PIL import Image

from core.backbones.load import categories_of
from core.backbones.registry import BACKBONES
from core.errors import LiveTorchError, NotFoundError
from core.pictures import files
from core.probes.inside import inside
from core.probes.zoo.subject import look_at_model, zoo_subject
from tests.core.backbones.conftest import noise

NAME = "squeezenet1_1"


def test_names_the_likeliest_classes(shas: list[str]) -> None:
    said = look_at_model(NAME, "predicted", {}, shas[0], "mine.png")
    assert said["example"] == "mine.png" and said["weights"] == "random" and said["seconds"] > 0
    subject = zoo_subject(NAME, shas[0])
    with torch.no_grad():
        chances = subject.model(inside(subject).inputs)[0].softmax(0)
    for at, name, chance in said["top"]:
        assert name == categories_of(NAME)[at] and chance == pytest.approx(chances[at].item(), rel=1e-4)
    assert [chance for _at, _name, chance in said["top"]] == pytest.approx(chances.topk(5).values.tolist(), rel=1e-4)
    assert Image.open(io.BytesIO(base64.b64decode(said["seen"]))).size == (224, 224)


def test_the_own_picture_comes_before_the_samples(shas: list[str]) -> None:
    seen = inside(zoo_subject(NAME, shas[0], "mine.png"), "", 0, 3)
    assert seen.names == ("mine.png", "china.jpg", "flower.jpg") and seen.examples == 3
    assert inside(zoo_subject(NAME)).names == ("china.jpg",)
    wanted = BACKBONES[NAME]
    assert seen.picture is not None and seen.picture.shape == (3, 3, wanted.side, wanted.side)
    other = inside(zoo_subject(NAME, shas[1]), "", 0, 1)
    assert other.picture is not None and not torch.equal(other.picture[0], seen.picture[0])


def test_the_own_picture_is_explained(shas: list[str]) -> None:
    said = look_at_model(NAME, "attribution", {"method": "saliency", "target": 3}, shas[0], "mine.png")
    assert said["example"] == "mine.png" and said["target"] == 3 and said["heat"]["height"] == 224


def test_refuses_in_words(home: Path) -> None:
    with pytest.raises(NotFoundError, match="not on this server any more"):
        look_at_model(NAME, "predicted", {}, "0" * 64)
    with pytest.raises(LiveTorchError, match="example is 2"):
        look_at_model(NAME, "predicted", {"example": 2})


@pytest.mark.parametrize("size", [(1, 1), (1024, 3), (224, 224)])
def test_odd_sizes_are_read(home: Path, size: tuple[int, int]) -> None:
    file = io.BytesIO()
    noise(4, *size).save(file, "PNG")
    assert len(look_at_model(NAME, "predicted", {}, files.keep(file.getvalue()))["top"]) == 5
