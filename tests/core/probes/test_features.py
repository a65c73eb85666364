"""Attributions equal Captum called directly, units are told apart rightly, and looking leaves no trace."""

from __future__ import annotations

import base64
import random

import pytest
import torch
from torch import nn

from core.errors import LiveTorchError
from core.probes import look
from core.probes.features.attribution_inputs import baseline_of
from core.probes.features.attribution_methods import METHODS, Asked, methods_of
from core.probes.features.camera import cameras, usual_camera
from core.probes.features.exciting_spots import rectangle
from core.probes.features.explained import explained
from core.probes.features.layer_outputs import layers_of, outputs_of, unit_of
from core.probes.inside import inside
from tests.core.probes.subjects import SMALL, task


@pytest.fixture(scope="module")
def cnn():
    return task("cnn")


def asked(subject, method: str, **more) -> Asked:
    what = explained(subject)
    values = {"target": 3, "baseline": torch.zeros_like(what.input), "layer": "2", "steps": 16, "window": (2, 1)}
    return Asked(what, **(values | {"piece": 0, "pieces": 1} | more))


def test_pictures_as_captum_attributes_them(cnn) -> None:
    from captum.attr import IntegratedGradients, LayerAttribution, LayerGradCam, Occlusion, Saliency

    seen = inside(cnn, "", 0)
    model, x = seen.model.eval(), seen.inputs.clone()
    small = LayerGradCam(model, model[2]).attribute(x, target=3, relu_attributions=True)
    large = LayerAttribution.interpolate(small, (8, 8), interpolate_mode="bilinear")
    assert torch.equal(METHODS["grad_cam"](asked(cnn, "grad_cam")).values, large.detach()[0])
    black = cnn.data.normalised(torch.zeros(1, 1, 8, 8, dtype=torch.uint8))
    found = METHODS["integrated_gradients"](asked(cnn, "integrated_gradients", baseline=black))
    expected, delta = IntegratedGradients(model).attribute(x, black, 3, n_steps=16, return_convergence_delta=True)
    assert torch.allclose(found.values, expected.sum(1), atol=1e-7) and found.delta == pytest.approx(
        float(delta), abs=1e-6
    )
    wanted = Saliency(model).attribute(x.clone().requires_grad_(True), target=3).amax(1)
    assert torch.equal(METHODS["saliency"](asked(cnn, "saliency")).values, wanted)
    covered = Occlusion(model).attribute(x, (1, 2, 2), (1, 1, 1), black, 3)
    assert torch.allclose(
        METHODS["occlusion"](asked(cnn, "occlusion", baseline=black)).values, covered[:, 0], atol=1e-6
    )


def test_tokens_as_captum_attributes_them() -> None:
    from captum.attr import LayerIntegratedGradients

    subject = task("rnn_stdlib")
    what = explained(subject, place=5)
    blank = baseline_of(subject, what, "blank")
    found = METHODS["integrated_gradients"](Asked(what, 2, blank, "", 16, (1, 1), 0, 1))
    method = LayerIntegratedGradients(lambda x: what.network(x)[:, 5], what.network.embedding)
    expected = method.attribute(what.input, blank, target=2, n_steps=16).sum(2)
    assert torch.allclose(found.values, expected, atol=1e-7)
    assert bool((found.values[0, 6:] == 0).all())  # nothing later than the step that answers
    covered = METHODS["occlusion"](Asked(what, 2, blank, "", 16, (1, 1), 0, 1)).values
    alone = what.input.clone()
    alone[0, 4] = blank[0, 4]
    with torch.no_grad():
        fall = what.model(what.input)[0, 2] - what.model(alone)[0, 2]
    assert covered[0, 4].item() == pytest.approx(fall.item(), abs=1e-6)


