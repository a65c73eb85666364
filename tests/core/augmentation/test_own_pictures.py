"""Training from scratch on a visitor's own class folders."""

from __future__ import annotations

import io

import pytest
import torch
from PIL import Image

from core.config import CNNRunConfig, load
from core.datasets import load_data, sizes, spec_of
from core.datasets.own import small
from core.errors import ConfigError
from core.pictures import files
from core.pictures.sets import PictureSet, keep_set
from core.training.seen import batch_seen
from tests.core.test_script import check


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("LIVETORCH_HOME", str(tmp_path))
    return tmp_path


def kept(colour: tuple[int, int, int], number: int) -> str:
    """A picture of one colour with a bright bar, twice as wide as high."""
    image = Image.new("RGB", (96, 48), colour)
    image.paste((255, 255, 255), (40, number, 44, number + 8))
    file = io.BytesIO()
    image.save(file, "PNG")
    return files.keep(file.getvalue())


@pytest.fixture
def own(home) -> str:
    reds = tuple((kept((200, 10, 10), number), 0) for number in range(20))
    blues = tuple((kept((10, 10, 200), number), 1) for number in range(15))
    return keep_set(PictureSet("Two colours", ("red", "blue"), reds + blues))


def test_what_is_said_before_is_what_is_loaded(own):
    config = CNNRunConfig(dataset="pictures", pictures=own, side=48)
    data, spec = load_data(config), spec_of(config)
    assert spec.available() and spec.classes == ("red", "blue") == data.classes
    assert spec.shape == (3, 48, 48) == tuple(data.train_images.shape[1:])
    assert sizes(config) == (28, 7) == (len(data.train_images), len(data.validation_images))
    red = data.train_images[data.train_labels == 0]
    assert (red[:, 0, 0, 0] == 200).all() and (red[:, 2, 0, 0] == 10).all()
    seen = batch_seen(config.to_dict())
    assert seen["size"] == [3, 48, 48] and {one[0][0] for one in seen["shares"]} == {"red", "blue"}


def test_the_drawn_shapes_stand_in_where_nothing_is_chosen(home):
    config = CNNRunConfig(dataset="pictures")
    data = load_data(config)
    assert data.classes == spec_of(config).classes
    assert sizes(config) == (len(data.train_images), len(data.validation_images))


def test_a_run_learns_and_its_script_repeats_it(own, tmp_path):
    model = {"blocks": [{"channels": 4, "stride": 2, "pooling": "global"}], "hidden": []}
    values = {"dataset": "pictures", "pictures": own, "side": 16, "batch_size": 10, "epochs": 2, "model": model}
    check(values | {"recipe": "=Small~crop_1_0.1_edge~jitter_0.5_0.2_0.2_0.2_0.02"}, [], 10**6, tmp_path)


def test_sets_and_pictures_that_are_gone(own):
    with pytest.raises(ConfigError):
        load({"dataset": "pictures", "pictures": "../../etc/passwd"})
    unknown = CNNRunConfig(dataset="pictures", pictures="0" * 64)
    assert not spec_of(unknown).available()
    with pytest.raises(ConfigError):
        load_data(unknown)
    config = CNNRunConfig(dataset="pictures", pictures=own)
    files.drop(kept((200, 10, 10), 3))
    with pytest.raises(ConfigError, match="not on this server any more"):
        load_data(config)


def test_the_square_in_the_middle(home):
    image = Image.new("RGB", (300, 100), (255, 0, 0))
    image.paste((0, 255, 0), (100, 0, 200, 100))
    file = io.BytesIO()
    image.save(file, "PNG")
    made = small(files.keep(file.getvalue()), 16)
    assert made.shape == (3, 16, 16) and made.dtype == torch.uint8
    assert (made[1] > 230).all()
