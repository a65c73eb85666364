"""What looks show, that they leave no trace, and that a run that is over shows what it did while it was on."""

from __future__ import annotations

import base64
import json
import math

import numpy
import pytest
import torch
from safetensors.torch import save_file

from core.errors import LiveTorchError
from core.families import FAMILIES
from core.presets_mlp import PRESETS
from core.probes import look
from core.probes.rest import look_at_rest
from core.training.events import Edit
from core.training.task import make_task
from tests.core.mlp.runs import DRAWN, config

LOOKS = [
    ("playground", {}),
    ("playground", {"side": 8, "detail": 16, "gradients": True}),
    ("points", {}),
    ("neuron", {"layer": 0, "index": 0, "side": 16}),
    ("neuron", {"layer": -1, "index": 0}),
]


def stepped(settings, epochs=1):
    task = make_task(settings)
    for epoch in range(1, epochs + 1):
        for stretch in task.batches(epoch):
            task.training_step(stretch)
    return task


def decode(block):
    steps = numpy.frombuffer(base64.b64decode(block["values"]), dtype=numpy.uint8).astype(float)
    assert 255 not in steps
    maps = torch.from_numpy((steps - 127) / 127).view(block["count"], block["side"], block["side"])
    return maps * torch.tensor(block["scale"], dtype=torch.float64)[:, None, None]


def test_maps_of_the_inputs_have_the_right_way_up():
    made = look(make_task(config(features={"product": True})), "playground", {"side": 12})
    x1, x2, product = decode(made["maps"]["inputs"])
    assert made["inputs"] == ["x1", "x2", "product"]
    assert x1[0, 0] == pytest.approx(-5.5, abs=0.05) and x1[0, -1] == pytest.approx(5.5, abs=0.05)
    assert x2[0, 0] == pytest.approx(5.5, abs=0.05) and x2[-1, 0] == pytest.approx(-5.5, abs=0.05)
    assert product[0, 0] < 0 < product[0, -1]


def test_maps_of_neurons_are_what_the_network_computes():
    task = stepped(config())
    made = look(task, "playground", {"side": 10})
    x = torch.tensor([[-5.4, 5.4]])  # the centre of the top left cell
    with torch.no_grad():
        values = [*task.model.activations(x)[:2], torch.tanh(task.model(x))]
    for found, expected in zip(made["maps"]["layers"], values, strict=True):
        assert decode(found)[:, 0, 0].tolist() == pytest.approx(expected[0].tolist(), abs=max(found["scale"]) / 200)
    assert [layer["name"] for layer in made["layers"]] == ["hidden1", "hidden2", "output"]
    assert made["layers"][0]["weights"][2] == pytest.approx(task.model.linears[0].weight[2].tolist(), rel=1e-5)
    assert made["output"]["kind"] == "value" and made["output"]["block"]["side"] == 60


def test_gradients_are_those_of_the_whole_training_set():
    task = stepped(config(penalty={"l2": 0.1}))
    made = look(task, "playground", {"gradients": True})
    signs = 2 * task.data.train_targets[:, None] - 1
    loss = 0.5 * ((torch.tanh(task.model(task.data.train_points)) - signs) ** 2).mean()
    loss = loss + 0.05 * sum(linear.weight.square().sum() for linear in task.model.linears)
    wanted = torch.autograd.grad(loss, [task.model.linears[1].weight, task.model.linears[1].bias])
    flat = [value for row in made["layers"][1]["weight_gradients"] for value in row]
    assert flat == pytest.approx(wanted[0].flatten().tolist(), rel=1e-3, abs=1e-6)
    assert made["layers"][1]["bias_gradients"] == pytest.approx(wanted[1].tolist(), rel=1e-3, abs=1e-6)


def test_several_classes_have_a_map_of_the_surest():
    task = stepped(config(dataset="spiral", data={"classes": 5}, loss={"name": "cross_entropy"}))
    made = look(task, "playground", {"detail": 20})["output"]
    classes = numpy.frombuffer(base64.b64decode(made["classes"]), dtype=numpy.uint8)
    confidence = numpy.frombuffer(base64.b64decode(made["confidence"]), dtype=numpy.uint8)
    assert made["kind"] == "classes" and len(classes) == len(confidence) == 400
    with torch.no_grad():
        expected = task.model(torch.tensor([[-5.7, 5.7]])).softmax(1)[0]
    assert classes[0] == expected.argmax() and confidence[0] / 255 == pytest.approx(expected.max().item(), abs=0.01)
    assert "output" not in look(task, "playground", {"detail": 0})


