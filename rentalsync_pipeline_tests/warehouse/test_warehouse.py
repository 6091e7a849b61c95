"""One DuckDB file, opened by one process at a time, written all or nothing."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from rentalsync_pipeline.warehouse import tables
from rentalsync_pipeline.warehouse import warehouse as module
from rentalsync_pipeline.warehouse.version import OutdatedError
from rentalsync_pipeline.warehouse.warehouse import Warehouse, WarehouseBusy

NOON = datetime(2026, 11, 20, 12)  # noqa: DTZ001 as the warehouse stores it: UTC without saying so


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "warehouse.duckdb"


def begin(warehouse: Warehouse, run: str) -> None:
    warehouse.stage("configured", tables.CONFIGURED, [])
    warehouse.run("chronicle_begin", run_id=run, as_of=NOON, asked_by="a test")


def runs(path: Path) -> int:
    with duckdb.connect(str(path), read_only=True) as connection:
        found = connection.execute("SELECT count(*) FROM runs").fetchone()
    assert found
    return int(found[0])


def test_what_is_written_is_there_after_closing(path: Path) -> None:
    with Warehouse.open(path) as warehouse:
        begin(warehouse, "one")
    with Warehouse.open(path) as warehouse:
        begin(warehouse, "two")
        begin(warehouse, "two")
    assert runs(path) == 2


def test_a_transaction_is_kept_whole_or_not_at_all(path: Path) -> None:
    with Warehouse.open(path) as warehouse:
        with pytest.raises(KeyboardInterrupt):
            fail_within(warehouse, KeyboardInterrupt)
        with warehouse.transaction():
            begin(warehouse, "whole")
    assert runs(path) == 1


def fail_within(warehouse: Warehouse, error: type[BaseException]) -> None:
    with warehouse.transaction():
        begin(warehouse, "failed")
        warehouse.stage("spooled", tables.SPOOLED, [("a",)])
        raise error


def test_a_staged_table_is_gone_with_the_transaction_that_failed(path: Path) -> None:
    with Warehouse.open(path) as warehouse:
        with pytest.raises(RuntimeError):
            fail_within(warehouse, RuntimeError)
        with pytest.raises(duckdb.CatalogException):
            warehouse.rows("fetched")


def test_it_is_closed_whatever_happens_within(path: Path) -> None:
    with pytest.raises(RuntimeError), Warehouse.open(path):
        raise RuntimeError
    assert runs(path) == 0


def test_a_second_process_is_told_at_once_that_it_is_busy(path: Path) -> None:
    hold = (
        "import sys, duckdb; connection = duckdb.connect(sys.argv[1]); "
        "print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"
        with (
            pytest.raises(WarehouseBusy, match=r"another process holds warehouse\.duckdb"),
            Warehouse.open(path),
        ):
            pass
        holder.communicate()
    with Warehouse.open(path):
        pass


def test_another_fault_of_opening_is_not_called_busy(tmp_path: Path) -> None:
    with pytest.raises(duckdb.IOException), Warehouse.open(tmp_path / "nowhere" / "warehouse.duckdb"):
        pass


def test_every_migration_is_applied_once_and_in_order(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = (("001.sql", "CREATE TABLE one (a INTEGER);"), ("002.sql", "CREATE TABLE two AS FROM one;"))
    monkeypatch.setattr(module, "schema", lambda: steps[:1])
    with Warehouse.open(path):
        pass
    monkeypatch.setattr(module, "schema", lambda: steps)
    for _ in range(2):
        with Warehouse.open(path) as warehouse:
            assert [row["name"] for row in warehouse.rows("migrations_seen")] == ["001.sql", "002.sql"]


def test_a_migration_that_fails_leaves_the_warehouse_as_it_was(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Warehouse.open(path):
        pass
    broken = ("999.sql", "CREATE TABLE half (a INTEGER); SELECT * FROM nowhere;")
    monkeypatch.setattr(module, "schema", lambda: (broken,))
    with pytest.raises(duckdb.CatalogException), Warehouse.open(path):
        pass
    with duckdb.connect(str(path), read_only=True) as connection:
        names = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    assert "half" not in names
    assert "bookings" in names


def test_a_reader_changes_nothing(path: Path) -> None:
    with Warehouse.open(path):
        pass
    before = path.read_bytes()
    with Warehouse.open(path, read_only=True) as warehouse:
        assert warehouse.rows("work_waiting", step="stays") == []
        with pytest.raises(duckdb.InvalidInputException):
            begin(warehouse, "a reader's")
    assert path.read_bytes() == before


def test_staged_rows_keep_their_values(path: Path) -> None:
    row = ("loft", date(2026, 12, 1))
    with Warehouse.open(path) as warehouse:
        warehouse.stage("named", tables.NAMED, [("loft", "a\x1fb", "uid, with ' and \x00")])
        warehouse.stage("batch", tables.BATCH, [])
        assert warehouse.rows("match_taken") == []
        warehouse.stage("batch", tables.BATCH, [row])
        found = warehouse._connection.execute("FROM batch").fetchall()
        assert found == [row]


def test_a_snapshot_replaces_the_last_one_as_a_whole(path: Path, tmp_path: Path) -> None:
    snapshot = tmp_path / "it's here" / "snapshot.duckdb"
    snapshot.parent.mkdir()
    with Warehouse.open(path) as warehouse:
        begin(warehouse, "one")
        warehouse.export(snapshot, "snapshot", now=NOON, run_id="one")
        with snapshot.open("rb") as reader:
            begin(warehouse, "two")
            warehouse.export(snapshot, "snapshot", now=NOON, run_id="two")
            assert reader.read(4) is not None
        with pytest.raises(KeyError):
            warehouse.export(snapshot, "snapshot", now=NOON)
        begin(warehouse, "three")
    assert runs(snapshot) == 2


def test_the_snapshot_holds_no_words_of_guests_but_those_that_the_owners_calendar_shows_cleaned(
    path: Path, tmp_path: Path
) -> None:
    """`description` is that of the owner's feed, where e-mail addresses and telephones are removed."""
    snapshot = tmp_path / "snapshot.duckdb"
    with Warehouse.open(path) as warehouse:
        warehouse.export(snapshot, "snapshot", now=NOON, run_id="one")
    with duckdb.connect(str(snapshot), read_only=True) as connection:
        columns = set(
            connection.execute(
                "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal"
            ).fetchall()
        )
    assert not {name for _, name in columns} & {"notes", "extras", "phone", "email"}
    assert {table for table, name in columns if name == "description"} == {"feed_events"}


def test_a_long_statement_draws_nothing_on_stdout(tmp_path: Path) -> None:
    with Warehouse.open(tmp_path / "w.duckdb") as warehouse:
        drawn = warehouse._connection.execute("SELECT current_setting('enable_progress_bar')").fetchone()
    assert drawn == (False,)


def test_a_warehouse_with_another_schema_says_what_to_do(path: Path) -> None:
    with Warehouse.open(path):
        pass
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE schema_migrations SET digest = 'other' WHERE name LIKE '001%'")
    with (
        pytest.raises(OutdatedError, match="away and sync"),
        Warehouse.open(path),
    ):
        pass


def test_a_snapshot_of_another_version_is_told_from_ours(path: Path, tmp_path: Path) -> None:
    snapshot = tmp_path / "snapshot.duckdb"
    with Warehouse.open(path) as warehouse:
        warehouse.export(snapshot, "snapshot", now=NOON, run_id="one")
    with Warehouse.open(snapshot, read_only=True) as read:
        assert read.is_current_snapshot
    with duckdb.connect(str(snapshot)) as connection:
        connection.execute("ALTER TABLE making DROP COLUMN version")
    with Warehouse.open(snapshot, read_only=True) as read:
        assert not read.is_current_snapshot
