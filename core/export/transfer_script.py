"""The standalone script of a run of the transfer page: plain PyTorch that repeats it, with no LiveTorch import."""

from __future__ import annotations

from textwrap import indent

from core.backbones.registry import BACKBONES
from core.config import FUSED, OPTIMIZERS
from core.config.augmentation import recipe_text
from core.config.transfer import TransferRunConfig
from core.export import transfer_parts as parts
from core.export import transfer_script_parts as texts
from core.export.recorded import Recorded, constants, header
from core.export.script import changes_of
from core.export.script_parts import CHANGE, CHANGE_BUFFERS, CHANGE_DROPOUT, MSE, SOFT, schedule_code
from core.export.transforms_code import IMPORT, mix_code, transforms_code

HELD = ("lr", "batch_size", "clip_norm", "label_smoothing")  # what the loop itself looks up


def transfer_script(config: TransferRunConfig, run: Recorded) -> str:
    """A script that repeats exactly the run of ``config`` (device, threads and precision resolved).

    It reads the pictures from the folder ``pictures`` of what is taken away, in which their side of the split, their
    class and their place are said by their path.
    """
    changes = changes_of(config, run.edits)  # type: ignore[arg-type]
    changed = {name for made in changes.values() for name in made}
    functions = [
        texts.LOAD,
        *([mix_code(config.recipe, "len(CLASSES)")] if config.recipe.batch != "none" else []),
        parts.prepared_code(config),
        parts.backbone_code(config),
        parts.head_code(config),
        *_looking(config),
        *schedule_code(config.schedule),
        *(
            [MSE.format(hot=SOFT if config.recipe.batch != "none" else "F_.one_hot(labels, classes).float()")]
            if config.loss.name == "mse"
            else []
        ),
        *([_change(config, changed)] if changed else []),
        _main(config, changed, run.validated),
        'if __name__ == "__main__":\n    main()',
    ]
    body = "\n\n\n".join(part.strip("\n") for part in functions) + "\n"
    body = body.replace("F.one_hot", "F_.one_hot").replace("F.mse_loss", "F_.mse_loss")  # F is torchvision's here
    head = [
        header(config, run, "own pictures"),
        _imports(config, body),
        constants(config, changes, run.steps, _constants(config)),
        *_recipe(config),
    ]
    return "\n\n".join(head) + "\n\n\n" + body


def _constants(config: TransferRunConfig) -> list[str]:
    found = ['PICTURES = Path(__file__).with_name("pictures")', *parts.constants_of(config)]
    if config.mode == "head" and config.recipe.active:
        plain = recipe_text(type(config.recipe)("", config.recipe.transforms, config.recipe.batch, config.recipe.alpha))
        found += [f"DRAWS = {config.draws}  # disturbed versions of each training picture", f"RECIPE = {plain!r}"]
    return found


def _recipe(config: TransferRunConfig) -> list[str]:
    side = BACKBONES[config.backbone].side
    return [transforms_code(config.recipe, (side, side)).strip()] if config.recipe.active else []


def _imports(config: TransferRunConfig, body: str) -> str:
    others = {"from torch.nn import functional as F_"}
    if "fuse_conv_bn_eval" in body:
        others.add("from torch.nn.utils.fusion import fuse_conv_bn_eval")
    if "load_file" in body:
        others.add("from safetensors.torch import load_file")
    if config.recipe.active or config.recipe.batch != "none":
        others.add(IMPORT)
    standard = {"from pathlib import Path"}
    standard |= {f"import {name}" for name in ("hashlib", "math") if f"{name}." in body}
    if "deepcopy(" in body:
        standard |= {"from copy import deepcopy", "from itertools import pairwise"}
    return parts.import_lines(config, standard, others)


def _looking(config: TransferRunConfig) -> list[str]:
    """How the backbone looks at the pictures once, where it does."""
    if config.mode == "scratch":
        return []
    found = [texts.EMBED.format(body="model.features" if BACKBONES[config.backbone].shipped else "model")]
    if config.mode == "head" and config.recipe.active:
        found.append(texts.DRAWN)
    return found


def _change(config: TransferRunConfig, changed: set[str]) -> str:
    more = CHANGE_DROPOUT.replace("model.modules()", "head.modules()") if "dropout" in changed else ""
    if changed - {"dropout", *HELD}:
        more += texts.CHANGE_OPTIMIZER
    if config.optimizer.name == "rmsprop" and "momentum" in changed:
        more += CHANGE_BUFFERS
    return CHANGE.format(more=more).replace("model, optimizer", "head, optimizer")


