"""The task of the RNN page: exact steps, repeated runs, edits, truncation, carried states, what cannot be."""

from __future__ import annotations

import math

import pytest
import torch
from torch.nn import functional as F

from core.config import load
from core.config.rnn import MEMORY_STEPS, SEQUENCES, RNNRunConfig
from core.errors import ConfigError, LiveTorchError
from core.models.rnn import SequenceModel
from core.models.unrolled import unrolled
from core.probes.rnn.table import network_table
from core.training.events import Edit, Ended, Metrics, Started
from core.training.loop import train
from core.training.task import make_task
from tests.core.rnn.runs import SMALL, config, numbers, trained

NAMES = {"forecast": {"mase", "mae"}, "characters": {"bits_per_character"}, "classify": {"accuracy"}}


@pytest.mark.parametrize("dataset", SEQUENCES)
def test_same_seed_same_run_with_the_promised_metrics(dataset):
    settings = config(dataset, seed=3)
    said = numbers(settings, 4)
    assert said == numbers(settings, 4)
    kind = settings.kind if dataset != "copy" else "classify"
    assert said[0].keys() == {"loss"} | NAMES.get(kind, set())
    more = NAMES[kind] if kind in ("classify", "characters") else set()
    assert said[1].keys() == {"loss", "learning_rate", "gradient_norm"} | more
    assert all(math.isfinite(value) for values in said for value in values.values())


@pytest.mark.parametrize("dataset", SEQUENCES)
def test_the_table_tells_what_the_run_will_be(dataset):
    settings = config(dataset)
    table, started = network_table(settings.to_dict()), make_task(settings).started()
    assert table["parameters"] == started.parameters == sum(row["parameters"] for row in table["rows"])
    assert table["steps_per_epoch"] * settings.epochs == started.total_steps
    assert (table["samples"], table["validation_samples"]) == (started.samples, started.validation_samples)
    assert table["input"] == list(started.shape)
    assert table["text_sha256"] == started.versions.get(f"{dataset} sha256", "")
    assert bool(table["vocabulary"]) == (dataset in ("stdlib", "text", "lines"))


def test_parameters_by_the_formula():
    rows = network_table(config("rows", model={"hidden": 64, "bidirectional": False, "layers": 1}).to_dict())["rows"]
    assert [row["parameters"] for row in rows] == [4 * 64 * (8 + 64 + 2), 65 * 10]
    assert [row["output"] for row in rows] == [[8, 64], [10]]


@pytest.mark.parametrize("cell", ["rnn_tanh", "rnn_relu", "gru", "lstm"])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_the_unrolled_layers_are_torchs_own(cell, bidirectional):
    model = load({"page": "rnn", "dataset": "rows", "model": {"cell": cell, "layers": 3, "hidden": 8}}).model
    torch.manual_seed(1)
    network = SequenceModel(
        type(model)(cell=cell, layers=3, hidden=8, bidirectional=bidirectional), inputs=5, outputs=2
    )  # fmt: skip
    x = torch.randn(4, 11, 5)
    expected, state = network.rnn(x)
    passes = unrolled(network.rnn, x, 2)[-1]
    torch.testing.assert_close(torch.cat([one.over_time(one.hidden) for one in passes], 2), expected)
    if cell == "lstm":
        torch.testing.assert_close(passes[0].cell[-1], state[1][4 if bidirectional else 2])
    assert set(passes[0].gates) == {"lstm": {"input", "forget", "output"}, "gru": {"reset", "update"}}.get(cell, set())


def test_forget_gates_begin_open():
    plain, biased = (make_task(config("rows", model={"forget_bias": value})).model.rnn for value in (0.0, 2.0))
    torch.testing.assert_close(biased.bias_ih_l0 - plain.bias_ih_l0, F.pad(torch.full((8,), 2.0), (8, 16)))
    assert torch.equal(biased.bias_hh_l0, plain.bias_hh_l0)


def test_a_step_by_hand():
    """One SGD step on a plain RNN with squared error equals w - lr x gradient, the gradient by an unrolled loop."""
    sgd = {"name": "sgd", "learning_rate": 0.1, "momentum": 0.0}
    task = make_task(
        config(
            "adding",
            model={"cell": "rnn_tanh", "layers": 1, "dropout": 0.0},
            optimizer=sgd,
            schedule={"name": "constant"},
            clip_norm=0.0,
        )
    )
    batch, rnn = next(task.batches(1)), task.model.rnn
    h = torch.zeros(32, 8)
    for step in range(8):
        given = batch.inputs[:, step] @ rnn.weight_ih_l0.T + rnn.bias_ih_l0
        h = torch.tanh(given + h @ rnn.weight_hh_l0.T + rnn.bias_hh_l0)
    loss = (task.model.head(h)[:, 0] - batch.targets).square().mean()
    parameters = list(task.model.parameters())
    before = [parameter.detach().clone() for parameter in parameters]
    gradients = torch.autograd.grad(loss, parameters)
    said = task.training_step(batch)
    assert said["loss"] == pytest.approx(loss.item(), rel=1e-6)
    assert said["gradient_norm"] == pytest.approx(torch.cat([g.flatten() for g in gradients]).norm().item(), rel=1e-5)
    for parameter, weight, gradient in zip(parameters, before, gradients, strict=True):
        torch.testing.assert_close(parameter.detach(), weight - 0.1 * gradient)


