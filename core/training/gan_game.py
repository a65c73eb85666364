"""The two players, their data and what each of them sees in one update. The task trains it, looks look into it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import torch
from torch import Generator, Tensor, nn

from core.config.gan import GANRunConfig
from core.datasets import load_dataset
from core.datasets.images import ImageData
from core.datasets.shapes2d import centres, sample
from core.models.gan import build, classes_of, given_to_discriminator, joined, score_kind
from core.training.assessment import looking
from core.training.gan_judge import judge
from core.training.gan_losses import GAN_LOSSES, gradient_penalty
from core.training.gan_measures import (
    CELLS,
    EXTENT,
    GENERATED,
    PICTURES,
    REFERENCE,
    counted,
    covered,
    divergences,
    radius_of,
    recognised,
)

FIXED = 1  # added to the run's seed for what stays the same from look to look
REAL = 2  # and for the real points that generated ones are counted against


def noise(count: int, dimension: int, distribution: str, draw: Generator) -> Tensor:
    """Latent numbers (count, dimension) float32 on the CPU."""
    if distribution == "uniform":
        return torch.rand(count, dimension, generator=draw) * 2 - 1
    return torch.randn(count, dimension, generator=draw)


@dataclass(frozen=True)
class Samples:
    """Noise (N, latent) and the classes (N,) that go with it, on the players' device."""

    z: Tensor
    labels: Tensor | None


@dataclass(frozen=True)
class Turn:
    """What one player sees in one update. Scores are (N, 1); ``real`` is the discriminator's alone."""

    z: Tensor
    fake: Tensor
    on_fake: Tensor
    loss: Tensor
    real: Tensor | None = None
    on_real: Tensor | None = None

    def means(self, probabilities: bool) -> list[Tensor]:
        """Mean scores of real and generated samples, as probabilities where they stand for such."""
        scores = [score for score in (self.on_real, self.on_fake) if score is not None]
        return [(score.detach().sigmoid() if probabilities else score.detach()).mean() for score in scores]


