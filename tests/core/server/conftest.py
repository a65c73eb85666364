"""Our routes and middleware on a real port, without Streamlit."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

from core.config import load
from core.runs.service import close_service, service
from core.server import lifespan, middleware, routes
from tests.browser.app_server import free_port
from tests.core.runs.conftest import LONG, until

ANN, BEN = "a" * 22, "b" * 22


class Site:
    """The server and a client for it."""

    def __init__(self, port: int) -> None:
        self.port = port

    def get(
        self, path: str, visitor: str | None = None, method: str = "GET", **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        if visitor:
            headers["Cookie"] = f"livetorch_visitor={visitor}"
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body

    def json(self, path: str, visitor: str | None = None) -> Any:
        status, _headers, body = self.get(path, visitor)
        assert status == 200, body
        return json.loads(body)

    def socket(self, path: str, visitor: str | None = None, **headers: str) -> Any:
        from websockets.sync.client import connect

        sent = headers | ({"Cookie": f"livetorch_visitor={visitor}"} if visitor else {})
        return connect(f"ws://127.0.0.1:{self.port}{path}", additional_headers=sent)

    def run(self, visitor: str = ANN, **changed: Any) -> Any:
        """A run that has taken a few steps."""
        run = service().submit(visitor, load(LONG | changed))
        until(lambda: service().view(run.id, visitor).step > 3)
        return service().view(run.id, visitor)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("LIVETORCH_HOME", str(tmp_path_factory.mktemp("home")))
        patched.setenv("LIVETORCH_DISK_FLOOR_MB", "1")
        close_service()
        page = Route("/", lambda _request: HTMLResponse("<p>page</p>"))
        app = Starlette(routes=[*routes, page], middleware=middleware, lifespan=lifespan)
        port = free_port()
        server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        until(lambda: server.started)
        until(lambda: service().client.ready.is_set(), 40)
        yield Site(port)
        server.should_exit = True
        thread.join(15)
        close_service()
