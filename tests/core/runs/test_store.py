"""The store keeps what it acknowledged and fails in sentences."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config as AlembicConfig

from core.errors import StoreError
from core.runs import migrations
from core.runs.log import Chunk
from core.runs.store import METADATA, Store
from tests.core.runs.test_log import payload

ROW = {
    "id": "r1", "visitor": "v", "view_token": "t", "title": "First", "page": "cnn", "config": {"seed": 1}, "state": "running",
    "reason": {}, "created": 1.0, "ended": None, "info": {}, "edits": [], "progress": {},
}  # fmt: skip


@pytest.fixture
def store(tmp_path):
    made = Store(folder=tmp_path)
    yield made
    made.close()


def test_a_run_is_read_back_as_it_was(store):
    store.add(ROW)
    store.write([("r1", Chunk(0, payload("train", range(3))))], {"r1": {"state": "paused"}})
    store.write([("r1", Chunk(3, payload("train", range(3, 5))))], {})
    assert store.get("r1") == ROW | {"state": "paused"}
    assert [chunk["step"] for chunk in store.chunks("r1")] == [[0, 1, 2], [3, 4]]
    assert store.in_states("paused") == store.of_visitor("v")
    store.delete("r1")
    assert store.get("r1") is None and store.chunks("r1") == []


def test_the_migrations_make_the_tables_the_code_uses(store):
    found = sa.inspect(store.engine)
    for table in METADATA.tables.values():
        assert {column["name"] for column in found.get_columns(table.name)} == {column.name for column in table.columns}


def test_it_opens_again_with_everything_in_it(store, tmp_path):
    store.add(ROW)
    store.close()
    assert Store(folder=tmp_path).get("r1") == ROW


def test_a_transaction_is_whole_or_not_at_all(store):
    store.add(ROW)
    chunk = Chunk(0, payload("train", range(3)))
    store.write([("r1", chunk)], {})
    with pytest.raises(StoreError):
        store.write([("r1", Chunk(3, payload("train", range(2)))), ("r1", chunk)], {"r1": {"title": "x"}})
    assert len(store.chunks("r1")) == 1
    assert store.get("r1")["title"] == "First"


def test_a_locked_database_says_so_and_works_again(store, tmp_path):
    store.add(ROW)
    other = sqlite3.connect(tmp_path / "livetorch.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError, match="locked"):
        store.update("r1", title="x")
    other.execute("ROLLBACK")
    other.close()
    store.update("r1", title="x")
    assert store.get("r1")["title"] == "x"


def test_a_full_disk_says_so_and_leaves_the_rest_intact(store):
    store.add(ROW)
    with store.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()

    @sa.event.listens_for(store.engine, "begin")
    def limit(connection):
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 2}")

    with pytest.raises(StoreError, match="disk of this server is full"):
        store.write([("r1", Chunk(0, payload("train", range(20_000))))], {})
    assert store.get("r1") == ROW
    with store.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="cannot be read or written"):
        Store(folder=tmp_path / "file" / "home")


@pytest.mark.parametrize("run", ["../../etc", "a/b", "", "..", "a\x00b"])
def test_no_path_leaves_the_runs_folder(store, run):
    with pytest.raises(ValueError):
        store.run_folder(run)
    assert store.path_of("abc", "../../livetorch.db") is None


def test_a_file_is_there_whole_and_goes_with_its_run(store):
    store.add(ROW)
    store.save_file("r1", "weights.safetensors", b"12345")
    path = store.path_of("r1", "weights.safetensors")
    assert path.read_bytes() == b"12345" and [one.name for one in path.parent.iterdir()] == ["weights.safetensors"]
    store.delete("r1")
    assert store.path_of("r1", "weights.safetensors") is None


def test_a_database_of_the_first_version_is_brought_up_to_date(tmp_path):
    first = sqlite3.connect(tmp_path / "livetorch.db")
    settings = AlembicConfig()
    settings.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with sa.create_engine(f"sqlite:///{tmp_path / 'livetorch.db'}").begin() as connection:
        settings.attributes["connection"] = connection
        command.upgrade(settings, "0001")
    first.execute("INSERT INTO runs VALUES ('r1','v','t','First','cnn','{}','finished','{}',1.0,2.0,'{}','[]','{}')")
    first.execute("INSERT INTO snapshots VALUES ('r1','wall','{}')")
    first.commit()
    first.close()
    store = Store(folder=tmp_path)
    assert store.get("r1")["title"] == "First"
    assert "snapshots" not in sa.inspect(store.engine).get_table_names()
    store.delete("r1")
    store.close()
