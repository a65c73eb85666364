"""Every family hands out its networks with examples and the loss that is trained."""

from __future__ import annotations

import pytest
import torch

from core.errors import LiveTorchError
from core.families import FAMILIES, INSIDES
from core.probes.inside import inside
from tests.core.probes.subjects import SMALL, task


def test_every_family_has_an_inside() -> None:
    assert set(FAMILIES) <= set(INSIDES)


@pytest.mark.parametrize("name", SMALL)
def test_gives_a_network_with_a_loss_to_go_back_from(name: str) -> None:
    subject = task(name)
    for part in inside(subject).parts:
        for count in (1, 3):
            seen = inside(subject, part, 1, count)
            with seen.opened():
                loss = seen.loss_of(seen.model(seen.inputs))
                gradients = torch.autograd.grad(loss, list(seen.model.parameters()))
            assert loss.shape == () and loss.isfinite()
            assert any(gradient.abs().sum() > 0 for gradient in gradients)
            assert seen.part == part and len(seen.names) == len(seen.inputs)


@pytest.mark.parametrize("name", SMALL)
def test_looking_leaves_the_network_as_it_was(name: str) -> None:
    left_alone, looked_at = task(name), task(name)
    draws = torch.get_rng_state()
    for part in inside(looked_at).parts:
        for split in ("train", "validation"):
            seen = inside(looked_at, part, 0, 2, split)
            with seen.opened():
                seen.loss_of(seen.model(seen.inputs)).backward()
    assert torch.equal(torch.get_rng_state(), draws)
    for mine, other in zip(left_alone.weights().values(), looked_at.weights().values(), strict=True):
        assert torch.equal(mine, other)
    for part in inside(looked_at).parts:
        ours, theirs = inside(left_alone, part).model, inside(looked_at, part).model
        assert [module.training for module in ours.modules()] == [module.training for module in theirs.modules()]
        for one, two in zip(ours.parameters(), theirs.parameters(), strict=True):
            assert (one.grad is None) == (two.grad is None)
            assert one.grad is None or torch.equal(one.grad, two.grad)


def test_refuses_what_there_is_not() -> None:
    subject = task("mlp", 0)
    with pytest.raises(LiveTorchError, match="part is generator"):
        inside(subject, "generator")
    with pytest.raises(LiveTorchError, match="example is 9999"):
        inside(subject, "", 9999)
    with pytest.raises(LiveTorchError, match="split is other"):
        inside(subject, split="other")
