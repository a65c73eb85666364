"""The main function of a GAN's script, put together from what the run uses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.config import FUSED, OPTIMIZERS, OptimizerConfig
from core.config.gan import GANRunConfig
from core.models.gan import classes_of, score_kind

OWNERS = ("optimizer", "discriminator_optimizer")


def loss_names(config: GANRunConfig) -> tuple[str, str]:
    """The functions of both players' losses."""
    return {
        "minimax": ("discriminator_cross_entropy", "generator_minimax"),
        "non_saturating": ("discriminator_cross_entropy", "generator_non_saturating"),
        "least_squares": ("discriminator_least_squares", "generator_least_squares"),
        "hinge": ("discriminator_hinge", "generator_wasserstein"),
        "wgan_clip": ("discriminator_wasserstein", "generator_wasserstein"),
        "wgan_gp": ("discriminator_wasserstein", "generator_wasserstein"),
    }[config.loss.name]


@dataclass(frozen=True)
class Written:
    """What the text depends on."""

    config: GANRunConfig
    changed: frozenset[str]  # names of what was changed by hand
    validated: bool  # the last epoch that was finished

    def first(self) -> dict[str, Any]:
        """What the text may look up, with the values at the start."""
        config = self.config
        return {
            "optimizer.lr": config.optimizer.learning_rate,
            "discriminator_optimizer.lr": config.discriminator_optimizer.learning_rate,
            "batch_size": config.batch_size,
            "steps_d": config.steps_d,
            "steps_g": config.steps_g,
            "players": config.players,
            "real_label": config.loss.real_label,
            "penalty": config.loss.penalty,
            "clip": config.loss.clip,
            "clip_norm": config.clip_norm,
            "points": [list(point) for point in config.data.points],
            "spread": config.data.spread,
        }

    def of(self, name: str) -> str:
        """The text that stands for a setting: its value, or where the changes put it."""
        if name in self.changed:
            return f'now["{name}"]'
        return "POINTS" if name == "points" else repr(self.first()[name])

    @property
    def general(self) -> bool:
        """Whether a player may stand still."""
        return "players" in self.changed or self.config.players != "both"

    @property
    def probabilities(self) -> bool:
        """Whether scores are printed after a sigmoid."""
        return score_kind(self.config.loss.name) == "probability"


def main(written: Written) -> str:
    """``def main()`` with everything in it."""
    lines = [
        "def main():",
        *_set_up(written),
        "",
        *_discriminator(written),
        "",
        *_generator(written),
        "",
        *_validate(written),
        "",
        *_rounds(written),
    ]
    return "\n".join(line and f"    {line}" if number else line for number, line in enumerate(lines))


def _set_up(written: Written) -> list[str]:
    config = written.config
    tf32 = config.precision != "float32"
    exact = [f"torch.backends.{part}.allow_tf32 = {tf32}" for part in ("cuda.matmul", "cudnn")]
    data = [
        "images, labels, *_rest = load_data()",
        f"pictures = images.float() / {16 if config.dataset == 'digits' else 255} * 2 - 1",
        "judge = train_judge(pictures[:12000], labels[:12000], 10)",
        "pictures, labels = pictures.to(DEVICE), labels.to(DEVICE)",
    ]
    steep = [
        "for module in discriminator:",
        '    if hasattr(module, "weight"):',
        "        spectral_norm(module)",
    ]
    latent, count = config.latent, 2000 if config.in_plane else 500
    told = [f"fixed_labels = torch.arange({count}, device=DEVICE) % {classes_of(config)}"] if config.conditional else []
    held = [name for name in written.first() if name in written.changed]
    now = "now = {" + ", ".join(f'"{name}": {written.first()[name]!r}' for name in held) + "}"
    return [
        "torch.set_num_threads(THREADS)",
        "torch.manual_seed(SEED)",
        *(exact if config.device == "cuda" else []),
        "generator, discriminator = build_generator(), build_discriminator()",
        *(steep if config.discriminator.spectral_norm else []),
        "generator, discriminator = generator.to(DEVICE), discriminator.to(DEVICE)",
        *([] if config.in_plane else data),
        _optimizer("optimizer", config.optimizer, "generator"),
        _optimizer("discriminator_optimizer", config.discriminator_optimizer, "discriminator"),
        *(['optimizers = {"optimizer": optimizer, "discriminator_optimizer": discriminator_optimizer}', now] * bool(written.changed)),
        *(["plateau = Plateau()"] if config.schedule.name == "plateau" else []),
        "draws = torch.Generator().manual_seed(SEED)  # of every sample and noise",
        f'fixed = noise({count}, {latent.dimension}, "{latent.distribution}", torch.Generator().manual_seed(SEED + 1)).to(DEVICE)',
        *told,
    ]  # fmt: skip


