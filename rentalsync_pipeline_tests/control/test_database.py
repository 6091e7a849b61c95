from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError, IntegrityError

from rentalsync_pipeline.control import database
from rentalsync_pipeline.control.home import Home
from rentalsync_pipeline.control.schema import Base
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline_tests.control.documents import NOW

OPEN_THE_STORE = """
import sys
from pathlib import Path
from rentalsync_pipeline.control.home import Home
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline_tests.control.documents import NOW

ControlStore.open(Home(Path(sys.argv[1])), {})
"""


def test_the_migrations_lead_to_the_models(store: ControlStore) -> None:
    engine = store._engine
    with engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_newest_migration_is_the_one_that_counts_as_current() -> None:
    folder = Path(database.__file__).with_name("migrations")
    assert ScriptDirectory(str(folder)).get_current_head() == database.HEAD


def test_opening_again_migrates_nothing(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    ControlStore.open(home, {}).close()
    monkeypatch.setattr(database, "upgrade", lambda engine: pytest.fail("migrated twice"))
    ControlStore.open(home, {}).close()


def test_processes_that_open_a_fresh_home_together_migrate_it_once(home: Home) -> None:
    command = [sys.executable, "-W", "error", "-c", OPEN_THE_STORE, str(home.path)]
    processes = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    errors = [process.communicate()[1] for process in processes]

    assert errors == [""] * 4
    with sqlite3.connect(home.path / "control.db") as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(database.HEAD,)]
    connection.close()


def test_a_failing_migration_leaves_nothing_behind(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = database.connect(home.control_url)
    upgrade = command.upgrade

    def upgrade_and_die(config: Config, revision: str) -> None:
        upgrade(config, revision)
        raise OSError("disk full")

    monkeypatch.setattr(command, "upgrade", upgrade_and_die)
    with pytest.raises(OSError, match="disk full"):
        database.upgrade(engine)
    assert not database.is_current(engine)

    monkeypatch.undo()
    database.upgrade(engine)
    assert database.is_current(engine)
    engine.dispose()


def test_sqlite_keeps_the_rules_that_it_forgets_by_default(home: Home) -> None:
    engine = database.connect(home.control_url)
    with engine.connect() as connection:
        pragma = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        }
    engine.dispose()
    assert pragma == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": database.BUSY_SECONDS * 1000}


def test_readers_are_not_kept_waiting_by_a_writer(store: ControlStore) -> None:
    with store.configuring("a test", NOW, {}):
        assert store.portfolio({}).listings == ()


def test_a_transaction_that_has_not_said_so_writes_nothing(store: ControlStore) -> None:
    def write() -> None:
        with store.audit.engine.begin() as connection:
            connection.exec_driver_sql("INSERT INTO settings VALUES ('interval', '60')")

    with pytest.raises(DBAPIError, match=r"read-?only"):
        write()


def test_a_transaction_that_fails_writes_nothing(store: ControlStore) -> None:
    def write() -> None:
        with database.writing(store._engine).begin() as connection:
            connection.exec_driver_sql("INSERT INTO settings VALUES ('interval', '60')")
            connection.exec_driver_sql("INSERT INTO mappings VALUES ('nobody', '1', 'nowhere')")

    with pytest.raises(IntegrityError):
        write()
    assert store.portfolio({}).settings.interval.total_seconds() == 900
