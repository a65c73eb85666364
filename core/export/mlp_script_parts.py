"""The texts a playground run's script is put together from."""

from __future__ import annotations

import inspect
import re

from core.config import MLPRunConfig
from core.export.network_code import INITIALISE, INITIALIZERS
from core.export.script_parts import CHANGE, CHANGE_BUFFERS, CHANGE_DROPOUT, CHANGE_OPTIMIZER, schedule_code
from core.models.layers import ACTIVATION_LAYERS
from core.models.mlp import feature_names
from core.training.plane_losses import loss_key

HELD = ("lr", "batch_size", "clip_norm", "l1", "l2")  # what the loop itself looks up

SKIP = '''\
class Skip(nn.Module):
    """y = body(x) + x"""

    def __init__(self, *layers):
        super().__init__()
        self.body = nn.Sequential(*layers)

    def forward(self, x):
        return self.body(x) + x
'''

SPLIT = '''\
def load_points():
    """Inputs, target and labels of the training points, then of the test points."""
    draw = torch.Generator().manual_seed(DATA_SEED)
    points, targets = {call}
    places = torch.randperm(len(points), generator=draw)
    count = min(max(round(TRAIN_SHARE * len(points)), 1), len(points) - 1)
    return [part(points[chosen], targets[chosen]) for chosen in (places[:count], places[count:])]
'''

DRAWN = '''\
def load_points({argument}):
    """Inputs, target and labels of the training points, then of the test points; a checksum decides which are which."""
    lots = [zlib.crc32(f"{{DATA_SEED}} {{x1}} {{x2}} {{target}}".encode()) for x1, x2, target in {points}]
    count = min(max(round(TRAIN_SHARE * len(lots)), 1), len(lots) - 1)
    trained = set(sorted(range(len(lots)), key=lots.__getitem__)[:count])
    table = torch.tensor({points})
    chosen = torch.tensor([place in trained for place in range(len(lots))])
    return [part(table[places, :2], table[places, 2]) for places in (chosen, ~chosen)]
'''

PART = '''\
def part(points, targets):
    """What the network is given of points (n, 2), what its loss compares with, and the classes."""
    x1, x2 = points.T
    inputs = torch.stack([{inputs}], 1)
{target}
'''

MEASURE = '''\
@torch.no_grad()
def measure(model, part):
    """Loss{also} over all points of ``part``, without dropout."""
    inputs, target, labels = part
    model.eval()
    outputs = model(inputs)
    model.train()
    loss = loss_of(outputs, target).item()
{accuracy}
'''

RECORDED = '''\
def recorded(epoch):
    """Ever fewer epochs are printed: all to 200, every second to 400, every fourth to 800, ..."""
    every = 1
    while epoch > 200 * every:
        every *= 2
    return epoch % every == 0 or epoch == EPOCHS
'''

CHANGE_POKE = """\
        elif name == "poke":
            linears = [module for module in model.modules() if isinstance(module, nn.Linear)]
            for layer, row, column, weight in value:
                with torch.no_grad():
                    if column < 0:
                        linears[layer].bias[row] = weight
                    else:
                        linears[layer].weight[row, column] = weight
"""

# the points may change on the way; a running epoch goes on with a shuffle of the new ones
OTHER_POINTS = """\
if "points" in EDITS.get(step, {{}}):
    seen = len(train[0]) - len(left)
    train, test = load_points(EDITS[step]["points"])
    if len(left) > 0:
        left = torch.randperm(len(train[0]), generator=order)[min(seen, len(train[0]) - {least}) :]"""

INPUTS = {
    "x1": "x1",
    "x2": "x2",
    "x1_squared": "x1 * x1",
    "x2_squared": "x2 * x2",
    "product": "x1 * x2",
    "sin_x1": "x1.sin()",
    "sin_x2": "x2.sin()",
}