def test_pieces_add_up(cnn) -> None:
    def parts(method: str, pieces: int, **more):
        return [METHODS[method](asked(cnn, method, piece=piece, pieces=pieces, **more)) for piece in range(pieces)]

    whole, *_ = parts("occlusion", 1, window=(2, 2))
    assert torch.allclose(sum(part.values for part in parts("occlusion", 3, window=(2, 2))), whole.values, atol=1e-6)
    fine = asked(cnn, "integrated_gradients", steps=256)
    pieces = parts("integrated_gradients", 8, steps=256)
    total = sum(part.values for part in pieces)
    assert torch.allclose(total, METHODS["integrated_gradients"](fine).values, atol=1e-3)
    with torch.no_grad():
        said = fine.explained.model(torch.cat([fine.explained.input, fine.baseline]))[:, 3]
    assert total.sum().item() - sum(part.delta for part in pieces) == pytest.approx(
        (said[0] - said[1]).item(), abs=1e-4
    )


def test_the_usual_camera_is_the_last_large_convolution(cnn) -> None:
    assert usual_camera(cameras(explained(cnn))) == "2"
    subject = task("cnn", model={"blocks": [{"channels": 8}, {"channels": 16, "stride": 2, "skip": True}]})
    assert any("shortcut" in layer.name for layer in cameras(explained(subject)))
    assert "body" in usual_camera(cameras(explained(subject)))


@pytest.mark.parametrize("name", SMALL)
def test_every_view_answers_and_leaves_no_trace(name: str) -> None:
    subject, alone = task(name), task(name)
    torch.manual_seed(0)
    before = torch.get_rng_state(), random.getstate()
    for part in inside(subject).parts:
        facts = look(subject, "unit_layers", {"part": part})
        for method in facts["methods"]:
            found = look(subject, "attribution", {"part": part, "method": method, "example": 1})
            assert found["score"] is not None and not found["broken"]
        maps = look(subject, "feature_maps", {"part": part, "example": 1})
        assert len(maps["layers"]) == min(8, len(facts["layers"]))
        for layer in facts["layers"][::3]:
            arguments = {"part": part, "layer": layer["name"], "unit": layer["shape"][0] - 1}
            found = look(subject, "exciting", arguments)
            values = [item["value"] for item in found["most"]]
            assert values == sorted(values, reverse=True) and found["highest"] == values[0]
        if facts["kind"] == "picture":
            assert look(subject, "ascent", arguments | {"steps": 2})["steps"] == 2
        mine, theirs = inside(subject, part).model, inside(alone, part).model
        for one, other in zip(mine.modules(), theirs.modules(), strict=True):
            assert one.training == other.training and not one._forward_hooks and not one._backward_hooks
        for one, other in zip(mine.parameters(), theirs.parameters(), strict=True):
            assert torch.equal(one, other) and one.requires_grad == other.requires_grad
            assert (one.grad is None) == (other.grad is None)
            assert one.grad is None or torch.equal(one.grad, other.grad)
    assert torch.equal(torch.get_rng_state(), before[0]) and random.getstate() == before[1]


def test_maps_are_what_the_layers_put_out(cnn) -> None:
    seen = inside(cnn, "", 4)
    with seen.opened(), torch.no_grad():
        layers = layers_of(seen.model, seen.inputs)
        found = outputs_of(seen.model, seen.inputs, layers)
        x = seen.inputs
        for number, module in enumerate(seen.model):
            x = module(x)
            if str(number) in found:
                assert torch.equal(found[str(number)], x)
        unit = unit_of(seen.model, seen.inputs, layers[2], 7)
    assert torch.equal(unit, found["2"][:, 7])


def test_what_excites_a_unit(cnn) -> None:
    seen = inside(cnn, "", 0, 360)
    with seen.opened(), torch.no_grad():
        best = seen.model[:2](seen.inputs)[:, 5].flatten(1).amax(1)
    found = look(cnn, "exciting", {"layer": "block1.activation", "unit": 5})
    assert found["looked_at"] == 360 and found["layer"] == "1"
    assert [item["index"] for item in found["most"]] == best.argsort(descending=True, stable=True)[:9].tolist()
    assert found["least"][0]["value"] == pytest.approx(best.min().item(), rel=1e-5)
    assert found["silent"] == int((best == 0).sum())
    top, left, height, width = found["most"][0]["box"]
    row, column = found["most"][0]["place"]
    assert height <= 3 and width <= 3 and top <= row <= top + height and left <= column <= left + width
    assert sum(count for _name, _mean, count in found["classes"]) == 360


