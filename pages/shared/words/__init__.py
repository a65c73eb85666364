"""The words of each family's live view, by page: a module with ``charts()``, ``words()`` and ``status()``."""

from __future__ import annotations

from types import ModuleType

from pages.shared.words import cnn, gan, mlp, rnn, transfer

WORDS: dict[str, ModuleType] = {"cnn": cnn, "gan": gan, "mlp": mlp, "rnn": rnn, "transfer": transfer}
