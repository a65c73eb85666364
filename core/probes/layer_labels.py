"""What the layers of a network are called on the page that trains it, beside their names in ``named_modules``."""

from __future__ import annotations

from typing import Any

from torch import nn

from core.models.layers import LayerSpec


def layer_labels(subject: Any, part: str, model: nn.Module) -> dict[str, str]:
    """Module name -> the layer table's name, for networks put together from a table; else the name, counted from 1."""
    specs = _specs(subject, part)
    if specs is None:
        word = _counted if subject.config.page == "mlp" else str
        return {name: word(name) for name, _module in model.named_modules() if name}
    labels: dict[str, str] = {}
    for place, spec in enumerate(specs):
        labels |= _of(spec, str(place))
    return labels


def _specs(subject: Any, part: str) -> list[LayerSpec] | None:
    config = subject.config
    if config.page == "cnn":
        from core.datasets import spec_of
        from core.models.cnn import layer_specs

        spec = spec_of(config)
        return layer_specs(config.model, spec.shape, len(spec.classes), editable=True)
    if config.page == "gan":
        from core.models.gan import discriminator_layers, generator_layers

        return generator_layers(config) if part == "generator" else discriminator_layers(config)
    return None


def _of(spec: LayerSpec, name: str) -> dict[str, str]:
    labels = {name: spec.name}
    for way, layers in (("body", spec.body), ("shortcut", spec.shortcut)):
        for place, layer in enumerate(layers):
            labels |= _of(layer, f"{name}.{way}.{place}")
    return labels


def _counted(name: str) -> str:
    """``hidden.0.linear`` as ``hidden1.linear``, as the playground counts its layers."""
    parts = name.split(".")
    return ".".join([f"{parts[0]}{int(parts[1]) + 1}", *parts[2:]]) if len(parts) > 1 and parts[1].isdecimal() else name
