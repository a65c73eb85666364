"""What every task does when a value is changed between two steps."""

from __future__ import annotations

from typing import Any

from torch import nn

from core.config import check_editable
from core.training.events import Edit
from core.training.optimizers import set_constants, set_rate


def change(task: Any, edit: Edit, dropping: nn.Module) -> None:
    """Give ``task`` the config with the edit; its optimiser and the dropout of ``dropping`` follow, their state is kept.

    Raises :class:`ConfigError` for what cannot be changed; then nothing has been.
    """
    check_editable(task.config, edit.name)
    task.config = task.config.with_value(edit.name, edit.value)
    if edit.name.startswith("optimizer."):
        set_constants(task.optimizer, task.config.optimizer)
        set_rate(task.optimizer, task.learning_rate)
    if edit.name == "model.dropout":
        set_dropout(dropping, task.config.model.dropout)


def set_dropout(network: nn.Module, share: float) -> None:
    """Another dropout from the next step on, between the layers of a recurrent network as well."""
    for module in network.modules():
        if isinstance(module, nn.Dropout):
            module.p = share
        elif isinstance(module, nn.RNNBase):
            module.dropout = share if module.num_layers > 1 else 0.0
