"""The standalone script of a run of the GAN page: plain PyTorch that repeats it, with no LiveTorch import.

Samples, losses and measures are the functions of the run itself, word for word. No torch: sources are read as text.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import Any

from core.config import CNNRunConfig
from core.config.gan import GAN_DATASETS, GANRunConfig
from core.datasets.script_text import load_data_code
from core.export.gan_script_main import Written, loss_names, main
from core.export.network_code import model_code
from core.export.recorded import Edit, Recorded, header
from core.export.script_parts import schedule_code
from core.models.gan import discriminator_layers, epoch_size, generator_layers

CORE = Path(__file__).resolve().parent.parent
STANDARD = {"import math", "import sys", "from collections.abc import Callable, Sequence"}
CONSTANTS = "EXTENT, CELLS = 1.6, 24  # the plane is counted from -1.6 to 1.6 in 24 x 24 cells"
JUDGING = "SURE, PRESENT = 0.8, 0.02  # how sure the judge is to be, and the share of the samples a class needs"

CHANGE = '''\
def change(now, optimizers, step):
    """Make the changes that were made by hand after ``step``."""
    for name, value in EDITS.get(step, {}).items():
        if name in now:
            now[name] = value
            continue
        owner, constant = name.split(".")
        for group in optimizers[owner].param_groups:
            group[constant] = value
'''
CHANGE_BUFFERS = """\
        if constant == "momentum" and value > 0:  # torch makes RMSprop's buffers at the first step only
            for parameter, state in optimizers[owner].state.items():
                state.setdefault("momentum_buffer", torch.zeros_like(parameter))
