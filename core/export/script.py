"""The standalone script of a run: plain PyTorch that repeats it, with no LiveTorch import."""

from __future__ import annotations

import textwrap
from typing import Any

from core.config import OptimizerConfig, RunConfig
from core.datasets import DATASETS
from core.models.cnn import LayerSpec, layer_specs

DIGITS = '''\
def load_data():
    """scikit-learn's digits: 8 x 8 pixels with values 0-16; the last 360 of a fixed shuffle validate."""
    digits = load_digits()
    images = torch.tensor(digits.images, dtype=torch.float32).unsqueeze(1) / 16
    labels = torch.tensor(digits.target, dtype=torch.int64)
    order = torch.randperm(len(images), generator=torch.Generator().manual_seed(0))
    train, validation = order[:-360], order[-360:]
    return images[train], labels[train], images[validation], labels[validation]
'''

TORCHVISION = '''\
def load_data():
    """{name}; its test set validates. Pass the folder to keep it in as the first argument."""
    root = sys.argv[1] if len(sys.argv) > 1 else "data"
    train = torchvision.datasets.{name}(root, train=True, download=True)
    test = torchvision.datasets.{name}(root, train=False, download=True)
    images, test_images = (part.data.unsqueeze(1).float() / 255 for part in (train, test))
    return images, train.targets, test_images, test.targets
'''

BODY = '''\
@torch.no_grad()
def evaluate(model, images, labels):
    """Mean loss and accuracy without dropout."""
    model.eval()
    loss, correct = 0.0, 0
    for start in range(0, len(images), 128):
        x, y = images[start : start + 128], labels[start : start + 128]
        logits = model(x)
        loss += F.cross_entropy(logits, y, reduction="sum").item()
        correct += int((logits.argmax(1) == y).sum().item())
    model.train()
    return loss / len(images), correct / len(images)


{change}def main():
    torch.set_num_threads(THREADS)
    torch.manual_seed(SEED)
    images, labels, validation_images, validation_labels = load_data()
    mean, std = images.mean().item(), images.std().item()
    images, validation_images = (images - mean) / std, (validation_images - mean) / std

    model = build_model().to(DEVICE, memory_format=torch.channels_last)  # quicker convolutions
    images, labels = images.to(DEVICE), labels.to(DEVICE)
    validation_images, validation_labels = validation_images.to(DEVICE), validation_labels.to(DEVICE)
    optimizer = {optimizer}
    order = torch.Generator().manual_seed(SEED)

    def validate(step, epoch):
        loss, accuracy = evaluate(model, validation_images, validation_labels)
        print(f"validation  step {{step}}  epoch {{epoch}}  loss {{loss!r}}  accuracy {{accuracy!r}}")

    step = 0
    validate(step, 0)
    {start}for epoch in range(1, EPOCHS + 1):
        {batches}
            if step == STEPS:
                return
            logits = model(images[batch])
            loss = F.cross_entropy(logits, labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            step += 1
            accuracy = (logits.argmax(1) == labels[batch]).sum().item() / len(batch)
            print(f"step {{step}}  epoch {{epoch}}  loss {{loss.item()!r}}  accuracy {{accuracy!r}}")
{changing}        {evaluation}


if __name__ == "__main__":
    main()
'''


# How a script makes each kind of change.
CHANGES = {
    "optimizer": """\
        if name in ("lr", "momentum", "weight_decay"):
            for group in optimizer.param_groups:
                group[name] = value
""",
    "buffers": """\
        if name == "momentum" and value > 0:  # torch makes RMSprop's buffers at the first step only
            for parameter, state in optimizer.state.items():
                state.setdefault("momentum_buffer", torch.zeros_like(parameter))
""",
    "dropout": """\
        if name == "dropout":
            for module in model.modules():
                if isinstance(module, nn.Dropout):
                    module.p = value
""",
    "batch_size": """\
        if name == "batch_size":
            batch_size = value
""",
}
SHORT = {"learning_rate": "lr"}


def standalone_script(
    config: RunConfig, edits: list[dict[str, Any]], steps: int, versions: dict[str, str], state: str
) -> str:
    """A script that repeats exactly the run of ``config`` (device and threads resolved).

    ``edits`` were made after the step they name and hold from the next; ``steps`` is where the run is now.
    """
    spec = DATASETS[config.dataset]
    names = {_short(edit["name"]) for edit in edits}
    layers = layer_specs(config.model, spec.shape, len(spec.classes), editable="dropout" in names)
    digits = config.dataset == "digits"
    name = "FashionMNIST" if config.dataset == "fashion_mnist" else "MNIST"
    parts = [
        _header(config, steps, versions, state),
        _imports(digits),
        _constants(config, edits, steps),
        DIGITS if digits else TORCHVISION.format(name=name),
        _model(layers, spec.shape),
        BODY.format(optimizer=_optimizer(config.optimizer), evaluation=_evaluation(state), **_changes(config, names)),
    ]
    head, body = parts[:3], parts[3:]
    return "\n\n".join(head) + "\n\n\n" + "\n\n\n".join(part.rstrip("\n") for part in body) + "\n"


def _short(path: str) -> str:
    """The name a script gives to a setting that was changed: torch's own where it has one."""
    last = path.split(".")[-1]
    return SHORT.get(last, last)


