"""Giving back what a warehouse has freed: DuckDB's file never shrinks, also not by VACUUM.

Belongs here: copying what is left to a new file and putting that in place. Does not: when (`operations`), the
lock of the home.
"""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

from rentalsync_pipeline.warehouse.warehouse import Warehouse


def wasted(path: Path) -> bool:
    """Whether more than half of the file holds nothing."""
    with Warehouse.open(path, read_only=True) as warehouse:
        return bool(warehouse.value("free_share") > 0.5)


def compact(path: Path) -> int:
    """Copy the warehouse without its free space; returns the bytes won. The file is replaced as a whole."""
    before = path.stat().st_size
    draft = path.with_suffix(".compacted")
    draft.unlink(missing_ok=True)
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH {_quoted(path)} AS old")
        connection.execute(f"ATTACH {_quoted(draft)} AS new")
        connection.execute("COPY FROM DATABASE old TO new")
        connection.execute("DETACH new")
        connection.execute("DETACH old")
    with draft.open("rb") as written:
        os.fsync(written.fileno())
    draft.replace(path)
    return before - path.stat().st_size


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
