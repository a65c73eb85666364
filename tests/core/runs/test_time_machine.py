"""Back to a step of a real run, and on from there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.config import load
from core.errors import ConfigError, LiveTorchError, NotFoundError
from core.runs.limits import Limits
from core.runs.looks import Look, asked_looks
from core.runs.service import RunService
from core.runs.store import Store
from core.training.past_names import step_of
from tests.core.runs.conftest import ANN, BEN, LONG, until


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunService]:
    made = RunService(Limits.from_environment(), Store(folder=tmp_path_factory.mktemp("home")))
    assert made.client.ready.wait(60)
    yield made
    made.close()


@pytest.fixture(scope="module")
def run(service: RunService) -> str:
    """A run that was stopped after some hundred steps, with a change on the way."""
    config = load(LONG | {"schedule": {"name": "cosine"}, "stop": {"target_accuracy": 0.0}})
    begun = service.submit(ANN, config)
    record = service.record(begun.id, ANN)
    until(lambda: record.log.step > 60, 60)
    service.edit(begun.id, ANN, "optimizer.learning_rate", 0.004)
    until(lambda: record.row["edits"], 60)
    until(lambda: record.log.step > record.row["edits"][0]["step"] + 150 and kept(service, begun.id), 60)
    service.stop(begun.id, ANN)
    until(lambda: not record.active, 30)
    return begun.id


def kept(service: RunService, run: str) -> list[int]:
    folder: Path = service.store.run_folder(run)
    found = [step_of(file.name) for file in folder.iterdir()] if folder.is_dir() else []
    return sorted(step for step in found if step is not None)


def looked(service: RunService, run: str, name: str, at: int, **args: Any) -> Any:
    """The answer to a look at ``at``, as a viewer would get it."""
    record = service.record(run, ANN)
    look = Look.of(name, args, at)

    def wake() -> None: ...

    unwatch = service.viewing.watch(record, wake)
    service.viewing.look(record, wake, (look,))
    assert service.viewing.unanswered(record, wake) == [look]
    service.viewing.look_at_rest(record, look)
    answer = record.answers[look.key]
    unwatch()
    return answer


def losses(service: RunService, run: str) -> dict[int, float]:
    rows = service.record(run, ANN).log.rows()
    return {step: values["loss"] for split, step, _epoch, _seconds, values in rows if split == "train"}


def test_any_step_can_be_looked_at(service: RunService, run: str) -> None:
    for step in (0, 1, 77, 150):
        answer = looked(service, run, "filters", step)
        assert answer.error is None and answer.step == step
    first, later = looked(service, run, "filters", 0), looked(service, run, "filters", 150)
    assert first.data != later.data


def test_a_step_it_never_had_is_refused_in_words(service: RunService, run: str) -> None:
    answer = looked(service, run, "filters", 10**6)
    assert answer.data is None and "there is no step 1000000" in answer.error.message


def test_a_branch_without_a_change_repeats_the_run_to_the_last_digit(service: RunService, run: str) -> None:
    parent = losses(service, run)
    first = service.record(run, ANN).row["edits"][0]["step"] + 30
    branch = service.branch(run, ANN, first, {})
    record = service.record(branch.id, ANN)
    until(lambda: record.log.step >= first + 90, 60)
    service.stop(branch.id, ANN)
    until(lambda: not record.active, 30)
    child = losses(service, branch.id)
    assert min(child) == first + 1
    both = sorted(child.keys() & parent.keys())
    assert len(both) >= 80
    assert [child[step] for step in both] == [parent[step] for step in both]
    assert record.row["info"]["branch"]["run"] == run
    assert [edit["value"] for edit in record.row["edits"]] == [0.004]


def test_a_branch_with_a_change_goes_another_way_and_outlives_its_parent(service: RunService, run: str) -> None:
    branch = service.branch(run, ANN, 150, {"optimizer.learning_rate": 0.02, "batch_size": 16})
    record = service.record(branch.id, ANN)
    until(lambda: record.log.step >= 160, 60)
    service.stop(branch.id, ANN)
    until(lambda: not record.active, 30)
    child, parent = losses(service, branch.id), losses(service, run)
    assert child[151] == parent[151]  # measured before the first update with the new rate
    assert child[160] != parent[160]
    assert [edit["name"] for edit in record.row["edits"] if edit["step"] == 150] == ["optimizer.learning_rate"]
    assert "0.02" in service.script(branch.id, ANN)
    assert set(step for step in kept(service, run) if step <= 150) <= set(kept(service, branch.id))


def test_what_cannot_be_branched_is_refused(service: RunService, run: str) -> None:
    with pytest.raises(NotFoundError):
        service.branch(run, BEN, 10, {})
    with pytest.raises(LiveTorchError, match="there is no step"):
        service.branch(run, ANN, 10**6, {})
    with pytest.raises(ConfigError, match="cannot be changed"):
        service.branch(run, ANN, 10, {"seed": 3})
    with pytest.raises(ConfigError, match="learning_rate"):
        service.branch(run, ANN, 10, {"optimizer.learning_rate": -1.0})


def test_nothing_goes_on_from_the_end_of_a_whole_run(service: RunService) -> None:
    begun = service.submit(ANN, load(LONG | {"epochs": 1}))
    record = service.record(begun.id, ANN)
    until(lambda: not record.active, 60)
    with pytest.raises(LiveTorchError, match="no epoch left"):
        service.branch(begun.id, ANN, record.log.step, {"optimizer.learning_rate": 0.02})


@pytest.mark.parametrize("at", ["-1", '"now"', "1.5", "true"])
def test_nonsense_for_a_moment_is_no_look(at: str) -> None:
    with pytest.raises(ValueError, match="a moment is a step"):
        asked_looks(f'{{"looks": [{{"name": "filters", "args": {{}}, "at": {at}}}]}}')