def test_truncation_cuts_the_gradient_and_nothing_else():
    model = make_task(config("adding", model={"layers": 1, "dropout": 0.0})).model
    x = torch.rand(3, 10, 2, requires_grad=True)
    whole = model.last(x)
    cut = model.last(x, bptt=4)
    torch.testing.assert_close(cut, whole)
    (gradient,) = torch.autograd.grad(cut.sum(), x)
    assert bool((gradient[:, :6] == 0).all()) and bool((gradient[:, 6:] != 0).any())
    (uncut,) = torch.autograd.grad(whole.sum(), x)
    assert bool((uncut[:, :6] != 0).any())


def test_a_carried_state_makes_one_sequence_of_pieces():
    """Two pieces with a carried state give the losses of one sequence twice as long, with a learning rate of 0."""
    still = {"learning_rate": 0.0}
    short = config("text", data={"carry": True, "bptt": 0, "length": 10}, optimizer=still, model={"dropout": 0.0})
    long = config("text", data={"carry": True, "bptt": 0, "length": 20}, optimizer=still, model={"dropout": 0.0})
    pieces, whole = numbers(short, 5)[1:], numbers(long, 3)[1:]
    assert (pieces[0]["loss"] + pieces[1]["loss"]) / 2 == pytest.approx(whole[0]["loss"], rel=1e-6)
    assert (pieces[2]["loss"] + pieces[3]["loss"]) / 2 == pytest.approx(whole[1]["loss"], rel=1e-6)
    reset = numbers(config("text", data={"length": 10, "bptt": 0}, optimizer=still, model={"dropout": 0.0}), 3)[1:]
    assert reset[0]["loss"] != pieces[0]["loss"]


def test_lines_are_read_to_their_own_end():
    """What a line is filled up with changes no answer, in either direction."""
    for values in ({"bidirectional": True}, {"bidirectional": False}):
        task = make_task(config("lines", model=values))
        task.model.eval()
        answers = task.problem.answers(task.model)
        for index in (0, 5, 11):
            alone = task.model.last(task.problem.example(index).inputs)
            torch.testing.assert_close(alone[0], answers[index])


def test_one_step_forecasts_see_only_the_past():
    for values in ({"data": {"difference": True, "carry": True}}, {"data": {"difference": False, "carry": False}}):
        task = make_task(config("co2", **values))
        problem = task.problem
        task.model.eval()
        with torch.no_grad():
            said = problem.value(problem.one_step(task.model))
            free = problem.free(task.model, [problem.series.split + 3], 5)[0]
            problem.known[problem.split + 3 :] = 9.0  # the future, changed
            again = problem.value(problem.one_step(task.model))
            later = problem.free(task.model, [problem.series.split + 3], 5)[0]
        assert torch.equal(said[:4], again[:4]) and not torch.equal(said[4:], again[4:])
        assert torch.equal(free, later)
        assert free[0].item() == pytest.approx(said[3].item(), rel=1e-6)


def test_mase_is_the_error_over_the_mean_change():
    task = trained(config("sunspots"))
    problem, values = task.problem, task.evaluate()
    task.model.eval()
    with torch.no_grad():
        said = problem.value(problem.one_step(task.model))
    error = (said - torch.tensor(problem.series.values[problem.series.split :], dtype=torch.float64)).abs().mean()
    assert values["mae"] == pytest.approx(error.item())
    assert values["mase"] == pytest.approx(error.item() / 16.3739837398374)
    assert values["loss"] == pytest.approx(
        F.mse_loss(problem.one_step(task.model), problem.known[problem.split :]).item(), rel=1e-5
    )


def test_fifty_fresh_batches_are_an_epoch_of_a_puzzle():
    task = make_task(config("copy", epochs=2, batch_size=3))
    assert task.started().total_steps == 2 * MEMORY_STEPS
    assert task.started().samples == MEMORY_STEPS * 3
    batches = task.batches(1)
    first, second = next(batches), next(batches)
    assert not torch.equal(first.inputs, second.inputs)
    assert (task.progress, task.steps_left()) == (2 / MEMORY_STEPS, 2 * MEMORY_STEPS - 2)