def _optimizer(name: str, config: OptimizerConfig, player: str) -> str:
    constants = config.constants() | ({"fused": True} if config.name in FUSED else {})
    given = ", ".join(f"{key}={value!r}" for key, value in constants.items())
    return (
        f"{name} = torch.optim.{OPTIMIZERS[config.name]}({player}.parameters(), lr={config.learning_rate!r}, {given})"
    )


def points_of(written: Written, count: str, draw: str) -> str:
    """The call that draws ``count`` real points."""
    name = written.config.dataset
    more = f", {written.of('points')}" if name == "drawn" else ""
    return f"{name}({count}, {written.of('spread')}, {draw}{more})"


def made_of(written: Written, z: str, labels: str) -> str:
    """The generator's call."""
    return f"generator(joined({z}, {labels}, {classes_of(written.config)}))" if labels else f"generator({z})"


def score_of(written: Written, x: str, labels: str) -> str:
    """The discriminator's call."""
    if not labels:
        return f"discriminator({x})"
    flat = f"{x}.flatten(1)" if written.config.discriminator.kind == "mlp" else x
    return f"discriminator(joined({flat}, {labels}, {classes_of(written.config)}))"


def _discriminator(written: Written) -> list[str]:
    """One update of the discriminator."""
    config, size = written.config, written.of("batch_size")
    labels = "told" if config.conditional else ""
    if config.in_plane:
        real = [f"real = {points_of(written, size, 'draws')}.to(DEVICE)"]
    else:
        real = [
            f"place = torch.randint(0, len(pictures), ({size},), generator=draws).to(DEVICE)",
            "real = pictures[place]",
        ]
        real += ["told = labels[place]"] * config.conditional
    score = [
        f"on_real, on_fake = {score_of(written, 'real', labels)}, {score_of(written, 'fake', labels)}",
        f"loss = {loss_names(config)[0]}(on_real, on_fake, {written.of('real_label')})",
    ]
    penalty = [
        f"share = torch.rand({size}, generator=draws).to(DEVICE)",
        f"score = lambda x: {score_of(written, 'x', labels)}  # noqa: E731",
        f"loss = loss + gradient_penalty(score, real, fake, share, {written.of('penalty')})",
    ]
    if config.loss.name == "wgan_gp":
        score += ["if learns:", *_indented(penalty)] if written.general else penalty
    clipped = [f"clip_weights(discriminator, {written.of('clip')})"] if config.loss.name == "wgan_clip" else []
    body = [
        '"""Real and generated samples; loss and scores are those before the update."""',
        *real,
        f"z = {_noise(written)}",
        "with torch.no_grad():",
        f"    fake = {made_of(written, 'z', labels)}",
        *_descent(written, "discriminator", score, clipped),
        "return loss, on_real, on_fake",
    ]
    return [f"def update_discriminator({'learns' if written.general else ''}):", *_indented(body)]


def _generator(written: Written) -> list[str]:
    """One update of the generator."""
    config, labels = written.config, "told" if written.config.conditional else ""
    drawn = f"told = torch.randint(0, {classes_of(config)}, ({written.of('batch_size')},), generator=draws).to(DEVICE)"
    score = [
        f"fake = {made_of(written, 'z', labels)}",
        f"loss = {loss_names(config)[1]}({score_of(written, 'fake', labels)})",
    ]
    body = [
        '"""Generated samples that are to look real; the loss is the one before the update."""',
        f"z = {_noise(written)}",
        *([drawn] * config.conditional),
        *_descent(written, "generator", score, []),
        "return loss",
    ]
    return [f"def update_generator({'learns' if written.general else ''}):", *_indented(body)]


def _noise(written: Written) -> str:
    latent = written.config.latent
    return f'noise({written.of("batch_size")}, {latent.dimension}, "{latent.distribution}", draws).to(DEVICE)'


def _descent(written: Written, player: str, score: list[str], after: list[str]) -> list[str]:
    """Loss, backward, step; where a player may stand still, only if it learns."""
    optimizer = "optimizer" if player == "generator" else "discriminator_optimizer"
    norm = written.of("clip_norm")
    clip = [f"nn.utils.clip_grad_norm_({player}.parameters(), {norm})"]
    if "clip_norm" in written.changed:
        clip = [f"if {norm} > 0:", *_indented(clip)]
    elif written.config.clip_norm == 0:
        clip = []
    step = [f"{optimizer}.zero_grad()", "loss.backward()", *clip, f"{optimizer}.step()", *after]
    if not written.general:
        return [*score, *step]
    return ["with torch.set_grad_enabled(learns):", *_indented(score), "if learns:", *_indented(step)]


