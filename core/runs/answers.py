"""Answers to questions, remembered: the same settings are asked about at every rerun of a page."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from core.errors import ConfigError

MOST = 512


class Answers:
    """The latest answers by function and arguments; refusals (ConfigError) are answers too."""

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Any] = OrderedDict()

    def get(
        self, ask: Callable[..., Any], function: Callable[..., Any] | str, args: tuple[Any, ...], timeout: float
    ) -> Any:
        """The remembered answer, else what ``ask`` says. Raises as the function (itself, or ``module:name``) does."""
        name = function if isinstance(function, str) else f"{function.__module__}:{function.__qualname__}"
        key = f"{name}{args!r}"
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return _or_raise(self._known[key])
        try:
            answer = ask(function, *args, timeout=timeout)
        except ConfigError as error:
            if error.field in ("dataset", "backbone"):
                raise  # its files may come
            answer = error
        with self._lock:
            self._known[key] = answer
            while len(self._known) > self.most:
                self._known.popitem(last=False)
        return _or_raise(answer)


def _or_raise(answer: Any) -> Any:
    if isinstance(answer, ConfigError):  # a fresh one: a raised exception keeps its traceback
        raise ConfigError(answer.field, answer.template, **{k: v for k, v in answer.values.items() if k != "field"})
    return answer