def test_another_batch_size_holds_from_the_next_batch_and_moves_the_end():
    task = make_task(config("rows", batch_size=500))
    sizes, left = [], []
    for batch in task.batches(1):
        sizes.append(len(batch.targets))
        if len(sizes) == 1:
            task.apply(Edit("batch_size", 700))
        left.append(task.steps_left())
    assert sizes == [500, 700, 237] and left == [2 + 3, 1 + 3, 3]


def test_streams_are_cut_anew_at_the_next_epoch():
    task = make_task(config("text", data={"carry": True, "length": 40}, batch_size=8))
    first = next(task.batches(1))
    task.apply(Edit("batch_size", 5))
    assert (first.inputs.shape, next(task.batches(2)).inputs.shape) == ((8, 40), (5, 40))
    with pytest.raises(ConfigError, match="900 streams of at least 40 do not fit"):
        task.apply(Edit("batch_size", 900))
    assert task.config.batch_size == 5


@pytest.mark.parametrize("name", RNNRunConfig.EDITABLE)
def test_every_editable_setting_is_taken_over(name):
    last = name.split(".")[-1]
    optimizer = {"nesterov": "sgd", "momentum": "sgd", "alpha": "rmsprop", "rho": "adadelta"}.get(last, "adam")
    value = {"batch_size": 7, "optimizer.nesterov": True, "stop.patience": 4, "stop.seconds": 9}.get(name, 0.25)
    task = make_task(config("rows", optimizer={"name": optimizer}))
    batches = task.batches(1)
    task.training_step(next(batches))
    task.apply(Edit(name, value))
    batch = next(batches)
    assert math.isfinite(task.training_step(batch)["loss"])
    held = task.config
    for part in name.split("."):
        held = getattr(held, part)
    assert held == value
    if name == "batch_size":
        assert len(batch.targets) == 7
    if name == "model.dropout":
        assert task.model.dropout.p == task.model.rnn.dropout == 0.25
    if last in ("momentum", "nesterov", "alpha", "rho", "weight_decay"):
        assert task.optimizer.param_groups[0][last] == value


BAD = [
    ({"dataset": "copy", "model": {"bidirectional": True}}, "model.bidirectional", "would see the answers"),
    ({"dataset": "stdlib", "model": {"bidirectional": True}}, "model.bidirectional", "would see the answers"),
    ({"dataset": "rows", "model": {"bidirectional": True}, "data": {"bptt": 4}}, "data.bptt", "Set it to 0"),
    ({"dataset": "adding", "data": {"carry": True}}, "data.carry", "no hidden state to carry"),
    ({"dataset": "series"}, "data.upload", "There are no data yet"),
    ({"dataset": "text", "data": {"upload": "x" * 64}}, "data.upload", "not the fingerprint"),
    ({"dataset": "sunspots", "data": {"length": 247}}, "data.length", "Take at most 246"),
    ({"dataset": "stdlib", "data": {"carry": True, "length": 500}, "batch_size": 1024, "model": {"hidden": 256, "layers": 3}}, "batch_size", "needs at least"),
    ({"dataset": "rows", "precision": "bfloat16"}, "precision", "must be one of: float32, tf32"),
    ({"dataset": "rows", "model": {"cell": "mamba"}}, "model.cell", "must be one of"),
]  # fmt: skip


@pytest.mark.parametrize(("values", "field", "sentence"), BAD)
def test_what_cannot_be_is_refused_by_name(values, field, sentence):
    with pytest.raises(ConfigError, match=sentence) as refused:
        network_table({"page": "rnn", **values})
    assert refused.value.field == field and refused.value.message.endswith(".")


def test_an_upload_that_is_gone_ends_the_run_with_a_sentence():
    gone = load({"page": "rnn", "dataset": "text", "data": {"upload": "0" * 64}}).resolved(device="cpu", threads=1)
    with pytest.raises(LiveTorchError, match="not on this server any more"):
        make_task(gone)


def test_a_learning_rate_beyond_reason_diverges_in_words():
    settings = config("rows", optimizer={"learning_rate": 1e10}, clip_norm=0.0, epochs=20)
    *_, last = train(make_task(settings))
    assert isinstance(last, Ended) and last.state == "diverged" and last.step < 60


def test_a_whole_run_says_what_it_should():
    said = list(train(make_task(config("adding", epochs=2, batch_size=4))))
    assert isinstance(said[0], Started) and said[-1] == Ended("finished", 100)
    assert [event.step for event in said if isinstance(event, Metrics) and event.split == "validation"] == [0, 50, 100]
    assert set(SMALL) == set(SEQUENCES)