def test_ascent_climbs_repeats_itself_and_goes_on(cnn) -> None:
    def climbed(steps: int, seed: int = 0):
        return look(cnn, "ascent", {"layer": "logits", "unit": 3, "steps": steps, "seed": seed})

    grown = [climbed(steps) for steps in (4, 8, 32)]
    assert grown[2]["value"] > grown[0]["value"]
    assert climbed(4) == grown[0]  # anew from the beginning, and the same again
    assert climbed(8)["picture"] == grown[1]["picture"]
    assert climbed(4, seed=1)["picture"] != grown[0]["picture"]


def test_a_drawing_is_explained(cnn) -> None:
    ink = bytearray(64)
    ink[19:45:8] = b"\xff" * len(ink[19:45:8])
    pixels = base64.b64encode(bytes(ink)).decode()
    found = look(cnn, "attribution", {"method": "saliency", "pixels": pixels})
    assert found["truth"] is None and found["shape"] == [1, 8, 8]
    assert look(cnn, "feature_maps", {"pixels": pixels})["input"] == found["input"]
    with pytest.raises(LiveTorchError, match="Drawings can be explained"):
        look(task("mlp", 0), "attribution", {"method": "saliency", "pixels": pixels})


def test_damaged_weights_are_told(cnn) -> None:
    subject = task("cnn", 0)
    with torch.no_grad():
        next(subject.model.parameters()).fill_(float("nan"))
    for method in methods_of(explained(subject)):
        assert look(subject, "attribution", {"method": method})["broken"]
    with pytest.raises(LiveTorchError, match="not finite"):
        look(subject, "exciting", {"layer": "0", "unit": 0})
    look(subject, "feature_maps", {})
    look(subject, "ascent", {"layer": "0", "unit": 0, "steps": 2})


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("attribution", {"method": "magic"}, "method is magic"),
        ("attribution", {"method": "saliency", "target": 10}, "target is 10"),
        ("attribution", {"method": "grad_cam", "layer": "xyz"}, "no layer xyz"),
        ("attribution", {"method": "occlusion", "window": 9}, "window is 9"),
        ("attribution", {"method": "integrated_gradients", "baseline": "pink"}, "baseline is pink"),
        ("attribution", {"method": "integrated_gradients", "steps": 10**9}, "steps is"),
        ("attribution", {"method": "saliency", "example": 99999}, "example is 99999"),
        ("attribution", {"method": "saliency", "row": 1}, "row is 1"),
        ("exciting", {"layer": "0", "unit": 16}, "unit is 16"),
        ("exciting", {"layer": None, "unit": 0}, "no layer None"),
        ("ascent", {"layer": "0", "unit": 0, "steps": 1000}, "steps is 1000"),
        ("feature_maps", {"first": 99}, "first is 99"),
        ("unit_layers", {"part": "foo"}, "part is foo"),
    ],
)
def test_nonsense_is_refused_in_words(cnn, name: str, arguments: dict, message: str) -> None:
    with pytest.raises(LiveTorchError, match=message):
        look(cnn, name, arguments)


def test_what_a_network_has_not_is_said() -> None:
    subject = task("mlp", 0)
    with pytest.raises(LiveTorchError, match="method is grad_cam"):
        look(subject, "attribution", {"method": "grad_cam"})
    with pytest.raises(LiveTorchError, match="does not read pictures"):
        look(subject, "ascent", {"layer": "output", "unit": 0, "steps": 2})


def test_units_along_the_last_axis_stay_there_through_an_activation() -> None:
    class Block(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.wide, self.bent = nn.Linear(3, 6), nn.GELU()

        def forward(self, x):
            return self.bent(self.wide(x.permute(0, 2, 3, 1)))

    layers = layers_of(Block(), torch.zeros(1, 3, 4, 5))
    assert [layer.shape for layer in layers] == [(6, 4, 5), (6, 4, 5)]


def test_the_smallest_rectangle() -> None:
    touched = torch.zeros(4, 5, dtype=torch.bool)
    assert rectangle(touched) is None
    touched[1, 2] = touched[3, 3] = True
    assert rectangle(touched) == [1, 2, 3, 2]
