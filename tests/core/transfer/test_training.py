"""The task of the transfer page: what is split how, what learns, what is kept, and that it repeats itself."""

from __future__ import annotations

import json
import time

import pytest
import torch

from core.backbones.embed import embeddings
from core.backbones.registry import BACKBONES
from core.config import TransferRunConfig, load
from core.config.transfer import BACKBONES as TITLES
from core.errors import ConfigError, LiveTorchError
from core.models.transfer_table import network_table
from core.pictures.sets import PictureSet, keep_set
from core.pictures.split import split
from core.probes import look
from core.probes.transfer.subject import transfer_rest
from core.runs.weights import weights_of
from core.training.breaks import held_by
from core.training.events import Ended, Metrics
from core.training.loop import train
from core.training.moments import capture, packed
from core.training.past import Past
from core.training.past_names import moment_name
from core.training.preparing import heard_by
from core.training.task import make_task
from tests.core.transfer import standin

MODES = ("head", "finetune", "scratch")


def test_the_titles_are_those_of_the_registry():
    assert {name: spec.title for name, spec in BACKBONES.items()} == TITLES


def test_a_config_survives_json_and_refuses_what_cannot_be():
    settings = TransferRunConfig(mode="finetune", blocks=2)
    assert load(json.loads(json.dumps(settings.to_dict()))) == settings
    for wrong in ({"pictures": "../etc"}, {"backbone": "none"}, {"recipe": "-mixup_0.4"}, {"blocks": 0}):
        with pytest.raises(ConfigError):
            load({"page": "transfer"} | wrong)
    assert load({"page": "transfer", "mode": "scratch", "recipe": "-mixup_0.4"}).recipe.batch == "mixup"


def test_every_class_is_split_and_copies_stay_on_one_side():
    one = standin.some_set(8)
    twice = PictureSet("Twice", one.classes, one.pictures + one.pictures[:6])
    for seed in range(5):
        parts = split(twice, 0.25, seed)
        assert sorted((*parts.train, *parts.validation)) == list(range(len(twice.pictures)))
        sides = [{twice.pictures[place][0] for place in part} for part in (parts.train, parts.validation)]
        assert not sides[0] & sides[1]
        held = [twice.pictures[place][1] for place in parts.validation]
        assert {
            label: len({twice.pictures[place][0] for place in parts.validation if twice.pictures[place][1] == label})
            for label in held
        } == {0: 2, 1: 2}
    assert split(one, 0.25, 0) != split(one, 0.25, 1)


def test_a_mended_picture_stays_on_its_side():
    one = standin.some_set(8)
    before = split(one, 0.25, 3)
    place = before.train[0]
    sha, label = one.pictures[place]
    mended = tuple((other, 1 - at if other == sha else at) for other, at in one.pictures)
    after = split(PictureSet(one.title, one.classes, mended), 0.25, 3)
    moved = set(before.validation) ^ set(after.validation)
    assert len(moved) <= 1 and label in (0, 1)


@pytest.mark.parametrize("mode", MODES)
def test_it_learns_and_repeats_itself(mode):
    fingerprint = standin.kept()
    settings = standin.config(fingerprint, mode=mode, epochs=6, optimizer={"learning_rate": 0.02})
    said = [list(train(make_task(settings))) for _twice in range(2)]
    assert said[0] == said[1]
    assert said[0][-1] == Ended("finished", 18)
    validated = [event.values for event in said[0] if isinstance(event, Metrics) and event.split == "validation"]
    assert validated[-1]["loss"] < validated[0]["loss"] and validated[-1]["accuracy"] == 1.0


def test_only_what_may_learn_does():
    fingerprint = standin.kept()
    for mode, moved in (
        ("head", set()),
        ("finetune", {"two", "norm_two"}),
        ("scratch", {"one", "two", "norm_one", "norm_two"}),
    ):
        task = make_task(standin.config(fingerprint, mode=mode, blocks=1))
        before = {name: value.detach().clone() for name, value in task.net.backbone.named_parameters()}
        averages = {name: value.clone() for name, value in task.net.backbone.named_buffers()}
        list(train(task))
        changed = {
            name.split(".")[0]
            for name, value in task.net.backbone.named_parameters()
            if not torch.equal(value, before[name])
        }
        assert changed == moved
        spoiled = any(not torch.equal(value, averages[name]) for name, value in task.net.backbone.named_buffers())
        assert spoiled == (mode == "scratch")


