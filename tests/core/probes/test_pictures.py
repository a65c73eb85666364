"""How tensors and pictures travel to the browser."""

from __future__ import annotations

import json
import math

import pytest
import torch

from core.probes.pictures import numbers, sprite, tensor_block
from tests.core.probes.classifiers import decode, opened


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("scale", [1e-12, 1.0, 3e38])
def test_a_tensor_block_gives_the_tensor_back_within_half_a_step(signed, scale):
    values = (torch.rand(5, 4, 3, generator=torch.Generator().manual_seed(0)) - 0.25) * scale
    block = tensor_block(values, signed)
    assert not block["broken"] and block["signed"] is signed
    if signed:
        assert block["low"] == -block["high"] == -values.abs().max().item()
    else:
        assert (block["low"], block["high"]) == (values.min().item(), values.max().item())
    half_step = (block["high"] - block["low"]) / 255 / 2
    assert (decode(block) - values.double()).abs().max().item() <= half_step * 1.000001


def test_a_tensor_of_one_value_and_broken_values():
    assert decode(tensor_block(torch.full((1, 2, 2), 3.0), signed=False)).tolist() == [[[3.0, 3.0], [3.0, 3.0]]]
    block = tensor_block(torch.tensor([[[math.nan, math.inf, -math.inf, -2.0]]]), signed=True)
    assert block["broken"] is True
    assert (block["low"], block["high"]) == (-2.0, 2.0)
    assert decode(block).abs().flatten().tolist() == pytest.approx([0, 0, 0, 2], abs=0.01)
    assert json.dumps(block, allow_nan=False)


def test_a_sprite_shows_every_picture_at_its_place():
    pixels = torch.arange(9, dtype=torch.uint8).view(9, 1, 1, 1).expand(9, 1, 8, 8) * 20
    made = sprite(pixels)
    assert (made["columns"], made["rows"], made["tile"]) == (8, 2, 32)
    seen = opened(made)
    assert seen.shape == (64, 256)
    assert seen[16, 16::32].tolist() == [0, 20, 40, 60, 80, 100, 120, 140]
    assert seen[48, 16::32].tolist() == [160, 0, 0, 0, 0, 0, 0, 0]


def test_a_sprite_keeps_colours():
    seen = opened(sprite(torch.tensor([10, 20, 30], dtype=torch.uint8).view(1, 3, 1, 1).expand(1, 3, 32, 32)))
    assert seen.shape == (32, 256, 3)
    assert seen[0, 0].tolist() == [10, 20, 30]


def test_numbers_that_are_not_finite_are_missing():
    assert numbers([0.123456789, math.nan, math.inf, 1e-9]) == [0.123457, None, None, 1e-9]
