"""Train the offline backbone on pictures made by formula: ``python -m scripts.pretrain_formula --help``.

The first lesson, ``scenes``: two views of pictures of one programme belong together (Chen et al., "A Simple Framework
for Contrastive Learning", 2020), what a picture was made of (looks, forms, colours, sizes) is read off it, and how often
each of 64 colours is seen. The second lesson, ``things``, begins with its weights: two things of one form before other
grounds belong together, and so do other things of the same looks; the kind of thing, facts of its form, its pose and the
places it covers are read off the picture as well.
A run that was stopped goes on where it was: what is drawn in a step depends on the seed and the step alone.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import nn

from core.models.formula import FormulaNet
from scripts.formula.compose import compose
from scripts.formula.losses import LESSONS, OF_LOOKS, WEIGHTS, Heads
from scripts.formula.store import Store, made
from scripts.formula.views import normalised

WARM_UP, DECAY = 60, 0.3  # steps with a growing rate; the last part of the steps, in which it falls to nought
SAVE_EVERY, TOLD_EVERY = 50, 25


def rate(options: argparse.Namespace, step: int) -> float:
    """Learning rate: grows, stays, falls."""
    falling = (options.steps - step) / (DECAY * options.steps)
    return float(options.rate * min(1.0, (step + 1) / WARM_UP, falling))


def weight(options: argparse.Namespace, step: int, loss: str) -> float:
    """Of a loss: what is learnt of looks counts twice while the rate falls."""
    falls = step >= (1 - DECAY) * options.steps
    return WEIGHTS[loss] * (2.0 if falls and loss in OF_LOOKS else 1.0)


@torch.no_grad()
def calibrate(net: FormulaNet, store: Store, count: int = 1024, batch: int = 64, side: int = 96) -> None:
    """Batch norm's means and variances anew, as averages over ``count`` pictures made by formula."""
    norms = [layer for layer in net.modules() if isinstance(layer, nn.BatchNorm2d)]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # all batches count alike
    net.train()
    draws = np.random.default_rng([6])
    for _ in range(0, count, batch):
        forms, looks = (draws.integers(0, len(of), batch) for of in (store.things, store.pictures))
        net.features(normalised(compose(store, forms, looks, side, draws).images.clamp(0, 1)))
    for norm in norms:
        norm.momentum = 0.1
    net.eval()


def save(net: FormulaNet, path: Path) -> None:
    """Weights in half precision, which the network reads as single precision."""
    state = {name: value.cpu().contiguous() for name, value in net.state_dict().items()}
    halves = {name: value.half() if value.is_floating_point() else value for name, value in state.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(halves, path, metadata={"made by": "scripts/pretrain_formula.py", "licence": "MIT"})


def restored(parts: dict[str, Any], state_file: Path) -> tuple[int, float]:
    """Give ``parts`` the state they were kept with, if there is one; steps that were taken and seconds they took."""
    if not state_file.exists():
        return 0, 0.0
    state = torch.load(state_file, weights_only=True)
    for name, part in parts.items():
        part.load_state_dict(state[name])
    return state["step"], state["seconds"]


def keep(parts: dict[str, Any], step: int, seconds: float, state_file: Path) -> None:
    """Write the state of ``parts`` whole or not at all."""
    state = {name: part.state_dict() for name, part in parts.items()}
    torch.save({**state, "step": step, "seconds": seconds}, state_file.with_suffix(".new"))
    os.replace(state_file.with_suffix(".new"), state_file)


def train(options: argparse.Namespace) -> None:
    """Train, go on, or only write the weights if all steps are done."""
    torch.manual_seed(options.seed)
    store = made(options.folder, options.seed, options.programmes, options.forms)
    net = FormulaNet().to(memory_format=torch.channels_last)
    if options.start:
        net.load_state_dict(load_file(options.start))
    heads = Heads(store)
    optimizer = torch.optim.AdamW([*net.parameters(), *heads.parameters()], lr=options.rate, weight_decay=0.01)
    state_file = options.folder / f"{options.lesson}-{options.seed}.pt"
    parts: dict[str, Any] = {"net": net, "heads": heads, "optimizer": optimizer}
    start, spent = restored(parts, state_file)
    told: list[list[float]] = []
    for step in range(start, options.steps):
        began = time.process_time()
        for group in optimizer.param_groups:
            group["lr"] = rate(options, step)
        found = LESSONS[options.lesson](net, heads, store, options, step)
        optimizer.zero_grad()
        torch.stack([weight(options, step, name) * value for name, value in found.items()]).sum().backward()
        optimizer.step()
        spent += time.process_time() - began
        told.append([value.item() for value in found.values()])
        if (step + 1) % TOLD_EVERY == 0:
            means = dict(zip(found, np.mean(told, 0).round(3).tolist(), strict=True))
            told = []
            print(json.dumps({"step": step + 1, "cpu seconds": round(spent), **means}), flush=True)
        if (step + 1) % SAVE_EVERY == 0 or step + 1 == options.steps:
            keep(parts, step + 1, spent, state_file)
    calibrate(net, store)
    save(net, options.out)
    print(
        f"{options.out}: {options.out.stat().st_size / 1e6:.2f} MB after {options.steps} steps, {spent:.0f} s of computing"
    )


def arguments() -> argparse.Namespace:
    """What can be set on the command line."""
    parser = argparse.ArgumentParser(description="Train the offline backbone on pictures made by formula.")
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path(tempfile.gettempdir()) / "livetorch-formula",
        help="pictures and state of training",
    )
    parser.add_argument("--out", type=Path, default=Path("assets/backbones/formula.safetensors"))
    parser.add_argument("--lesson", choices=tuple(LESSONS), default="things")
    parser.add_argument("--start", type=Path, help="weights of an earlier lesson to begin with")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--programmes", type=int, default=4000, help="two pictures are made of each")
    parser.add_argument("--forms", type=int, default=10000, help="two sheets are made of each")
    parser.add_argument("--steps", type=int, default=2358)
    parser.add_argument("--batch", type=int, default=64, help="pairs of views in a step")
    parser.add_argument("--side", type=int, default=64, help="pixels of a view")
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--temperature", type=float, default=0.15)
    parser.add_argument("--halves", action=argparse.BooleanOptionalAction, default=True, help="compute in bfloat16")
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    chosen = arguments()
    torch.set_num_threads(chosen.threads)
    train(chosen)