def test_the_first_step_by_hand():
    """Mean and deviation of the embeddings, one linear layer, one step of SGD."""
    settings = standin.config(
        standin.kept(), optimizer={"name": "sgd", "learning_rate": 0.5, "momentum": 0.0, "weight_decay": 0.0}
    )
    task = make_task(settings)
    rows = embeddings(standin.NAME, False, task.data.shas)[task.data.train]
    assert torch.equal(task.inputs, rows)
    mean, std = rows.double().mean(0), rows.double().std(0, correction=0)
    std[std <= 1e-6] = 1.0
    weight, bias = (value.detach().clone() for value in task.net.head[-1].parameters())
    batch = next(task.batches(1))
    x = ((rows[batch].double() - mean) / std).float()
    truth = torch.nn.functional.one_hot(task.labels[batch], 2).float()
    logits = x @ weight.T + bias
    expected = -(truth * logits.log_softmax(1)).sum(1).mean().item()
    gradient = (logits.softmax(1) - truth).T @ x / len(batch)
    found = task.training_step(batch)
    assert found["loss"] == pytest.approx(expected, rel=1e-5)
    assert torch.allclose(task.net.head[-1].weight, weight - 0.5 * gradient, atol=1e-5)


def test_blocks_further_from_the_output_learn_more_slowly():
    task = make_task(
        standin.config(standin.kept(), mode="finetune", blocks=2, decay=0.2, optimizer={"learning_rate": 0.01})
    )
    list(train(task))
    assert [round(group["lr"], 8) for group in task.optimizer.param_groups] == [0.01, 0.002, 0.0004]


def test_disturbed_versions_are_drawn_once_and_depend_on_the_picture_alone():
    settings = standin.config(standin.kept(), recipe="=Own~hflip_0.5~rotate_1_-30_30_black", draws=3)
    one, other = make_task(settings), make_task(settings)
    assert one.examples == 4 * len(one.data.train)
    assert torch.equal(one.inputs, other.inputs)
    count = len(one.data.train)
    assert not torch.equal(one.inputs[:count], one.inputs[count : 2 * count])
    fewer = make_task(standin.config(standin.kept(6), recipe="=Own~hflip_0.5~rotate_1_-30_30_black", draws=3))
    place = [one.data.set.pictures[at][0] for at in one.data.train.tolist()]
    shared = [fewer.data.set.pictures[at][0] for at in fewer.data.train.tolist()]
    sha = next(iter(set(place) & set(shared)))
    assert torch.equal(one.inputs[count + place.index(sha)], fewer.inputs[len(shared) + shared.index(sha)])


@pytest.mark.parametrize("mode", MODES)
def test_any_step_comes_back_to_the_last_bit(mode, tmp_path):
    settings = standin.config(standin.kept(), mode=mode, epochs=4, model={"dropout": 0.3}, recipe="=Own~hflip_0.5")
    task = make_task(settings)
    loop, states = train(task), {}
    for event in loop:
        if isinstance(event, Metrics) and event.split == "train":
            states[event.step] = {name: value.clone() for name, value in task.weights().items()}
            if event.step == 4:
                content = packed(capture(task))
                (tmp_path / moment_name(4)).write_bytes(content)
    for step in (0, 3, 4, 9):
        back = Past(settings, [], tmp_path).task_at(step)
        assert back.step == step
        if step:
            assert all(torch.equal(value, states[step][name]) for name, value in back.weights().items())


