"""Looks into a task that is on, and into what is left of one that is over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from core.errors import LiveTorchError
from core.probes import look
from core.probes.rest import look_at_rest
from core.training.task import make_task
from tests.core.probes.classifiers import ASKED, PLAIN, RICH, config, decode


@pytest.fixture
def trained():
    """A task after eleven steps, with averaged weights that differ from the trained ones."""
    task = make_task(config(RICH, ema_decay=0.5, batch_size=64))
    for _, batch in zip(range(11), task.batches(1), strict=False):
        task.training_step(batch)
    return task


def saved(task: Any, folder: Path) -> str:
    path = str(folder / "weights.safetensors")
    save_file({name: value.contiguous() for name, value in task.evaluated.state_dict().items()}, path)
    return path


def test_looks_into_a_task_see_the_network_that_validates(trained):
    accuracy = trained.evaluate()["accuracy"]
    seen = look(trained, "classes", {})
    assert sum(seen["matrix"][n][n] for n in range(10)) == round(accuracy * 360)
    assert seen["assessed"] == trained.step == 11
    first = look(trained, "filters", {})["layers"][0]
    averaged, weight = trained.evaluated[0].weight.detach(), trained.model[0].weight.detach()
    shown = decode(first["tensor"]).float().view(4, 1, 3, 3)
    torch.testing.assert_close(shown, averaged, rtol=0, atol=first["tensor"]["high"] / 254)
    assert (shown - weight).abs().max() > first["tensor"]["high"] / 254


def test_looking_does_not_change_how_a_run_goes_on():
    looked, plain = make_task(config(RICH)), make_task(config(RICH))
    losses = []
    for task in (looked, plain):
        torch.manual_seed(5)
        losses.append([])
        for _, batch in zip(range(4), task.batches(1), strict=False):
            losses[-1].append(task.training_step(batch)["loss"])
            for name, args in ASKED if task is looked else []:
                look(task, name, args)
    assert losses[0] == losses[1]
    assert [point.step for point in looked.meter.points] == [2, 3, 4]


@pytest.mark.parametrize(("name", "args"), [asked for asked in ASKED if asked[0] != "updates"])
def test_a_run_that_is_over_shows_what_it_showed_last(trained, tmp_path, name, args):
    trained.evaluate()
    live = look(trained, name, args)
    path = saved(trained, tmp_path)
    rested = look_at_rest(trained.config.to_dict(), path, trained.step, name, args)
    if name == "predictions" and not args:
        assert (rested.pop("wrong"), rested.pop("assessed")) == (None, None)  # nobody has asked for them yet
        live.pop("wrong"), live.pop("assessed")
    assert_alike(rested, live)


def assert_alike(found: Any, expected: Any) -> None:
    """Equal, but for the last digits: memory formats differ, and with them the order of sums."""
    if isinstance(expected, dict):
        assert found.keys() == expected.keys()
        for key, value in expected.items():
            if key != "values":
                assert_alike(found[key], value)
    elif isinstance(expected, list):
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            assert_alike(one, other)
    elif isinstance(expected, float):
        assert found == pytest.approx(expected, rel=1e-3, abs=2e-4)
    else:
        assert found == expected


def test_updates_of_a_run_that_is_over_are_not_to_be_had(trained, tmp_path):
    with pytest.raises(LiveTorchError, match="this run is over"):
        look_at_rest(trained.config.to_dict(), saved(trained, tmp_path), 11, "updates", {})


def test_missing_damaged_and_foreign_weights_give_a_sentence(trained, tmp_path):
    values = trained.config.to_dict()
    with pytest.raises(LiveTorchError, match="missing or damaged"):
        look_at_rest(values, str(tmp_path / "none.safetensors"), 11, "filters", {})
    path = saved(trained, tmp_path)
    with pytest.raises(LiveTorchError, match="do not fit its network"):
        look_at_rest(config(PLAIN).to_dict(), path, 11, "filters", {})
    for damage in (b"", b"\x80\x04.", Path(path).read_bytes()[:-5]):
        broken = tmp_path / f"{len(damage)}.safetensors"
        broken.write_bytes(damage)
        with pytest.raises(LiveTorchError, match="missing or damaged"):
            look_at_rest(values, str(broken), 11, "filters", {})
