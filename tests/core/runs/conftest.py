"""A supervisor with real workers, and a way to wait for what they say."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from core.config import load
from core.runs.client import SupervisorClient

LONG = {"epochs": 200, "batch_size": 16, "model": {"blocks": [{"channels": 4, "pooling": "max"}], "hidden": []}}


def until(condition: Callable[[], Any], seconds: float = 20.0) -> Any:
    """Poll until ``condition`` gives something; fail after ``seconds``."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)
    return value


class Heard:
    """A client with everything its supervisor said."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.blobs: dict[str, bytes] = {}
        self.client = SupervisorClient(self._on_message)

    def _on_message(self, message: dict[str, Any], blob: bytes) -> None:
        self.messages.append(message)
        if blob:
            self.blobs[message["run"]] = blob

    def start(self, run: str, paused: bool = False, **changed: Any) -> None:
        config = load(LONG | changed).to_dict()
        self.client.send({"type": "start", "run": run, "config": config, "paused": paused, "threads": 1})

    def command(self, run: str, kind: str, **more: Any) -> None:
        self.client.send({"type": "command", "run": run, "command": {"type": kind} | more})

    def events(self, run: str, kind: str) -> list[dict[str, Any]]:
        found = [
            message["event"] for message in list(self.messages) if message["type"] == "event" and message["run"] == run
        ]
        return [event for event in found if event["type"] == kind]

    def steps(self, run: str) -> list[int]:
        chunks = [chunk for event in self.events(run, "points") for chunk in event["chunks"]]
        return [step for chunk in chunks if chunk["split"] == "train" for step in chunk["step"]]

    def state(self, run: str) -> str:
        said = self.events(run, "state")
        return str(said[-1]["state"]) if said else ""

    def exited(self, run: str) -> dict[str, Any] | None:
        return next((m for m in list(self.messages) if m["type"] == "exited" and m["run"] == run), None)

    def pids(self) -> set[int]:
        """Every process below the supervisor."""
        import psutil

        assert self.client.ready.wait(30) and self.client.process is not None
        return {process.pid for process in psutil.Process(self.client.process.pid).children(recursive=True)}


@pytest.fixture
def make_heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Heard]]:
    """Supervisors with an environment of their own."""
    made: list[Heard] = []

    def make(**environment: str) -> Heard:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        made.append(Heard())
        return made[-1]

    yield make
    for heard in made:
        heard.client.close()


@pytest.fixture(scope="module")
def heard() -> Iterator[Heard]:
    """One supervisor for the tests of a module."""
    made = Heard()
    yield made
    made.client.close()
