"""A run as the server knows it: its row, its numbers, what it last showed, and who is looking."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from core.config import RunConfig, load
from core.errors import LiveTorchError
from core.runs.log import Chunk, RunLog
from core.runs.looks import Answer, Look

ACTIVE = frozenset({"queued", "running", "paused"})


def owner_of(visitor: str) -> str:
    """What the store keeps of a visitor's token; who reads the store cannot pose as the visitor."""
    return hashlib.sha256(visitor.encode()).hexdigest()


@dataclass(eq=False)  # one object for each run
class Record:
    """One run. Changed under the service's lock only."""

    row: dict[str, Any]
    log: RunLog = field(default_factory=RunLog)
    rate: float = 0.0
    metric_time: float = 0.0
    changes: int = 0  # grows with everything that a viewer could see
    told: int = 0  # what of it the viewers have been woken for
    saved: bool = True
    deleted: bool = False
    pausing: bool = False  # it was asked to hold, and has not come to the end of what it is in
    limit: dict[str, Any] | None = None  # reason of a limit that is ending the run
    preparing: LiveTorchError | None = None  # what it said it does before its first step
    # what wakes each viewer, and what it looks at; of all of them together; and what was seen, by key
    watchers: dict[Callable[[], None], tuple[Look, ...]] = field(default_factory=dict)
    looks: dict[str, Look] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    _now: tuple[Any, RunConfig] | None = field(default=None, init=False)  # config_now, and the edits it holds

    @classmethod
    def stored(cls, row: dict[str, Any], chunks: list[dict[str, Any]]) -> Record:
        """A run read back from the store."""
        record = cls(row)
        for payload in chunks:
            record.log.add(Chunk(record.log.total, payload))
        return record

    @property
    def id(self) -> str:
        return str(self.row["id"])

    @property
    def state(self) -> str:
        return str(self.row["state"])

    @property
    def active(self) -> bool:
        return self.state in ACTIVE

    @cached_property
    def config(self) -> RunConfig:
        """What the run was started with; read once, as every frame of every viewer needs it."""
        return load(self.row["config"])

    @property
    def config_now(self) -> RunConfig:
        """The config with every change that was made while the run was on."""
        edits = self.row["edits"]
        made, config = self._now or ([], self.config)
        if edits is not made:  # edits are only ever added
            self._now = edits, edited(config, edits[len(made) :])
            return self._now[1]
        return config

    def shown_edits(self) -> list[dict[str, Any]]:
        """The edits as a viewer needs them: of long lists, such as points, how many entries they have."""
        return [edit | {"value": brief(edit["value"])} for edit in self.row["edits"]]

    def progress(self) -> dict[str, Any]:
        """Step, epoch and latest metrics; of a run that was not read back whole, as last stored."""
        if not self.log.total:
            return {"step": 0, "epoch": 0, "latest": {}} | dict(self.row["progress"])
        return {"step": self.log.step, "epoch": self.log.epoch, "latest": self.log.latest}

    def eta(self) -> float | None:
        """Seconds of training left at the present rate."""
        samples = self.row["info"].get("samples")
        if not samples or self.rate <= 0 or self.state != "running":
            return None
        return max(0.0, (self.config.epochs - self.log.progress) * int(samples) / self.rate)

    def end(self, state: str, reason: str = "", values: dict[str, Any] | None = None) -> None:
        """The run is over."""
        self.row |= {"state": state, "ended": time.time(), "reason": {"template": reason, "values": values or {}}}
        self.changes += 1


def brief(value: Any) -> Any:
    """``value``, or ``{"count": n}`` in place of a list of lists."""
    return {"count": len(value)} if isinstance(value, list) and any(isinstance(one, list) for one in value) else value


@dataclass(frozen=True)
class RunView:
    """What a page may know about a run."""

    id: str
    title: str
    page: str
    config: RunConfig  # what it was started with
    now: RunConfig  # with every change that was made while it was on
    state: str
    reason: LiveTorchError | None
    step: int
    epoch: int
    created: float
    ended: float | None
    latest: dict[str, dict[str, float]]
    edits: list[dict[str, Any]]
    info: dict[str, Any]
    view_token: str
    own: bool
    queue_position: int

    @classmethod
    def of(cls, record: Record, owner: str, queue_position: int) -> RunView:
        """What ``owner`` may know of ``record``; call with the service's lock held."""
        row, progress = record.row, record.progress()
        return cls(
            id=record.id,
            title=row["title"],
            page=row["page"],
            config=record.config,
            now=record.config_now,
            state=record.state,
            reason=reason_of(row),
            step=progress["step"],
            epoch=progress["epoch"],
            created=row["created"],
            ended=row["ended"],
            latest={split: dict(values) for split, values in progress["latest"].items()},
            edits=list(row["edits"]),
            info=dict(row["info"]),
            view_token=row["view_token"],
            own=row["visitor"] == owner,
            queue_position=queue_position,
        )

    @property
    def active(self) -> bool:
        return self.state in ACTIVE


def edited(config: RunConfig, edits: list[dict[str, Any]]) -> RunConfig:
    """``config`` after ``edits``, in their order."""
    for edit in edits:
        config = config.with_value(edit["name"], edit["value"])
    return config


def reason_of(row: dict[str, Any]) -> LiveTorchError | None:
    """Why the run is in its state, or ``None``."""
    said = row["reason"]
    return LiveTorchError(said["template"], **said["values"]) if said.get("template") else None
