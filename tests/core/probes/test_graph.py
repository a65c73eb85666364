"""The computation graph: the same values and gradients as plain PyTorch, boxes, bad questions refused in words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from core.errors import LiveTorchError
from core.models.unrolled_module import Unrolled, unrolled_copy
from core.probes import look
from core.probes.graph import looks
from core.probes.graph.fold import folded
from core.probes.graph.run import passed
from core.probes.graph.source import matched
from core.probes.graph.stats import described, histogram
from core.probes.graph.trace import trace
from core.probes.inside import Inside, inside
from core.probes.zoo.subject import ZooSubject, look_at_model, zoo_subject
from core.runs.log import finite
from tests.core.probes.subjects import SMALL, task

RECURRENT = [name for name in SMALL if name.startswith("rnn")]


@contextmanager
def hooked(model: nn.Module) -> Iterator[dict[str, list[Tensor]]]:
    """Outputs of all leaf modules by name, with their gradients kept. What works in place later gets a copy."""
    kept: dict[str, list[Tensor]] = {}

    def keep(name: str) -> Any:
        def hook(_module: nn.Module, _given: Any, output: Any) -> Any:
            first = output[0] if isinstance(output, tuple) else output
            if first.requires_grad:
                first.retain_grad()
            kept.setdefault(name, []).append(first)
            return (first.clone(), *output[1:]) if isinstance(output, tuple) else first.clone()

        return hook

    leaves = [(name, one) for name, one in model.named_modules() if name and not list(one.children())]
    handles = [one.register_forward_hook(keep(name)) for name, one in leaves]
    try:
        yield kept
    finally:
        for handle in handles:
            handle.remove()


def compare(seen: Inside) -> int:
    """How many layer outputs were compared; all of them with plain PyTorch's, to 1e-6."""
    with seen.opened():
        found = trace(seen.model, seen.inputs)
        done = passed(found, seen, seen.model, {one.value for one in found.operations}, True)
    with seen.opened(), hooked(seen.model) as kept:
        loss = seen.loss_of(seen.model(seen.inputs))
        loss.backward()
    last = {frame.call: (frame.path, one) for one in found.operations for frame in one.frames}
    assert done.loss == pytest.approx(loss.item(), rel=1e-6)
    for path, outputs in kept.items():
        calls = [one for other, one in last.values() if other == path]
        assert len(calls) == len(outputs)
        for one, output in zip(calls, outputs, strict=True):
            torch.testing.assert_close(done.values[one.value], output.detach(), rtol=1e-6, atol=1e-6)
            if output.grad is not None:
                gradient = done.gradients[one.value]
                assert gradient is not None
                torch.testing.assert_close(gradient, output.grad, rtol=1e-6, atol=1e-6)
    return sum(map(len, kept.values()))


@pytest.mark.parametrize("name", SMALL)
def test_values_and_gradients_are_those_of_plain_hooks(name: str) -> None:
    subject = task(name)
    for part in inside(subject).parts:
        assert compare(inside(subject, part, 1)) >= 3


@pytest.mark.parametrize(("name", "layers"), [("resnet18", 60), ("mobilenet_v3_small", 141), ("squeezenet1_1", 57)])
def test_torchvisions_models_too(name: str, layers: int) -> None:
    assert compare(inside(zoo_subject(name))) == layers


