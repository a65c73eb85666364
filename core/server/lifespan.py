"""What happens when the server starts and stops."""

from __future__ import annotations

import asyncio
import gc
import importlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from core.errors import StoreError
from core.logs import set_up_logging
from core.runs.service import close_service, service
from core.server.at_once import send_at_once

log = logging.getLogger("livetorch.server")


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Start the training engine before the first visitor, end it after the last."""
    set_up_logging()
    send_at_once(asyncio.get_running_loop())  # the server's socket is opened when this has started
    try:
        await asyncio.to_thread(service)
    except StoreError as error:
        log.error("serving without a store: %s", error)  # pages say so, and every visit tries again
    # Streamlit looks for data frames in all that a component is given: the first visitor need not wait for pandas
    await asyncio.to_thread(importlib.import_module, "pandas")
    gc.collect()
    gc.freeze()  # what is imported stays; collections no longer walk through it
    log.info("ready to serve")
    try:
        yield
    finally:
        await asyncio.to_thread(close_service)
