"""The texts that a training script of the transfer page is put together from."""

from __future__ import annotations

from core.backbones.spec import BackboneSpec
from core.config.transfer import TransferRunConfig

LOAD = '''\
def numbered(path):
    return int(path.name.split("_")[0].split(".")[0])


CLASSES = [path.name for path in sorted(PICTURES.glob("train/*"), key=numbered)]


def load_pictures():
    """Paths of all pictures in their order, their labels, and whether each is held out.

    They lie as pictures/train/<class>/<place>.jpg and pictures/validation/<class>/<place>.jpg.
    """
    paths = sorted((path for path in PICTURES.glob("*/*/*") if path.is_file()), key=numbered)
    labels = torch.tensor([numbered(path.parent) for path in paths])
    held = torch.tensor([path.parent.parent.name == "validation" for path in paths])
    return paths, labels, held
'''

EMBED = '''\
def quick(model):
    """A copy that answers the same, quicker: batch norms folded into the convolutions before them."""
    copy = deepcopy(model).eval().requires_grad_(False)
    for owner in list(copy.modules()):
        for (first, before), (second, behind) in pairwise(list(owner.named_children())):
            if isinstance(before, nn.Conv2d) and isinstance(behind, nn.BatchNorm2d):
                setattr(owner, first, fuse_conv_bn_eval(before, behind))
                setattr(owner, second, nn.Identity())
    return copy.to(memory_format=torch.channels_last)


@torch.inference_mode()
def embed(model, pixels):
    """What the backbone makes of pictures (N, 3, S, S) uint8, four at a time."""
    rows = []
    for part in pixels.split(4):
        full = torch.cat([part, part[-1:].expand(4 - len(part), -1, -1, -1)]) if len(part) < 4 else part
        rows.append({body}(normalised(full.to(DEVICE)))[: len(part)].float().cpu().clone())
    return torch.cat(rows).clone()
'''

DRAWN = '''\
def disturbed(path, draw):
    """Version ``draw`` of a picture; what is drawn depends on the picture and the number alone."""
    sha = hashlib.sha256(path.read_bytes()).hexdigest()
    key = hashlib.sha256(f"{sha}:{draw}:{RECIPE}".encode()).hexdigest()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(int(key[:8], 16))
        return TRANSFORMS(middle(Image.open(path).convert("RGB")))
'''

CHANGE_OPTIMIZER = """\
        else:
            for group in optimizer.param_groups:
                group[name] = value
"""


def inputs_code(config: TransferRunConfig) -> list[str]:
    """``x`` and ``y``: what is trained on; ``x_held`` and ``y_held``: what is checked on."""
    pixels = 'pixels = torch.stack([middle(Image.open(path).convert("RGB")) for path in paths])'
    lines = [pixels]
    if config.mode != "scratch":
        lines += [
            "model = quick(backbone).to(DEVICE)",
            "features = embed(model, pixels).clone()",
            "x, y = features[~held], labels[~held]",
        ]
        if config.mode == "head" and config.recipe.active:
            lines += [
                "trained = [path for path, out in zip(paths, held.tolist(), strict=True) if not out]",
                "versions = [torch.stack([disturbed(path, draw) for path in trained]) for draw in range(1, DRAWS + 1)]",
                "x = torch.cat([x, *(embed(model, version) for version in versions)]).clone()",
                "y = y.repeat(DRAWS + 1)",
            ]
        lines.append("head[0].see(x)")
    if config.mode == "head":
        lines.append("x_held, y_held = features[held].clone(), labels[held]")
        lines.append("torch.set_num_threads(1)  # a head is too small to be shared")
    else:
        lines += ["x, y = pixels[~held], labels[~held]", "x_held, y_held = pixels[held], labels[held]"]
    moved = ["head.to(DEVICE)", *(["backbone.to(DEVICE)"] if config.mode != "head" else [])]
    return [
        *lines,
        *moved,
        "head.train()",
        *(["backbone.train()"] if config.mode == "scratch" else []),
        "y = y.to(DEVICE)",
        *(["x = x.to(DEVICE)"] if config.mode == "head" else []),
    ]


def blocks_code(config: TransferRunConfig, spec: BackboneSpec) -> list[str]:
    """``blocks``: lists of parameters that learn, from the output to the input."""
    if spec.shipped:
        cut = "" if config.mode == "scratch" else f"[:{config.blocks}]"
        return [f"blocks = [[one for part in stage for one in part.parameters()] for stage in backbone.stages(){cut}]"]
    stages = spec.stages if config.mode == "scratch" else spec.stages[: config.blocks]
    named = ["stages = ["] + [f"    {list(stage)!r}," for stage in stages] + ["]"]
    return [
        *(line.replace("'", '"') for line in named),
        "named = dict(backbone.named_parameters())",
        "blocks = [",
        '    [value for name, value in named.items() if any(f"{name}.".startswith(f"{begin}.") for begin in stage)]',
        "    for stage in stages",
        "]",
    ]


def forward_code(config: TransferRunConfig) -> list[str]:
    """From a batch of positions to ``logits``; with mixing also to another ``truth``."""
    if config.mode == "head":
        return _cast(config, "logits = head(x[batch])")
    shown = "x[batch]"
    if config.recipe.active:
        shown = "torch.stack([TRANSFORMS(picture) for picture in x[batch]])"
    lines = [f"images = normalised({shown}.to(DEVICE))"]
    if config.recipe.batch != "none":
        lines.append("images, truth = MIX(images, truth)")
    return lines + _cast(config, f"logits = head({_body(config)}(images))")


def validate_code(config: TransferRunConfig) -> list[str]:
    """Loss and accuracy on what is held out, without dropout."""
    loss = (
        "F_.cross_entropy(logits, y_held)" if config.loss.name == "cross_entropy" else "squared_error(logits, y_held)"
    )
    scratch = config.mode == "scratch"
    if config.mode == "head":
        said = ["logits = head(x_held.to(DEVICE)).float().cpu()"]
    else:
        one = _cast(config, f"logits = head({_body(config)}(normalised(part.to(DEVICE))))")
        said = [
            "parts = []",
            "for part in x_held.split(32):",
            *(f"    {line}" for line in one),
            "    parts.append(logits.float().cpu())",
            "logits = torch.cat(parts)",
        ]
    return [
        "@torch.no_grad()",
        "def validate(step, epoch):",
        "    head.eval()",
        *(["    backbone.eval()"] if scratch else []),
        *(f"    {line}" for line in said),
        "    head.train()",
        *(["    backbone.train()"] if scratch else []),
        f"    loss = {loss}.item()",
        "    accuracy = (logits.argmax(1) == y_held).sum().item() / len(y_held)",
        '    print(f"validation  step {step}  epoch {epoch}  loss {loss!r}  accuracy {accuracy!r}")',
        "    return loss",
    ]


def _body(config: TransferRunConfig) -> str:
    return "backbone.features" if config.backbone == "formula" else "backbone"


def _cast(config: TransferRunConfig, line: str) -> list[str]:
    """``line`` in the run's precision."""
    if config.precision != "bfloat16":
        return [line]
    return ["with torch.autocast(DEVICE, torch.bfloat16):", f"    {line}", "logits = logits.float()"]
