"""The server under many sessions, spoken to in Streamlit's own protocol, without browsers."""

from __future__ import annotations

import json
import os
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any

from tests.browser.app_server import ROOT, AppServer


def rerun_milliseconds(home: Path, count: int = 40) -> list[float]:
    """Script time of the CNN page after one slider moved, in process (AppTest)."""
    from streamlit.testing.v1 import AppTest

    os.environ["LIVETORCH_HOME"] = str(home)
    from core.runs.service import close_service, service

    service().client.ready.wait(60)
    app = AppTest.from_file(str(ROOT / "pages" / "app.py"), default_timeout=30).run()
    app.switch_page("train/cnn.py").run()
    spent = []
    for number in range(count):
        app.slider(key="cnn_dropout").set_value(0.05 * (number % 10))
        began = time.perf_counter()
        app.run()
        spent.append(1000 * (time.perf_counter() - began))
    close_service()
    return spent


class Session:
    """One visitor: Streamlit's socket for reruns, our socket for a run."""

    def __init__(self, server: AppServer) -> None:
        from streamlit.proto.BackMsg_pb2 import BackMsg
        from websockets.sync.client import connect

        with urllib.request.urlopen(server.url) as page:
            self.cookie = page.headers["set-cookie"].split(";")[0]
        self.server, self.message = server, BackMsg
        address = f"ws://127.0.0.1:{server.port}/_stcore/stream"
        origin = {"Origin": server.url, "Cookie": self.cookie}
        self.socket = connect(address, additional_headers=origin, subprotocols=["streamlit"], max_size=None)  # type: ignore[list-item]
        self.widgets: dict[str, str] = {}

    def rerun(self, dropout: float | None = None, press: str | None = None, query: str = "") -> float:
        """Rerun the CNN page, with a slider moved or a button pressed; milliseconds until it is done."""
        message = self.message()
        message.rerun_script.query_string = query
        message.rerun_script.page_name = "cnn"
        if dropout is not None:
            state = message.rerun_script.widget_states.widgets.add()
            state.id = self.widgets["cnn_dropout"]
            state.double_array_value.data.append(dropout)
        if press is not None:
            state = message.rerun_script.widget_states.widgets.add()
            state.id = self.widgets[press]
            state.trigger_value = True
        began = time.perf_counter()
        self.socket.send(message.SerializeToString())
        self._until_finished()
        return 1000 * (time.perf_counter() - began)

    def _until_finished(self) -> None:
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        while True:
            data = self.socket.recv(timeout=20)
            said = ForwardMsg()
            said.ParseFromString(data if isinstance(data, bytes) else data.encode())
            element = said.delta.new_element
            kind = element.WhichOneof("type")
            if kind in ("slider", "button"):
                identity = getattr(element, kind).id
                self.widgets[identity.rsplit("-", 1)[-1]] = identity
            if said.WhichOneof("type") == "script_finished":
                return

    def watch(self, run: str, token: str, stop: threading.Event) -> None:
        """Drain a run's live socket until told to stop."""
        from websockets.sync.client import connect

        address = f"ws://127.0.0.1:{self.server.port}/api/runs/{run}/live?view={token}"
        with connect(address, max_size=None) as socket:
            while not stop.is_set():
                try:
                    json.loads(socket.recv(timeout=1))
                except TimeoutError:
                    continue

    def close(self) -> None:
        self.socket.close()


def started_run(server: AppServer) -> tuple[Any, str, str]:
    """A session with a run that is on: (session, run id, view token), read from the server's database."""
    import sqlite3

    session = Session(server)
    long = "cnn_epochs=200&cnn_batch_size=4"  # outlasts the measurement
    session.rerun(query=long)
    session.rerun(press="cnn_train", query=long)
    with sqlite3.connect(server.home / "livetorch.db") as database:
        run, token = database.execute("SELECT id, view_token FROM runs ORDER BY created DESC LIMIT 1").fetchone()
    return session, run, token


def reactions_under_load(server: AppServer, sessions: int, seconds: float) -> list[float]:
    """Milliseconds of page reactions while ``sessions`` watch two runs and each moves a slider every 2 s."""
    runs = [started_run(server) for _run in range(2)]
    stop, spent, watchers = threading.Event(), [], []

    def visit(number: int) -> None:
        session = Session(server)
        session.rerun()
        _owner, run, token = runs[number % 2]
        watching = threading.Thread(target=session.watch, args=(run, token, stop))
        watching.start()
        watchers.append(watching)
        time.sleep(2.0 * number / sessions)
        deadline, moved = time.monotonic() + seconds, 0
        while time.monotonic() < deadline:
            moved += 1
            spent.append(session.rerun(dropout=0.05 * (moved % 10)))
            time.sleep(2.0)
        session.close()

    threads = [threading.Thread(target=visit, args=(number,)) for number in range(sessions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60 + seconds)
    assert server.health()["running"] == 2  # both were on to the end
    stop.set()
    for watching in watchers:
        watching.join(5)
    for session, _run, _token in runs:
        session.close()
    return spent