def _main(config: TransferRunConfig, changed: set[str], validated: bool) -> str:
    first = {"lr": "LEARNING_RATE", "batch_size": "BATCH_SIZE"}
    first |= {"clip_norm": repr(config.clip_norm), "label_smoothing": repr(config.loss.label_smoothing)}
    setting = {name: f'now["{name}"]' if name in changed else value for name, value in first.items()}
    begun = ["step = 0", "validate(step, 0)"]
    if changed:
        now = "{" + ", ".join(f'"{name}": {first[name]}' for name in HELD if name in changed) + "}"
        begun += [f"now = {now}", "change(now, head, optimizer, step)"]
    size = setting["batch_size"]
    cut = f"left[:{size}], left[{size}:]" if size.isidentifier() else f"left[: {size}], left[{size} :]"
    by_share = config.schedule.name not in ("constant", "plateau")
    done = ["done = (epoch - 1 + (count - len(left)) / count) / EPOCHS"] if by_share else []
    loop = [
        "if step == STEPS:", "    return", *done, f"batch, left = {cut}", *_step(config, changed, setting),
    ]  # fmt: skip
    call = "plateau.see(validate(step, epoch))" if config.schedule.name == "plateau" else "validate(step, epoch)"
    end = [call] if validated else ["if step < STEPS:  # the run ended before another validation", f"    {call}"]
    epoch = [
        "left = torch.randperm(count, generator=order)",
        "while len(left) > 0:",
        *(f"    {line}" for line in loop),
        *end,
    ]
    lines = [*_set_up(config), *begun, "for epoch in range(1, EPOCHS + 1):", *(f"    {line}" for line in epoch)]
    return "def main():\n" + indent("\n".join(lines), "    ")


def _set_up(config: TransferRunConfig) -> list[str]:
    tf32 = config.precision != "float32"
    exact = [f"torch.backends.cuda.matmul.allow_tf32 = {tf32}", f"torch.backends.cudnn.allow_tf32 = {tf32}"]
    spec = BACKBONES[config.backbone]
    made = ["backbone = build_backbone()", f"head = build_head({spec.features}, len(CLASSES))"]
    given = ", ".join(
        f"{name}={value!r}"
        for name, value in (
            config.optimizer.constants() | ({"fused": True} if config.optimizer.name in FUSED else {})
        ).items()
    )
    return [
        "torch.set_num_threads(THREADS)",
        "torch.manual_seed(SEED)",
        *(exact if config.device == "cuda" else []),
        "paths, labels, held = load_pictures()",
        *made,
        *texts.inputs_code(config),
        *_groups(config),
        f"optimizer = torch.optim.{OPTIMIZERS[config.optimizer.name]}(groups, lr=LEARNING_RATE, {given})",
        *(["plateau = Plateau()"] if config.schedule.name == "plateau" else []),
        "order = torch.Generator().manual_seed(SEED)",
        "count = len(y)",
        "",
        *texts.validate_code(config),
        "",
    ]


def _groups(config: TransferRunConfig) -> list[str]:
    """The optimiser's parameter groups, each with what its rate is multiplied by."""
    if config.mode == "head":
        return ['groups = [{"params": list(head.parameters()), "scale": 1.0}]']
    lines = texts.blocks_code(config, BACKBONES[config.backbone])
    decay = "1.0" if config.mode == "scratch" else f"{config.decay!r} ** depth"
    return [
        *lines,
        "for parameter in backbone.parameters():",
        "    parameter.requires_grad_(any(parameter is one for block in blocks for one in block))",
        f'groups = [{{"params": group, "scale": {decay}}} for depth, group in enumerate([list(head.parameters()), *blocks]) if group]',
    ]


def _step(config: TransferRunConfig, changed: set[str], setting: dict[str, str]) -> list[str]:
    factor = {"constant": "", "plateau": " * plateau.factor"}.get(config.schedule.name, " * factor(done)")
    mixed = config.recipe.batch != "none"
    smooth = config.loss.label_smoothing > 0 or "label_smoothing" in changed
    smoothing = f", label_smoothing={setting['label_smoothing']}" if smooth else ""
    loss = f"loss = F_.cross_entropy(logits, truth{smoothing})"
    if config.loss.name == "mse":
        loss = f"loss = squared_error(logits, truth{', ' + setting['label_smoothing'] if smooth else ''})"
    clip = f"nn.utils.clip_grad_norm_([one for group in groups for one in group['params']], {setting['clip_norm']})"
    clipping = (
        [f"if {setting['clip_norm']} > 0:", f"    {clip}"]
        if "clip_norm" in changed
        else [clip]
        if config.clip_norm
        else []
    )
    return [
        "for group in optimizer.param_groups:",
        f'    group["lr"] = {setting["lr"]}{factor} * group["scale"]',
        "truth = y[batch]",
        *texts.forward_code(config),
        loss,
        "optimizer.zero_grad()",
        "loss.backward()",
        *clipping,
        "optimizer.step()",
        "step += 1",
        f"accuracy = (logits.argmax(1) == truth{'.argmax(1)' if mixed else ''}).sum().item() / len(batch)",
        'print(f"step {step}  epoch {epoch}  loss {loss.item()!r}  accuracy {accuracy!r}")',
        *(["change(now, head, optimizer, step)"] if changed else []),
    ]
