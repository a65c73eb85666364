"""The code of a network makes the network that the app trains, to the last bit."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import nn

from core.config import INITIALIZATIONS, CNNConfig, ConvBlock
from core.datasets import DATASETS
from core.export.network_code import model_code
from core.models.cnn import build, layer_specs
from core.presets import PRESETS

SKIPS = CNNConfig(
    blocks=(
        ConvBlock(512, 11, 4, 5, convolution="depthwise", activation="leaky_relu"),
        ConvBlock(8, 3, 2, convolutions=3, normalization="group", skip=True),
        ConvBlock(8, 3, skip=True, pooling="max", activation="elu"),
        ConvBlock(8, 3, convolution="depthwise", normalization="layer", pooling="average", activation="silu"),
    ),
    hidden=(16, 9),
    dropout=0.25,
)
NETWORKS: dict[str, tuple[CNNConfig, str]] = {
    name: (preset.make(preset.dataset or "cifar10").model, preset.dataset or "cifar10")
    for name, preset in PRESETS.items()
}
NETWORKS["skips"] = (SKIPS, "cifar10")


def code_of(config: CNNConfig, dataset: str, editable: bool = False) -> str:
    spec = DATASETS[dataset]
    return model_code(layer_specs(config, spec.shape, 10, editable), spec.shape, config.initialization)


def check_same(config: CNNConfig, dataset: str, editable: bool = False) -> None:
    scope: dict[str, Any] = {"nn": nn}
    exec(code_of(config, dataset, editable), scope)
    torch.manual_seed(3)
    mine = build(config, DATASETS[dataset].shape, 10, editable)
    after = torch.rand(1)
    torch.manual_seed(3)
    theirs = scope["build_model"]()
    assert torch.equal(torch.rand(1), after)  # as many random numbers were drawn
    weights, others = mine.state_dict(), theirs.state_dict()
    assert list(weights) == list(others)
    assert all(torch.equal(weights[name], others[name]) for name in weights)
    x = torch.randn(4, *DATASETS[dataset].shape)
    for model in (mine.eval(), theirs.eval()):
        assert model(x).shape == (4, 10)
    assert torch.equal(mine(x), theirs(x))


@pytest.mark.parametrize("name", NETWORKS)
def test_the_code_makes_the_same_network(name):
    check_same(*NETWORKS[name])


@pytest.mark.parametrize("initialization", INITIALIZATIONS)
def test_the_code_starts_from_the_same_weights(initialization):
    check_same(replace(SKIPS, initialization=initialization), "mnist")


def test_dropout_that_is_turned_on_later_is_in_the_code():
    check_same(CNNConfig(), "digits", editable=True)
    assert code_of(CNNConfig(), "digits", editable=True).count("nn.Dropout(p=0.0)") == 2


def test_only_what_is_used_appears():
    plain = code_of(CNNConfig(blocks=(ConvBlock(10, 5, padding=0),), hidden=()), "mnist")
    assert (
        plain
        == """\
def build_model():
    return nn.Sequential(  # (N, 1, 28, 28)
        nn.Conv2d(1, 10, kernel_size=5),  # (N, 10, 24, 24)
        nn.ReLU(),  # (N, 10, 24, 24)
        nn.Flatten(),  # (N, 5760)
        nn.Linear(5760, 10),  # (N, 10)
    )"""
    )


def test_the_code_is_formatted(tmp_path):
    for name, (config, dataset) in NETWORKS.items():
        for initialization in INITIALIZATIONS:
            text = code_of(replace(config, initialization=initialization), dataset)
            (tmp_path / f"{name}_{initialization}.py").write_text(text + "\n")
    command = [sys.executable, "-m", "ruff", "format", "--check", "--diff", "--line-length", "120", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
