"""What holds for every look: it leaves no trace, copes with broken weights and refuses nonsense in a sentence."""

from __future__ import annotations

import copy
import json
import math

import pytest
import torch
from torch import nn

from core.errors import LiveTorchError
from core.families import FAMILIES
from core.probes import look
from core.training.assessment import looking
from tests.core.probes.classifiers import ASKED, LINE, RICH, drawn, standing, zeroed
from tests.test_boundaries import loaded_after


def test_every_look_is_tried_below():
    assert {name for name, _ in ASKED} == set(FAMILIES["cnn"].looks)


@pytest.mark.parametrize(("name", "args"), ASKED)
def test_no_look_leaves_a_trace(name, args):
    subject = standing(RICH)
    subject.model.train()
    subject.model[1].eval()  # a layer in a mode of its own stays in it
    subject.model(subject.data.train_images.float()).logsumexp(1).sum().backward()
    before = copy.deepcopy(subject.model.state_dict())
    modes = [module.training for module in subject.model.modules()]
    gradients = [parameter.grad.clone() for parameter in subject.model.parameters()]
    random = torch.get_rng_state()
    first = look(subject, name, args)
    assert json.loads(json.dumps(first, allow_nan=False)) == first
    assert look(subject, name, args) == first
    assert torch.equal(torch.get_rng_state(), random)
    assert all(torch.equal(value, before[key]) for key, value in subject.model.state_dict().items())
    assert [module.training for module in subject.model.modules()] == modes
    for parameter, gradient in zip(subject.model.parameters(), gradients, strict=True):
        assert torch.equal(parameter.grad, gradient)
    assert not any(module._forward_hooks for module in subject.model.modules())
    assert torch.is_grad_enabled()


@pytest.mark.parametrize("value", [math.nan, math.inf, 3e38])
@pytest.mark.parametrize(("name", "args"), ASKED)
def test_every_look_copes_with_a_diverged_network(name, args, value):
    subject = zeroed(standing(RICH), value)
    seen = look(subject, name, args)
    assert json.dumps(seen, allow_nan=False)
    if name == "filters" and not math.isfinite(value):
        assert all(layer["tensor"]["broken"] for layer in seen["layers"])
    if name == "picture":
        assert seen["probabilities"] == [None] * 10


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("wall", {}),
        ("predictions", {"order": "random"}),
        ("predictions", {"order": 3}),
        ("predictions", {"order": ["wrong"]}),
        ("predictions", {"true": 10}),
        ("predictions", {"true": -1}),
        ("predictions", {"predicted": "4"}),
        ("predictions", {"predicted": 1.0}),
        ("predictions", {"count": 0}),
        ("predictions", {"count": 201}),
        ("predictions", {"count": True}),
        ("predictions", {"subject": 1}),
        ("predictions", {"{order}": "wrong"}),
        ("classes", {"order": "wrong"}),
        ("picture", {}),
        ("picture", {"index": 0, "pixels": LINE}),
        ("picture", {"index": 50}),
        ("picture", {"index": -1}),
        ("picture", {"index": 2.5}),
        ("picture", {"index": 10**30}),
        ("picture", {"index": 0, "maps": 1}),
        ("picture", {"pixels": ""}),
        ("picture", {"pixels": 3}),
        ("picture", {"pixels": "é"}),
        ("picture", {"pixels": "not base64"}),
        ("picture", {"pixels": drawn(torch.ones(7, 8))}),
        ("picture", {"pixels": drawn(torch.ones(12, 12))}),  # one and a half times as fine
        ("picture", {"pixels": drawn(torch.ones(72, 72))}),
        ("picture", {"pixels": drawn(torch.zeros(8, 8))}),
        ("filters", {"layer": 1}),
        ("updates", {"layer": 1}),
    ],
)
def test_what_cannot_be_answered_is_refused_with_a_sentence(name, args):
    subject = standing()
    with pytest.raises(LiveTorchError) as refused:
        look(subject, name, args)
    assert refused.value.message.endswith(".") and len(refused.value.message) < 200
    assert not any(module._forward_hooks for module in subject.model.modules())


def test_an_empty_drawing_says_what_to_do():
    with pytest.raises(LiveTorchError, match=r"^Draw something first\."):
        look(standing(), "picture", {"pixels": drawn(torch.zeros(8, 8))})


def test_a_network_that_fails_is_left_as_it_was():
    model = nn.Sequential(nn.Linear(2, 2), nn.Dropout())
    with pytest.raises(RuntimeError), looking(model):
        assert not model.training and not model[1].training
        model(torch.ones(1, 3))
    assert model.training and model[1].training and torch.is_grad_enabled()


def test_the_registry_loads_no_torch():
    assert "torch" not in loaded_after("import core.probes")
