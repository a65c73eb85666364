"""Losses of both players against numbers worked out by hand and against plain torch."""

from __future__ import annotations

import math

import pytest
import torch
from torch import nn

from core.config.gan import GAN_LOSSES as NAMES
from core.config.gan import GANLossConfig
from core.models.gan import equilibrium, score_kind
from core.training.gan_losses import GAN_LOSSES, clip_weights, gradient_penalty
from tests.core.gan.helping import small

REAL, FAKE = torch.tensor([[2.0], [0.0]]), torch.tensor([[-1.0], [0.5]])


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


BY_HAND = {
    "minimax": (
        -(math.log(sigmoid(2)) + math.log(0.5)) / 2 - (math.log(1 - sigmoid(-1)) + math.log(1 - sigmoid(0.5))) / 2,
        (math.log(1 - sigmoid(-1)) + math.log(1 - sigmoid(0.5))) / 2,
    ),
    "non_saturating": (
        -(math.log(sigmoid(2)) + math.log(0.5)) / 2 - (math.log(1 - sigmoid(-1)) + math.log(1 - sigmoid(0.5))) / 2,
        -(math.log(sigmoid(-1)) + math.log(sigmoid(0.5))) / 2,
    ),
    "least_squares": ((1 + 1) / 2 / 2 + (1 + 0.25) / 2 / 2, (4 + 0.25) / 2 / 2),
    "hinge": ((0 + 1) / 2 + (0 + 1.5) / 2, 0.25),
    "wgan_clip": (-0.25 - 1.0, 0.25),
    "wgan_gp": (-0.25 - 1.0, 0.25),
}


def test_every_loss_has_a_name_and_a_function():
    assert set(NAMES) == set(GAN_LOSSES) == set(BY_HAND)


@pytest.mark.parametrize("name", NAMES)
def test_losses_by_hand(name):
    of_d, of_g = GAN_LOSSES[name]
    assert of_d(REAL, FAKE, 1.0).item() == pytest.approx(BY_HAND[name][0])
    assert of_g(FAKE).item() == pytest.approx(BY_HAND[name][1])


def test_a_smoothed_label_is_the_target_of_real_samples_alone():
    of_d = GAN_LOSSES["non_saturating"][0]
    expected = -(0.9 * math.log(sigmoid(2)) + 0.1 * math.log(1 - sigmoid(2)) + math.log(0.5)) / 2
    nothing = torch.full((1, 1), -100.0)  # generated samples that D is sure of cost nothing
    assert of_d(REAL, nothing, 0.9).item() == pytest.approx(expected)


@pytest.mark.parametrize("label", [1.0, 0.8])
@pytest.mark.parametrize("name", ["minimax", "non_saturating", "least_squares", "hinge", "wgan_gp"])
def test_the_equilibrium_is_where_the_discriminators_loss_is_lowest(name, label):
    """With the same samples on both sides, gradient descent on a single score ends where the page draws its line."""
    best, loss_g, loss_d = equilibrium(small(loss={"name": name, "real_label": label}))
    score = torch.zeros(1, 1, requires_grad=True)
    optimizer = torch.optim.SGD([score], lr=0.2)
    for _step in range(300):
        loss = GAN_LOSSES[name][0](score, score, label)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert GAN_LOSSES[name][0](score, score, label).item() == pytest.approx(loss_d, abs=1e-6)
    if best is None:
        assert loss_g is None
        return
    said = score.sigmoid() if score_kind(name) == "probability" else score
    assert said.item() == pytest.approx(best, abs=1e-5)
    assert GAN_LOSSES[name][1](score).item() == pytest.approx(loss_g, abs=1e-5)


def test_the_penalty_of_a_plane_is_its_slope():
    """D(x) = 3 x + 4 y is 5 steep everywhere: the penalty is (5 - 1)² whatever lies between."""
    plane = nn.Linear(2, 1)
    plane.weight.data = torch.tensor([[3.0, 4.0]])
    real, fake = torch.randn(7, 2), torch.randn(7, 2)
    found = gradient_penalty(plane, real, fake, torch.rand(7), 10.0)
    assert found.item() == pytest.approx(160.0)
    found.backward()  # d/dw of 10 (|w| - 1)² = 20 (|w| - 1) w / |w|
    torch.testing.assert_close(plane.weight.grad, 20 * 4 * torch.tensor([[3.0, 4.0]]) / 5)


def test_clipped_weights():
    layer = nn.Linear(3, 2)
    layer.weight.data = torch.tensor([[5.0, -5.0, 0.005], [0.0, 0.02, -0.02]])
    clip_weights(layer, 0.01)
    assert layer.weight.abs().max().item() == pytest.approx(0.01)
    assert layer.weight[0, 2].item() == pytest.approx(0.005)


def test_defaults_of_the_loss():
    assert GANLossConfig() == GANLossConfig(name="non_saturating", real_label=1.0, penalty=10.0, clip=0.01)
