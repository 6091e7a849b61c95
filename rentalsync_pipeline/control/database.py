"""The control store's database: connecting, transactions, migrating, upserting.

Belongs here: all that differs between SQLite and PostgreSQL. Does not: tables (`schema`), what is written.
Writers take turns on both: SQLite by `BEGIN IMMEDIATE` (a read that turns into a write fails at once in
WAL when another has written meanwhile, whatever the timeout), PostgreSQL by an advisory lock. Every other
transaction can only read, so that whoever writes has said so by `writing`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_SECONDS = 30
HEAD = "0010"
"""The newest migration; a test compares."""
_WRITERS = 7_254_368_200
"""Any number, as long as it is always this one: the name of the advisory lock."""
_PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
)


def connect(url: str) -> Engine:
    """An engine for `url`, not opened yet. Neither it nor its errors show a password or a value."""
    engine = create_engine(url, hide_parameters=True, pool_pre_ping=not url.startswith("sqlite"))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin)
    return engine


def writing(engine: Engine) -> Engine:
    """The same engine, whose transactions write and so take turns."""
    return engine.execution_options(writes=True)


def is_current(engine: Engine) -> bool:
    """Whether the newest migration has been applied: one small query."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == HEAD


def upgrade(engine: Engine) -> None:
    """Apply the migrations that are missing, in one transaction; another process doing it is waited for."""
    from alembic import command  # noqa: PLC0415 slow to load, and hardly ever needed
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    with writing(engine).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def copy(engine: Engine, path: Path) -> bool:
    """Write the database, as it stands at one moment, into a new file; False where it is no file."""
    if engine.dialect.name != "sqlite":
        return False
    with (
        closing(sqlite3.connect(str(engine.url.database))) as source,
        closing(sqlite3.connect(path)) as target,
    ):
        source.backup(target)  # SQLite's own: readers and writers go on meanwhile
    return True


def upsert(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, key: Iterable[str]
) -> None:
    """Insert `rows`, or update those whose `key` columns are there: all rows give the same columns."""
    if not rows:
        return
    insert = _insert(connection, table)
    given = {name: insert.excluded[name] for name in rows[0] if name not in set(key)}
    connection.execute(insert.on_conflict_do_update(index_elements=list(key), set_=given), list(rows))


def insert_new(connection: Connection, table: Table, row: Mapping[str, Any]) -> bool:
    """Insert a row unless its key is there; returns whether it was new."""
    insert = _insert(connection, table).values(row).on_conflict_do_nothing()
    return connection.execute(insert.returning(*table.primary_key)).first() is not None


def _insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    return (sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert)(table)


def _prepare_sqlite(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    """Leave transactions to us (the driver would begin them late), and set what SQLite forgets."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA query_only = {not writes:d}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
    else:
        turn = f"SELECT pg_advisory_xact_lock({_WRITERS})"
        connection.exec_driver_sql(turn if writes else "SET TRANSACTION READ ONLY")