"""


def adversarial_script(config: GANRunConfig, run: Recorded) -> str:
    """A script that repeats exactly the run of ``config`` (device, threads and precision resolved)."""
    changes = changes_of(config, run.edits)
    written = Written(config, frozenset(name for made in changes.values() for name in made), run.validated)
    imports, data = ([], "") if config.in_plane else load_data_code(CNNRunConfig(dataset=config.dataset))
    body = [
        *([data] if data else []),
        *_players(config),
        *(source(module, name) for module, name in _functions(config)),
        *schedule_code(config.schedule),
        *([CHANGE + (CHANGE_BUFFERS if _needs_buffers(config, written) else "")] if changes else []),
        main(written),
        'if __name__ == "__main__":\n    main()',
    ]
    text = "\n\n\n".join(part.strip("\n") for part in body)
    what = GAN_DATASETS[config.dataset].split(" (")[0] + ", GAN"
    head = [header(config, run, what), _imports(config, imports, text), _constants(config, changes, run.steps)]
    return "\n\n".join(head) + "\n\n\n" + text + "\n"


def changes_of(config: GANRunConfig, edits: list[Edit]) -> dict[int, dict[str, Any]]:
    """Step -> what changed after it: settings by their last name, constants as ``<optimiser>.<torch's name>``.

    Stop rules change no number, so they are left out; the script knows where the run ended.
    """
    changes: dict[int, dict[str, Any]] = {}
    for edit in edits:
        before, config = config, config.with_value(edit["name"], edit["value"])
        owner, _, last = edit["name"].rpartition(".")
        if owner == "stop":
            continue
        if last == "learning_rate":
            made = {f"{owner}.lr": edit["value"]}
        elif owner.endswith("optimizer"):
            old, new = getattr(before, owner).constants(), getattr(config, owner).constants()
            changed = [name for name in old | new if new.get(name, False) != old.get(name, False)]
            made = {f"{owner}.{name}": new.get(name, False) for name in changed}
        else:
            made = {last: edit["value"]}
        changes.setdefault(edit["step"], {}).update(made)
    return changes


@cache
def source(module: str, name: str) -> str:
    """The text of function ``name`` in ``module`` ("training/gan_losses")."""
    text = (CORE / f"{module}.py").read_text(encoding="utf-8")
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return ast.get_source_segment(text, node) or ""
    raise KeyError(name)


def _functions(config: GANRunConfig) -> list[tuple[str, str]]:
    """Module and name of what the run calls, in the order they are read."""
    shapes, losses, measures = "datasets/shapes2d", "training/gan_losses", "training/gan_measures"
    used = [("training/gan_game", "noise")]
    if config.in_plane:
        used.append((shapes, config.dataset))
    if config.conditional:
        used.append(("models/gan", "joined"))
    used += [(losses, name) for name in loss_names(config)]
    if config.loss.name == "wgan_gp":
        used.append((losses, "gradient_penalty"))
    if config.loss.name == "wgan_clip":
        used.append((losses, "clip_weights"))
    if not config.in_plane:
        judging = [("training/gan_judge", name) for name in ("nothing", "train_judge")]
        return [*used, *judging, (measures, "recognised")]
    used += [(measures, "counted"), (measures, "divergences")]
    if config.dataset in ("ring", "grid"):
        used += [(shapes, "centres"), (measures, "covered"), (measures, "radius_of")]
    return used


def _players(config: GANRunConfig) -> list[str]:
    classes = generator_layers(config)[0].arguments["in_features"]
    of_g = model_code(generator_layers(config), (classes,)).replace("build_model", "build_generator")
    first = discriminator_layers(config)
    inputs = first[0].arguments.get("in_features")
    shape = (
        (inputs,) if inputs else (first[0].arguments.get("in_channels", 1), *generator_layers(config)[-1].output[1:])
    )
    if not config.in_plane and config.discriminator.kind == "mlp":
        shape = first[0].output if config.conditional else generator_layers(config)[-1].output
    return [of_g, model_code(first, shape).replace("build_model", "build_discriminator")]


def _needs_buffers(config: GANRunConfig, written: Written) -> bool:
    owners = ("optimizer", "discriminator_optimizer")
    return any(getattr(config, owner).name == "rmsprop" and f"{owner}.momentum" in written.changed for owner in owners)


def _imports(config: GANRunConfig, of_data: list[str], text: str) -> str:
    """Import lines in ruff's order, of what ``text`` uses."""
    lines = {*of_data, "import torch", "from torch.nn import functional as F"}
    if "math." in text:
        lines.add("import math")
    abstract = [name for name in ("Callable", "Sequence") if name in text]
    if abstract:
        lines.add(f"from collections.abc import {', '.join(abstract)}")
    lines.add("from torch import " + ", ".join(name for name in ("Generator", "Tensor", "nn") if name in text))
    if "F." not in text:
        lines.discard("from torch.nn import functional as F")
    if config.discriminator.spectral_norm:
        lines.add("from torch.nn.utils.parametrizations import spectral_norm")

    def order(line: str) -> tuple[bool, str]:
        return line.startswith("from"), line.split()[1]

    standard = {line for line in lines if line in STANDARD or "collections.abc" in line}
    groups = (sorted(standard, key=order), sorted(lines - standard, key=order))
    return "\n\n".join("\n".join(group) for group in groups if group)


def _constants(config: GANRunConfig, changes: dict[int, dict[str, Any]], steps: int) -> str:
    size = epoch_size(config)
    words = "rounds of an epoch" if config.in_plane else "pictures that an epoch shows the discriminator"
    lines = [
        f"SEED = {config.seed}",
        f"EPOCHS = {config.epochs}",
        f"EPOCH_SIZE = {size}  # {words}",
        CONSTANTS if config.in_plane else JUDGING,
    ]
    if config.dataset == "drawn" and "points" not in {name for made in changes.values() for name in made}:
        lines.append(f"POINTS = {[list(point) for point in config.data.points]!r}")
    if changes:
        lines.append("EDITS = {  # after this step: what was changed by hand")
        for step, made in changes.items():
            lines.append(f"    {step}: {{" + ", ".join(f'"{name}": {value!r}' for name, value in made.items()) + "},")
        lines.append("}")
    lines += [f"STEPS = {steps}  # how far the run went", f'DEVICE = "{config.device}"', f"THREADS = {config.threads}"]
    return "\n".join(lines)
