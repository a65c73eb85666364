"""What our routes have in common: who asks, from where, in which language, and how a refusal is answered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from core.errors import LiveTorchError, NotFoundError, StoreError
from core.i18n import LANGUAGE_COOKIE, N_, choose_language, explain
from core.server.incoming import BusyError, TooLargeError
from core.server.middleware import visitor_in

Handler = Callable[[Request], Awaitable[Response]]


class ForeignError(LiveTorchError):
    """A request from another site, or from a browser that keeps no cookie."""


STATUS = {NotFoundError: 404, StoreError: 503, ForeignError: 403, TooLargeError: 413, BusyError: 429}


def answered(handler: Handler) -> Handler:
    """Turn our errors into a status and a JSON sentence."""

    async def wrapped(request: Request) -> Response:
        try:
            return await handler(request)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody reads it
        except LiveTorchError as error:
            status = next((status for kind, status in STATUS.items() if isinstance(error, kind)), 409)
            return JSONResponse({"error": explain(error, language_of(request))}, status)

    return wrapped


def language_of(request: Request) -> str:
    """The language of ``?lang=``, else the one the visitor chose, else the browser's."""
    asked = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
    return choose_language(asked or request.headers.get("accept-language", "en").split(",")[0])


def own_visitor(request: Request) -> str:
    """The visitor who changes something. Raises :class:`ForeignError` for a request that another site makes."""
    origin = urlsplit(request.headers.get("origin", "")).netloc
    if "origin" in request.headers and origin != request.headers.get("host"):
        raise ForeignError(N_("Pictures are taken from this page only."))
    visitor = visitor_in(request.headers)
    if visitor is None:
        raise ForeignError(
            N_("Pictures are kept for a browser that allows cookies here. Allow them and reload the page.")
        )
    return visitor
