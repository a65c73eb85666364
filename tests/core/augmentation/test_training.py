"""Runs with a recipe: the script, the past, the loss of mixed pictures, old configs."""

from __future__ import annotations

import pytest
import torch

from core.config import CNNRunConfig, load
from core.config.augmentation import TRANSFORMS, RecipeConfig, TransformConfig
from core.export.script import Recorded, standalone_script
from core.training.events import Metrics
from core.training.loop import train
from core.training.losses import LOSSES
from core.training.moments import capture, put_back
from core.training.seeing import right_answers
from core.training.task import make_task, versions
from tests.core.test_script import check

SMALL = {"model": {"blocks": [{"channels": 4, "stride": 2}], "hidden": []}, "batch_size": 360, "epochs": 2}
RECIPES = {
    "digits": "=Digits~crop_1_0.12_constant~rotate_0.5_-10_10_grey~noise_0.5_0.05~erase_0.5_0.02_0.2_0.3_3.3_black",
    "shapes": "elastic_0.7_0.04_0.1_black~perspective_0.5_0.3_white~affine_0.6_-10_10_0.1_0.9_1.1_5_black~.invert_0.5",
    "policies, mixed": "trivialaugment_1~augmix_0.3_3_2~-mixup_0.4",
    "cut": "jitter_0.5_0.3_0.3_0.3_0.05~-cutmix_1",
    "only mixed": "-mixup_0.2",
}


@pytest.mark.parametrize("recipe", RECIPES)
def test_the_script_repeats_the_run(recipe, tmp_path):
    loss = {"name": "mse" if recipe == "cut" else "cross_entropy", "label_smoothing": 0.1}
    data = {"augmentation": "shift"} if recipe == "shapes" else {}
    edits = [{"step": 3, "name": "batch_size", "value": 500}]
    check(SMALL | {"recipe": RECIPES[recipe], "loss": loss, "data": data}, edits, 10**6, tmp_path)


@pytest.mark.parametrize("name", TRANSFORMS)
def test_the_script_says_every_transform_as_ruff_would(name):
    import subprocess
    import sys

    recipes = [TransformConfig(name), TransformConfig(name).with_values(p=0.123456)]
    recipe = RecipeConfig("A", tuple(recipes), "mixup")
    for device in ("cpu", "cuda"):
        config = CNNRunConfig(recipe=recipe, device=device, threads=1)
        script = standalone_script(config, Recorded([], 3, versions(), "stopped"))
        done = subprocess.run(
            [sys.executable, "-m", "ruff", "format", "--check", "--isolated", "--line-length", "120", "--diff", "-"],
            input=script,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_a_moment_is_brought_back_with_its_draws():
    config = load(SMALL | {"recipe": RECIPES["policies, mixed"]}).resolved(device="cpu", threads=1)

    def losses(task, count):
        found, loop = [], train(task)
        for event in loop:
            if isinstance(event, Metrics) and event.split == "train":
                found.append(event.values["loss"])
                if len(found) == count:
                    return found
        return found

    task = make_task(config)
    losses(task, 3)
    moment = capture(task)
    after = losses(task, 3)
    other = make_task(config)
    put_back(other, moment)
    assert losses(other, 3) == after


def test_a_recipe_changes_a_run_and_an_empty_one_does_not():
    def first(**values):
        task = make_task(load(SMALL | values).resolved(device="cpu", threads=1))
        return next(event.values["loss"] for event in train(task) if isinstance(event, Metrics) and event.step == 1)

    assert first() == first(recipe="") == first(recipe="=Nothing~.hflip_0.5")
    assert first() != first(recipe="vflip_1")


def test_mixed_labels_in_the_losses():
    logits = torch.tensor([[2.0, 0.0, 0.0], [0.0, 1.0, 3.0]])
    shares = torch.tensor([[0.7, 0.3, 0.0], [0.0, 0.6, 0.4]])
    log_p, p = logits.log_softmax(1), logits.softmax(1)
    assert LOSSES["cross_entropy"](logits, shares, 0.0).item() == pytest.approx(-(shares * log_p).sum(1).mean().item())
    assert LOSSES["mse"](logits, shares, 0.0).item() == pytest.approx((p - shares).square().mean().item())
    hard = torch.tensor([0, 2])
    one_hot = torch.nn.functional.one_hot(hard, 3).float()
    for name in LOSSES:
        assert LOSSES[name](logits, hard, 0.1).item() == pytest.approx(LOSSES[name](logits, one_hot, 0.1).item())
    assert right_answers(logits, shares).item() == 1  # of the second one the larger share is class 1
    assert right_answers(logits, hard).item() == 2


def test_configs_from_before_there_were_recipes_load():
    old = CNNRunConfig().to_dict()
    del old["recipe"]
    assert load(old) == CNNRunConfig()
    assert load({"version": 1, "data": {"augmentation": "shift"}}).recipe.empty


def test_one_update_shows_what_the_network_saw():
    from core.probes.step.batch import batch, names_of
    from core.probes.step.loss import answer_of
    from core.probes.step.true import taken

    task = make_task(load(SMALL | {"recipe": "invert_1~-mixup_1"}).resolved(device="cpu", threads=1))
    one = taken(task, "")
    assert batch(one)["size"] == 360
    names = names_of(one)
    assert any(", " in name for name in names) and all("%" in name for name in names)
    answer = answer_of(one, 3, None)
    assert answer.y.sum().item() == pytest.approx(1.0)
    wanted = (answer.z.softmax(0) - answer.y) / answer.over
    assert torch.allclose(answer.delta, wanted, atol=1e-6)
