"""The loop with a task of tiny steps: stretches, numbers that are not recorded, and single steps."""

from __future__ import annotations

from core.config import load
from core.training.events import Edited, Ended, Metrics, Started
from core.training.loop import train
from core.training.task import Task

STEPS = 5  # of an epoch


class Tiny(Task):
    """Each epoch is one stretch of five steps, unless single ones are wanted; every second epoch is recorded."""

    def __init__(self, epochs: int, **stop) -> None:
        self.config = load({"epochs": epochs, "stop": stop})
        self.evaluated = 0

    def started(self):
        return Started(1, STEPS, 1, self.steps_left(), 1, "cpu", 1, "float32", "0", (), (), {})

    def begin_epoch(self):
        pass

    def networks(self):
        return {}

    optimizers = generators = networks

    def rest_of_epoch(self):
        left = STEPS
        while left:
            taken = 1 if self.single else left
            left -= taken
            yield taken

    def training_step(self, batch):
        self.step += batch
        whole = self.step % STEPS == 0
        return {"loss": 1 / self.step} if self.single or (whole and self.validates(self.step // STEPS)) else {}

    def validates(self, epoch):
        return epoch % 2 == 0

    def evaluate(self):
        self.evaluated += 1
        return {"loss": 1 / (1 + self.step)}

    def end_epoch(self, epoch, validation):
        assert epoch == self.step // STEPS
        super().end_epoch(epoch, validation)

    def apply(self, edit):
        raise AssertionError("nothing is edited here")

    def steps_left(self):
        return self.config.epochs * STEPS - self.step

    @property
    def learning_rate(self):
        return 0.1

    @property
    def progress(self):
        return self.step / STEPS

    def weights(self):
        return {}


def test_epochs_that_are_not_recorded_are_trained_all_the_same():
    task = Tiny(5)
    events = list(train(task))
    assert [type(event) for event in (events[0], events[-1])] == [Started, Ended]
    said = [(event.split, event.step) for event in events if isinstance(event, Metrics) and event.values]
    assert said == [
        ("validation", 0), ("train", 10), ("validation", 10), ("train", 20), ("validation", 20), ("validation", 25),
    ]  # fmt: skip
    assert task.step == 25 and not any(isinstance(event, Edited) for event in events)


def test_who_steps_hears_of_every_step_and_of_every_epochs_end():
    task = Tiny(3)
    task.single = True
    said = [(event.split, event.step) for event in train(task) if isinstance(event, Metrics)]
    assert said[:7] == [("validation", 0), *(("train", step) for step in range(1, 6)), ("validation", 5)]
    assert task.evaluated == 4


def test_a_target_loss_ends_the_run_where_it_is_met():
    events = list(train(Tiny(200, target_loss=0.05)))
    assert events[-1].state == "finished" and events[-1].step == 20  # 1 / 21, after epoch 4
    assert events[-1].values["loss"] == 1 / 21
