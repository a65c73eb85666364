"""Routes beside Streamlit's: health, runs as JSON, CSV, script and weights, and our own static files."""

from __future__ import annotations

import gzip
import importlib.util
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from core.errors import LiveTorchError, NotFoundError, StoreError
from core.i18n import explain
from core.runs.log import finite
from core.runs.record import Record, reason_of
from core.runs.service import service
from core.server.asked import language_of
from core.server.languages import language_routes
from core.server.live import live
from core.server.middleware import visitor_in
from core.server.models import model_routes
from core.server.pictures import picture_routes
from core.server.run_pictures import run_picture_routes
from core.server.scripts import script_routes

Handler = Callable[[Request], Awaitable[Response]]
FOREVER = "public, max-age=31536000, immutable"


def access(request: Any) -> dict[str, str | None]:
    """Who asks: the visitor of the cookie, or the bearer of a view token."""
    return {"visitor": visitor_in(request.headers), "token": request.query_params.get("view")}


def explained(handler: Handler) -> Handler:
    """Turn our errors into a status and a JSON sentence."""

    async def wrapped(request: Request) -> Response:
        try:
            return await handler(request)
        except LiveTorchError as error:
            status = 404 if isinstance(error, NotFoundError) else 503 if isinstance(error, StoreError) else 409
            return JSONResponse({"error": explain(error, language_of(request))}, status)

    return wrapped


def found(request: Request) -> Record:
    """The run of the path, if the asker may see it."""
    return service().record(request.path_params["run"], **access(request))


async def healthz(_request: Request) -> Response:
    """200 while runs can be kept; tells whether the training engine is warm."""
    runs = service()
    await run_in_threadpool(runs.store.in_states, "running")
    said = {"status": "ok", "engine": "ready" if runs.client.ready.is_set() else "starting"}
    return JSONResponse(said | {"running": len(runs.occupied)})


async def run_json(request: Request) -> Response:
    """State, config, latest metrics and reason of a run."""
    record = await run_in_threadpool(found, request)
    reason = reason_of(record.row)
    said = {
        "id": record.id,
        "title": record.row["title"],
        "state": record.state,
        "reason": reason.message if reason else "",
        "config": record.row["config"],
        "step": record.log.step,
        "epoch": record.log.epoch,
        "metrics": record.log.latest,
        "points": record.log.total,
        "edits": record.row["edits"],
        "created": record.row["created"],
        "ended": record.row["ended"],
    }
    return JSONResponse(finite(said))


async def script(request: Request) -> Response:
    """The standalone script of a run."""
    text = await run_in_threadpool(service().script, request.path_params["run"], **access(request))
    return attachment(text, "text/x-python", f"livetorch_{request.path_params['run'][:8]}.py")


async def metrics(request: Request) -> Response:
    """All points of a run as CSV."""
    text = await run_in_threadpool(service().metrics_csv, request.path_params["run"], **access(request))
    return attachment(text, "text/csv", f"livetorch_{request.path_params['run'][:8]}.csv")


def attachment(text: str, kind: str, name: str) -> Response:
    return Response(text, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


async def weights(request: Request) -> Response:
    """The weights that a run left, as safetensors."""
    path = await run_in_threadpool(service().weights, request.path_params["run"], **access(request))
    name = f"livetorch_{request.path_params['run'][:8]}.safetensors"
    return FileResponse(path, media_type="application/octet-stream", filename=name)


@cache
def plotly_packed() -> bytes:
    """plotly.js of the installed plotly package, packed once: 4.8 MB become 1.4."""
    package = importlib.util.find_spec("plotly")
    assert package is not None and package.origin is not None
    return gzip.compress((Path(package.origin).parent / "package_data" / "plotly.min.js").read_bytes(), 6)


async def plotly(_request: Request) -> Response:
    """plotly.js, under an address of its own so that the live view can load it once."""
    content = await run_in_threadpool(plotly_packed)
    headers = {"Content-Encoding": "gzip", "Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
    return Response(content, media_type="text/javascript", headers=headers)


async def nothing_here(request: Request) -> Response:
    return JSONResponse({"error": f"Nothing here: {request.url.path}"}, 404)


routes: list[BaseRoute] = [
    Route("/healthz", explained(healthz)),
    Route("/api/runs/{run}", explained(run_json)),
    Route("/api/runs/{run}/script.py", explained(script)),
    Route("/api/runs/{run}/metrics.csv", explained(metrics)),
    Route("/api/runs/{run}/weights.safetensors", explained(weights)),
    WebSocketRoute("/api/runs/{run}/live", live),
    Route("/livetorch/plotly.min.js", plotly),
    *language_routes,
    *script_routes,
    *model_routes,
    *picture_routes,
    *run_picture_routes,
    Route("/api/{rest:path}", nothing_here),
]
