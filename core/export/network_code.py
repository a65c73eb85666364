"""The code of a network: ``build_model()`` in plain PyTorch, with what it needs beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.models.layers import LayerSpec, Shape

# Sizes that everybody writes without their names, and what torch takes where nothing is said.
UNNAMED = frozenset(
    {"in_channels", "out_channels", "in_features", "out_features", "num_features", "num_groups", "num_channels"}
)
UNSAID = {"stride": 1, "padding": 0}

RESIDUAL = '''\
class Residual(nn.Module):
    """y = body(x) + shortcut(x)"""

    def __init__(self, body, shortcut):
        super().__init__()
        self.body = body
        self.shortcut = shortcut

    def forward(self, x):
        return self.body(x) + self.shortcut(x)'''

INITIALISE = '''\
def initialise(model):
    """{title}; biases start at 0."""
    for module in model.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            {call}
            if module.bias is not None:
                nn.init.zeros_(module.bias)
    return model'''

# Name in core.config.INITIALIZATIONS -> what the script says about it, and its call.
INITIALIZERS = {
    "kaiming": ("He normal", 'nn.init.kaiming_normal_(module.weight, mode="fan_in", nonlinearity="relu")'),
    "xavier": ("Xavier uniform", "nn.init.xavier_uniform_(module.weight)"),
    "orthogonal": ("Orthogonal", "nn.init.orthogonal_(module.weight)"),
    "small": ("Too small", "nn.init.normal_(module.weight, std=0.001)"),
    "large": ("Too large", "nn.init.normal_(module.weight, std=1.0)"),
    "zero": ("All zero", "nn.init.zeros_(module.weight)"),
}


def model_code(layers: Sequence[LayerSpec], shape: Shape, initialization: str = "default") -> str:
    """The code of a function ``build_model()`` that makes the network of ``layers`` for pictures of ``shape`` (C, H, W).

    It draws the same random numbers as :func:`core.models.cnn.build`. Shapes stand beside each layer. The code
    expects ``from torch import nn`` and is formatted as ruff would at 120 columns.
    """
    parts = [RESIDUAL] if any(layer.kind == "Residual" for layer in layers) else []
    network = ["nn.Sequential(  # " + _shape(shape), *_indented(_lines(layers)), ")"]
    if initialization == "default":
        network[0] = "return " + network[0]
    else:
        title, call = INITIALIZERS[initialization]
        parts.append(INITIALISE.format(title=title, call=call))
        network = ["model = " + network[0], *network[1:], "return initialise(model)"]
    parts.append("\n".join(["def build_model():", *_indented(network)]))
    return "\n\n\n".join(parts)


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"    {line}" for line in lines]


def _lines(layers: Iterable[LayerSpec]) -> list[str]:
    """The arguments of an ``nn.Sequential``, one layer a line, residuals several."""
    lines = []
    for layer in layers:
        lines += _residual(layer) if layer.kind == "Residual" else [_layer(layer)]
    return lines


def _layer(layer: LayerSpec) -> str:
    said = {name: value for name, value in layer.arguments.items() if value != UNSAID.get(name)}
    arguments = ", ".join(f"{value!r}" if name in UNNAMED else f"{name}={value!r}" for name, value in said.items())
    return f"nn.{layer.kind}({arguments}),  # {_shape(layer.output)}"


def _residual(layer: LayerSpec) -> list[str]:
    inner = ["nn.Sequential(", *_indented(_lines(layer.body)), "),"]
    if layer.shortcut:
        inner += ["nn.Sequential(", *_indented(_lines(layer.shortcut)), "),"]
    else:
        inner.append("nn.Identity(),")
    return ["Residual(", *_indented(inner), f"),  # {_shape(layer.output)}"]


def _shape(shape: Shape) -> str:
    return "(" + ", ".join(["N", *map(str, shape)]) + ")"
