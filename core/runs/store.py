"""Runs on disk: SQLAlchemy on SQLite by default, any other database through ``DATABASE_URL``.

One process writes, one transaction at a time. Every failure of the database is a :class:`StoreError`
with a sentence; nothing is half written.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy.exc import SQLAlchemyError

from core.datasets import home
from core.errors import StoreError
from core.i18n import N_
from core.runs.log import Chunk
from core.training.past_names import step_of

log = logging.getLogger("livetorch.store")

SAFE_WAL = (3, 51, 3)  # older SQLite can corrupt a database when a write-ahead log is reset
METADATA = sa.MetaData()
RUNS = sa.Table(
    "runs",
    METADATA,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("visitor", sa.String(64)),
    sa.Column("view_token", sa.String(32)),
    sa.Column("title", sa.Text),
    sa.Column("page", sa.String(32)),
    sa.Column("config", sa.Text),
    sa.Column("state", sa.String(16)),
    sa.Column("reason", sa.Text),
    sa.Column("created", sa.Float),
    sa.Column("ended", sa.Float),
    sa.Column("info", sa.Text),
    sa.Column("edits", sa.Text),
    sa.Column("progress", sa.Text),
)
POINTS = sa.Table(
    "points",
    METADATA,
    sa.Column("run_id", sa.String(32), primary_key=True),
    sa.Column("first", sa.Integer, primary_key=True),
    sa.Column("payload", sa.Text),
)
Row = dict[str, Any]
JSON_COLUMNS = ("config", "reason", "info", "edits", "progress")


class Store:
    """The one writer of runs, points and files."""

    def __init__(self, url: str | None = None, folder: Path | None = None) -> None:
        """Open the database and bring its tables up to date. Raises :class:`StoreError`."""
        self.folder = folder or home()
        self.url = url or os.environ.get("DATABASE_URL") or f"sqlite:///{self.folder / 'livetorch.db'}"
        self._lock = threading.Lock()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.engine = _engine(self.url)
            self._writer = self.engine.execution_options(write=True)
            self._migrate()
        except (OSError, SQLAlchemyError) as error:
            raise _store_error(error) from error

    def _migrate(self) -> None:
        settings = AlembicConfig()
        settings.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        with self._writer.begin() as connection:
            settings.attributes["connection"] = connection
            command.upgrade(settings, "head")

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """One transaction: all of it or nothing. Raises :class:`StoreError`."""
        with self._lock:
            try:
                with self._writer.begin() as connection:
                    yield connection
            except (OSError, SQLAlchemyError) as error:
                raise _store_error(error) from error

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection to read from. Raises :class:`StoreError`."""
        try:
            with self.engine.connect() as connection:
                yield connection
        except (OSError, SQLAlchemyError) as error:
            raise _store_error(error) from error

    def add(self, row: Row) -> None:
        """Insert a run."""
        with self.writing() as connection:
            connection.execute(RUNS.insert(), _packed(row))

    def update(self, run_id: str, **changed: Any) -> None:
        """Change columns of a run."""
        with self.writing() as connection:
            connection.execute(RUNS.update().where(RUNS.c.id == run_id).values(**_packed(changed)))

    def write(self, points: list[tuple[str, Chunk]], changes: dict[str, Row]) -> None:
        """Write what has happened to any number of runs in one transaction."""
        with self.writing() as connection:
            if points:
                values = [{"run_id": run, "first": c.first, "payload": json.dumps(c.payload())} for run, c in points]
                connection.execute(POINTS.insert(), values)
            for run_id, changed in changes.items():
                connection.execute(RUNS.update().where(RUNS.c.id == run_id).values(**_packed(changed)))

    def get(self, run_id: str) -> Row | None:
        """One run, or ``None``."""
        with self.reading() as connection:
            found = connection.execute(RUNS.select().where(RUNS.c.id == run_id)).mappings().first()
        return _unpacked(found) if found else None

    def of_visitor(self, visitor: str) -> list[Row]:
        """A visitor's runs, newest first."""
        with self.reading() as connection:
            query = RUNS.select().where(RUNS.c.visitor == visitor).order_by(RUNS.c.created.desc())
            return [_unpacked(row) for row in connection.execute(query).mappings()]

    def in_states(self, *states: str) -> list[Row]:
        """Every run in one of ``states``."""
        with self.reading() as connection:
            rows = connection.execute(RUNS.select().where(RUNS.c.state.in_(states))).mappings()
            return [_unpacked(row) for row in rows]

    def ended_before(self, moment: float) -> list[str]:
        """Ids of the runs that ended before a Unix time."""
        with self.reading() as connection:
            return list(connection.execute(sa.select(RUNS.c.id).where(RUNS.c.ended < moment)).scalars())

    def chunks(self, run_id: str) -> list[dict[str, Any]]:
        """The payloads of a run's points, in order."""
        with self.reading() as connection:
            query = sa.select(POINTS.c.payload).where(POINTS.c.run_id == run_id).order_by(POINTS.c.first)
            return [json.loads(payload) for payload in connection.execute(query).scalars()]

    def delete(self, run_id: str) -> None:
        """Remove a run with everything that belongs to it."""
        with self.writing() as connection:
            for table, column in ((POINTS, POINTS.c.run_id), (RUNS, RUNS.c.id)):
                connection.execute(table.delete().where(column == run_id))
        shutil.rmtree(self.run_folder(run_id), ignore_errors=True)

    def run_folder(self, run_id: str) -> Path:
        """Where a run's files lie. Raises ``ValueError`` for an id we did not make."""
        if not run_id.replace("-", "").replace("_", "").isalnum():
            raise ValueError("not a run id")
        return self.folder / "runs" / run_id

    def save_file(self, run_id: str, name: str, content: bytes, lasting: bool = True) -> None:
        """Write a run's file so that it is there whole or not at all. Raises :class:`StoreError`.

        ``lasting``: wait until it would survive a loss of power, which takes some disks 30 ms.
        """
        folder = self.run_folder(run_id)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            part = folder / f".{name}.part"
            with part.open("wb") as file:
                file.write(content)
                file.flush()
                if lasting:
                    os.fsync(file.fileno())
            part.replace(folder / name)
        except OSError as error:
            raise _store_error(error) from error

    def share_moments(self, from_run: str, to_run: str, last: int) -> None:
        """Give a run the kept moments of another one up to step ``last``. Raises :class:`StoreError`."""
        source, target = self.run_folder(from_run), self.run_folder(to_run)
        try:
            target.mkdir(parents=True, exist_ok=True)
            for file in source.iterdir() if source.is_dir() else ():
                step = step_of(file.name)
                if step is not None and step <= last:
                    _link(file, target / file.name)
        except OSError as error:
            raise _store_error(error) from error

    def drop_file(self, run_id: str, name: str) -> None:
        """Remove a run's file, if it is there. Raises :class:`StoreError`."""
        try:
            (self.run_folder(run_id) / Path(name).name).unlink(missing_ok=True)
        except OSError as error:
            raise _store_error(error) from error

    def path_of(self, run_id: str, name: str) -> Path | None:
        """Where a run's file lies, or ``None`` if it is not there; ``name`` is one of ours, never a path."""
        path = self.run_folder(run_id) / Path(name).name
        return path if path.is_file() else None

    def free_mb(self) -> int:
        """Free disk where runs are kept."""
        return shutil.disk_usage(self.folder).free // 2**20

    def close(self) -> None:
        self.engine.dispose()