@pytest.mark.parametrize("cell", [nn.RNN, nn.GRU, nn.LSTM])
@pytest.mark.parametrize("both", [False, True])
def test_unrolled_layers_answer_as_torchs_own(cell: type[Any], both: bool) -> None:
    torch.manual_seed(0)
    layer = cell(3, 5, 2, batch_first=True, bidirectional=both)
    inputs = torch.randn(2, 6, 3)
    wanted, state = layer(inputs)
    steps = (6,) if both else (6, 4)  # 4: the first two in one go
    for shown in steps:
        answer, left = Unrolled(layer, shown)(inputs)
        torch.testing.assert_close(answer, wanted, rtol=1e-6, atol=1e-6)
        for mine, other in zip(left, state, strict=True) if isinstance(state, tuple) else [(left, state)]:
            torch.testing.assert_close(mine, other, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", RECURRENT)
def test_an_unrolled_graph_has_the_loss_of_the_layer(name: str) -> None:
    subject = task(name)
    whole, steps = (looks.graph_values(subject, unrolled=unrolled) for unrolled in (False, True))
    assert steps["loss"] == pytest.approx(whole["loss"], rel=1e-5)
    told = looks.graph(subject, unrolled=True)
    assert told["recurrent"] and max(box["count"] for box in told["boxes"]) == min(len(inside(subject).inputs[0]), 32)


def test_says_what_the_network_is_made_of() -> None:
    subject = task("mlp")
    told = look(subject, "graph", {})
    by_type = [(one["type"], one["module"], one["shape"], one["parameters"]) for one in told["operations"]]
    assert by_type[1] == ("Linear", "hidden.0.linear", [1, 4], 12)
    assert by_type[-2] == ("Linear", "output", [1, 1], 3)
    assert told["operations"][1]["inputs"] == [[0, [1, 2]]]
    assert told["parameters"] == 12 + 10 + 3
    assert [(box["type"], box["first"], box["last"], box["parameters"]) for box in told["boxes"]] == [
        ("Hidden", 1, 3, 12),
        ("Hidden", 4, 6, 10),
    ]
    values = look(subject, "graph_values", {"nodes": "0-3"})
    assert values["flops"] == [0, 2 * 8, 0, 0, 2 * 8, 0, 0, 2 * 2, 0]
    assert list(values["nodes"]) == ["0", "1", "2", "3"]


def test_equal_blocks_in_a_row_are_one_box() -> None:
    boxes = look_at_model("resnet18", "graph", {})["boxes"]
    assert [(box["module"], box["count"]) for box in boxes if box["count"] > 1] == [("layer1.0", 2)]
    seen = inside(zoo_subject("resnet18"))
    with seen.opened():
        counts = folded(trace(seen.model, seen.inputs)).boxes.values()
    assert max(box.count for box in counts) == 2


def test_flops_are_torchs() -> None:
    """ResNet-18 at 224 x 224: 1.81 G multiplications, each with an addition (He et al., 2015: 1.8 G)."""
    flops = look_at_model("resnet18", "graph_values", {})["flops"]
    assert sum(flops) == 3_628_146_688


@pytest.mark.parametrize("name", SMALL)
def test_looking_changes_nothing(name: str) -> None:
    left_alone, looked_at = task(name), task(name)
    draws = torch.get_rng_state()
    for part in inside(looked_at).parts:
        asked = {"part": part}
        assert look(looked_at, "graph", asked)
        for colour in looks.COLOURS:
            assert look(looked_at, "graph_values", asked | {"nodes": "0-99", "colour": colour})
        assert look(looked_at, "graph_node", asked | {"node": 1})
    assert torch.equal(torch.get_rng_state(), draws)
    for mine, other in zip(left_alone.weights().values(), looked_at.weights().values(), strict=True):
        assert torch.equal(mine, other)
    for part in inside(looked_at).parts:
        ours, theirs = inside(left_alone, part).model, inside(looked_at, part).model
        assert [module.training for module in ours.modules()] == [module.training for module in theirs.modules()]
        for one, two in zip(ours.parameters(), theirs.parameters(), strict=True):
            assert one.requires_grad == two.requires_grad and (one.grad is None) == (two.grad is None)


def test_a_structure_is_traced_once_and_follows_the_weights() -> None:
    subject = task("mlp")
    before = look(subject, "graph_values", {"nodes": "1"})
    seen = inside(subject)
    first = trace(seen.model, seen.inputs)
    with torch.no_grad():
        next(seen.model.parameters()).mul_(2)
    assert trace(seen.model, seen.inputs) is first
    after = look(subject, "graph_values", {"nodes": "1"})
    assert after["nodes"]["1"]["value"]["rms"] != before["nodes"]["1"]["value"]["rms"]


def test_weights_that_are_not_numbers_are_shown_as_such() -> None:
    subject = task("mlp")
    with torch.no_grad():
        next(inside(subject).model.parameters())[0, 0] = float("nan")
    values = finite(look(subject, "graph_values", {"nodes": "0-8", "colour": "gradient"}))
    json.dumps(values, allow_nan=False)
    assert values["nodes"]["1"]["value"]["broken"] == 0.25
    assert values["nodes"]["8"]["value"] | {"count": 1} == values["nodes"]["8"]["value"]
    assert values["nodes"]["8"]["value"]["rms"] is None
    detail = finite(look(subject, "graph_node", {"node": 1}))
    json.dumps(detail, allow_nan=False)
    assert detail["value"]["maps"]["broken"] and not detail["parameters"][0]["finite"]


def test_numbers_of_a_tensor() -> None:
    told = described(torch.tensor([0.0, 3.0, -4.0, float("inf")]))
    assert told is not None
    assert told["broken"] == 0.25 and told["zeros"] == 0.25 and told["min"] == -4 and told["max"] == 3
    assert told["rms"] == pytest.approx((25 / 3) ** 0.5, rel=1e-5) and told["mean"] == pytest.approx(-1 / 3, rel=1e-5)
    assert described(torch.tensor([])) is None
    counts = histogram(torch.tensor([1.0, 1.0, 2.0]))
    assert counts is not None and counts["counts"][0] == 2 and counts["counts"][-1] == 1 and sum(counts["counts"]) == 3


def test_one_operation_with_its_line_of_the_script() -> None:
    subject = task("cnn")
    told = looks.graph(subject)
    place = next(number for number, one in enumerate(told["operations"]) if one["type"] == "Conv2d")
    detail = look(subject, "graph_node", {"node": place})
    assert detail["source"] == {
        "text": "nn.Conv2d(1, 16, kernel_size=3, padding=1),  # (N, 16, 8, 8)",
        "where": "script",
    }
    assert detail["value"]["maps"]["count"] == 16 and detail["gradient"]["numbers"]["count"] == 16 * 64
    assert [one["shape"] for one in detail["parameters"]] == [[16, 1, 3, 3], [16]]


@pytest.mark.parametrize("name", SMALL)
def test_every_layer_with_weights_has_its_line(name: str) -> None:
    subject = task(name)
    for part in inside(subject).parts:
        for number, one in enumerate(looks.graph(subject, part)["operations"]):
            if one["parameters"]:
                detail = looks.graph_node(subject, part, node=number)
                assert detail["source"]["where"] == "script", one["module"]


def test_what_the_script_leaves_out_has_no_line() -> None:
    written = [("", "Linear", "nn.Linear(2, 4),"), ("", "Tanh", "nn.Tanh(),"), ("", "Linear", "nn.Linear(4, 1),")]
    leaves = [("a", "Linear"), ("b", "Tanh"), ("c", "Dropout"), ("d", "Linear")]
    assert matched(written, leaves) == {"a": "nn.Linear(2, 4),", "b": "nn.Tanh(),", "d": "nn.Linear(4, 1),"}


@pytest.mark.parametrize(
    ("name", "args", "said"),
    [
        ("graph", {"part": "foo"}, "part is foo"),
        ("graph", {"example": 99999}, "example is 99999"),
        ("graph", {"unrolled": "yes"}, "unrolled is yes"),
        ("graph_values", {"nodes": "1;2"}, "nodes is 1;2"),
        ("graph_values", {"nodes": 7}, "nodes is 7"),
        ("graph_values", {"colour": "red"}, "colour is red"),
        ("graph_node", {"node": 99}, "node is 99"),
        ("graph_node", {"node": "conv"}, "node is conv"),
    ],
)
def test_refuses_in_words(name: str, args: dict[str, Any], said: str) -> None:
    with pytest.raises(LiveTorchError, match=said):
        look(task("mlp", 0), name, args)


def test_a_long_sequence_read_from_both_ends_is_not_unrolled() -> None:
    with pytest.raises(ValueError, match="16"):
        unrolled_copy(nn.GRU(1, 2, bidirectional=True, batch_first=True), 100)


def test_a_network_that_export_cannot_follow_says_so() -> None:
    class Odd(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x if x.sum().item() > 0 else -x

    with pytest.raises(LiveTorchError, match=r"torch\.export cannot follow"):
        trace(Odd(), torch.ones(2))


def test_models_are_looked_into_without_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIVETORCH_HOME", str(tmp_path))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    told = look_at_model("squeezenet1_1", "graph", {})
    assert told["weights"] == "random" and told["examples"] == 2 and told["parameters"] == 1_235_496
    subject = zoo_subject("squeezenet1_1")
    assert isinstance(subject, ZooSubject) and subject.step == 0
    with pytest.raises(LiveTorchError, match="model is resnet9000"):
        look_at_model("resnet9000", "graph", {})