def test_a_moment_holds_only_what_changes():
    task = make_task(standin.config(standin.kept(), mode="finetune"))
    assert {name.split(".")[0] for name in capture(task)["networks"]["model"]} == {"backbone", "head"}
    assert not any(
        "one" in name.split(".")[1] for name in capture(task)["networks"]["model"] if name.startswith("backbone")
    )
    head = make_task(standin.config(standin.kept()))
    assert set(capture(head)["networks"]["model"]) == {"0.mean", "0.std", "2.weight", "2.bias"}


@pytest.mark.parametrize("mode", MODES)
def test_what_is_left_says_the_same(mode):
    task = make_task(standin.config(standin.kept(), mode=mode))
    list(train(task))
    rest = transfer_rest(task.config, {name: value.clone() for name, value in task.weights().items()}, task.step)
    from core.probes.transfer.wall import classes, predictions

    assert classes(rest) == classes(task)
    assert predictions(rest)["confidence"] == predictions(task)["confidence"]
    with pytest.raises(RuntimeError):
        transfer_rest(task.config, {"head.2.weight": torch.zeros(2, 12)}, 1)


def test_weights_say_how_pictures_are_prepared():
    task = make_task(standin.config(standin.kept()))
    content = weights_of(task)
    size = int.from_bytes(content[:8], "little")
    metadata = json.loads(content[8 : 8 + size])["__metadata__"]
    said = json.loads(metadata["preprocessing"])
    assert json.loads(metadata["classes"]) == ["blue", "red"]
    assert said["resize"] == 18 and said["crop"] == 16 and said["backbone"] == standin.NAME


def test_it_tells_how_many_pictures_were_looked_at():
    heard: list[dict] = []
    with heard_by(lambda _template, values: heard.append(values)):
        make_task(standin.config(standin.kept()))
        first = len(heard)
        make_task(standin.config(standin.kept()))
    assert heard[0] == {"done": 0, "total": 16} and heard[first - 1] == {"done": 16, "total": 16}
    assert len(heard) == first  # the second time they are on the disk


def test_sizes_of_what_learns():
    found = network_table(standin.config(standin.kept(), mode="finetune", blocks=1).to_dict())
    assert found["train"] == [6, 6] and found["validation"] == [2, 2]
    assert found["head"] == 12 * 2 + 2 and found["learning"] == 12 * 8 * 9 + 12 + 24 and found["blocks"] == 2


def test_what_cannot_be_trained_is_said():
    with pytest.raises(LiveTorchError, match="Telling apart"):
        keep_set(PictureSet("One", ("a",), standin.some_set(2).pictures[:1]))
    copies = standin.picture((9, 9, 9), 1)
    other = standin.some_set(3, ("blue",)).pictures
    twice = PictureSet("Copies", ("blue", "grey"), (*other, (copies, 1), (copies, 1)))
    task = make_task(standin.config(keep_set(twice)))
    assert 1 in task.data.labels[task.data.train] and 1 not in task.data.labels[task.data.validation]
    with pytest.raises(ConfigError, match="not on this server"):
        make_task(standin.config("0" * 64))
    with pytest.raises(ConfigError, match="too many at once"):
        network_table(load({"page": "transfer", "mode": "scratch", "batch_size": 512}).to_dict())


@pytest.mark.parametrize("mode", ["finetune", "scratch"])
def test_an_evaluation_that_was_held_finds_the_same_to_the_last_bit(mode):
    task = make_task(standin.config(standin.kept(100), mode=mode))
    task.training_step(next(iter(task.batches(1))))
    plain, random = task.evaluate(), torch.get_rng_state()
    held = []

    def look_meanwhile():
        with torch.enable_grad():
            held.append(look(task, "predictions", {}))

    with held_by(look_meanwhile):
        assert task.evaluate() == plain
    assert len(held) == 2 and torch.equal(torch.get_rng_state(), random)  # 40 pictures, 32 at once


def test_time_in_which_an_evaluation_is_held_is_no_training_time():
    settings = standin.config(standin.kept(), mode="finetune", stop={"seconds": 1}, epochs=2)
    with held_by(lambda: time.sleep(1.1)):
        said = list(train(make_task(settings)))
    assert said[-1].reason == "" and said[-1].step == said[-2].step
