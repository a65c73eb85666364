"""Charts that several families share. A chart: its name, title, kind (number, percent, rate), perhaps lines and rules.

``name`` is the measured column that is drawn for training and validation, unless ``lines`` (split, column, label,
colour) say otherwise; ``rules`` are levels worth knowing (value, label).
"""

from __future__ import annotations

from typing import Any

from pages.shared.language import _


def loss_chart() -> dict[str, Any]:
    """How wrong the network is."""
    return {"name": "loss", "title": _("Loss: how wrong the network is"), "kind": "number"}


def accuracy_chart() -> dict[str, Any]:
    """How often it is right."""
    return {"name": "accuracy", "title": _("Accuracy: how often it is right"), "kind": "percent"}


def rate_chart() -> dict[str, Any]:
    """How large the updates are; hidden where the rate never changes."""
    return {"name": "learning_rate", "title": _("Learning rate: how large the updates are"), "kind": "rate"}
