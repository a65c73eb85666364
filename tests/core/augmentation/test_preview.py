"""The questions behind the page: stages, draws and their values, mixed pictures, the batch that a network sees."""

from __future__ import annotations

import base64
import io
import json

import pytest
from PIL import Image

from core.augmentation.preview import preview
from core.config import CNNRunConfig
from core.config.augmentation import TRANSFORMS, RecipeConfig, TransformConfig, recipe_of
from core.errors import LiveTorchError
from core.training.seen import batch_seen

DIGIT = {"dataset": "digits", "number": 5}


def opened(url: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2])))


def asked(recipe: str, **more):
    return preview({"recipe": recipe, "pictures": [DIGIT], "seed": 1, "count": 3} | more)


def test_the_picture_after_each_transform_and_in_many_draws():
    found = asked("invert_1~.hflip_1~rotate_1_20_20_black", difference="size")
    [one] = found["pictures"]
    assert one["name"] == "Digits 5: " + one["name"][-1] and one["size"] == [8, 8]
    assert len(one["chain"]) == 2 == len(found["milliseconds"]) and len(one["draws"]) == 3
    inverted, before = opened(one["chain"][0]["src"]), opened(one["before"])
    assert [255 - value for value in before.tobytes()] == list(inverted.tobytes())
    assert one["chain"][0]["drawn"] == {} and one["chain"][1]["drawn"] == {"angle": 20.0}
    assert one["draws"][0]["src"] == one["chain"][-1]["src"]
    assert opened(one["chain"][0]["difference"]).size == (8, 8)
    assert all(time > 0 for time in found["milliseconds"])


def test_same_draws_for_all_pictures_or_each_its_own():
    pictures = [DIGIT, {"dataset": "digits", "number": 9}]
    same = asked("rotate_1_-90_90_black", pictures=pictures)["pictures"]
    own = asked("rotate_1_-90_90_black", pictures=pictures, same=False)["pictures"]
    assert [draw["drawn"] for draw in same[0]["draws"]] == [draw["drawn"] for draw in same[1]["draws"]]
    assert same[0]["draws"][0]["drawn"] != own[1]["draws"][0]["drawn"]
    assert own == asked("rotate_1_-90_90_black", pictures=pictures, same=False)["pictures"]


@pytest.mark.parametrize("name", TRANSFORMS)
def test_every_transform_can_be_looked_at(name):
    recipe = RecipeConfig(transforms=(TransformConfig(name).with_values(p=0.8),))
    found = asked(recipe.text, count=4)
    json.dumps(found, allow_nan=False)
    assert len(found["pictures"][0]["draws"]) == 4


def test_a_recipe_without_anything_leaves_the_picture():
    [one] = asked("")["pictures"]
    assert one["chain"] == [] and one["draws"][0]["src"] == one["before"]


@pytest.mark.parametrize("batch", ["mixup", "cutmix"])
def test_mixed_pictures_with_their_shares(batch):
    pictures = [DIGIT, {"dataset": "digits", "number": 9}, {"dataset": "digits", "number": 11}]
    found = asked(f"-{batch}_1", pictures=pictures)["mixed"]
    assert len(found) == 3
    assert all(sum(share for _name, share in one["shares"]) == pytest.approx(1) for one in found)
    assert asked(f"-{batch}_1")["mixed"] == []


@pytest.mark.parametrize(
    "pictures", [[], [DIGIT] * 9, [{"dataset": "nothing"}], [{"dataset": "digits", "number": -1}], [{"sha": "../x"}]]
)
def test_pictures_that_are_not_there(pictures):
    with pytest.raises(LiveTorchError):
        asked("hflip_1", pictures=pictures)


def test_the_batch_that_a_network_sees():
    config = CNNRunConfig(batch_size=9, recipe=recipe_of("invert_1~-mixup_1"))
    found = batch_seen(config.to_dict())
    assert len(found["before"]) == len(found["after"]) == 9 and found["size"] == [1, 8, 8]
    assert found["low"] < 0 < found["high"]
    assert all(sum(share for _name, share in one) == pytest.approx(1) for one in found["shares"])
    plain = batch_seen(CNNRunConfig(batch_size=9).to_dict())
    assert plain["before"] == plain["after"] == found["before"] != found["after"]
    inverted = batch_seen(CNNRunConfig(batch_size=9, recipe=recipe_of("invert_1")).to_dict())
    bright = [sum(opened(url).tobytes()) for url in inverted["after"]]
    dark = [sum(opened(url).tobytes()) for url in plain["after"]]
    assert all(one + other == 64 * 255 for one, other in zip(bright, dark, strict=True))
