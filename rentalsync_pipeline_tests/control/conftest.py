"""A real home in a temporary folder, and its control store: SQLite, and PostgreSQL where there is one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from rentalsync_pipeline.control import database
from rentalsync_pipeline.control.files import PRIVATE, write_atomically
from rentalsync_pipeline.control.home import Home
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.control.vault import new_key

POSTGRES = "RENTALSYNC_TEST_POSTGRES_URL"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with its keys, and no database yet."""
    home = Home(tmp_path / ".rentalsync")
    home.path.mkdir(mode=0o700)
    for key in (home.keys, home.feed_key):
        write_atomically(key, f"{new_key()}\n", mode=PRIVATE)
    return home


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, home: Home) -> Iterator[ControlStore]:
    """An empty, migrated store."""
    if request.param == "postgresql":
        url = os.environ.get(POSTGRES)
        if not url:
            pytest.skip(f"{POSTGRES} names no PostgreSQL server")
        engine = database.connect(url)
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        engine.dispose()
        home = Home(home.path, database_url=url)
    store = ControlStore.open(home, {})
    yield store
    store.close()