def _engine(url: str) -> sa.Engine:
    if not url.startswith("sqlite"):
        return sa.create_engine(url, pool_pre_ping=True)
    engine = sa.create_engine(url, connect_args={"timeout": 2.0, "check_same_thread": False})
    journal = "WAL" if sqlite3.sqlite_version_info >= SAFE_WAL else "DELETE"

    @sa.event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we begin transactions ourselves, see below
        for pragma in (f"journal_mode={journal}", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        # a deferred BEGIN that turns into a write can fail at once, whatever the timeout
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("write") else "BEGIN")

    return engine


def _packed(row: Row) -> Row:
    return {name: json.dumps(value) if name in JSON_COLUMNS else value for name, value in row.items()}


def _unpacked(row: Any) -> Row:
    return {name: json.loads(value) if name in JSON_COLUMNS else value for name, value in row.items()}


def _link(file: Path, name: Path) -> None:
    """The same file under another name; a copy where the disk has no such links."""
    try:
        os.link(file, name)
    except OSError:
        shutil.copyfile(file, name)


def _store_error(error: Exception) -> StoreError:
    log.error("store: %s", error)
    text = str(error).lower()
    if "full" in text or "no space" in text:
        return StoreError(
            N_("The disk of this server is full, so runs cannot be saved. Free some space; what was saved is intact.")
        )
    if "locked" in text or "busy" in text:
        return StoreError(N_("The run store is locked by another program. Close it and try again; nothing was lost."))
    return StoreError(N_("The run store cannot be read or written. The log of the server has the details."))
