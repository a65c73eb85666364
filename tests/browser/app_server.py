"""A LiveTorch server and a Chromium for tests and benchmarks."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def free_port() -> int:
    """A port nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class AppServer:
    """`streamlit run streamlit_app.py` on its own port and data folder."""

    def __init__(self, home: Path, port: int | None = None, **environment: str) -> None:
        self.home, self.port = home, port or free_port()
        self.environment = os.environ | {"LIVETORCH_HOME": str(home), "PYTHONUNBUFFERED": "1"} | environment
        self.process: subprocess.Popen[bytes] | None = None
        self.script = "streamlit_app.py"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start and wait until the training engine is warm."""
        command = [sys.executable, "-m", "streamlit", "run", self.script, "--server.port", str(self.port)]
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--server.headless", "true"], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
        self.wait_for(lambda: self.health().get("engine") == "ready", 60)

    def health(self) -> dict[str, Any]:
        try:
            return self.get_json("/healthz")
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            assert self.process is not None and self.process.poll() is None, self.log()
            return {}

    def get_json(self, path: str) -> dict[str, Any]:
        with urllib.request.urlopen(self.url + path, timeout=5) as response:
            return dict(json.load(response))

    def log(self) -> str:
        return (self.home / "server.log").read_text()[-4000:]

    def wait_for(self, condition: Any, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.1)

    def kill(self) -> None:
        """As if the machine had dropped it: no goodbye."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(10)


@contextmanager
def app_server(home: Path, **environment: str) -> Iterator[AppServer]:
    server = AppServer(home, **environment)
    try:
        server.start()
        yield server
    finally:
        server.stop()


def find_chromium() -> str | None:
    """A Chromium on this machine, or ``None`` where Playwright's own is to be used."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    return None


@contextmanager
def chromium() -> Iterator[Any]:
    """A headless Chromium (a Playwright ``Browser``)."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=BROWSER_FLAGS)
        try:
            yield browser
        finally:
            browser.close()