class Game:
    """Two networks on ``config.device`` with the real samples. Its config may change between two rounds."""

    def __init__(self, config: GANRunConfig) -> None:
        """Draws the initial weights from torch's global generator. Raises :class:`ConfigError` for missing files."""
        self.config = config
        self.generator, self.discriminator = (player.to(config.device) for player in build(config))
        self.images: ImageData | None = None if config.in_plane else load_dataset(config.dataset)
        if self.images is not None:
            self.pictures = self.images.train_images.to(config.device)
            self.labels = self.images.train_labels.to(config.device)
        self._reference: tuple[object, Tensor] | None = None

    @property
    def players(self) -> nn.ModuleDict:
        """Both networks by the names their weights are kept under."""
        return nn.ModuleDict({"generator": self.generator, "discriminator": self.discriminator})

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of what the pictures show; none in the plane."""
        return self.images.classes if self.images is not None else ()

    def stored(self, pictures: Tensor) -> Tensor:
        """Bytes (n, C, H, W) as the players see them: float32 from -1 to 1."""
        assert self.images is not None
        return pictures.float() / self.images.scale * 2 - 1

    def real(self, draw: Generator) -> tuple[Tensor, Tensor | None]:
        """A batch of real samples with their classes where the players are told them."""
        if self.images is None:
            return sample(self.config, self.config.batch_size, draw).to(self.config.device), None
        place = torch.randint(0, len(self.pictures), (self.config.batch_size,), generator=draw).to(self.config.device)
        return self.stored(self.pictures[place]), self.labels[place] if self.config.conditional else None

    def noise(self, draw: Generator, count: int) -> Tensor:
        """Latent numbers (count, latent) on the device."""
        latent = self.config.latent
        return noise(count, latent.dimension, latent.distribution, draw).to(self.config.device)

    def some(self, draw: Generator, count: int) -> Samples:
        """Noise for ``count`` samples; their classes are drawn as well where the players are told them."""
        z, classes = self.noise(draw, count), classes_of(self.config)
        labels = torch.randint(0, classes, (count,), generator=draw).to(self.config.device) if classes else None
        return Samples(z, labels)

    def fixed(self, count: int) -> Samples:
        """The first ``count`` of the noises that stay the same through the whole run; classes take turns."""
        classes = classes_of(self.config)
        draw = torch.Generator().manual_seed(self.config.seed + FIXED)
        labels = torch.arange(count, device=self.config.device) % classes if classes else None
        return Samples(self.noise(draw, count), labels)

    def generate(self, z: Tensor, labels: Tensor | None) -> Tensor:
        """Samples (N, 2) or (N, C, H, W) from noise (N, latent)."""
        made: Tensor = self.generator(joined(z, labels, classes_of(self.config)))
        return made

    def score(self, x: Tensor, labels: Tensor | None) -> Tensor:
        """How real samples look to the discriminator, (N, 1)."""
        found: Tensor = self.discriminator(given_to_discriminator(self.config, x, labels))
        return found

    def discriminator_turn(self, draw: Generator, learns: bool) -> Turn:
        """What the discriminator sees in one update; the penalty is left out where it does not learn."""
        real, labels = self.real(draw)
        z = self.noise(draw, self.config.batch_size)
        with torch.no_grad():
            fake = self.generate(z, labels)
        with torch.set_grad_enabled(learns):
            on_real, on_fake = self.score(real, labels), self.score(fake, labels)
            loss = GAN_LOSSES[self.config.loss.name][0](on_real, on_fake, self.config.loss.real_label)
            if learns and self.config.loss.name == "wgan_gp":
                share = torch.rand(len(real), generator=draw).to(self.config.device)
                score = partial(self.score, labels=labels)
                loss = loss + gradient_penalty(score, real, fake, share, self.config.loss.penalty)
        return Turn(z, fake, on_fake, loss, real, on_real)

    def generator_turn(self, draw: Generator, learns: bool) -> Turn:
        """What the generator sees in one update."""
        given = self.some(draw, self.config.batch_size)
        with torch.set_grad_enabled(learns):
            fake = self.generate(given.z, given.labels)
            on_fake = self.score(fake, given.labels)
            loss = GAN_LOSSES[self.config.loss.name][1](on_fake)
        return Turn(given.z, fake, on_fake, loss)

    @property
    def probabilities(self) -> bool:
        """Whether scores become probabilities by a sigmoid."""
        return score_kind(self.config.loss.name) == "probability"

    @contextmanager
    def looked_at(self) -> Iterator[None]:
        """Evaluation mode and no gradients for both players inside."""
        with looking(self.generator), looking(self.discriminator):
            yield

    def shown(self, count: int) -> tuple[Tensor, Tensor]:
        """Fixed samples as they are in evaluation, with their scores (count, 1)."""
        given = self.fixed(count)
        with self.looked_at():
            made = self.generate(given.z, given.labels)
            return made, self.score(made, given.labels)

    def reference(self) -> Tensor:
        """Counts of many real points, the same for every evaluation of the same data."""
        key = (self.config.data, self.config.dataset)
        if self._reference is None or self._reference[0] != key:
            draw = torch.Generator().manual_seed(self.config.seed + REAL)
            self._reference = key, counted(sample(self.config, REFERENCE, draw), EXTENT, CELLS)
        return self._reference[1]

    def measures(self) -> dict[str, float]:
        """How well the generator does on the fixed noises; see :mod:`core.training.gan_measures`."""
        made, scores = self.shown(GENERATED if self.images is None else PICTURES)
        values = {"loss": GAN_LOSSES[self.config.loss.name][1](scores).item()}
        if self.images is not None:
            surest = judge(self.config.dataset).probabilities(made).max(1)
            sure, present = recognised(surest.values, surest.indices, len(self.images.classes))
            return values | {"confidence": sure, "classes": present}
        points = made.cpu()
        js, kl = divergences(self.reference(), counted(points, EXTENT, CELLS))
        values |= {"js": js, "kl": kl}
        middles = centres(self.config.dataset)
        if middles is None:
            return values
        modes, good, _share = covered(points, middles, radius_of(self.config.data.spread))
        return values | {"modes": modes, "good": good}
