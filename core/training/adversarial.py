"""Two players that learn from each other: the task of the GAN page.

A step of the loop is a round: ``steps_d`` updates of the discriminator, then ``steps_g`` of the generator.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from core.config import check_editable
from core.config.gan import GANRunConfig
from core.config.training import OptimizerConfig
from core.models.gan import check_players, epoch_size, round_size, shape_of
from core.training.checksum import checksum
from core.training.events import Edit, Started
from core.training.gan_game import Game, Turn
from core.training.gan_history import History, moment
from core.training.gan_judge import judge
from core.training.gan_losses import clip_weights
from core.training.gan_measures import GENERATED, PICTURES
from core.training.optimizers import make_optimizer, set_constants, set_rate
from core.training.schedules import SCHEDULES, Plateau
from core.training.task import Task, versions


class AdversarialTraining(Task):
    """A generator and a discriminator with an optimiser each."""

    config: GANRunConfig
    place = ("epochs_done", "seen", "before")

    def __init__(self, config: GANRunConfig) -> None:
        """Build everything from ``config``. Draws the initial weights from torch's global generator.

        For pictures it trains the judge that says what generated ones show, some seconds the first time.
        Raises :class:`ConfigError` for players that cannot be, and for data that are not there.
        """
        check_players(config)
        self.config, self.step = config, 0
        self.game = Game(config)
        self.classes = self.game.classes
        if not config.in_plane:
            judge(config.dataset)
        self.start = checksum(self.game.players)
        self.optimizer = make_optimizer(self.game.generator.parameters(), config.optimizer)
        self.discriminator_optimizer = make_optimizer(
            self.game.discriminator.parameters(), config.discriminator_optimizer
        )
        self.draws = torch.Generator().manual_seed(config.seed)  # on the CPU: a GPU sees the same samples
        self.plateau = Plateau(config.schedule)
        self.history = History()
        self.epochs_done, self.seen, self.before = 0, 0, 0  # of the epoch: with the running round, and before it

    def started(self) -> Started:
        """Sizes of the run; what is drawn without end counts as many samples as an epoch shows."""
        parameters = sum(parameter.numel() for parameter in self.game.players.parameters())
        samples = epoch_size(self.config) * (self.config.batch_size if self.config.in_plane else 1)
        return Started(
            parameters=parameters,
            samples=samples,
            validation_samples=GENERATED if self.config.in_plane else PICTURES,
            total_steps=self.steps_left(),
            batch_size=self.config.batch_size,
            device=self.config.device,
            threads=self.config.threads,
            precision=self.config.precision,
            start=self.start,
            shape=shape_of(self.config),
            classes=self.game.classes,
            versions=versions(),
        )

    def begin_epoch(self) -> None:
        """No round has been played."""
        self.epochs_done, self.seen = self.epoch - 1, 0

    def rest_of_epoch(self) -> Iterator[int]:
        """Rounds. Samples are drawn in the round itself, from the run's own generator."""
        whole = epoch_size(self.config)
        while self.seen < whole:
            self.before, self.seen = self.seen, min(whole, self.seen + round_size(self.config))
            yield self.seen

    def training_step(self, batch: int) -> dict[str, float]:
        """One round; losses and mean scores are those of each player's last update, before it."""
        factor = self._factor()
        set_rate(self.optimizer, self.config.optimizer.learning_rate * factor)
        set_rate(self.discriminator_optimizer, self.config.discriminator_optimizer.learning_rate * factor)
        learns = self.config.players
        of_d = self._turns(self._discriminator_update, self.config.steps_d, learns != "generator")
        of_g = self._turns(self._generator_update, self.config.steps_g, learns != "discriminator")
        found = torch.stack([of_g.loss.detach(), of_d.loss.detach(), *of_d.means(self.game.probabilities)])
        self.step += 1
        values = dict(zip(("loss", "loss_d", "d_real", "d_fake"), found.tolist(), strict=True))
        self.history.rounds.append(values)
        rates = (self.config.optimizer.learning_rate, self.config.discriminator_optimizer.learning_rate)
        return values | {"learning_rate": rates[0] * factor, "learning_rate_d": rates[1] * factor}

    def _turns(self, update: Callable[[bool], Turn], count: int, learns: bool) -> Turn:
        """``count`` updates, or one look where the player stands still; the last one is handed on."""
        turn = update(learns)
        for _more in range(count - 1 if learns else 0):
            turn = update(learns)
        return turn

    def _discriminator_update(self, learns: bool) -> Turn:
        turn = self.game.discriminator_turn(self.draws, learns)
        if learns:
            self._descend(turn.loss, self.game.discriminator, self.discriminator_optimizer)
            if self.config.loss.name == "wgan_clip":
                clip_weights(self.game.discriminator, self.config.loss.clip)
        return turn

    def _generator_update(self, learns: bool) -> Turn:
        for parameter in self.game.discriminator.parameters():
            parameter.requires_grad_(False)  # it is not to learn now, which spares the work
        turn = self.game.generator_turn(self.draws, learns)
        if learns:
            self._descend(turn.loss, self.game.generator, self.optimizer)
        for parameter in self.game.discriminator.parameters():
            parameter.requires_grad_(True)
        return turn

    def _descend(self, loss: Tensor, player: nn.Module, optimizer: Optimizer) -> None:
        optimizer.zero_grad()
        loss.backward()
        if self.config.clip_norm > 0:
            nn.utils.clip_grad_norm_(player.parameters(), self.config.clip_norm)
        optimizer.step()

    def evaluate(self) -> dict[str, float]:
        """How well the generator does on noises that stay the same; its samples are remembered."""
        values = self.game.measures()
        self.history.evaluations.append(values | {"step": self.step})
        self.history.add(moment(self.game, self.step, self.progress))
        return values

    def apply(self, edit: Edit) -> None:
        """What EDITABLE of its config names can change; momentum and second moments are kept."""
        check_editable(self.config, edit.name)
        self.config = self.game.config = self.config.with_value(edit.name, edit.value)
        both: list[tuple[Optimizer, OptimizerConfig]] = [
            (self.optimizer, self.config.optimizer),
            (self.discriminator_optimizer, self.config.discriminator_optimizer),
        ]
        for optimizer, config in both:
            set_constants(optimizer, config)

    def steps_left(self) -> int:
        """Rounds to the end with the present batch size and updates."""
        size, whole = round_size(self.config), epoch_size(self.config)
        begun = self.epochs_done + (self.seen > 0)
        rest = whole - self.seen if self.seen else 0
        return -(-rest // size) + (self.config.epochs - begun) * -(-whole // size)

    @property
    def progress(self) -> float:
        """Epochs trained so far."""
        return self.epochs_done + self.seen / epoch_size(self.config)

    @property
    def learning_rate(self) -> float:
        """The generator's rate of the running round while it is played, else that of the last one."""
        return self.config.optimizer.learning_rate * self._factor()

    def _factor(self) -> float:
        """What the schedule makes of both rates, by the share of the run that was done before the running round."""
        done = (self.epochs_done + self.before / epoch_size(self.config)) / self.config.epochs
        schedule = self.config.schedule
        return SCHEDULES[schedule.name](schedule, done, self.config.epochs) * self.plateau.factor

    def next_factor(self) -> float:
        """What the schedule makes of both rates in the next round."""
        before, done = self.before, self.epochs_done
        try:
            self.before = self.seen
            if self.seen >= epoch_size(self.config):  # it is the first of another epoch
                self.before, self.epochs_done = 0, done + 1
            return self._factor()
        finally:
            self.before, self.epochs_done = before, done

    def weights(self) -> dict[str, Tensor]:
        """Both players' states, as ``generator.<name>`` and ``discriminator.<name>``."""
        return self.game.players.state_dict()

    def networks(self) -> dict[str, nn.Module]:
        """Both players."""
        return {"players": self.game.players}

    def optimizers(self) -> dict[str, Optimizer]:
        """One for each player."""
        return {"generator": self.optimizer, "discriminator": self.discriminator_optimizer}

    def generators(self) -> dict[str, torch.Generator]:
        """Noise, real samples and their classes."""
        return {"draws": self.draws}

    @property
    def version(self) -> tuple[int, ...]:
        """Looks at the past change with every evaluation, those at the data when points are drawn."""
        return (self.step, self.history.seen, hash(self.config.data) & 0xFFFF)
