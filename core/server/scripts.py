"""Our own modules for the browser: what lies in assets/js, under ``/livetorch/js/``."""

from __future__ import annotations

import hashlib
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

SCRIPTS = Path(__file__).resolve().parents[2] / "assets" / "js"


def script_content(name: str) -> bytes | None:
    """The module ``name``, or ``None`` for anything that is not a file of that folder."""
    found = {path.name: path for path in SCRIPTS.glob("*.js")}
    return found[name].read_bytes() if name in found else None


async def script(request: Request) -> Response:
    """One module. Browsers ask each time whether it changed, so that all of them are of one version."""
    content = await run_in_threadpool(script_content, request.path_params["name"])
    if content is None:
        return JSONResponse({"error": "No such script."}, 404)
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"Cache-Control": "no-cache", "ETag": etag}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="text/javascript", headers=headers)


script_routes: list[BaseRoute] = [Route("/livetorch/js/{name}", script)]
