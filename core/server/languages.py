"""The switch between languages: keeps the choice in a cookie and goes back to where it was pressed."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from core.errors import NotFoundError
from core.i18n import LANGUAGE_COOKIE, LANGUAGES, N_, explain
from core.server.asked import language_of
from core.server.middleware import YEAR, over_https


async def choose(request: Request) -> Response:
    """``GET /api/language/zh``: from now on in Chinese, on the page the link stood on, its settings kept."""
    language = request.path_params["language"]
    if language not in LANGUAGES:
        error = NotFoundError(N_("LiveTorch does not speak this language."))
        return JSONResponse({"error": explain(error, language_of(request))}, 404)
    answer = RedirectResponse(came_from(request), 303)
    secure = over_https(request.scope, request.headers)
    answer.set_cookie(LANGUAGE_COOKIE, language, max_age=YEAR, secure=secure, httponly=True, samesite="lax")
    return answer


def came_from(request: Request) -> str:
    """Path and query of the page that links here; the front page for a link from elsewhere."""
    page = urlsplit(request.headers.get("referer", ""))
    if page.netloc != request.headers.get("host") or not page.path.startswith("/") or page.path.startswith("//"):
        return "/"
    return page.path + (f"?{page.query}" if page.query else "")


language_routes: list[BaseRoute] = [Route("/api/language/{language}", choose)]
