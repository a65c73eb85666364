"""What can be seen of a network that learns own classes: the wall, the matrix, the map, advice, one picture, the inside."""

from __future__ import annotations

import base64
import io
import json

import pytest
import torch
from PIL import Image

from core.errors import LiveTorchError
from core.families import FAMILIES
from core.pictures import files
from core.pictures.sets import PictureSet, keep_set
from core.probes import look
from core.probes.inside import inside
from core.probes.transfer import map as transfer_map
from core.probes.transfer.advice import DOUBT, fingerprints
from core.probes.transfer.doubt import RIDGE, doubts, left_out, others_say
from core.training.loop import train
from core.training.task import make_task
from tests.core.transfer import standin

LOOKS = {
    "predictions": {"part": "train", "order": "unsure", "count": 5},
    "classes": {},
    "map": {"method": "tsne"},
    "advice": {},
    "try": {"index": 1},
    "updates": {},
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Trained tasks of each mode."""
    patch = pytest.MonkeyPatch()
    standin.put_in(patch, tmp_path_factory.mktemp("home"))
    fingerprint = standin.kept(10)
    tasks = {}
    for mode in ("head", "finetune", "scratch"):
        tasks[mode] = make_task(standin.config(fingerprint, mode=mode, optimizer={"learning_rate": 0.01}))
        list(train(tasks[mode]))
    yield tasks
    patch.undo()


@pytest.mark.parametrize("mode", ["head", "finetune", "scratch"])
@pytest.mark.parametrize("name", FAMILIES["transfer"].looks)
def test_every_look_answers_and_leaves_no_trace(mode, name, made):
    task = made[mode]
    state, draws = {key: value.clone() for key, value in task.net.state_dict().items()}, torch.get_rng_state()
    modes = [module.training for module in task.net.modules()]
    found = look(task, name, LOOKS[name])
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert all(torch.equal(value, state[key]) for key, value in task.net.state_dict().items())
    assert torch.equal(torch.get_rng_state(), draws)
    assert [module.training for module in task.net.modules()] == modes
    with pytest.raises(LiveTorchError):
        look(task, name, {"nonsense": 1})


def test_the_worst_come_first_and_a_cell_is_kept(made):
    task = made["head"]
    found = look(task, "predictions", {})
    assert found["loss"] == sorted(found["loss"], reverse=True)
    assert set(found["index"]) == set(task.data.validation.tolist()) and found["total"] == len(found["index"])
    with torch.no_grad():
        logits = task.net.head.eval()(task.features[found["index"]])
        task.net.train()
    expected = torch.nn.functional.cross_entropy(logits, torch.tensor(found["labels"]), reduction="none")
    assert found["loss"] == pytest.approx(expected.tolist(), rel=1e-3)
    cell = look(task, "predictions", {"true": 0, "predicted": 0})
    assert all(task.data.labels[place] == 0 for place in cell["index"])
    matrix = look(task, "classes", {})["matrix"]
    assert matrix[0][0] == len(cell["index"])
    with pytest.raises(LiveTorchError, match="predicted is 7"):
        look(task, "predictions", {"predicted": 7})


@pytest.mark.parametrize("mode", ["head", "finetune", "scratch"])
def test_the_map_says_what_the_network_answers(mode, made):
    task = made[mode]
    found = look(task, "map", {})
    with torch.no_grad():
        said = task.net.eval()(task.data.normalised(task.data.stored(found["index"]))).softmax(1).max(1)
    task.net.train()
    assert found["confidence"] == pytest.approx(said.values.tolist(), abs=1e-3)
    assert found["predicted"] == said.indices.tolist()


def test_a_map_is_not_laid_out_twice(made, monkeypatch):
    task, before = made["head"], transfer_map._tsne
    made_anew = []
    monkeypatch.setattr(transfer_map, "_known", {})
    monkeypatch.setattr(transfer_map, "_tsne", lambda *given: made_anew.append(1) or before(*given))
    first = look(task, "map", {"method": "tsne"})
    assert look(task, "map", {"method": "tsne"}) == first and len(made_anew) == 1
    look(task, "map", {"method": "tsne", "seed": 1})
    assert len(made_anew) == 2


def test_what_the_others_say_is_what_a_head_says_that_never_saw_the_picture():
    features = torch.randn(12, 5, generator=torch.Generator().manual_seed(1))
    labels = torch.arange(12) % 3
    said = left_out(features, labels, 3)
    rows = features.double()
    rows = (rows - rows.mean(0)) / rows.std(0, correction=0) / 5**0.5
    rows = torch.cat([rows, torch.ones(12, 1)], 1)
    targets = torch.nn.functional.one_hot(labels, 3).double()
    for place in range(12):
        rest = torch.arange(12) != place
        normal = rows[rest].T @ rows[rest] + RIDGE * torch.eye(6)
        weights = torch.linalg.solve(normal, rows[rest].T @ targets[rest])
        assert torch.allclose(said[place], rows[place] @ weights)


def test_a_wrong_class_is_doubted_although_it_was_learned_by_heart(made):
    generator = torch.Generator().manual_seed(2)
    labels = torch.arange(40) % 2
    features = torch.randn(40, 30, generator=generator) + 2.0 * labels[:, None]
    given = labels.clone()
    given[7] = 1 - given[7]
    doubt = doubts(left_out(features, given, 2), given)
    assert doubt.argmax() == 7 and doubt[7] > DOUBT and (doubt > DOUBT).sum() == 1
    found = look(made["head"], "predictions", {"part": "train", "order": "doubtful"})
    scores = others_say(made["head"])[found["index"]]
    assert found["others"] == scores.argmax(1).tolist()
    assert doubts(scores, torch.tensor(found["labels"])).diff().max() <= 0
    assert look(made["head"], "predictions", {})["others"] is None
    with pytest.raises(LiveTorchError, match="from scratch knows nothing"):
        look(made["scratch"], "predictions", {"order": "doubtful"})


def test_the_map_of_a_line_is_that_line(made):
    task = made["head"]
    kept = task.features
    line = torch.arange(len(kept)).float()
    task.features = torch.stack([line, 2 * line, -line] + [torch.zeros_like(line)] * 9, 1)
    found = look(task, "map", {"method": "pca"})
    task.features = kept
    assert found["explained"][0] == pytest.approx(1.0)
    steps = torch.tensor(found["x"]).diff()
    assert torch.allclose(steps, steps[0].expand_as(steps), atol=1e-3)
    assert [
        place for place, held in zip(found["index"], found["held"], strict=True) if held
    ] == task.data.validation.tolist()


def test_a_new_picture_is_answered_and_its_heat_lies_between_0_and_1(made):
    task = made["finetune"]
    new = standin.picture(standin.COLOURS["red"], seed=999)
    found = look(task, "try", {"sha": new})
    assert found["classes"][found["target"]] == "red" and found["label"] is None
    assert sum(found["probabilities"]) == pytest.approx(1.0, abs=1e-4)
    assert (found["heat"]["height"], found["heat"]["width"]) == (4, 4) and found["heat"]["high"] <= 1.0 + 1e-6
    assert Image.open(io.BytesIO(base64.b64decode(found["jpeg"]))).size == (standin.SIDE, standin.SIDE)
    other = look(task, "try", {"sha": new, "target": 0})
    assert other["target"] == 0 and other["probabilities"] == found["probabilities"]
    for wrong in ({"sha": "../../etc/passwd"}, {"sha": "0" * 64}, {"index": 10_000}, {}):
        with pytest.raises(LiveTorchError):
            look(task, "try", wrong)


def test_grad_cam_by_hand(made):
    from core.probes.transfer.unseen import grad_cam

    task = made["finetune"]
    inputs = task.data.normalised(task.data.stored([0]))
    seen, found = inside(task, "network", 0, 1), []
    for target in (0, 1):
        with seen.opened():
            backbone = seen.model.backbone
            maps = backbone.two(torch.relu(backbone.norm_one(backbone.one(inputs))))
            after = torch.relu(backbone.norm_two(maps)).mean((2, 3))
            (gradient,) = torch.autograd.grad(seen.model.head(after)[0, target], maps)
        heat = (gradient.mean((2, 3), keepdim=True) * maps).sum(1)[0].relu().detach()
        found.append(float(heat.max()))
        assert torch.allclose(grad_cam(task, inputs, target), heat / heat.max().clamp(min=1e-12), atol=1e-4)
    assert max(found) > 0


def advised(pictures: PictureSet) -> dict[str, dict]:
    task = make_task(standin.config(keep_set(pictures), epochs=1))
    return {one["kind"]: one for one in look(task, "advice", {})["found"]}


def test_too_few_uneven_and_contradicting_pictures_are_named(made):
    few = standin.some_set(3)
    assert set(advised(few)) == {"few"}
    many = tuple((standin.picture(standin.COLOURS["green"], 5000 + at), 1) for at in range(40))
    uneven = advised(PictureSet("Uneven", ("blue", "green"), (*few.pictures[::2], *many)))["uneven"]
    assert uneven["most"] == "green" and uneven["many"] == 40 and uneven["few"] == 3 and uneven["percent"] == 93
    sha = few.pictures[0][0]
    both = advised(PictureSet("Both", few.classes, (*few.pictures, (sha, 1))))
    assert both["contradiction"]["pairs"] == [[0, 6]]
    copies = advised(PictureSet("Copies", few.classes, (*few.pictures, few.pictures[1])))
    assert copies["copies"]["pairs"] == [[1, 6]]


def test_a_picture_that_was_only_brightened_is_found_on_the_other_side(made):
    one = standin.some_set(12)
    from core.pictures.split import split

    held = set(split(one, 0.25, 0).validation)
    brighter = []
    for place, (sha, label) in enumerate(one.pictures):
        if place in held:
            file = io.BytesIO()
            Image.eval(files.rgb(sha), lambda value: min(255, value + 9)).save(file, "PNG")
            brighter.append((files.keep(file.getvalue()), label))
    assert "near" not in advised(one)
    found = advised(PictureSet("Near", one.classes, (*one.pictures, *brighter)))["near"]
    assert found["count"] >= 1 and all(abs(first - second) > 0 for first, second in found["pairs"])


def test_fingerprints_are_blind_to_brightness_and_contrast():
    pixels = torch.randint(0, 100, (2, 3, 32, 32), dtype=torch.uint8)
    first, second = fingerprints(pixels), fingerprints((pixels.float() * 2 + 20).to(torch.uint8))
    assert torch.allclose((first * second).sum(1), torch.ones(2), atol=1e-4)
    assert float(first[0] @ first[1]) < 0.5


def test_what_is_trained_is_seen_inside(made):
    head, tuned = made["head"], made["finetune"]
    assert inside(head).part == "network" and inside(head).parts == ("network", "head")
    assert inside(head, "", 0, 8, "train").part == "head"
    assert inside(tuned, "", 0, 8, "train").part == "network"
    assert inside(head).picture.shape == (1, 3, standin.SIDE, standin.SIDE)
    for name, args in (
        ("update", {"example": 0}),
        ("graph", {}),
        ("attribution", {"method": "grad_cam"}),
        ("health_now", {}),
        ("landscape_row", {"kind": "random", "side": 9}),
    ):
        for task in made.values():
            assert look(task, name, args)


def test_the_update_of_a_block_is_explained_with_its_own_rate(made):
    """A parameter of an unfrozen block moves at a share of the rate; the formula agrees with what torch did."""
    task = make_task(
        standin.config(standin.kept(10), mode="finetune", decay=0.3, optimizer={"name": "sgd", "learning_rate": 0.1})
    )
    steps = iter(train(task))
    for _event in range(4):
        next(steps)
    found = look(task, "update", {})
    assert found["chosen"]["layer"].startswith("backbone")
    assert found["agrees"] and found["update"] != 0
