"""What each player lowers. Scores are what the discriminator puts out, (N, 1), without a sigmoid.

Each function stands for itself, because the exported script holds those it uses, word for word.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def discriminator_cross_entropy(real: Tensor, fake: Tensor, real_label: float) -> Tensor:
    """-log D(x) - log(1 - D(G(z))), where the real label is 1 (Goodfellow et al., 2014; Salimans et al., 2016)."""
    on_real = F.binary_cross_entropy_with_logits(real, torch.full_like(real, real_label))
    return on_real + F.binary_cross_entropy_with_logits(fake, torch.zeros_like(fake))


def generator_minimax(fake: Tensor) -> Tensor:
    """log(1 - D(G(z))), which is flat while the discriminator is sure (Goodfellow et al., 2014)."""
    return -F.softplus(fake).mean()


def generator_non_saturating(fake: Tensor) -> Tensor:
    """-log D(G(z)) (Goodfellow et al., 2014, section 3)."""
    return F.softplus(-fake).mean()


def discriminator_least_squares(real: Tensor, fake: Tensor, real_label: float) -> Tensor:
    """((D(x) - label)² + D(G(z))²) / 2 (Mao et al., 2017)."""
    return 0.5 * ((real - real_label).square().mean() + fake.square().mean())


def generator_least_squares(fake: Tensor) -> Tensor:
    """(D(G(z)) - 1)² / 2 (Mao et al., 2017)."""
    return 0.5 * (fake - 1).square().mean()


def discriminator_hinge(real: Tensor, fake: Tensor, real_label: float) -> Tensor:
    """max(0, 1 - D(x)) + max(0, 1 + D(G(z))) (Lim and Ye, 2017; Miyato et al., 2018). It has no labels."""
    return F.relu(1 - real).mean() + F.relu(1 + fake).mean()


def discriminator_wasserstein(real: Tensor, fake: Tensor, real_label: float) -> Tensor:
    """D(G(z)) - D(x) (Arjovsky et al., 2017). It has no labels."""
    return fake.mean() - real.mean()


def generator_wasserstein(fake: Tensor) -> Tensor:
    """-D(G(z)) (Arjovsky et al., 2017), for the hinge loss too."""
    return -fake.mean()


def gradient_penalty(
    score: Callable[[Tensor], Tensor], real: Tensor, fake: Tensor, share: Tensor, weight: float
) -> Tensor:
    """weight x (|dD/dx| - 1)² at points between real and generated samples (Gulrajani et al., 2017).

    ``score`` (N, ...) -> (N, 1); ``share`` (N,) of the real sample in each point.
    """
    share = share.view(-1, *[1] * (real.dim() - 1))
    between = (share * real + (1 - share) * fake).requires_grad_()
    slope = torch.autograd.grad(score(between).sum(), between, create_graph=True)[0].flatten(1)
    steepness: Tensor = slope.norm(dim=1)
    return weight * (steepness - 1).square().mean()


def clip_weights(discriminator: nn.Module, limit: float) -> None:
    """Put every weight back between -limit and limit (Arjovsky et al., 2017)."""
    with torch.no_grad():
        for parameter in discriminator.parameters():
            parameter.clamp_(-limit, limit)


# loss -> (of the discriminator, of the generator)
GAN_LOSSES: dict[str, tuple[Callable[[Tensor, Tensor, float], Tensor], Callable[[Tensor], Tensor]]] = {
    "minimax": (discriminator_cross_entropy, generator_minimax),
    "non_saturating": (discriminator_cross_entropy, generator_non_saturating),
    "least_squares": (discriminator_least_squares, generator_least_squares),
    "hinge": (discriminator_hinge, generator_wasserstein),
    "wgan_clip": (discriminator_wasserstein, generator_wasserstein),
    "wgan_gp": (discriminator_wasserstein, generator_wasserstein),
}
