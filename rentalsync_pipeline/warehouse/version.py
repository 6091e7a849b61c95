"""Which tables this program reads and writes.

Belongs here: the schema's files, and how a file of another version is told from ours. Does not: applying them
(`warehouse`). A schema file that has landed is never changed: a warehouse remembers what it has seen of it.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files

_PACKAGE = "rentalsync_pipeline.warehouse"


class OutdatedError(RuntimeError):
    """A file that another version of this program made; the message says what to do."""


@cache
def script(folder: str, name: str) -> str:
    """The text of `<folder>/<name>.sql`."""
    return files(_PACKAGE).joinpath(folder, f"{name}.sql").read_text(encoding="utf-8")


@cache
def schema() -> tuple[tuple[str, str], ...]:
    """The schema's files, each by its name with its text, in their order."""
    names = sorted(item.name for item in files(_PACKAGE).joinpath("schema").iterdir())
    return tuple(
        (name, script("schema", name.removesuffix(".sql"))) for name in names if name.endswith(".sql")
    )


def digest(text: str) -> str:
    """By which a file is known again."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@cache
def snapshot_version() -> str:
    """By which a snapshot is known to have the tables that readers of this version ask."""
    return digest("".join([*(text for _, text in schema()), script("queries", "snapshot")]))
