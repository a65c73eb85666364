"""Looks into recurrent networks: every data set answers, live and at rest alike, and no look leaves a trace."""

from __future__ import annotations

import copy
import json
import math
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch.nn import functional as F

from core.config.rnn import SEQUENCES
from core.datasets.text import entropies
from core.errors import LiveTorchError
from core.families import FAMILIES
from core.probes import look
from core.probes.rest import look_at_rest
from core.training.task import make_task
from tests.core.probes.classifiers import decode
from tests.core.rnn.conftest import uploads_of_their_own  # noqa: F401
from tests.core.rnn.runs import config, trained

EVERYWHERE = ("hidden", "gates", "gradient", "step")
OWN = {"forecast": ("forecast",), "characters": ("sample",), "classify": ("sequences",), "memory": ("sequences",)}


def answers(subject: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: look(subject, name, {}) for name in names}


def asked(settings: Any) -> tuple[str, ...]:
    gated = settings.model.cell in ("gru", "lstm")
    return tuple(name for name in (*EVERYWHERE, *OWN[settings.kind]) if gated or name != "gates")


@pytest.mark.parametrize("dataset", SEQUENCES)
def test_every_look_answers_live_and_at_rest_alike_and_leaves_no_trace(dataset, tmp_path):
    settings = config(dataset)
    task = trained(settings, 2)
    task.evaluate()
    weights = copy.deepcopy(task.model.state_dict())
    gradients = [parameter.grad.clone() for parameter in task.model.parameters()]
    random = torch.get_rng_state()
    live = answers(task, asked(settings))
    assert task.model.training and torch.equal(torch.get_rng_state(), random)
    assert all(torch.equal(weights[name], value) for name, value in task.model.state_dict().items())
    assert all(torch.equal(a, p.grad) for a, p in zip(gradients, task.model.parameters(), strict=True))
    json.dumps(live, allow_nan=False)
    path = str(tmp_path / "weights.safetensors")
    save_file({name: value.contiguous() for name, value in task.weights().items()}, path)
    rested = {name: look_at_rest(settings.to_dict(), path, 2, name, {}) for name in live}
    assert rested == live
    refused = set(FAMILIES["rnn"].looks) - set(live)
    for name in refused:
        with pytest.raises(LiveTorchError, match=r"\.$"):
            look(task, name, {})


def test_looking_does_not_change_how_a_run_goes_on():
    said = []
    for looking in (True, False):
        task = make_task(config("text", data={"carry": True}))
        said.append([])
        for _, batch in zip(range(3), task.batches(1), strict=False):
            said[-1].append(task.training_step(batch)["loss"])
            if looking:
                answers(task, (*EVERYWHERE, "sample"))
    assert said[0] == said[1]


@pytest.mark.parametrize(
    ("dataset", "name", "args"),
    [
        ("text", "sample", {"temperature": 0.0}),
        ("text", "sample", {"temperature": "hot"}),
        ("text", "sample", {"prompt": "x" * 201}),
        ("text", "sample", {"length": 401}),
        ("text", "sample", {"piece": 10**6}),
        ("series", "forecast", {"origin": 24}),
        ("rows", "sequences", {"first": 360}),
        ("rows", "hidden", {"index": -1}),
        ("rows", "hidden", {"layer": 2}),
        ("rows", "step", {"time": 8}),
        ("rows", "gradient", {"index": True}),
        ("rows", "nothing", {}),
        ("pixels", "gates", {}),
    ],
)
def test_what_cannot_be_answered_is_refused_with_a_sentence(dataset, name, args):
    with pytest.raises(LiveTorchError) as refused:
        look(make_task(config(dataset)), name, args)
    assert refused.value.message.endswith(".") and len(refused.value.message) < 200


