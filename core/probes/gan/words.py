"""What can be said of two players, and what to try. No torch: the page translates it."""

from __future__ import annotations

from core.i18n import N_

# verdict -> sentence with the values that the look gives beside it
VERDICTS: dict[str, str] = {
    "early": N_("Too early to tell: only {rounds:,} rounds have been played."),
    "learning": N_("The players are learning: D says {d_real:.2f} of real and {d_fake:.2f} of generated samples."),
    "works": N_("It works: generated samples are spread like the real ones ({found} of {whole} found, quality {quality:.0%})."),
    "collapse": N_(
        "Mode collapse: the generator makes only {found} of {whole} kinds of sample, whatever noise it is given."
    ),
    "d_wins": N_(
        "The discriminator wins: it says {d_real:.2f} of real and {d_fake:.2f} of generated samples, so the generator hardly learns what to change."
    ),
    "oscillates": N_(
        "The players chase each other: from one evaluation to the next {moved:.0%} of the samples change their place, and it is not getting better."
    ),
    "worse": N_(
        "It has got worse: what the generator makes was {best:.0%} like the real ones at its best, and lately {now:.0%} at most."
    ),
    "stuck": N_(
        "It does not converge: after {rounds:,} rounds generated samples are still far from the real ones ({distance:.2f}, where 0 is alike and 1 has nothing in common), and the last evaluations brought nothing."
    ),
}  # fmt: skip
# what to try -> sentence
TRIES: dict[str, str] = {
    "wait": N_("Let it train on."),
    "wgan_gp": N_("Take the Wasserstein loss with gradient penalty, with 3 to 5 discriminator updates a round."),
    "non_saturating": N_("Take the non-saturating loss: its gradient does not fade while the generator loses."),
    "label": N_("Lower the real label to 0.9, so that the discriminator is never quite sure."),
    "slower_d": N_("Give the discriminator a smaller learning rate, or fewer updates a round."),
    "faster_d": N_("Give the discriminator more units, more updates a round, or a larger learning rate: it sees too little."),
    "more_g": N_("Give the generator more updates a round."),
    "fewer_g": N_("Give the generator fewer updates a round, or a smaller learning rate."),
    "larger_batch": N_("Take larger batches: a collapse is easier to see in many samples at once."),
    "spectral": N_("Switch on spectral normalisation, so that the discriminator cannot become steep."),
    "beta1": N_("Set beta 1 of both optimisers to 0.5 or 0: memory of old gradients makes them swing."),
    "lower_rates": N_("Lower both learning rates, or let them fall (linear schedule)."),
    "more_latent": N_("Take more latent dimensions."),
}  # fmt: skip
