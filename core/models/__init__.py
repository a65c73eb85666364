"""Model families by name. Importing this loads no torch; builders do, where they are called."""

from __future__ import annotations

from dataclasses import dataclass

from core.config import CNNConfig


@dataclass(frozen=True)
class ModelEntry:
    """A family of networks: its config and the function that builds one ("module:function")."""

    config_class: type
    builder: str


MODELS: dict[str, ModelEntry] = {"cnn": ModelEntry(CNNConfig, "core.models.cnn:build")}
