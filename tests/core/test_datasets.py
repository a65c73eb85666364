"""Data sets: read bit by bit as they are stored; split, thinned out and disturbed the same way by app and script."""

from __future__ import annotations

import gzip
import hashlib
import pickle
import struct
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits

from core.config import DATASETS as DATASET_NAMES
from core.config import CNNRunConfig, DataConfig
from core.datasets import (
    DATASETS,
    check_available,
    data_roots,
    find_cifar_root,
    find_root,
    load_data,
    load_dataset,
    sizes,
)
from core.datasets.images import mean_and_std, read_idx
from core.datasets.prepare import prepare
from core.datasets.script_text import load_data_code
from core.datasets.sources import CIFAR_FOLDER, IDX_FILES, SOURCES
from core.errors import ConfigError

ALL_OPTIONS = DataConfig(validation_share=0.2, train_share=0.5, label_noise=0.3)
PARTS = ("train_images", "train_labels", "validation_images", "validation_labels", "mean", "std")


def idx(values: torch.Tensor) -> bytes:
    """``values`` (uint8) as the bytes of an IDX file."""
    shape = struct.pack(f">{values.dim()}I", *values.shape)
    return b"\0\0\x08" + bytes([values.dim()]) + shape + values.numpy().tobytes()


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A data root with a tiny MNIST of 30 training and 20 test pictures, half of its files packed."""
    draw = torch.Generator().manual_seed(0)
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for number, name in enumerate(IDX_FILES):
        count = 30 if number < 2 else 20
        shape = (count, 28, 28) if number % 2 == 0 else (count,)
        data = idx(torch.randint(0, 256 if len(shape) == 3 else 10, shape, generator=draw).to(torch.uint8))
        path = raw / (f"{name}.gz" if number < 2 else name)
        path.write_bytes(gzip.compress(data) if number < 2 else data)
    monkeypatch.setenv("LIVETORCH_DATA", str(tmp_path))
    monkeypatch.setenv("LIVETORCH_HOME", str(tmp_path / "home"))
    return tmp_path


@pytest.fixture
def cifar_root(tmp_path, monkeypatch):
    """A data root with a tiny CIFAR-10: 5 training files of 6 pictures, 6 test pictures, known to torchvision."""
    from torchvision.datasets import CIFAR10

    draw, folder = np.random.default_rng(0), tmp_path / CIFAR_FOLDER
    folder.mkdir()

    def written(name: str, values: dict) -> list[str]:
        (folder / name).write_bytes(pickle.dumps(values))
        return [name, hashlib.md5((folder / name).read_bytes()).hexdigest()]

    def batch(name: str) -> list[str]:
        pictures = draw.integers(0, 256, (6, 3072), dtype=np.uint8)
        return written(name, {"data": pictures, "labels": draw.integers(0, 10, 6).tolist()})

    monkeypatch.setattr(CIFAR10, "train_list", [batch(f"data_batch_{number}") for number in range(1, 6)])
    monkeypatch.setattr(CIFAR10, "test_list", [batch("test_batch")])
    name, md5 = written("batches.meta", {"label_names": [str(number) for number in range(10)]})
    monkeypatch.setattr(CIFAR10, "meta", {"filename": name, "key": "label_names", "md5": md5})
    monkeypatch.setenv("LIVETORCH_DATA", str(tmp_path))
    monkeypatch.setenv("LIVETORCH_HOME", str(tmp_path / "home"))
    return tmp_path


def test_every_name_has_a_spec_and_a_source():
    assert set(DATASETS) == set(DATASET_NAMES)
    assert {name for name, spec in DATASETS.items() if spec.download_mb} == set(SOURCES) == set(DATASETS) - {"digits"}
    assert [DATASETS[name].download_mb for name in ("digits", "mnist", "cifar10")] == [0, 11, 163]


def test_digits_are_scikit_learns_pictures_each_once():
    data, loaded = load_dataset("digits"), load_digits()
    pixels = torch.cat([data.train_images, data.validation_images])
    assert pixels.dtype == torch.uint8 and data.scale == 16
    assert sorted(pixels.flatten(1).tolist()) == sorted(torch.tensor(loaded.images).int().flatten(1).tolist())
    assert (
        torch.cat([data.train_labels, data.validation_labels]).bincount().tolist()
        == torch.tensor(loaded.target).bincount().tolist()
    )


def test_pixels_reach_from_black_to_white():
    data = load_dataset("digits")
    assert data.pixels(torch.tensor([0, 1, 8, 16], dtype=torch.uint8)).tolist() == [0, 16, 128, 255]


def test_the_split_does_not_depend_on_the_seed():
    torch.manual_seed(1)
    first = load_dataset("digits").validation_labels
    torch.manual_seed(2)
    assert torch.equal(first, load_dataset("digits").validation_labels)


def test_mean_and_deviation_are_torchs(cifar_root):
    """Torch sums in float32, so in float64 for the comparison; then to the last digit of a float32."""
    for data in (load_dataset("digits"), load_dataset("cifar10")):
        pictures = data.train_images.double()
        assert torch.equal(data.mean, pictures.mean((0, 2, 3), keepdim=True)[0].float())
        assert torch.equal(data.std, pictures.std((0, 2, 3), keepdim=True)[0].float())
        seen = data.normalised(data.train_images)
        assert seen.dtype == torch.float32
        assert seen.mean((0, 2, 3)).abs().max() < 1e-5 and (seen.std((0, 2, 3)) - 1).abs().max() < 1e-5
    two = torch.tensor([[[[0, 4]], [[10, 10]]]], dtype=torch.uint8)  # one picture, two channels
    mean, std = mean_and_std(two)
    assert mean.flatten().tolist() == [2.0, 10.0] and std.flatten().tolist() == [pytest.approx(8**0.5), 0.0]


def test_idx_files_are_read_packed_and_unpacked(root):
    data = load_dataset("mnist")
    assert data.train_images.shape == (30, 1, 28, 28) and data.validation_images.shape == (20, 1, 28, 28)
    assert data.train_images.dtype == torch.uint8 and data.train_labels.dtype == torch.int64
    raw = root / "MNIST" / "raw"
    assert torch.equal(data.train_images[:, 0], read_idx(raw / IDX_FILES[0]))
    assert torch.equal(data.validation_labels, read_idx(raw / IDX_FILES[3]).long())
    assert data.pixels(data.train_images) is data.train_images


def test_cifar_is_read_channel_by_channel(cifar_root):
    assert find_cifar_root() == cifar_root
    data = load_dataset("cifar10")
    stored = pickle.loads((cifar_root / CIFAR_FOLDER / "data_batch_2").read_bytes())
    assert data.train_images.shape == (30, 3, 32, 32) and data.validation_images.shape == (6, 3, 32, 32)
    assert data.train_images[6].flatten().tolist() == stored["data"][0].tolist()
    assert data.train_labels[6:12].tolist() == stored["labels"] and data.train_labels.dtype == torch.int64


def test_a_cifar_file_that_is_not_the_published_one_is_never_unpickled(cifar_root):
    path = cifar_root / CIFAR_FOLDER / "test_batch"
    path.write_bytes(path.read_bytes() + b"!")
    with pytest.raises(ConfigError, match=r"damaged.*Digits"):
        load_dataset("cifar10")
    path.unlink()
    with pytest.raises(ConfigError, match=r"CIFAR-10 .*not on this machine.*Digits"):
        check_available("cifar10")


def test_a_damaged_file_is_named(root):
    path = root / "MNIST" / "raw" / IDX_FILES[2]
    whole = path.read_bytes()
    for damaged in (whole[:-5], whole[:3], b"", b"<html>404</html>" * 100):
        path.write_bytes(damaged)
        with pytest.raises(ConfigError, match=r"t10k-images-idx3-ubyte is damaged.*Digits"):
            load_dataset("mnist")
    packed = root / "MNIST" / "raw" / f"{IDX_FILES[0]}.gz"
    packed.write_bytes(packed.read_bytes()[:-20])
    path.write_bytes(whole)
    with pytest.raises(ConfigError, match="train-images-idx3-ubyte is damaged"):
        load_dataset("mnist")


def test_half_a_download_does_not_count_as_there(root):
    assert find_root("MNIST") == root == data_roots()[0]
    (root / "MNIST" / "raw" / IDX_FILES[3]).unlink()
    assert find_root("MNIST") is None


def test_a_config_that_changes_nothing_copies_nothing():
    data = load_dataset("digits")
    assert prepare(data, DataConfig()) is data
    noisy = prepare(data, DataConfig(label_noise=0.5))
    assert noisy.train_images is data.train_images and noisy.validation_labels is data.validation_labels


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (DataConfig(), (1437, 360)),
        (DataConfig(train_share=0.1), (144, 360)),
        (DataConfig(validation_share=0.2), (1150, 287)),
        (DataConfig(validation_share=0.2, train_share=0.01), (12, 287)),  # round(11.5) is even
    ],
)
def test_sizes_are_told_without_loading(data, expected):
    config = CNNRunConfig(data=data)
    loaded = load_data(config)
    assert sizes(config) == expected == (len(loaded.train_images), len(loaded.validation_images))


def test_held_out_pictures_are_training_pictures_and_nothing_is_in_both_parts():
    whole, data = load_dataset("digits"), load_data(CNNRunConfig(data=DataConfig(validation_share=0.2)))
    pictures = torch.cat([data.train_images, data.validation_images]).flatten(1).tolist()
    assert sorted(pictures) == sorted(whole.train_images.flatten(1).tolist())
    few = load_data(CNNRunConfig(data=DataConfig(validation_share=0.2, train_share=0.1)))
    assert torch.equal(few.train_images, data.train_images[:115])
    assert torch.equal(few.validation_images, data.validation_images)
    assert torch.equal(few.mean, whole.mean)


def test_pictures_keep_their_labels(root):
    """Each tiny picture is its own, so a label can be found again by its picture."""
    whole = load_dataset("mnist")
    known = {
        picture.numpy().tobytes(): label.item()
        for picture, label in zip(whole.train_images, whole.train_labels, strict=True)
    }
    data = prepare(whole, ALL_OPTIONS)
    for images, labels in ((data.train_images, data.true_labels), (data.validation_images, data.validation_labels)):
        assert [known[picture.numpy().tobytes()] for picture in images] == labels.tolist()


def test_label_noise_is_exactly_as_large_as_asked_and_hits_every_other_class():
    data = load_data(CNNRunConfig(data=DataConfig(label_noise=0.4)))
    wrong = data.train_labels != data.true_labels
    assert wrong.sum() == round(0.4 * 1437)
    assert data.train_labels.min() == 0 and data.train_labels.max() == 9
    moves = (data.train_labels - data.true_labels)[wrong] % 10
    assert (moves.bincount(minlength=10)[1:] > 575 / 9 / 2).all() and (moves != 0).all()
    assert torch.equal(data.true_labels, load_dataset("digits").train_labels)
    less = load_data(CNNRunConfig(data=DataConfig(label_noise=0.1)))
    assert not ((less.train_labels != less.true_labels) & ~wrong).any()  # more noise only adds


def test_the_data_do_not_depend_on_the_seed_of_the_run():
    first, second = (load_data(CNNRunConfig(data=ALL_OPTIONS, seed=seed)) for seed in (0, 5))
    assert all(torch.equal(getattr(first, part), getattr(second, part)) for part in PARTS)


def script_data(config: CNNRunConfig, root: str, monkeypatch) -> tuple[torch.Tensor, ...]:
    """What ``load_data()`` of the script of ``config`` returns, run with ``root`` as its argument."""
    imports, code = load_data_code(config)
    monkeypatch.setattr(sys, "argv", ["script.py", root])
    scope: dict = {}
    exec("\n".join(["import torch", *imports, code]), scope)
    return scope["load_data"]()


OPTIONS = [
    DataConfig(),
    DataConfig(validation_share=0.15),
    DataConfig(train_share=0.3),
    DataConfig(label_noise=0.25),
    ALL_OPTIONS,
]


def same(config: CNNRunConfig, root: str, monkeypatch) -> bool:
    data, found = load_data(config), script_data(config, root, monkeypatch)
    return all(
        torch.equal(getattr(data, part), tensor) and getattr(data, part).dtype == tensor.dtype
        for part, tensor in zip(PARTS, found, strict=True)
    )


@pytest.mark.parametrize("data", OPTIONS)
def test_the_script_loads_the_same_digits(data, monkeypatch, capsys):
    assert same(CNNRunConfig(data=data), "", monkeypatch)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("data", OPTIONS)
def test_the_script_loads_the_same_files(data, root, monkeypatch, capsys):
    raw = root / "MNIST" / "raw"
    for path in raw.glob("*.gz"):  # torchvision looks for unpacked files
        path.with_suffix("").write_bytes(gzip.decompress(path.read_bytes()))
    assert same(CNNRunConfig(dataset="mnist", data=data), str(root), monkeypatch)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("data", [DataConfig(), ALL_OPTIONS])
def test_the_script_loads_the_same_colours(data, cifar_root, monkeypatch):
    from torchvision.datasets import CIFAR10

    monkeypatch.setattr(CIFAR10, "download", lambda self: None)  # only the published archive would do
    assert same(CNNRunConfig(dataset="cifar10", data=data), str(cifar_root), monkeypatch)


def test_the_script_holds_only_what_the_run_uses():
    plain = load_data_code(CNNRunConfig())[1]
    assert "randint" not in plain and "held_out" not in plain
    with_noise = load_data_code(replace(CNNRunConfig(), data=DataConfig(label_noise=0.25)))[1]
    assert "randint(1, 10" in with_noise and "held_out" not in with_noise
    imports, split = load_data_code(CNNRunConfig(dataset="mnist", data=DataConfig(validation_share=0.1)))
    assert imports == ["import sys", "import torchvision"]
    assert "test" not in split and "0.1 * len(images)" in split


@pytest.mark.parametrize("name", DATASETS)
def test_the_script_is_formatted(name, tmp_path):
    import subprocess

    for number, data in enumerate(OPTIONS):
        text = load_data_code(CNNRunConfig(dataset=name, data=data))[1]
        (tmp_path / f"part{number}.py").write_text(text)
    command = [sys.executable, "-m", "ruff", "format", "--check", "--line-length", "120", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(find_root("MNIST") is None, reason="no MNIST on this machine")
@pytest.mark.parametrize("data", [DataConfig(), ALL_OPTIONS])
def test_mnist_is_torchvisions_to_the_bit(data, monkeypatch):
    """The exported script reads the files by torchvision; both must give the same numbers."""
    assert same(CNNRunConfig(dataset="mnist", data=data), str(find_root("MNIST")), monkeypatch)
