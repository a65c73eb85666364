"""A supervisor with real workers, or a stand-in for it under a real service, and a way to wait for what they say."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from core.config import load
from core.families import found
from core.runs.client import SupervisorClient
from core.runs.limits import Limits
from core.runs.looks import Look
from core.runs.service import RunService
from core.runs.store import Store
from tests.core.runs.test_log import payload

ANN, BEN = "a" * 22, "b" * 22
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

    def watch(self, run: str, *names: str, **args: Any) -> None:
        looks = [Look.of(name, args).message() for name in names]
        self.command(run, "watch", looks=looks)

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


class FakeClient:
    """Remembers what it was sent; tests speak for the workers."""

    def __init__(self, on_message: Any) -> None:
        self.on_message, self.sent = on_message, []
        self.ready = threading.Event()
        self.ready.set()

    def send(self, message, blob=b""):
        self.sent.append(message)

    def ask(self, function, *args, timeout=5.0):
        self.sent.append({"type": "ask"})
        return (found(function) if isinstance(function, str) else function)(*args)

    def close(self):
        self.sent.append({"type": "close"})

    def say(self, run, **event):
        self.on_message({"type": "event", "run": run, "event": event}, b"")

    def exit(self, run, state=None, reason=""):
        self.on_message({"type": "exited", "run": run, "state": state, "reason": reason, "values": {}}, b"")

    def kinds(self):
        return [message.get("command", message)["type"] for message in self.sent]


@pytest.fixture
def make(tmp_path, monkeypatch):
    monkeypatch.setenv("LIVETORCH_DISK_FLOOR_MB", "1")
    made = []

    def service(**environment: str) -> RunService:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        made.append(RunService(Limits.from_environment(), Store(folder=tmp_path), FakeClient))
        return made[-1]

    yield service
    for one in made:
        one.close()


def begun(service: RunService, visitor: str = ANN, **changed: Any):
    """A run that is on and has taken three steps."""
    run = service.submit(visitor, load(changed))
    service.client.say(
        run.id,
        type="started",
        total_steps=100,
        samples=200,
        device="cpu",
        threads=1,
        precision="bfloat16",
        start="0badcafe",
        classes=["0"],
        versions={"torch": "2"},
    )
    service.client.say(run.id, type="state", state="running", step=0)
    service.client.say(run.id, type="points", chunks=[payload("train", range(1, 4))], rate=100.0, time=1.0)
    until(lambda: service.view(run.id, visitor).step == 3, 5)
    return service.view(run.id, visitor)
