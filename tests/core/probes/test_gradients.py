"""Health of layers over a run, what is said of it, and the gradient with respect to the input."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from core.config import load
from core.errors import LiveTorchError
from core.probes import look
from core.probes.gradients.changes import CHANGES, REMEDIES, change_for
from core.probes.gradients.histograms import histogram
from core.probes.gradients.layers import layers_of
from core.probes.gradients.moments import nearest, worth_asking
from core.probes.gradients.numbers import layer_health
from core.probes.gradients.update import update_norms
from core.probes.gradients.verdicts import short
from core.probes.gradients.words import TRIES, VERDICTS
from core.probes.inside import Inside, inside
from core.training.moments import capture, packed
from core.training.past import Past
from core.training.past_names import moment_name
from core.training.task import make_task
from tests.core.probes.subjects import SMALL, task

KEPT = (1, 3, 6)
FAST_SGD = {"name": "sgd", "learning_rate": 0.05, "momentum": 0.0}


def with_past(name: str, folder: Path, steps: tuple[int, ...] = KEPT, **changed: Any) -> Any:
    """The task of ``SMALL[name]`` after the last of ``steps``, with those moments kept."""
    made = make_task(load(SMALL[name] | changed).resolved(device="cpu", threads=1))
    config, made.single = made.config, True
    for batch in made.batches(1):
        made.training_step(batch)
        if made.step in steps:
            (folder / moment_name(made.step)).write_bytes(packed(capture(made)))
        if made.step == steps[-1]:
            break
    made.past = Past(config, [], folder)
    return made


def paper(weight: float = 2.0) -> tuple[Inside, nn.Linear]:
    """y = relu(w x) with two units of one input each, and L = mean of y."""
    linear = nn.Linear(1, 2)
    model = nn.Sequential(linear, nn.ReLU(), nn.Linear(2, 1, bias=False))
    with torch.no_grad():
        linear.weight.copy_(torch.tensor([[weight], [-weight]]))
        linear.bias.zero_()
        model[2].weight.fill_(1.0)  # type: ignore[operator,union-attr]
    inputs = torch.tensor([[1.0], [3.0]])
    seen = Inside(model, inputs, None, lambda y: y.mean(), ("network",), "network", (), "point", ("", ""), 2)
    return seen, linear


def test_numbers_of_a_network_on_paper() -> None:
    seen, _linear = paper()
    found = layer_health(seen)
    first, last = found["layers"]
    assert found["loss"] == pytest.approx(4.0)  # (2 + 6) / 2
    # dL/dw = mean of x = 2 and dL/db = 1 for the unit that is on, nothing for the other one
    assert first["gradient"] == pytest.approx(math.sqrt(5))
    assert first["rms"] == pytest.approx(math.sqrt(5 / 4))
    assert first["weight"] == pytest.approx(math.sqrt(8))
    assert first["activation"] == "ReLU" and first["dead"] == pytest.approx(0.5)
    assert first["mean"] == pytest.approx(2.0)  # of 2, 0, 6, 0
    assert first["std"] == pytest.approx(math.sqrt(6))
    assert last["gradient"] == pytest.approx(4.0) and last["activation"] == "" and last["saturated"] is None


def test_update_of_plain_sgd_is_rate_times_gradient() -> None:
    one = task("mlp", 3, optimizer=FAST_SGD, batch_size=250)  # all points in a batch
    seen = inside(one, "", 0, 250, "train")
    layers = {layer["name"]: layer for layer in layer_health(seen)["layers"]}
    for name, moved in update_norms(one).items():
        assert moved == pytest.approx(0.05 * layers[name]["gradient"], rel=1e-4)


@pytest.mark.parametrize("name", SMALL)
def test_gradients_and_weights_equal_plain_autograd(name: str) -> None:
    subject = task(name)
    for part in inside(subject).parts:
        seen = inside(subject, part, 0, 16, "train")
        layers = layer_health(seen)["layers"]
        with seen.opened():
            loss = seen.loss_of(seen.model(seen.inputs))
            gradients = torch.autograd.grad(loss, list(seen.model.parameters()))
        whole = math.hypot(*(layer["gradient"] for layer in layers))
        assert whole == pytest.approx(math.sqrt(sum(g.double().square().sum().item() for g in gradients)), rel=1e-6)
        assert sum(layer["parameters"] for layer in layers) == sum(p.numel() for p in seen.model.parameters())
        assert all(layer["std"] is not None for layer in layers)


@pytest.mark.parametrize("name", SMALL)
def test_looking_leaves_the_run_as_it_was(name: str) -> None:
    left_alone, looked_at = task(name), task(name)
    draws = torch.get_rng_state()
    for part in inside(looked_at).parts:
        look(looked_at, "health_now", {"part": part})
        look(looked_at, "input_gradient", {"part": part, "example": 1})
    assert torch.equal(torch.get_rng_state(), draws)
    for mine, other in zip(left_alone.weights().values(), looked_at.weights().values(), strict=True):
        assert torch.equal(mine, other)


@pytest.mark.parametrize("name", [name for name in SMALL if name != "rnn_stdlib"])
def test_a_healthy_run_has_a_history_and_nothing_is_said_against_it(name: str, tmp_path: Path) -> None:
    subject = with_past(name, tmp_path)
    for part in inside(subject).parts:
        found = look(subject, "health", {"part": part, "steps": "", "known": 6})
        assert found["moments"] == [0, 1, 2, 3, 4, 5, 6] and found["found"] == [] and found["part"] == part
        entries: list[Any] = []
        while wanted := [step for step in found["moments"] if step not in [entry["step"] for entry in entries]]:
            answer = look(subject, "health", {"part": part, "steps": ",".join(map(str, wanted))})
            assert len(json.dumps(answer)) < 300_000 and answer["found"]
            entries += answer["found"]
        for entry in entries:
            assert entry["verdicts"] == []
            for layer in entry["layers"]:
                assert 0 < layer["ratio"] < 0.1
                assert set(layer["histograms"]) == {"weight", "gradient", "activation"}
        norms = {layer["name"]: layer["weight"] for layer in entries[-1]["layers"]}
        now = look(subject, "health_now", {"part": part})
        assert norms == {layer["name"]: layer["weight"] for layer in now["layers"]}  # the last moment is now


def said(subject: Any, step: int, part: str = "") -> dict[str, dict[str, Any]]:
    answer = look(subject, "health", {"part": part, "steps": str(step)})
    return {one["verdict"]: one for one in answer["found"][0]["verdicts"]}


def deep(activation: str, layers: int = 6, neurons: int = 8) -> list[dict[str, Any]]:
    return [{"neurons": neurons, "activation": activation}] * layers


def test_a_deep_sigmoid_network_vanishes(tmp_path: Path) -> None:
    found = said(with_past("mlp", tmp_path, model={"layers": deep("sigmoid")}), 3)
    assert set(found) == {"vanishing"}
    assert found["vanishing"]["remedy"] == "relu"
    assert found["vanishing"]["change"] == {f"model.layers.{number}.activation": "relu" for number in range(6)}
    assert found["vanishing"]["before"]["model.layers.0.activation"] == "sigmoid"
    assert found["vanishing"]["layers"][0] == "hidden.0.linear"


def test_a_tanh_network_that_begins_too_large_is_saturated(tmp_path: Path) -> None:
    model = {"layers": deep("tanh", 3, 32), "initialization": "large"}
    found = said(with_past("mlp", tmp_path, model=model), 0)
    assert set(found) == {"saturated"}
    assert found["saturated"]["change"] == {"model.initialization": "xavier"}
    assert found["saturated"]["values"]["activation"] == "Tanh"


def test_a_learning_rate_of_ten_explodes(tmp_path: Path) -> None:
    found = said(with_past("mlp", tmp_path, optimizer=FAST_SGD | {"learning_rate": 10.0}), 1)
    assert set(found) == {"exploding"}
    assert found["exploding"]["change"] == {"optimizer.learning_rate": 1.0}


def test_relu_units_with_hugely_negative_biases_are_dead(tmp_path: Path) -> None:
    subject = task("mlp", 1, model={"layers": deep("relu", 2)})
    with torch.no_grad():
        subject.model.linears[0].bias.fill_(-1e3)
    (tmp_path / moment_name(1)).write_bytes(packed(capture(subject)))
    subject.past = Past(subject.config, [], tmp_path)
    found = said(subject, 1)
    assert set(found) == {"dead"}
    assert found["dead"]["values"]["percent"] == "100" and found["dead"]["layers"] == ["hidden.0.linear"]
    assert found["dead"]["remedy"] == "lower_rate"  # the weights are far longer than at the start
    leaky = {f"model.layers.{number}.activation": "leaky_relu" for number in range(2)}
    assert change_for("dead", subject.config, "network") == ("leaky", leaky)


def test_weights_that_are_none_are_called_broken(tmp_path: Path) -> None:
    subject = task("mlp", 1)
    with torch.no_grad():
        subject.model.linears[0].weight[0, 0] = math.nan
    (tmp_path / moment_name(1)).write_bytes(packed(capture(subject)))
    subject.past = Past(subject.config, [], tmp_path)
    assert set(said(subject, 1)) == {"broken"}
    found = look(subject, "health", {"steps": "1"})["found"][0]["layers"][0]
    assert math.isnan(found["weight"]) and found["histograms"]["weight"]["broken"] == 1


@pytest.mark.parametrize(("name", "model", "verdict"), [("cnn", {"initialization": "zero"}, "zero")])
def test_weights_of_zero_are_called_that(name: str, model: dict[str, Any], verdict: str, tmp_path: Path) -> None:
    found = said(with_past(name, tmp_path, (1,), model=model), 0)
    assert set(found) == {verdict} and found[verdict]["change"] == {"model.initialization": "kaiming"}


def test_a_tiny_learning_rate_hardly_moves(tmp_path: Path) -> None:
    found = said(with_past("cnn", tmp_path, (1,), optimizer={"name": "adam", "learning_rate": 1e-8}), 0)
    assert set(found) == {"slow"} and found["slow"]["change"] == {"optimizer.learning_rate": 1e-7}


def test_the_discriminators_own_rate_is_changed() -> None:
    config = load(SMALL["gan_ring"])
    assert change_for("exploding", config, "discriminator")[1] == {"discriminator_optimizer.learning_rate": 1e-4}
    assert change_for("exploding", config, "generator")[1] == {"optimizer.learning_rate": 1e-4}


def test_every_verdict_has_words_and_every_change_makes_a_config() -> None:
    assert set(REMEDIES) == set(VERDICTS)
    assert set(CHANGES) | {"settings"} == set(TRIES)
    for name in SMALL:
        config = load(SMALL[name])
        for verdict in VERDICTS:
            for part in ("network", "generator", "discriminator"):
                if (part == "network") == (config.page == "gan"):
                    continue
                remedy, change = change_for(verdict, config, part)
                assert remedy in TRIES and (change is None) == (remedy == "settings")
                changed = config
                for path, value in (change or {}).items():
                    changed = changed.with_value(path, value)
                assert (changed != config) == bool(change)


def test_gates_and_hidden_states_of_a_recurrent_layer() -> None:
    layers = {layer["name"]: layer for layer in layer_health(inside(task("rnn_rows"), "", 0, 16, "train"))["layers"]}
    assert set(layers) == {"rnn.weight_ih_l0", "rnn.weight_hh_l0", "head"}
    one = layers["rnn.weight_ih_l0"]
    assert one["gates"] and one["module"] == "rnn" and one["kind"] == "LSTM"
    subject = task("rnn_rows")
    seen = inside(subject, "", 0, 16, "train")
    with torch.no_grad():
        states = subject.model.rnn(seen.inputs)[0]
    assert one["mean"] == pytest.approx(states.mean().item(), abs=1e-6)
    assert one["std"] == pytest.approx(states.std(correction=0).item(), rel=1e-4)


def test_spectral_normalisation_makes_one_layer_of_each_module() -> None:
    subject = task("gan_ring", 1, discriminator={"spectral_norm": True})
    model = inside(subject, "discriminator").model
    assert [layer.name for layer in layers_of(model)] == ["0", "2", "4", "6"]
    assert {layer.kind for layer in layers_of(model)} == {"Linear"}
    assert all(layer["std"] is not None for layer in look(subject, "health_now", {"part": "discriminator"})["layers"])


def test_moments_worth_asking_for_are_few_and_stay() -> None:
    steps = tuple(range(0, 100_000, 50))
    few = worth_asking(steps)
    assert few[0] == 0 and few[-1] == steps[-1] and len(few) < 60 and few == sorted(set(few))
    more = worth_asking(tuple(range(0, 101_000, 50)))
    assert len(set(few) - set(more)) <= 1  # only the newest one of then
    assert worth_asking((0,)) == [0] and worth_asking((0, 3)) == [0, 1, 2, 3]
    assert set(worth_asking((0, 1003))) >= {0, 1, 10, 100, 1003} and len(worth_asking((0, 1003))) < 20
    assert nearest((0, 10, 20), 14) == 10 and nearest((0, 10, 20), 99) == 20


def test_histograms_hold_every_value() -> None:
    import base64

    values = torch.cat([torch.linspace(-1, 3, 1000), torch.tensor([math.nan, math.inf])])
    found = histogram(values)
    counts = torch.frombuffer(bytearray(base64.b64decode(found["counts"])), dtype=torch.uint16).double() / 65535
    assert found["low"] == -1 and found["high"] == 3 and found["broken"] == 2
    assert (counts * found["peak"]).sum().item() == pytest.approx(1, abs=1e-3)
    assert histogram(torch.full((5,), 2.0))["peak"] == 1.0
    assert histogram(torch.full((5,), math.nan))["low"] is None
    assert histogram(torch.tensor([-3e38, 3e38]))["peak"] == 0.5


@pytest.mark.parametrize("name", SMALL)
def test_input_gradient_equals_autograd(name: str) -> None:
    subject = task(name)
    for part in inside(subject).parts:
        found = look(subject, "input_gradient", {"part": part, "example": 1})
        seen = inside(subject, part, 1, 1)
        assert len(found["items"]) == len(seen.inputs)
        if not seen.inputs.is_floating_point():
            continue
        with seen.opened():
            given = seen.inputs.clone().requires_grad_(True)
            loss = seen.loss_of(seen.model(given))
            gradient = torch.autograd.grad(loss, given)[0]
        assert found["loss"] == pytest.approx(loss.item(), rel=1e-4)
        for item, mine in zip(found["items"], gradient, strict=True):
            assert item["norm"] == pytest.approx(mine.norm().item(), rel=1e-4)
            if item["kind"] == "numbers":
                assert item["gradient"] == pytest.approx(mine.tolist(), rel=1e-4)
                assert len(item["labels"]) == len(item["gradient"])


def test_refuses_what_there_is_not(tmp_path: Path) -> None:
    alone = task("mlp", 0)
    with pytest.raises(LiveTorchError, match="No moments of this run are kept"):
        look(alone, "health", {})
    subject = with_past("mlp", tmp_path, (1,))
    for steps in ("x", "1;2", "-1", ",".join("123456789"), 4, "1" * 20):
        with pytest.raises(LiveTorchError, match="steps is"):
            look(subject, "health", {"steps": steps})
    with pytest.raises(LiveTorchError, match="known is"):
        look(subject, "health", {"known": True})
    for name in ("health", "health_now", "input_gradient"):
        with pytest.raises(LiveTorchError, match="part is foo"):
            look(subject, name, {"part": "foo"} | ({"steps": "1"} if name == "health" else {}))
    with pytest.raises(LiveTorchError, match="example is 9999"):
        look(subject, "input_gradient", {"example": 9999})
    found = look(subject, "health", {"steps": "5, 1, 0"})  # there is no later step to go to
    assert [entry["step"] for entry in found["found"]] == [1, 0]


def test_a_step_that_is_not_kept_is_trained_anew(tmp_path: Path) -> None:
    subject = with_past("mlp", tmp_path, (2, 6))
    between = look(subject, "health", {"steps": "4"})["found"][0]
    now = look(with_past("mlp", tmp_path, (4,)), "health_now", {})
    assert between["step"] == 4 and between["loss"] == now["loss"]
    assert [one["gradient"] for one in between["layers"]] == [one["gradient"] for one in now["layers"]]


def test_short_numbers() -> None:
    assert [short(number) for number in (0, 1.234, 0.0123, 345.6, 2e-6, 3.21e16)] == ["0", "1.2", "0.012", "346", "2.0e-6", "3.2e16"]  # fmt: skip
