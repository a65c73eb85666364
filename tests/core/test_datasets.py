"""Data sets: read bit by bit as scikit-learn and the IDX format have them; damaged files are named."""

from __future__ import annotations

import gzip
import struct

import pytest
import torch
from sklearn.datasets import load_digits

from core.datasets import IDX_FILES, data_roots, find_root, load_dataset
from core.datasets.images import read_idx
from core.errors import ConfigError


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


def test_digits_are_scikit_learns_pictures_each_once():
    data, loaded = load_dataset("digits"), load_digits()
    pixels = torch.cat([data.train_images, data.validation_images]) * data.std + data.mean
    found = sorted((row * 16).round().int().flatten().tolist() for row in pixels)
    assert found == sorted(torch.tensor(loaded.images).int().flatten(1).tolist())
    assert (
        torch.cat([data.train_labels, data.validation_labels]).bincount().tolist()
        == torch.tensor(loaded.target).bincount().tolist()
    )


def test_the_split_does_not_depend_on_the_seed():
    torch.manual_seed(1)
    first = load_dataset("digits").validation_labels
    torch.manual_seed(2)
    assert torch.equal(first, load_dataset("digits").validation_labels)


def test_idx_files_are_read_packed_and_unpacked(root):
    data = load_dataset("mnist")
    assert data.train_images.shape == (30, 1, 28, 28) and data.validation_images.shape == (20, 1, 28, 28)
    assert data.train_images.dtype == torch.float32 and data.train_labels.dtype == torch.int64
    raw = root / "MNIST" / "raw"
    stored = read_idx(raw / IDX_FILES[0])
    assert torch.equal(data.pixels(data.train_images)[:, 0], stored)
    assert torch.equal(data.validation_labels, read_idx(raw / IDX_FILES[3]).long())


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


@pytest.mark.skipif(find_root("MNIST") is None, reason="no MNIST on this machine")
def test_mnist_is_torchvisions_to_the_bit():
    """The exported script reads the files by torchvision; both must give the same numbers."""
    import torchvision

    reference = torchvision.datasets.MNIST(find_root("MNIST"), train=True)
    images = reference.data.unsqueeze(1).float() / 255
    mean, std = images.mean().item(), images.std().item()
    data = load_dataset("mnist")
    assert torch.equal(data.train_images, (images - mean) / std)
    assert torch.equal(data.train_labels, reference.targets)
