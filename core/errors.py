"""Errors that a visitor may read.

Each carries a message template and its values rather than a finished sentence, so that the page can
translate the template and fill in the values at the last moment.
"""

from __future__ import annotations

from typing import Any


class LiveTorchError(Exception):
    """A failure explained in words: what happened, why, what to do."""

    def __init__(self, template: str, **values: Any) -> None:
        self.template = template
        self.values = values
        super().__init__(template.format(**values))

    @property
    def message(self) -> str:
        """The sentence in English."""
        return str(self)


class ConfigError(LiveTorchError):
    """A setting that cannot be used. ``field`` is its dotted path, e.g. ``model.blocks.1.stride``."""

    def __init__(self, field: str, template: str, **values: Any) -> None:
        self.field = field
        super().__init__(template, field=field, **values)


class LimitError(LiveTorchError):
    """A limit of this server (queue, runs per visitor, memory) was reached."""


class NotFoundError(LiveTorchError):
    """No such run for this visitor. Foreign and unknown runs are told apart nowhere."""


class StoreError(LiveTorchError):
    """The run store could not be read or written (disk full, database locked)."""


class QuestionError(LiveTorchError):
    """A question to the worker pool failed, timed out or used too much memory."""
