"""What every answer carries: the visitor's cookie, security headers, a line in the log."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import logging
import re
import secrets
import time
from http.cookies import SimpleCookie
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.server.uploads import UploadBounds

log = logging.getLogger("livetorch.http")

VISITOR_COOKIE = "livetorch_visitor"
YEAR = 365 * 86_400
TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")  # 128 random bits
QUIET = ("/static/", "/_stcore/", "/livetorch/", "/healthz", "/media/", "/component/")


def valid_visitor(token: str) -> bool:
    """Whether ``token`` has the form of one of ours."""
    return TOKEN.fullmatch(token) is not None


def visitor_in(headers: Headers) -> str | None:
    """The visitor's token of a request, or ``None``."""
    cookies: SimpleCookie = SimpleCookie()
    cookies.load(headers.get("cookie", ""))
    token = cookies[VISITOR_COOKIE].value if VISITOR_COOKIE in cookies else ""
    return token if valid_visitor(token) else None


def inline_script_hashes() -> list[str]:
    """CSP hashes of the inline scripts in Streamlit's own page, read from the installed package."""
    package = importlib.util.find_spec("streamlit")
    if package is None or package.origin is None:
        return []
    page = (Path(package.origin).parent / "static" / "index.html").read_text(encoding="utf-8")
    scripts = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", page, re.DOTALL)
    return [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]


def content_security_policy() -> str:
    """Scripts, styles, pictures and connections from this server only.

    Components are modules from blob URLs, Graphviz needs WebAssembly, styles are written inline.
    """
    hashes = " ".join(f"'sha256-{digest}'" for digest in inline_script_hashes())
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src 'self' blob: 'wasm-unsafe-eval' {hashes}".rstrip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self' data: blob:",
            "media-src 'self' blob:",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        ]
    )


class Guard:
    """Pure ASGI, so that streamed answers and WebSockets pass untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.headers = {
            "Content-Security-Policy": content_security_policy(),
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "SAMEORIGIN",
            "Referrer-Policy": "same-origin",
            "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
            "Cross-Origin-Opener-Policy": "same-origin",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, request = time.perf_counter(), Headers(scope=scope)
        status = 500

        async def send_guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
                if headers.get("content-type", "").startswith("text/html") and visitor_in(request) is None:
                    headers.append("set-cookie", new_visitor_cookie(scope, request))
            await send(message)

        try:
            await self.app(scope, receive, send_guarded)
        finally:
            if not scope["path"].startswith(QUIET):
                spent = round((time.perf_counter() - began) * 1000, 1)
                said = {"method": scope["method"], "path": scope["path"], "status": status, "milliseconds": spent}
                log.info("request", extra=said)


def over_https(scope: Scope, request: Headers) -> bool:
    """Whether the visitor's browser speaks HTTPS, with us or with a proxy before us."""
    return bool(scope["scheme"] == "https" or request.get("x-forwarded-proto") == "https")


def new_visitor_cookie(scope: Scope, request: Headers) -> str:
    """A ``Set-Cookie`` header for somebody we have not seen."""
    parts = [f"{VISITOR_COOKIE}={secrets.token_urlsafe(16)}", "Path=/", f"Max-Age={YEAR}", "HttpOnly", "SameSite=Lax"]
    return "; ".join([*parts, "Secure"] if over_https(scope, request) else parts)


middleware = [Middleware(Guard), Middleware(UploadBounds)]
