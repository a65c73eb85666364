"""The visitor's pictures: bring, list, change, look at. Everything goes by the cookie; there is no share link to them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from functools import cache, partial
from pathlib import Path
from typing import Any

from anyio import CapacityLimiter, to_thread
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from core.errors import LiveTorchError, NotFoundError
from core.i18n import N_, catalogue, explain
from core.pictures.bring import Brought, bring
from core.pictures.builtin import ALBUMS, TITLES
from core.pictures.kept import Kept
from core.runs.limits import Limits
from core.runs.pool import WORKERS
from core.runs.service import service
from core.server.asked import answered, language_of, own_visitor
from core.server.incoming import Incoming, TooLargeError, announced, received
from core.server.middleware import visitor_in

LONGEST_CHANGE = 2**20  # bytes
# Pictures decoded at a time: two, so that pages always find an idle one of the three question workers.
TAKING = CapacityLimiter(WORKERS - 1)
LINES = "application/x-ndjson"


@cache
def incoming() -> Incoming:
    return Incoming(Limits.from_environment())


async def brought(request: Request) -> Response:
    """Take in one picture or zip: ``{"album", "kept", "refused"}``; as lines with the progress for who accepts them."""
    visitor, size, language = own_visitor(request), announced(request), language_of(request)
    incoming().check_size(size, b"")
    async with AsyncExitStack() as held:
        held.enter_context(incoming().room(visitor, size))
        await run_in_threadpool(service().library.check_room, visitor)
        path = await held.enter_async_context(received(request, incoming(), size))
        asked = {name: request.query_params.get(name, "") for name in ("name", "album", "label")}
        steps = _steps(bring(service().library, service().client.ask, visitor, path, **asked))
        if LINES in request.headers.get("accept", ""):
            return Lines(_lines(steps, language), held.pop_all())
        last = [step async for step in steps][-1]
        return JSONResponse(said(last, language))


class Lines(StreamingResponse):
    """An answer in lines that gives up what it holds when it is over, or was never begun to be read."""

    def __init__(self, lines: AsyncIterator[str], held: AsyncExitStack) -> None:
        super().__init__(lines, media_type=LINES)
        self.held = held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self.held:
            await super().__call__(scope, receive, send)


async def _steps(steps: Iterator[Brought]) -> AsyncIterator[Brought]:
    """How far it is, after each question, which waits for its turn."""
    while (step := await to_thread.run_sync(partial(next, steps, None), limiter=TAKING)) is not None:
        yield step


async def _lines(steps: AsyncIterator[Brought], language: str) -> AsyncIterator[str]:
    last: Brought | None = None
    try:
        async for last in steps:
            yield json.dumps({"done": last.done, "of": last.of}) + "\n"
        assert last is not None
        yield json.dumps(said(last, language)) + "\n"
    except LiveTorchError as error:  # the answer has begun, so its status cannot say it
        yield json.dumps({"error": explain(error, language)}) + "\n"


def said(brought: Brought, language: str) -> dict[str, Any]:
    """What came of a file, for the browser."""
    translated = catalogue(language).gettext
    reasons = [(one["name"], one["template"], one["values"]) for one in brought.refused]
    refused = [{"name": name, "reason": translated(reason).format(**values)} for name, reason, values in reasons]
    album = brought.kept[0].album if brought.kept else brought.album
    return {"album": album, "kept": [shown(one) for one in brought.kept], "refused": refused}


def shown(one: Kept) -> dict[str, Any]:
    """A picture for the browser."""
    size = {"width": one.width, "height": one.height}
    return {"id": one.id, "sha": one.sha, "name": one.name, "album": one.album, "label": one.label} | size


async def listed(request: Request) -> Response:
    """The albums, and the pictures of ``?album=``."""
    language = language_of(request)
    return JSONResponse(await run_in_threadpool(_listed, visitor_in(request.headers) or "", request, language))


def _listed(visitor: str, request: Request, language: str) -> dict[str, Any]:
    library, asked = service().library, request.query_params.get("album")
    count, size = library.used(visitor)
    albums = [
        {
            "name": one.name,
            "title": catalogue(language).gettext(TITLES[one.name]) if one.name in TITLES else one.name,
            "own": one.name not in ALBUMS,
            "pictures": one.pictures,
            "classes": list(one.classes),
        }
        for one in library.albums(visitor)
    ]
    pictures = [shown(one) for one in library.of(visitor, asked)] if asked else []
    return {"albums": albums, "pictures": pictures, "count": count, "bytes": size}


async def changed(request: Request) -> Response:
    """``{"ids": [...]}`` with ``"label"``, ``"album"`` or ``"delete": true``; how many pictures it concerned."""
    visitor, size = own_visitor(request), announced(request)
    if size > LONGEST_CHANGE:
        raise TooLargeError(N_("Too many pictures at a time. Choose fewer."))
    count = await run_in_threadpool(_change, visitor, await request.body())
    return JSONResponse({"changed": count})


def _change(visitor: str, body: bytes) -> int:
    try:
        asked = json.loads(body)
        ids = asked["ids"]
        if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
            raise ValueError("ids")
    except (ValueError, KeyError, TypeError, RecursionError):
        raise LiveTorchError(N_("This change could not be read. Reload the page.")) from None
    library = service().library
    if asked.get("delete") is True:
        count = library.delete(visitor, ids)
    elif isinstance(asked.get("album"), str):
        count = library.move(visitor, ids, asked["album"])
    elif isinstance(asked.get("label"), str):
        count = library.relabel(visitor, ids, asked["label"])
    else:
        raise LiveTorchError(N_("This change could not be read. Reload the page."))
    if ids and not count:
        raise NotFoundError(N_("There is no such picture, or it is not yours to see."))
    return count


async def file(request: Request) -> Response:
    """One picture, small with ``?side=`` up to 256."""
    side = request.query_params.get("side", "")
    whole = not side.isdecimal() or int(side[:6]) > 256
    visitor, sha = visitor_in(request.headers) or "", request.path_params["sha"]
    path = await run_in_threadpool(service().library.file, visitor, sha, whole)
    kind = await run_in_threadpool(_media_type, path)
    return FileResponse(path, media_type=kind, headers={"Cache-Control": "private, max-age=86400"})


def _media_type(path: Path) -> str:
    with path.open("rb") as opened:
        return "image/png" if opened.read(4) == b"\x89PNG" else "image/jpeg"


picture_routes: list[BaseRoute] = [
    Route("/api/pictures", answered(listed), methods=["GET"]),
    Route("/api/pictures", answered(brought), methods=["POST"]),
    Route("/api/pictures/change", answered(changed), methods=["POST"]),
    Route("/api/pictures/file/{sha}", answered(file), methods=["GET"]),
]
