"""The words of each family's live view, by page: a module with ``charts()``, ``words()`` and ``status()``."""

from __future__ import annotations

from types import ModuleType

from pages.shared.words import cnn

WORDS: dict[str, ModuleType] = {"cnn": cnn}