def _validate(written: Written) -> list[str]:
    """Measures on noises that stay the same."""
    config, labels = written.config, "fixed_labels" if written.config.conditional else ""
    if config.in_plane:
        real = points_of(written, "20_000", "torch.Generator().manual_seed(SEED + 2)")
        measure = [
            f"reference = counted({real}, EXTENT, CELLS)",
            "js, kl = divergences(reference, counted(made.cpu(), EXTENT, CELLS))",
        ]
        told = "js {js!r}  kl {kl!r}"
        if config.dataset in ("ring", "grid"):
            radius = f"radius_of({written.of('spread')})"
            measure.append(f'modes, good, _share = covered(made.cpu(), centres("{config.dataset}"), {radius})')
            told += "  modes {modes!r}  good {good!r}"
    else:
        measure = [
            "surest = judge(made.cpu()).softmax(1)[:, :-1].max(1)",
            "confidence, classes = recognised(surest.values, surest.indices, 10)",
        ]
        told = "confidence {confidence!r}  classes {classes!r}"
    body = [
        "generator.eval()",
        "discriminator.eval()",
        f"made = {made_of(written, 'fixed', labels)}",
        f"loss = {loss_names(config)[1]}({score_of(written, 'made', labels)}).item()",
        "generator.train()",
        "discriminator.train()",
        *measure,
        f'print(f"validation  step {{step}}  epoch {{epoch}}  loss {{loss!r}}  {told}")',
        *(["return loss"] if config.schedule.name == "plateau" else []),
    ]
    return ["@torch.no_grad()", "def validate(step, epoch):", *_indented(body)]


def _rounds(written: Written) -> list[str]:
    """The loop over epochs and rounds."""
    config = written.config
    size = "1" if config.in_plane else f"{written.of('batch_size')} * {written.of('steps_d')}"
    share = "(epoch - 1 + done / EPOCH_SIZE) / EPOCHS"
    factor = {"constant": "1.0", "plateau": "plateau.factor"}.get(config.schedule.name, f"factor({share})")
    change = ["change(now, optimizers, step)"] if written.changed else []
    rates = [f'{owner}.param_groups[0]["lr"] = {written.of(f"{owner}.lr")} * {factor}' for owner in OWNERS]
    body = [
        "if step == STEPS:",
        "    return",
        *rates,
        f"done = min(EPOCH_SIZE, done + {size})",
        *_turns(written),
        "step += 1",
        *_told(written),
        *change,
    ]
    call = "plateau.see(validate(step, epoch))" if config.schedule.name == "plateau" else "validate(step, epoch)"
    ended = ["if step < STEPS:  # the run ended at step STEPS, before another validation", f"    {call}"]
    return [
        "step = 0",
        "validate(step, 0)",
        *change,
        "for epoch in range(1, EPOCHS + 1):",
        "    done = 0",
        "    while done < EPOCH_SIZE:",
        *_indented(_indented(body)),
        *_indented([call] if written.validated else ended),
    ]


def _turns(written: Written) -> list[str]:
    """The updates of a round; a player that stands still is looked at once."""
    made = []
    for player, steps, result in (
        ("discriminator", "steps_d", "loss_d, on_real, on_fake"),
        ("generator", "steps_g", "loss"),
    ):
        other = "generator" if player == "discriminator" else "discriminator"
        if written.general:
            learns = f'{written.of("players")} != "{other}"'
            made += [
                f"learns = {learns}",
                f"for _update in range({written.of(steps)} if learns else 1):",
                f"    {result} = update_{player}(learns)",
            ]
        elif steps in written.changed or written.first()[steps] > 1:
            made += [f"for _update in range({written.of(steps)}):", f"    {result} = update_{player}()"]
        else:
            made.append(f"{result} = update_{player}()")
    return made


def _told(written: Written) -> list[str]:
    mean = ".sigmoid().mean().item()" if written.probabilities else ".mean().item()"
    return [
        f"d_real, d_fake = on_real{mean}, on_fake{mean}",
        'losses = f"loss {loss.item()!r}  loss_d {loss_d.item()!r}"',
        'print(f"step {step}  epoch {epoch}  {losses}  d_real {d_real!r}  d_fake {d_fake!r}")',
    ]


def _indented(lines: list[str]) -> list[str]:
    return [line and f"    {line}" for line in lines]