def test_points_come_with_a_version():
    task = make_task(config(dataset="drawn", data={"points": DRAWN}))
    first = look(task, "points", {})
    assert first["version"] == 0 and len(first["train"]["x1"]) == 4 and len(first["test"]["target"]) == 3
    task.apply(Edit("data.points", [*DRAWN, [5.0, 5.0, 0]]))
    again = look(task, "points", {})
    assert again["version"] == look(task, "playground", {})["points_version"] == 1
    assert len(again["train"]["x1"]) + len(again["test"]["x1"]) == 8


def test_a_neuron_closely():
    task = stepped(config())
    made = look(task, "neuron", {"layer": 1, "index": 1, "side": 20})
    with torch.no_grad():
        values = task.model.activations(task.train.inputs)[1][:, 1]
    assert made["mean"] == pytest.approx(values.mean().item(), rel=1e-4)
    assert made["weights_in"] == pytest.approx(task.model.linears[1].weight[1].tolist(), rel=1e-5)
    assert made["inputs"] == ["hidden1.1", "hidden1.2", "hidden1.3", "hidden1.4"] and made["outputs"] == ["output"]
    assert made["weights_out"] == pytest.approx(task.model.output.weight[:, 1].tolist(), rel=1e-5)
    assert made["saturated"] == pytest.approx((1 - values**2 < 0.05).float().mean().item(), abs=1e-4)
    dead = make_task(config(model={"layers": [{"neurons": 2, "activation": "relu"}], "initialization": "zero"}))
    assert look(dead, "neuron", {"layer": 0, "index": 0})["saturated"] == 1.0


@pytest.mark.parametrize(
    ("name", "args", "words"),
    [
        ("playground", {"side": 7}, "from 8 to 60"),
        ("playground", {"detail": 5}, "from 16 to 120"),
        ("playground", {"gradients": 1}, "on or off"),
        ("neuron", {"layer": 3, "index": 0}, "layer"),
        ("neuron", {"layer": 0, "index": 4}, "index"),
        ("points", {"x": 1}, "no setting x"),
    ],
)
def test_what_cannot_be_shown_is_refused(name, args, words):
    with pytest.raises(LiveTorchError, match=words):
        look(make_task(config()), name, args)


def small(name: str):
    """A preset on few points and for few epochs."""
    values = PRESETS[name].make(PRESETS[name].dataset or "circles").to_dict()
    values["data"]["samples"] = 60
    return config(**values)


@pytest.mark.parametrize("name", PRESETS)
def test_every_look_answers_for_every_preset_and_leaves_no_trace(name, tmp_path):
    task, twin = stepped(small(name)), stepped(small(name))
    state = torch.get_rng_state()
    answers = [look(task, asked, args) for asked, args in LOOKS]
    assert {asked for asked, _ in LOOKS} == set(FAMILIES["mlp"].looks)
    assert torch.equal(state, torch.get_rng_state()) and task.model.training
    save_file(dict(task.weights()), str(tmp_path / "weights.safetensors"))
    for (asked, args), answer in zip(LOOKS, answers, strict=True):
        rest = look_at_rest(task.config.to_dict(), str(tmp_path / "weights.safetensors"), task.step, asked, args)
        assert json.loads(json.dumps(answer, allow_nan=False)) == json.loads(json.dumps(rest))
    for stretch, again in zip(task.batches(2), twin.batches(2), strict=True):
        task.training_step(stretch)
        twin.training_step(again)
    pairs = zip(task.model.parameters(), twin.model.parameters(), strict=True)
    assert all(torch.equal(a.nan_to_num(), b.nan_to_num()) for a, b in pairs)


def test_a_network_that_ran_away_is_shown_as_broken():
    task = make_task(config())
    with torch.no_grad():
        task.model.output.weight.fill_(math.nan)
    made = look(task, "playground", {"gradients": True})
    assert set(base64.b64decode(made["output"]["block"]["values"])) == {255}
    assert made["layers"][-1]["weights"] == [[None, None]]
    json.dumps(made, allow_nan=False)
