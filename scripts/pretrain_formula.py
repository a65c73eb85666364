"""Train the offline backbone on pictures made by formula: ``python -m scripts.pretrain_formula --help``.

Three things are learnt at once: two views of pictures of one programme belong together (Chen et al., "A Simple Framework
for Contrastive Learning", 2020), what a picture was made of (looks, forms,
colours, sizes) is read off it, and how often each of 64 colours is seen.
A run that was stopped goes on where it was: what is drawn in a step depends on the seed and the step alone.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from core.models.formula import FEATURES, FormulaNet
from scripts.formula.store import Store, made
from scripts.formula.views import histogram, normalised, views

WARM_UP, DECAY = 60, 0.3  # steps with a growing rate; the last part of the steps, in which it falls to nought
WEIGHTS = {"pairs": 0.5, "tags": 1.0, "numbers": 1.0, "colours": 2.0}  # of the losses
SAVE_EVERY, TOLD_EVERY = 50, 25


class Heads(nn.Module):
    """What is put upon the features in training only."""

    def __init__(self, tags: int, numbers: int) -> None:
        super().__init__()
        self.project = nn.Sequential(
            nn.Linear(FEATURES, 256), nn.BatchNorm1d(256), nn.ReLU(inplace=True), nn.Linear(256, 96)
        )
        self.norm = nn.BatchNorm1d(FEATURES)
        self.tags, self.numbers = nn.Linear(FEATURES, tags), nn.Linear(FEATURES, numbers)
        self.colours = nn.Linear(FEATURES, 64)


def together(vectors: Tensor, temperature: float) -> Tensor:
    """Cross-entropy of finding the other view among all others; views of row i are i and i + B of (2 B, D) vectors."""
    vectors = functional.normalize(vectors)
    count = len(vectors) // 2
    likeness = (vectors @ vectors.T / temperature).fill_diagonal_(-1e9)
    places = torch.arange(count, device=vectors.device)
    return functional.cross_entropy(likeness, torch.cat([places + count, places]))


def loss_of(net: FormulaNet, heads: Heads, store: Store, options: argparse.Namespace, step: int) -> dict[str, Tensor]:
    """The four losses of one step."""
    draws = np.random.default_rng([options.seed, 4, step])
    generator = torch.Generator().manual_seed(int(draws.integers(2**62)))
    rows = draws.choice(len(store.pictures), options.batch, replace=False)
    first = draws.integers(0, store.pictures.shape[1], options.batch)
    other = np.where(draws.random(options.batch) < 0.5, first, store.pictures.shape[1] - 1 - first)
    chosen = np.concatenate([store.pictures[rows, first], store.pictures[rows, other]])
    images = views(torch.from_numpy(chosen).to(options.device), options.side, generator)
    features = net.features(images)
    known = heads.norm(features)
    tags, numbers = (torch.from_numpy(np.tile(a[rows], (2, 1))).to(options.device) for a in (store.tags, store.numbers))
    return {
        "pairs": together(heads.project(features), options.temperature),
        "tags": functional.binary_cross_entropy_with_logits(heads.tags(known), tags),
        "numbers": functional.smooth_l1_loss(heads.numbers(known), numbers),
        "colours": functional.smooth_l1_loss(heads.colours(known), histogram(images)),
    }


def rate(options: argparse.Namespace, step: int) -> float:
    """Learning rate: grows, stays, falls."""
    falling = (options.steps - step) / (DECAY * options.steps)
    return float(options.rate * min(1.0, (step + 1) / WARM_UP, falling))


@torch.no_grad()
def calibrate(net: FormulaNet, store: Store, count: int = 1024, batch: int = 64) -> None:
    """Batch norm's means and variances anew, as averages over ``count`` whole formula pictures."""
    norms = [layer for layer in net.modules() if isinstance(layer, nn.BatchNorm2d)]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # all batches count alike
    net.train()
    device = next(net.parameters()).device
    for start in range(0, min(count, len(store.pictures)), batch):
        pictures = torch.from_numpy(np.array(store.pictures[start : start + batch, 0])).to(device)
        net.features(normalised(pictures.permute(0, 3, 1, 2).float() / 255))
    for norm in norms:
        norm.momentum = 0.1
    net.eval()


def save(net: FormulaNet, path: Path) -> None:
    """Weights in half precision, which the network reads as single precision."""
    from safetensors.torch import save_file

    state = {name: value.cpu().contiguous() for name, value in net.state_dict().items()}
    halves = {name: value.half() if value.is_floating_point() else value for name, value in state.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(halves, path, metadata={"made by": "scripts/pretrain_formula.py", "licence": "MIT"})


def train(options: argparse.Namespace) -> None:
    """Train, go on, or only write the weights if all steps are done."""
    torch.manual_seed(options.seed)
    store = made(options.folder, options.seed, options.programmes)
    net = FormulaNet().to(options.device).to(memory_format=torch.channels_last)
    heads = Heads(store.tags.shape[1], store.numbers.shape[1]).to(options.device)
    optimizer = torch.optim.AdamW([*net.parameters(), *heads.parameters()], lr=options.rate, weight_decay=0.01)
    state_file = options.folder / f"training-{options.seed}.pt"
    start, spent = 0, 0.0
    if state_file.exists():
        state = torch.load(state_file, weights_only=True)
        for part, name in ((net, "net"), (heads, "heads"), (optimizer, "optimizer")):
            part.load_state_dict(state[name])
        start, spent = state["step"], state["seconds"]
    told: list[list[float]] = []
    for step in range(start, options.steps):
        began = time.process_time()
        for group in optimizer.param_groups:
            group["lr"] = rate(options, step)
        losses = loss_of(net, heads, store, options, step)
        optimizer.zero_grad()
        torch.stack([WEIGHTS[name] * value for name, value in losses.items()]).sum().backward()
        optimizer.step()
        spent += time.process_time() - began
        told.append([value.item() for value in losses.values()])
        if (step + 1) % TOLD_EVERY == 0:
            means = np.mean(told, 0).round(3)
            told = []
            print(
                json.dumps(
                    {"step": step + 1, "cpu seconds": round(spent), **dict(zip(losses, means.tolist(), strict=True))}
                ),
                flush=True,
            )
        if (step + 1) % SAVE_EVERY == 0 or step + 1 == options.steps:
            state = {"net": net.state_dict(), "heads": heads.state_dict(), "optimizer": optimizer.state_dict()}
            torch.save({**state, "step": step + 1, "seconds": spent}, state_file.with_suffix(".new"))
            os.replace(state_file.with_suffix(".new"), state_file)
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
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--programmes", type=int, default=4000, help="two pictures are made of each")
    parser.add_argument("--steps", type=int, default=2400)
    parser.add_argument("--batch", type=int, default=96, help="pairs of views in a step")
    parser.add_argument("--side", type=int, default=48, help="pixels of a view")
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--temperature", type=float, default=0.2)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    chosen = arguments()
    torch.set_num_threads(chosen.threads)
    train(chosen)