def test_forecasts_stand_beside_naive_ones():
    task = trained(config("co2"))
    seen = look(task, "forecast", {"origin": 10})
    levels, split = task.problem.series.values, task.problem.series.split
    shown = seen["values"][seen["split"] :]
    assert len(shown) == len(seen["one_step"]) == 105
    assert seen["naive"][:2] == pytest.approx(levels[split - 1 : split + 1], rel=1e-5)
    assert seen["seasonal_naive"][0] == pytest.approx(levels[split - 12], rel=1e-5)
    free = seen["free"]
    assert free["origin"] == seen["split"] + 10 and free["truth"][0] == pytest.approx(levels[split + 10], rel=1e-5)
    assert free["naive"] == [pytest.approx(levels[split + 9], rel=1e-5)] * 24
    assert free["seasonal_naive"][:12] == free["seasonal_naive"][12:]
    last_year = [abs(levels[at] - levels[at - 12]) for at in range(split, len(levels))]
    assert seen["scores"]["seasonal_naive"]["one_step"]["mae"] == pytest.approx(sum(last_year) / 105)
    assert seen["scores"]["network"]["one_step"]["mase"] == pytest.approx(task.evaluate()["mase"])
    assert 0 < seen["origins"] <= 64


def test_a_series_without_a_season_has_no_seasonal_forecast():
    seen = look(make_task(config("series")), "forecast", {})
    assert seen["season"] == 0 and seen["seasonal_naive"] is seen["scores"]["seasonal_naive"] is None
    assert look(make_task(config("series", data={"season": 7})), "forecast", {})["season"] == 7


def test_what_is_written_repeats_itself_and_says_how_likely_it_was():
    task = trained(config("text"), 20)
    task.evaluate()
    args = {"prompt": "3 times €", "length": 30, "temperature": 0.5, "seed": 4}
    seen = look(task, "sample", args)
    assert seen == look(task, "sample", args) != look(task, "sample", args | {"seed": 5})
    assert len(seen["text"]) == len(seen["probabilities"]) == len(seen["top"]) == 30
    assert seen["unknown"] == "€" and seen["next"] == seen["top"][0]
    held_out = task.problem.held_out
    assert (seen["unigram"], seen["bigram"]) == entropies(held_out)
    symbols = torch.tensor([[task.problem.vocabulary.index(c) for c in "\n" + held_out[:50]]])
    task.model.eval()
    logits = task.model.each(symbols[:, :-1])[0][0]
    bits = F.cross_entropy(logits, symbols[0, 1:], reduction="none") / math.log(2)
    assert seen["surprise"]["text"].startswith(held_out[:50])
    assert seen["surprise"]["bits"][:50] == pytest.approx(bits.tolist(), abs=1e-3)


def test_sequences_are_shown_with_what_is_wanted():
    task = trained(config("adding"))
    item = look(task, "sequences", {"first": 5})["items"][0]
    assert item["index"] == 5 and item["truth"] == pytest.approx(
        sum(item["values"][at] for at in item["marks"]), abs=1e-3
    )
    copied = look(trained(config("copy")), "sequences", {})
    assert copied["score"]["naive"] == 1 / 8 and len(copied["items"][0]["truth"]) == 2
    pixels = look(trained(config("pixels")), "sequences", {"first": 355})
    assert [item["index"] for item in pixels["items"]] == list(range(355, 360))
    assert len(pixels["items"][0]["per_step"]["classes"]) == 64
    assert pixels["items"][0]["per_step"]["classes"][-1] == pixels["items"][0]["prediction"]


@pytest.mark.parametrize("dataset", ["sunspots", "adding"])
def test_hidden_states_and_gates_are_the_networks_own(dataset):
    task = trained(config(dataset))
    example = task.problem.example(3)
    task.model.eval()
    expected = task.model.rnn(example.inputs)[0]
    seen = look(task, "hidden", {"index": 3, "layer": task.config.model.layers - 1})
    shown = decode(seen["hidden"]).float()
    torch.testing.assert_close(shown, expected.detach(), rtol=0, atol=seen["hidden"]["high"] / 254)
    assert len(seen["axis"]) == shown.shape[1] == 8
    for gate in look(task, "gates", {"index": 3})["gates"]:
        values = decode(gate["block"])
        assert 0 <= gate["block"]["low"] <= gate["block"]["high"] <= 1
        assert gate["mean"] == pytest.approx(values.mean(2)[0].tolist(), abs=0.01)