LOSSES = {  # the texts of core.training.plane_losses.PLANE_LOSSES
    "squared": ("Half the mean of (output - target)².", "0.5 * F.mse_loss(outputs, target)"),
    "tanh_squared": (
        "Half the mean of (tanh(output) - target)², targets -1 and 1.",
        "0.5 * F.mse_loss(torch.tanh(outputs), target)",
    ),
    "bce": ("Binary cross-entropy, targets 0 and 1.", "F.binary_cross_entropy_with_logits(outputs, target)"),
    "hinge": ("Mean of max(0, 1 - target x output), targets -1 and 1.", "F.relu(1 - target * outputs).mean()"),
    "cross_entropy": ("-log of the softmax's probability of the true class.", "F.cross_entropy(outputs, target)"),
}


def first_values(config: MLPRunConfig) -> dict[str, str]:
    """What the loop begins with."""
    return {
        "lr": "LEARNING_RATE",
        "batch_size": "BATCH_SIZE",
        "clip_norm": repr(config.clip_norm),
        "l1": repr(config.penalty.l1),
        "l2": repr(config.penalty.l2),
    }


def data(config: MLPRunConfig, changing: bool) -> list[str]:
    """The functions that make the points and what the network is given of them."""
    part = PART.format(
        inputs=", ".join(INPUTS[name] for name in feature_names(config.features)), target=_target(config)
    )
    if config.dataset == "drawn":
        argument = "points" if changing else ""
        return [part, DRAWN.format(argument=argument, points=argument or "POINTS")]
    from core.datasets import plane_sets

    arms = f", {config.data.classes}" if config.dataset == "spiral" else ""
    call = f"{config.dataset}({config.data.samples}, {config.data.noise!r}, draw{arms})"
    functions = (plane_sets.uniform, plane_sets.GENERATORS[config.dataset])
    return [*map(_untyped, functions), part, SPLIT.format(call=call)]


def _untyped(function: object) -> str:
    """The source of a function, without the types that only a library needs."""
    first, rest = inspect.getsource(function).split("\n", 1)  # type: ignore[arg-type]
    first = re.sub(
        r": (float|torch\.Generator|tuple\[int, \.\.\.\])(?=[,)])", "", first.replace("arms: int = ", "arms=")
    )
    return re.sub(r": int(?=,)| -> \w+(?=:$)", "", first) + "\n" + rest


def _target(config: MLPRunConfig) -> str:
    if config.task == "regression":
        lines = ["return inputs.to(DEVICE), targets[:, None].to(DEVICE), None"]
    else:
        ones = "targets[:, None]" if config.outputs == 1 else f"F.one_hot(labels, {config.outputs}).float()"
        target = {"cross_entropy": "labels", "bce": ones}.get(config.loss.name, f"2 * {ones} - 1")
        lines = ["labels = targets.long().to(DEVICE)", f"target = {target}"]
        lines.append("return inputs.to(DEVICE), target.to(DEVICE), labels")
    return "\n".join(f"    {line}" for line in lines)


def network(config: MLPRunConfig, changed: set[str]) -> list[str]:
    """Network, loss, penalties and measurement."""
    made = [SKIP] if "Skip(" in "".join(_layers(config, changed)) else []
    body = "\n".join(f"        {line}" for line in _layers(config, changed))
    if config.model.initialization == "default":
        build = f"def build_model():\n    return nn.Sequential(\n{body}\n    )"
    else:
        title, call = INITIALIZERS[config.model.initialization]
        made.append(INITIALISE.format(title=title, call=call))
        build = f"def build_model():\n    model = nn.Sequential(\n{body}\n    )\n    return initialise(model)"
    words, formula = LOSSES[loss_key(config)]
    made += [build, f'def loss_of(outputs, target):\n    """{words}"""\n    return {formula}']
    if _penalised(config, changed):
        made.append(_penalty(config, changed))
    if config.task == "regression":
        return [*made, MEASURE.format(also="", accuracy="    return (loss,)")]
    right = "(outputs[:, 0] > 0).long()" if config.outputs == 1 else "outputs.argmax(1)"
    accuracy = f"    return loss, ({right} == labels).sum().item() / len(labels)"
    return [*made, MEASURE.format(also=" and accuracy", accuracy=accuracy)]


