"""The backward graph: its nodes and edges on a network on paper, what switches claim, what is left behind."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from core.errors import LiveTorchError
from core.probes import look
from core.probes.autograd import looks
from core.probes.autograd.dot import QUICK_LAYOUT
from core.probes.inside import Inside, inside
from pages.shared.words import inspect_autograd, inspect_autograd_functions, inspect_autograd_layers
from tests.core.probes.subjects import SMALL, task

SECOND_TIME = "Trying to backward through the graph a second time"
NO_GRAPH = "element 0 of tensors does not require grad and does not have a grad_fn"


class Paper(nn.Module):
    """Two numbers in, ReLU of a linear layer, one number out: small enough to go back through by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.act, self.last = nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 1)
        for layer, weights in ((self.first, [[1.0, 2.0], [-1.0, 0.0]]), (self.last, [[3.0, 1.0]])):
            nn.init.zeros_(layer.bias)
            with torch.no_grad():
                layer.weight.copy_(torch.tensor(weights))

    def forward(self, x: Tensor) -> Tensor:
        """(B, 2) -> (B, 1)"""
        return self.last(self.act(self.first(x)))


def on_paper(monkeypatch: pytest.MonkeyPatch, **asked: Any) -> dict[str, Any]:
    """x = (1, 1): hidden (3, 0), output 9, loss its mean."""
    seen = Inside(Paper(), torch.ones(1, 2), None, Tensor.mean, ("network",), "network", (), "point", ("a",), 1)
    monkeypatch.setattr(looks, "inside", lambda *_asked: seen)
    return looks.autograd(SimpleNamespace(), **asked)  # type: ignore[arg-type]


def norms(answer: dict[str, Any], column: str = "norm") -> dict[str, Any]:
    return {row["name"]: row[column] for row in answer["gradients"]}


def test_nodes_and_edges_on_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = on_paper(monkeypatch)
    assert answer["loss"] == 9
    named = [(node["kind"], node["label"], node.get("module"), node["shape"]) for node in answer["nodes"]]
    assert sorted(named, key=str) == sorted(
        [
            ("output", "", None, []),
            ("function", "MeanBackward0", None, []),
            ("function", "AddmmBackward0", "last", [1, 1]),
            ("function", "ReluBackward0", "act", [1, 2]),
            ("function", "AddmmBackward0", "first", [1, 2]),
            *(("function", "TBackward0", name, shape) for name, shape in (("first", [2, 2]), ("last", [2, 1]))),
            *(
                (kind, label or f"{name}.{which}", name, shape)
                for kind, label in (("parameter", ""), ("function", "AccumulateGrad"))
                for name, which, shape in (
                    ("first", "weight", [2, 2]),
                    ("first", "bias", [2]),
                    ("last", "weight", [1, 2]),
                    ("last", "bias", [1]),
                )
            ),
        ],
        key=str,
    )
    assert len(answer["edges"]) == 14
    labels = [node["label"] for node in answer["nodes"]]
    joined = {(labels[tail], labels[head]) for tail, head in answer["edges"]}
    assert ("first.bias", "AccumulateGrad") in joined and ("TBackward0", "AddmmBackward0") in joined
    assert ("AddmmBackward0", "MeanBackward0") in joined and ("MeanBackward0", "") in joined
    # by hand: dL/dlast = (3, 0), 1; only the first hidden unit passes on: dL/dfirst = 3 * (1, 1), 3
    assert norms(answer) == pytest.approx(
        {"first.weight": 18**0.5, "first.bias": 3, "last.weight": 3, "last.bias": 1}, rel=1e-6
    )