def test_the_gradient_through_time_is_torchs_own():
    """dL/dh(t) of a plain RNN equals the gradient with respect to a zero that is added to h(t)."""
    task = trained(config("adding", model={"cell": "rnn_tanh", "layers": 1, "dropout": 0.0}))
    seen = look(task, "gradient", {})
    rnn, x = task.model.rnn, task.problem.validation[:16]
    added = torch.zeros(8, 16, 8, requires_grad=True)
    h = torch.zeros(16, 8)
    for step in range(8):
        h = torch.tanh(x[:, step] @ rnn.weight_ih_l0.T + rnn.bias_ih_l0 + h @ rnn.weight_hh_l0.T + rnn.bias_hh_l0)
        h = h + added[step]
    loss = F.mse_loss(task.model.head(h)[:, 0], task.problem.wanted[:16])
    (gradient,) = torch.autograd.grad(loss, added)
    assert seen["norms"] == pytest.approx(gradient.flatten(1).norm(dim=1).tolist(), rel=1e-4)
    assert seen["ratio"] == pytest.approx(seen["norms"][0] / seen["norms"][-1], rel=1e-4)


@pytest.mark.parametrize(("scale", "verdict"), [(0.05, "vanishes"), (1.0, "healthy"), (4.0, "explodes")])
def test_vanishing_and_exploding_are_told_in_words(scale, verdict):
    """A linear chain h = s h + x: the gradient changes by the factor s at each step back."""
    task = make_task(config("adding", model={"cell": "rnn_relu", "layers": 1, "dropout": 0.0}))
    with torch.no_grad():
        task.model.rnn.weight_hh_l0.copy_(scale * torch.eye(8))
        task.model.rnn.weight_ih_l0.abs_()
        task.model.rnn.bias_ih_l0.fill_(0.5), task.model.rnn.bias_hh_l0.zero_()
    seen = look(task, "gradient", {})
    assert seen["verdict"] == verdict
    assert seen["ratio"] == pytest.approx(scale**7, rel=1e-3)
    sentence = seen["words"]["template"].format(**seen["words"]["values"])
    assert sentence.endswith(".") and {"healthy": "healthy"}.get(verdict, verdict) in sentence


@pytest.mark.parametrize("cell", ["rnn_tanh", "gru", "lstm"])
def test_one_step_in_numbers_adds_up(cell):
    task = trained(config("rows", model={"cell": cell, "bidirectional": False, "layers": 1}))
    seen = look(task, "step", {"index": 2, "time": 3})
    parts = {part["name"]: torch.tensor(part["values"]) for part in seen["parts"]}
    before, new = torch.tensor(seen["previous"]), torch.tensor(seen["new"])
    if cell == "rnn_tanh":
        made = parts["pre-activation"].tanh()
    elif cell == "gru":
        made = (1 - parts["update"]) * parts["candidate"] + parts["update"] * before
    else:
        state = parts["forget"] * torch.tensor(seen["previous_cell"]) + parts["input"] * parts["candidate"]
        torch.testing.assert_close(torch.tensor(seen["new_cell"]), state, rtol=1e-4, atol=1e-5)
        made = parts["output"] * state.tanh()
    torch.testing.assert_close(new, made, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(torch.tensor(seen["input"]), task.problem.example(2).inputs[0, 3], rtol=1e-4, atol=1e-4)
    assert seen["answer"]["label"] == "probability" and len(seen["answer"]["values"]) == 5
    assert look(task, "step", {"index": 2, "time": 4})["previous"] == seen["new"]
    assert look(task, "step", {"time": 0})["previous"] == [0.0] * 8
