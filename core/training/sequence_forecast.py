"""The next value of a series."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from core.config.rnn import RNNRunConfig
from core.datasets.series import load_series
from core.errors import ConfigError
from core.i18n import N_
from core.models.rnn import SequenceModel, State
from core.training.sequence_problems import Batch, Example, Shuffled

LONGEST = 24  # steps of a free-running forecast
ORIGINS = 64  # at most, from which free-running forecasts are scored


class Forecast(Shuffled):
    """Windows of a standardised series, or of its changes; after every value the next one is wanted.

    Validation predicts each value of the last fifth from the true values before it: from the last ``length`` of
    them or, where the hidden state is carried, from all.
    """

    inputs = outputs = 1
    every = True

    def __init__(self, config: RNNRunConfig) -> None:
        super().__init__(config)
        self.series = load_series(config.dataset, config.data)
        self.levels = torch.tensor(self.series.values, dtype=torch.float64)  # (N,)
        known = self.levels.diff() if config.data.difference else self.levels
        # position in ``known`` of what validates; one earlier where there are only changes
        self.split = self.series.split - (1 if config.data.difference else 0)
        length = config.data.length
        if self.split <= length:
            raise ConfigError(
                "data.length",
                N_(
                    "A window of {length} values and the one after it do not fit into the {count} values that are trained on. Take at most {most}."
                ),
                length=length,
                count=self.split,
                most=self.split - 1,
            )
        self.mean, self.std = (float(found) for found in (known[: self.split].mean(), known[: self.split].std()))
        self.known = ((known - self.mean) / self.std).float().to(self.device)  # (M,)
        self.windows = self.known[: self.split].unfold(0, length + 1, 1)  # (n, length + 1)
        self.samples, self.validation_samples = len(self.windows), len(self.known) - self.split
        truth = self.levels[self.series.split :]
        self.before = self.levels[self.series.split - 1 : -1]  # the value before each one that is predicted
        self.truth = truth

    @property
    def steps(self) -> int:
        """Values of a window."""
        return self.config.data.length

    @property
    def examples(self) -> int:
        """A window before each value that validates."""
        return self.validation_samples

    def example(self, index: int) -> Example:
        """The window before validation value ``index``."""
        first = self.split + index - self.steps
        window = self.known[first : first + self.steps + 1]
        offset = len(self.levels) - len(self.known)
        axis = [self.series.times[first + offset + step] for step in range(self.steps)]
        return Example(window[None, :-1, None], window[None, 1:, None], axis)

    def pick(self, chosen: Tensor) -> tuple[Tensor, Tensor, None]:
        """Windows and the same one step later, (B, T, 1) each."""
        windows = self.windows[chosen.to(self.device)].unsqueeze(2)
        return windows[:, :-1], windows[:, 1:], None

    def forward(self, model: SequenceModel, batch: Batch) -> Tensor:
        """The next value after every one, (B, T, 1), standardised."""
        return model.each(batch.inputs, bptt=self.config.data.bptt)[0]

    def loss_of(self, answers: Tensor, targets: Tensor) -> tuple[Tensor, None]:
        """Mean squared error over all steps of all windows, in standardised units."""
        return F.mse_loss(answers, targets), None

    def one_step(self, model: SequenceModel) -> Tensor:
        """The prediction of every value that validates from the true ones before it: (V,) standardised."""
        if self.config.data.carry:
            answers, _state = model.each(self.known[None, :-1, None])
            return answers[0, self.split - 1 :, 0]
        windows = self.known[self.split - self.steps : -1].unfold(0, self.steps, 1).unsqueeze(2)
        return torch.cat([model.last(part)[:, 0] for part in windows.split(1024)])

    def value(self, predicted: Tensor) -> Tensor:
        """Predictions (V,) of :meth:`one_step` in the unit of the series, float64 on the CPU."""
        found = predicted.double().cpu() * self.std + self.mean
        return self.before + found if self.config.data.difference else found

    def evaluate(self, model: SequenceModel) -> dict[str, float]:
        """Squared error (standardised), mean absolute error in the series' unit, and as a multiple of its scale."""
        predicted = self.one_step(model)
        loss = F.mse_loss(predicted.double(), self.known[self.split :].double()).item()
        error = (self.value(predicted) - self.truth).abs().mean().item()
        return {"loss": loss, "mase": error / self.series.scale, "mae": error}

    def free(self, model: SequenceModel, origins: list[int], steps: int = LONGEST) -> Tensor:
        """Forecasts that go on from themselves: (origins, steps) in the unit of the series, float64 on the CPU.

        ``origins``: increasing positions in the series of the first value predicted; nothing later is seen.
        """
        offset = len(self.levels) - len(self.known)
        starts = [origin - offset for origin in origins]
        answers, state = self._warm(model, starts)
        found = []
        for step in range(steps):
            found.append(answers[:, -1, 0])
            if step < steps - 1:
                answers, state = model.each(found[-1][:, None, None], state)
        made = torch.stack(found, 1).double().cpu() * self.std + self.mean
        last = self.levels[[origin - 1 for origin in origins]][:, None]
        return last + made.cumsum(1) if self.config.data.difference else made

    def _warm(self, model: SequenceModel, starts: list[int]) -> tuple[Tensor, State]:
        """Answers (n, ., 1) and states after the true values before each start."""
        if not self.config.data.carry:
            windows = torch.stack([self.known[start - self.steps : start] for start in starts])
            return model.each(windows.unsqueeze(2))
        state: State | None = None
        answers, states, done = [], [], 0
        for start in starts:
            answer, state = model.each(self.known[None, done:start, None], state)
            answers.append(answer[:, -1:])
            states.append(state)
            done = start
        joined = (
            (torch.cat([one[0] for one in states], 1), torch.cat([one[1] for one in states], 1))
            if isinstance(states[0], tuple)
            else torch.cat([one for one in states if not isinstance(one, tuple)], 1)
        )
        return torch.cat(answers), joined