def test_options_on_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    bare = on_paper(monkeypatch, parameters=False)
    assert len(bare["nodes"]) == 7 and not any(node["kind"] == "parameter" for node in bare["nodes"])
    full = on_paper(monkeypatch, saved=True, attributes=True)
    saved = [(node["label"], node["module"], node["shape"]) for node in full["nodes"] if node["kind"] == "saved"]
    assert sorted(saved) == [
        ("mat1", "first", [1, 2]),
        ("mat1", "last", [1, 2]),
        ("mat2", "last", [2, 1]),
        ("result", "act", [1, 2]),
    ]
    assert sum(len(edge) == 3 for edge in full["edges"]) == 4
    relu = next(node for node in full["nodes"] if node["label"] == "ReluBackward0")
    assert relu["attributes"] == [["result", "[saved tensor]"]]
    last = next(node for node in full["nodes"] if node["label"] == "AddmmBackward0" and node["module"] == "last")
    assert last["gives"] == [[1], [1, 2], [2, 1]]


def test_what_there_is_no_room_for_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.probes.autograd.graph.MOST_NODES", 10)
    answer = on_paper(monkeypatch, saved=True)
    assert answer["switch"]["left_out"] == ["parameters", "saved"]
    assert len(answer["nodes"]) == 7


@pytest.mark.parametrize("name", SMALL)
def test_gradients_are_those_of_plain_backward(name: str) -> None:
    subject = task(name)
    for part in inside(subject).parts:
        seen = inside(subject, part, 1)
        answer = look(subject, "autograd", {"part": part, "example": 1})
        with seen.opened():
            loss = seen.loss_of(seen.model(seen.inputs))
            loss.backward()
            assert answer["loss"] == pytest.approx(loss.item())
            plain = {
                name: one.grad.norm().item() for name, one in seen.model.named_parameters() if one.grad is not None
            }
        assert norms(answer) == pytest.approx(plain, rel=1e-5)
        assert answer["switch"]["with"] == answer["switch"]["of"] == len(plain)
        parameters = {node["label"] for node in answer["nodes"] if node["kind"] == "parameter"}
        assert parameters == set(plain)
        assert len(json.dumps(answer)) < 60_000


@pytest.mark.parametrize("name", SMALL)
def test_switches_do_what_they_say(name: str) -> None:
    subject = task(name)
    for part in inside(subject).parts:
        found = {switch: look(subject, "autograd", {"part": part, "switch": switch}) for switch in looks.SWITCHES}
        plain, done = norms(found["none"]), {switch: answer["switch"] for switch, answer in found.items()}
        assert all(answer["loss"] == pytest.approx(found["none"]["loss"]) for answer in found.values())

        assert len(found["no_grad"]["nodes"]) == 1 and done["no_grad"]["with"] == 0
        assert done["no_grad"]["error"] == NO_GRAPH

        assert done["detach"]["nodes"] < done["detach"]["plain_nodes"] and done["detach"]["error"] is None
        kept = {leaf: norm for leaf, norm in norms(found["detach"]).items() if norm is not None}
        assert 0 < len(kept) < len(plain)
        assert kept == pytest.approx({leaf: plain[leaf] for leaf in kept}, rel=1e-5)
        assert all(
            done["detach"]["layer"] != row["module"] for row in found["detach"]["gradients"] if row["norm"] is not None
        )

        last = list(plain)[-1].rpartition(".")[0]
        frozen = {leaf for leaf, norm in norms(found["frozen"]).items() if norm is not None}
        assert frozen == {leaf for leaf in plain if leaf.rpartition(".")[0] == last}

        assert done["twice"]["error"].startswith(SECOND_TIME) and done["twice"]["nodes"] == done["none"]["nodes"]
        assert norms(found["twice"], "twice") == pytest.approx(
            {leaf: 2 * norm for leaf, norm in plain.items()}, rel=1e-4
        )

        if inside(subject, part).inputs.is_floating_point():
            assert norms(found["input"])["input"] > 0 and done["input"]["nodes"] > done["none"]["nodes"]
            assert any(node["kind"] == "input" for node in found["input"]["nodes"])
        else:
            assert "floating point" in done["input"]["error"]