def _layers(config: MLPRunConfig, changed: set[str]) -> list[str]:
    """The arguments of the ``nn.Sequential``, a line a layer."""
    norms = {"batch": "nn.BatchNorm1d({})", "layer": "nn.LayerNorm({})"}
    lines = []
    for layer, inputs in zip(config.model.layers, config.widths, strict=False):
        made = [f"nn.Linear({inputs}, {layer.neurons})"]
        if config.model.normalization in norms:
            made.append(norms[config.model.normalization].format(layer.neurons))
        if layer.activation != "none":
            made.append(f"nn.{ACTIVATION_LAYERS[layer.activation]}()")
        if config.model.dropout > 0 or "dropout" in changed:
            made.append(f"nn.Dropout({config.model.dropout!r})")
        skip = config.model.skip and inputs == layer.neurons
        lines += [f"Skip({', '.join(made)}),"] if skip else [f"{one}," for one in made]
    return [*lines, f"nn.Linear({config.widths[-2]}, {config.widths[-1]}),"]


def _penalised(config: MLPRunConfig, changed: set[str]) -> bool:
    return bool(config.penalty.l1 or config.penalty.l2 or {"l1", "l2"} & changed)


def _penalty(config: MLPRunConfig, changed: set[str]) -> str:
    lines = []
    for name, cost in (("l1", "l1 * module.weight.abs().sum()"), ("l2", "l2 / 2 * module.weight.square().sum()")):
        if getattr(config.penalty, name) or name in changed:
            lines += [f"            if {name} > 0:", f"                cost = cost + {cost}"]
    return "\n".join(
        [
            "def penalty(model, l1, l2):",
            '    """L1 x sum of |w| + L2 / 2 x sum of w², over weights and not biases."""',
            "    cost = 0.0",
            "    for module in model.modules():",
            "        if isinstance(module, nn.Linear):",
            *lines,
            "    return cost",
        ]
    )


def schedule(config: MLPRunConfig) -> list[str]:
    """The factor of the learning rate."""
    return schedule_code(config.schedule)


def rate(config: MLPRunConfig, value: str, changed: bool) -> list[str]:
    """Set the rate of the next step."""
    if config.schedule.name == "constant":
        return ["for group in optimizer.param_groups:", f'    group["lr"] = {value}'] if changed else []
    if config.schedule.name == "plateau":
        return ["for group in optimizer.param_groups:", f'    group["lr"] = {value} * plateau.factor']
    return [
        "done = (epoch - 1 + (len(train[0]) - len(left)) / len(train[0])) / EPOCHS",
        "for group in optimizer.param_groups:",
        f'    group["lr"] = {value} * factor(done)',
    ]


def update(config: MLPRunConfig, changed: set[str], setting: dict[str, str]) -> list[str]:
    """Loss, gradients, optimiser step."""
    lines = ["loss = loss_of(model(train[0][batch]), train[1][batch])"]
    if _penalised(config, changed):
        lines.append(f"loss = loss + penalty(model, {setting['l1']}, {setting['l2']})")
    lines += ["optimizer.zero_grad()", "loss.backward()"]
    clip = f"nn.utils.clip_grad_norm_(model.parameters(), {setting['clip_norm']})"
    if "clip_norm" in changed:
        lines += [f"if {setting['clip_norm']} > 0:", f"    {clip}"]
    elif config.clip_norm > 0:
        lines.append(clip)
    return [*lines, "optimizer.step()"]


def change(config: MLPRunConfig, changed: set[str]) -> str:
    """The function that makes what was changed by hand after a step."""
    more = CHANGE_DROPOUT if "dropout" in changed else ""
    if "poke" in changed:
        more += CHANGE_POKE
    if "points" in changed:
        more += '        elif name == "points":\n            continue  # where the loop takes its batches\n'
    if changed - {"dropout", "poke", "points", *HELD}:
        more += CHANGE_OPTIMIZER
    if config.optimizer.name == "rmsprop" and "momentum" in changed:
        more += CHANGE_BUFFERS
    return CHANGE.format(more=more)
