"""A real home in a temporary folder, and its control store: SQLite, and PostgreSQL where there is one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from rentalsync_pipeline.control.home import Home
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.control.vault import new_key
from rentalsync_pipeline.control.written.files import PRIVATE, write_atomically

POSTGRES = "RENTALSYNC_TEST_POSTGRES_URL"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with its keys, and no database yet."""
    home = Home(tmp_path / ".rentalsync")
    home.path.mkdir(mode=0o700)
    for key in (home.keys, home.feed_key):
        write_atomically(key, f"{new_key()}\n", mode=PRIVATE)
    return home


@pytest.fixture
def postgresql(worker_id: str) -> str:
    """The URL of an empty database; each process that runs tests beside others has its own."""
    server = os.environ.get(POSTGRES)
    if not server:
        pytest.skip(f"{POSTGRES} names no PostgreSQL server")
    name = f"rentalsync_{worker_id}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return make_url(server).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, home: Home) -> Iterator[ControlStore]:
    """An empty, migrated store."""
    if request.param == "postgresql":
        home = Home(home.path, database_url=request.getfixturevalue("postgresql"))
    store = ControlStore.open(home, {})
    yield store
    store.close()