def _changes(config: RunConfig, names: set[str]) -> dict[str, str]:
    """The parts of the body that make changes; a run without any has a shorter script."""
    if not names:
        batches = "for batch in torch.randperm(len(images), generator=order).split(BATCH_SIZE):"
        return {"change": "", "start": "", "batches": batches, "changing": ""}
    kinds = {name: name in names for name in ("dropout", "batch_size")}
    kinds["optimizer"] = not names.isdisjoint({"lr", "momentum", "weight_decay"})
    kinds["buffers"] = config.optimizer.name == "rmsprop" and "momentum" in names
    body = "".join(code for kind, code in CHANGES.items() if kinds[kind])
    change = f'''\
def change(model, optimizer, batch_size, step):
    """Make the changes that were made by hand after ``step``; returns the batch size from then on."""
    for name, value in EDITS.get(step, []):
{body}    return batch_size


'''
    call = "batch_size = change(model, optimizer, {}, step)"
    return {
        "change": change,
        "start": call.format("BATCH_SIZE") + "\n    ",
        "batches": "left = torch.randperm(len(images), generator=order)\n"
        "        while len(left) > 0:\n"
        "            batch, left = left[:batch_size], left[batch_size:]",
        "changing": " " * 12 + call.format("batch_size") + "\n",
    }


def _evaluation(state: str) -> str:
    # A loop that diverges in the last step of an epoch ends before it evaluates.
    if state == "diverged":
        return "if step < STEPS:  # at step STEPS the run had diverged and was ended\n            validate(step, epoch)"
    return "validate(step, epoch)"


def _header(config: RunConfig, steps: int, versions: dict[str, str], state: str) -> str:
    made = ", ".join(f"{name} {version}" for name, version in versions.items())
    threads = f"{config.threads} thread{'' if config.threads == 1 else 's'}"
    # Measured: MNIST with one and with two threads differs by less than 1e-6 over 10 steps, by 3e-5 after 100
    # with Adam at 0.001, by 0.4 within 50 steps with SGD at 0.1 and momentum 0.9.
    same = (
        "On the same machine, with these versions and this number of threads, it prints the same numbers to the last digit."
        if config.device == "cpu"
        else "It ran on a GPU, which does not always add in the same order, so even there the last digits vary."
    )
    elsewhere = (
        "With other machines, versions or thread counts rounding differs: the loss is the same to about 1e-3 over the first "
        "ten steps. The difference then grows, faster with a higher learning rate: the curves keep their shape, not their digits."
    )
    made_with = f"Made with {made}, {threads}, device {config.device}."
    first = f'"""A LiveTorch run as a plain PyTorch script: {config.dataset}, {steps} steps, {state}.'
    return "\n\n".join([first, textwrap.fill(f"{made_with} {same}", 100), textwrap.fill(elsewhere, 100)]) + '\n"""'


def _imports(digits: bool) -> str:
    if digits:
        return "import torch\nfrom sklearn.datasets import load_digits\nfrom torch import nn\nfrom torch.nn import functional as F"
    return "import sys\n\nimport torch\nimport torchvision\nfrom torch import nn\nfrom torch.nn import functional as F"


def _constants(config: RunConfig, edits: list[dict[str, Any]], steps: int) -> str:
    changes: dict[int, list[tuple[str, Any]]] = {}
    for edit in edits:
        changes.setdefault(edit["step"], []).append((_short(edit["name"]), edit["value"]))
    made = [_edits(changes)] if changes else []
    return "\n".join(
        [
            f"SEED = {config.seed}",
            f"EPOCHS = {config.epochs}",
            f"BATCH_SIZE = {config.batch_size}",
            f"LEARNING_RATE = {config.optimizer.learning_rate!r}",
            *made,
            f"STEPS = {steps}  # how far the run went",
            f'DEVICE = "{config.device}"',
            f"THREADS = {config.threads}",
        ]
    )


def _edits(changes: dict[int, list[tuple[str, Any]]]) -> str:
    lines = ["EDITS = {  # after this step: what was changed by hand, in this order"]
    for step, made in changes.items():
        lines += [f"    {step}: [", *(f'        ("{name}", {value!r}),' for name, value in made), "    ],"]
    return "\n".join([*lines, "}"])


def _model(layers: list[LayerSpec], shape: tuple[int, ...]) -> str:
    lines = ["def build_model():", f"    return nn.Sequential(  # {_shape(shape)}"]
    for layer in layers:
        arguments = ", ".join(f"{name}={value!r}" for name, value in layer.arguments.items())
        lines.append(f"        nn.{layer.kind}({arguments}),  # {_shape(layer.output)}")
    return "\n".join([*lines, "    )"])


def _shape(shape: tuple[int, ...]) -> str:
    return "(" + ", ".join(["N", *map(str, shape)]) + ")"


def _optimizer(config: OptimizerConfig) -> str:
    classes = {"sgd": "SGD", "adam": "Adam", "adamw": "AdamW", "rmsprop": "RMSprop", "adagrad": "Adagrad"}
    momentum = f", momentum={config.momentum!r}" if config.name in ("sgd", "rmsprop") else ""
    decay = f"weight_decay={config.weight_decay!r}"
    return f"torch.optim.{classes[config.name]}(model.parameters(), lr=LEARNING_RATE{momentum}, {decay})"
