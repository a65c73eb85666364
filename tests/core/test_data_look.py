"""Looking at the data shows the pictures a run would train on, and nothing else."""

from __future__ import annotations

import base64
import io
import json
import re
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from core.config import CNNRunConfig, DataConfig
from core.datasets import find_root, load_data
from core.datasets.look import SAMPLES, data_look
from core.errors import ConfigError, LiveTorchError
from core.figures.data import balance_figure, samples_html
from tests.core.test_datasets import cifar_root  # noqa: F401

HEADS = ("Class", "Mean", "Samples")


def look(**data: float) -> dict:
    found = data_look(CNNRunConfig(data=DataConfig(**data)).to_dict())
    return json.loads(json.dumps(found))  # as it comes out of a question worker


def pixels(png: str) -> np.ndarray:
    return np.array(Image.open(io.BytesIO(base64.b64decode(png))))


def html(found: dict) -> str:
    return samples_html(found, HEADS, "{given} is {true}", "nothing")


def test_samples_are_the_first_pictures_of_each_class():
    found, data = look(), load_data(CNNRunConfig())
    for number, row in enumerate(found["samples"]):
        expected = data.pixels(data.train_images[data.train_labels == number][:SAMPLES])  # (10, 1, 8, 8)
        strip = pixels(row["png"])
        assert strip.shape == (8, 80) and row["true"] == [number] * SAMPLES
        for place in range(SAMPLES):
            assert strip[:, 8 * place : 8 * place + 8].tolist() == expected[place, 0].tolist()


def test_counts_are_those_of_the_run():
    found = look(validation_share=0.2, train_share=0.5, label_noise=0.2)
    assert sum(found["train"]) == 575 and sum(found["validation"]) == 287 and found["wrong"] == 115
    data = load_data(CNNRunConfig(data=DataConfig(validation_share=0.2, train_share=0.5, label_noise=0.2)))
    assert found["train"][3] == (data.train_labels == 3).sum()


def test_the_mean_is_the_mean_of_what_is_shown():
    found, data = look(), load_data(CNNRunConfig())
    whole = data.train_images[data.train_labels == 7].double().mean((0, 1)) * 255 / 16
    assert np.abs(pixels(found["means"][7]) - whole.numpy()).max() <= 0.5 + 1e-4


def test_wrong_labels_are_told_and_outlined():
    found = look(label_noise=0.5)
    wrong = sum(true != number for number, row in enumerate(found["samples"]) for true in row["true"])
    assert 30 <= wrong <= 70  # half of 100
    text = html(found)
    assert text.count("<i ") == wrong
    assert html(look()).count("<i ") == 0
    number, true = next((n, t) for n, row in enumerate(found["samples"]) for t in row["true"] if t != n)
    assert f'title="{number} is {true}"' in text


def test_a_class_without_pictures_says_so():
    found = look(train_share=0.01)  # 14 of 1,437
    assert 0 in found["train"]
    empty = found["train"].count(0)
    assert html(found).count("nothing") == empty == found["means"].count(None)
    assert len(re.findall("<img", html(found))) == 2 * (10 - empty)


def test_colours_stay_colours(cifar_root):  # noqa: F811
    found = data_look(CNNRunConfig(dataset="cifar10").to_dict())
    data = load_data(CNNRunConfig(dataset="cifar10"))
    number = int(data.train_labels[0])
    first = pixels(found["samples"][number]["png"])[:, :32]
    assert first.tolist() == data.train_images[0].permute(1, 2, 0).tolist()
    assert pixels(found["means"][number]).shape == (32, 32, 3)


def test_missing_files_are_not_a_lasting_refusal(tmp_path, monkeypatch):
    """A ConfigError would be remembered as the answer, even after the files have come."""
    monkeypatch.setenv("LIVETORCH_HOME", str(tmp_path))
    monkeypatch.delenv("LIVETORCH_DATA", raising=False)
    with pytest.raises(LiveTorchError, match=r"KMNIST .*not on this machine") as caught:
        data_look(CNNRunConfig(dataset="kmnist").to_dict())
    assert not isinstance(caught.value, ConfigError)


@pytest.mark.skipif(find_root("FashionMNIST") is None, reason="no Fashion-MNIST on this machine")
def test_a_large_set_fits_into_a_small_answer():
    assert len(json.dumps(data_look(CNNRunConfig(dataset="fashion_mnist").to_dict()))) < 300_000


def test_bars_are_shares_that_add_up():
    figure = balance_figure({"classes": ["a", "b"], "train": [30, 10], "validation": [1, 1]}, "T", "V", "share")
    assert [list(bar.y) for bar in figure.data] == [[75.0, 25.0], [50.0, 50.0]]
    assert list(figure.data[0].customdata) == [30, 10]


def test_names_of_classes_cannot_be_markup():
    found = look()
    found["classes"][0] = "<script>"
    assert "<script>" not in html(found) and "&lt;script&gt;" in html(found)


def test_asking_and_fetching_load_no_torch():
    names = "core.datasets.look, core.datasets.download, core.datasets.script_text, core.figures.data"
    code = f"import sys, {names}; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "False\n", done.stderr
