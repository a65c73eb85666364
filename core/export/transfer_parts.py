"""Pieces of the scripts of the transfer page: plain text. Nothing here loads torch."""

from __future__ import annotations

from pathlib import Path

from core.backbones.registry import BACKBONES
from core.config.transfer import TransferRunConfig

FORMULA = Path(__file__).resolve().parents[1] / "models" / "formula.py"

STANDARDIZE = '''\
class Standardize(nn.Module):
    """(x - mean) / deviation, as found over the training pictures."""

    def __init__(self, features):
        super().__init__()
        self.register_buffer("mean", torch.zeros(features))
        self.register_buffer("std", torch.ones(features))

    def see(self, features):
        values = features.double()
        deviation = values.std(0, correction=0)
        self.mean.copy_(values.mean(0))
        self.std.copy_(torch.where(deviation > 1e-6, deviation, torch.ones_like(deviation)))

    def forward(self, x):
        return (x - self.mean) / self.std
'''

HEAD = '''\
def build_head(features, classes):
    """What tells the classes apart behind the backbone."""
{lines}
'''

BACKBONE = '''\
def build_backbone():
    """{title} without the layer that names ImageNet's classes."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed({seed})
        model = models.get_model("{name}", weights={weights}{more})
    model.{head} = nn.Identity()
    return model.eval()
'''

FORMULA_BACKBONE = '''\
def build_backbone():
    """LiveTorch's own network, trained on pictures made by formula."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed({seed})
        model = FormulaNet()
{load}    return model.eval()
'''
FORMULA_LOAD = '    model.load_state_dict(load_file(Path(__file__).with_name("formula.safetensors")))\n'

PREPARED = '''\
def middle(picture):
    """Shorter side to {resize} pixels, the middle of {side} x {side} of it: (3, {side}, {side}) uint8."""
    picture = F.center_crop(F.resize(picture, [{resize}], InterpolationMode.{how}, antialias=True), [{side}])
    return F.pil_to_tensor(picture)


def normalised(pixels):
    """uint8 as the backbone reads it."""
    mean, std = (torch.tensor(values, device=pixels.device).view(3, 1, 1) for values in (MEAN, STD))
    return ((pixels.float() / 255 - mean) / std).contiguous(memory_format=torch.channels_last)
'''


def trained_before(config: TransferRunConfig) -> bool:
    """Whether the backbone begins with weights learned elsewhere."""
    return config.pretrained and config.mode != "scratch"


def backbone_code(config: TransferRunConfig, weights: bool = True) -> str:
    """``build_backbone()``; without ``weights`` random ones, which are replaced."""
    spec, seed = BACKBONES[config.backbone], config.seed if config.mode == "scratch" else 0
    learned = weights and trained_before(config)
    if spec.shipped:
        source = FORMULA.read_text()
        code = source[source.index("WIDTHS =") :]
        return code.strip() + "\n\n\n" + FORMULA_BACKBONE.format(seed=seed, load=FORMULA_LOAD if learned else "")
    more = ""
    if spec.name == "googlenet" and not learned:
        more = ", init_weights=False, aux_logits=False, transform_input=False"
    head = spec.head
    if head.rpartition(".")[2].isdecimal():
        owner, _dot, last = head.rpartition(".")
        head = f"{owner}[{last}]"
    return BACKBONE.format(
        title=spec.title, seed=seed, name=spec.name, weights='"DEFAULT"' if learned else "None", more=more, head=head
    )


def head_code(config: TransferRunConfig) -> str:
    """``Standardize`` and ``build_head()``."""
    layers = ["Standardize(features)"]
    if config.model.hidden:
        layers += [f"nn.Linear(features, {config.model.hidden})", "nn.ReLU()"]
    layers += [f"nn.Dropout({config.model.dropout!r})", f"nn.Linear({config.model.hidden or 'features'}, classes)"]
    body = "\n".join(["    return nn.Sequential(", *(f"        {layer}," for layer in layers), "    )"])
    return STANDARDIZE + "\n\n" + HEAD.format(lines=body)


def prepared_code(config: TransferRunConfig) -> str:
    """``middle()`` and ``normalised()``."""
    spec = BACKBONES[config.backbone]
    return PREPARED.format(resize=spec.resize, side=spec.side, how="BICUBIC" if spec.bicubic else "BILINEAR")


def constants_of(config: TransferRunConfig) -> list[str]:
    """Mean and deviation that the backbone was trained with."""
    spec = BACKBONES[config.backbone]
    return [f"MEAN, STD = {spec.mean!r}, {spec.std!r}"]


def body_of(config: TransferRunConfig) -> str:
    """What turns pictures into numbers: the model, or a method of it."""
    return "backbone.features" if BACKBONES[config.backbone].shipped else "backbone"


def import_lines(config: TransferRunConfig, standard: set[str], others: set[str]) -> str:
    """Import lines in ruff's order: the standard library, then the rest."""
    shipped = BACKBONES[config.backbone].shipped
    standard = standard | ({"from itertools import pairwise", "from typing import cast"} if shipped else set())
    others = others | {
        "import torch",
        "from PIL import Image",
        "from torch import Tensor, nn" if shipped else "from torch import nn",
    }
    others |= {
        "from torchvision.transforms import InterpolationMode",
        "from torchvision.transforms import functional as F",
    }
    if not shipped:
        others.add("from torchvision import models")

    def order(line: str) -> tuple[bool, str, str]:
        return line.startswith("from"), line.split()[1].lower(), line

    return "\n\n".join("\n".join(sorted(group, key=order)) for group in (standard, others))
