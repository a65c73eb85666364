"""Questions about torchvision's models, which belong to no run: ``/api/models/<model>/look?name=...&args=<json>``.

``&picture=<sha>`` asks them about a picture of the visitor's own.
"""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from core.backbones.registry import ZOO
from core.errors import LiveTorchError, NotFoundError
from core.i18n import N_, explain
from core.pictures.files import SHA256
from core.runs.log import finite
from core.runs.looks import LONGEST_NAME
from core.runs.service import service
from core.server.asked import language_of
from core.server.middleware import visitor_in

LOOK_AT_MODEL = "core.probes.zoo.subject:look_at_model"
LONGEST_ARGUMENTS = 2048  # characters
SECONDS = 60.0
# Questions about models that are computed at a time: one, so that pages always find an idle question worker.
MODELS = CapacityLimiter(1)
GRAPH = {"part": "", "example": 0, "unrolled": False}  # what a browser asks first
GRAPH_SECONDS = 60.0  # a graph is remembered; not for ever, because it tells which weights were found


async def model_look(request: Request) -> Response:
    """What is seen in a model, ``{"data": ...}``, or ``{"error": sentence}``."""
    try:
        return JSONResponse({"data": finite(await _answer(request))})
    except LiveTorchError as error:
        return JSONResponse(
            {"error": explain(error, language_of(request))}, 404 if isinstance(error, NotFoundError) else 409
        )


async def _answer(request: Request) -> Any:
    model, name = request.path_params["model"], request.query_params.get("name", "")
    if model not in ZOO:
        raise NotFoundError(N_("There is no model called {name} here."), name=model[:40])
    if not 0 < len(name) <= LONGEST_NAME:
        raise LiveTorchError(N_("There is no view called {name}."), name=name[:40])
    args = asked_arguments(request.query_params.get("args", "{}"))
    picture = await to_thread.run_sync(_own_picture, request)
    if name == "graph" and args == GRAPH and not picture:
        return await to_thread.run_sync(graph_ahead(model).result, limiter=MODELS)
    # too large to remember
    ask = partial(service().client.ask, LOOK_AT_MODEL, model, name, args, *picture, timeout=SECONDS)
    return await to_thread.run_sync(ask, limiter=MODELS)


def _own_picture(request: Request) -> tuple[str, ...]:
    """Fingerprint and name of the picture that is asked about, if any. Raises :class:`NotFoundError` for a foreign one."""
    sha, visitor = request.query_params.get("picture", ""), visitor_in(request.headers)
    if not sha:
        return ()
    library = service().library
    if visitor is None or not SHA256.fullmatch(sha) or not library.may_see(visitor, sha):
        raise NotFoundError(N_("There is no such picture, or it is not yours to see."))
    names = [one.name for one in library.of(visitor) if one.sha == sha]
    return sha, names[0] if names else ""


_tracing = ThreadPoolExecutor(1, thread_name_prefix="graphs")
_graphs: dict[str, tuple[float, Future[Any]]] = {}
_asking = threading.Lock()


def graph_ahead(model: str) -> Future[Any]:
    """The graph of ``model``, asked for by the page while the browser still loads what draws it.

    Tracing ResNet-50 takes a good second. Raises nothing; the answer may.
    """
    with _asking:
        asked, future = _graphs.get(model, (0.0, None))
        if future is None or time.monotonic() - asked > GRAPH_SECONDS or (future.done() and future.exception()):
            future = _tracing.submit(service().client.ask, LOOK_AT_MODEL, model, "graph", GRAPH, timeout=SECONDS)
            _graphs[model] = time.monotonic(), future
        return future


def asked_arguments(text: str) -> dict[str, Any]:
    """The arguments of a look from a browser's text. Raises :class:`LiveTorchError` for anything but flat JSON."""
    try:
        found = json.loads(text, parse_constant=_refused) if len(text) <= LONGEST_ARGUMENTS else None
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict) and all(one is None or isinstance(one, str | int | float) for one in found.values()):
        return found
    raise LiveTorchError(N_("This question could not be read. Reload the page."))


def _refused(constant: str) -> None:
    """NaN and Infinity are no JSON."""
    raise ValueError(constant)


model_routes: list[BaseRoute] = [Route("/api/models/{model}/look", model_look)]
