"""Structured logs: one JSON object a line on standard error."""

from __future__ import annotations

import json
import logging
import os
import sys
from typing import Any

EXTRA = ("run", "reference", "method", "path", "status", "milliseconds", "pid")


class JsonFormatter(logging.Formatter):
    """Time, level, logger, message and whatever of ``EXTRA`` the record carries."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, Any] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S") + f".{record.msecs:03.0f}",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        said |= {name: getattr(record, name) for name in EXTRA if hasattr(record, name)}
        if record.exc_info:
            said["traceback"] = self.formatException(record.exc_info)
        return json.dumps(said)


def set_up_logging() -> None:
    """Send the ``livetorch`` loggers to standard error; the level is ``LIVETORCH_LOG_LEVEL`` (info)."""
    logger = logging.getLogger("livetorch")
    if logger.handlers:
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    logger.addHandler(handler)
    logger.setLevel((os.environ.get("LIVETORCH_LOG_LEVEL") or "info").upper())
    logger.propagate = False