def test_the_output_of_a_chosen_layer_is_detached() -> None:
    subject = task("mlp")
    assert look(subject, "autograd", {"switch": "detach", "layer": "hidden.0.linear"})["switch"]["with"] == 4
    last = look(subject, "autograd", {"switch": "detach", "layer": "output"})["switch"]
    assert last["with"] == 0 and last["error"] == NO_GRAPH
    with pytest.raises(LiveTorchError, match="no layer xyz"):
        look(subject, "autograd", {"switch": "detach", "layer": "xyz"})


@pytest.mark.parametrize("name", SMALL)
def test_nothing_is_left_behind(name: str) -> None:
    subject = task(name)
    seen = [inside(subject, part) for part in inside(subject).parts]
    models = [model for one in seen for model in (one.model, *one.others)]

    def state() -> list[Any]:
        parameters = [one for model in models for one in model.parameters()]
        modules = [module for model in models for module in model.modules()]
        return [
            *((one.requires_grad, None if one.grad is None else one.grad.tolist(), one.tolist()) for one in parameters),
            *((module.training, len(module._forward_hooks), len(module._forward_pre_hooks)) for module in modules),
            torch.get_rng_state().tolist(),
        ]

    before = state()
    for one in seen:
        for switch in looks.SWITCHES:
            look(subject, "autograd", {"part": one.part, "switch": switch, "saved": True})
        look(subject, "autograd_dot", {"part": one.part})
        with pytest.raises(LiveTorchError):
            look(subject, "autograd", {"part": one.part, "switch": "detach", "layer": "?"})
    assert state() == before


def test_of_a_sequence_the_last_steps_are_drawn() -> None:
    subject = task("rnn_forecast")  # a GRU over 12 values
    few, all_steps = (look(subject, "autograd", {"steps": steps}) for steps in (2, 32))
    assert (few["steps"], few["drawn_steps"], all_steps["drawn_steps"]) == (12, 2, 12)
    assert len(few["nodes"]) < len(all_steps["nodes"])
    assert norms(few) == pytest.approx(norms(all_steps)) and few["loss"] == all_steps["loss"]


def test_dot_text_says_the_same() -> None:
    subject = task("rnn_forecast")
    answer = look(subject, "autograd", {})
    dot = look(subject, "autograd_dot", {})["dot"]
    lines = [line.strip() for line in dot.splitlines()]
    assert sum(" -> " in line for line in lines) == len(answer["edges"])
    assert all(any(line.startswith(f"n{at} [") for line in lines) for at in range(len(answer["nodes"])))
    assert all(f"{name}={value}" in dot for name, value in QUICK_LAYOUT.items())
    assert "splines" not in look(task("cnn"), "autograd_dot", {})["dot"]


def test_every_function_of_ours_has_a_formula(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (inspect_autograd, inspect_autograd_functions, inspect_autograd_layers):
        monkeypatch.setattr(module, "_", str)
    known = inspect_autograd.words()["functions"]
    for name in SMALL:
        subject = task(name, 0)
        for part in inside(subject).parts:
            nodes = look(subject, "autograd", {"part": part})["nodes"]
            assert {node["op"] for node in nodes if node["kind"] == "function"} <= known.keys()
    assert set(inspect_autograd.words()["switches"]) == set(looks.SWITCHES)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"switch": "other"}, "switch is other"),
        ({"steps": 0}, "steps is 0"),
        ({"steps": "8"}, "steps is 8"),
        ({"saved": 1}, "saved is 1"),
        ({"example": -1}, "example is -1"),
        ({"part": "generator"}, "part is generator"),
        ({"colour": "red"}, "no setting colour"),
    ],
)
def test_refuses_what_it_cannot_draw(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(LiveTorchError, match=said):
        look(task("mlp", 0), "autograd", asked)


def test_what_is_not_finite_is_said() -> None:
    subject = task("mlp", 0)
    with torch.no_grad():
        next(inside(subject).model.parameters()).fill_(float("nan"))
    answer = look(subject, "autograd", {})
    assert answer["loss"] == "nan" and set(norms(answer).values()) == {"nan"}
