"""The audit log: who changed what and when, written with the change itself and never changed again.

Belongs here: the one way in which configuration, secrets, tokens, addresses and decisions are written, and
reading the log back. Does not: what a row's hash covers (`chain`), deciding what changes. The database
refuses to change or delete rows (`migrations`); it can't stop who owns its file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Select, insert, select

from rentalsync_pipeline.control.chain import ORIGIN, Entry, Recorded, Verified, digest, verify
from rentalsync_pipeline.control.database import writing
from rentalsync_pipeline.control.schema import AuditRow, table_of
from rentalsync_pipeline.control.written.files import PRIVATE, write_atomically
from rentalsync_pipeline.core.facts import facts

_AT_ONCE = 1_000
"""Rows that are read together."""
_WHOLE = select(table_of(AuditRow)).order_by(AuditRow.number)


class Change:
    """A transaction that changes something, by somebody, at a moment, and says so in the log."""

    def __init__(self, connection: Connection, who: str, now: datetime) -> None:
        self.connection, self.who, self.now = connection, who, now
        self._number, self.head = _last(connection)

    def note(self, entries: Iterable[Entry]) -> None:
        """Write what is done in this transaction into the log."""
        rows = []
        for entry in entries:
            self._number += 1
            self.head = digest(self.head, self._number, self.now, self.who, entry)
            told = {"at": self.now, "who": self.who, "hash": self.head, **facts(entry)}
            rows.append({"number": self._number, **told})
        if rows:
            self.connection.execute(insert(AuditRow), rows)


@dataclass(frozen=True, slots=True)
class Audit:
    """The log of one home. `noted` is a file beside the database, in which the last head is noted."""

    engine: Engine
    noted: Path

    @contextmanager
    def changing(self, who: str, now: datetime) -> Iterator[Change]:
        """Change something together with its rows in the log, all or nothing; other writers wait meanwhile.

        The head is noted after the change has become true: a process that dies between them leaves an older
        one, which the log contains as well.
        """
        with writing(self.engine).begin() as connection:
            change = Change(connection, who, now)
            before = change.head
            yield change
        if change.head != before:
            write_atomically(self.noted, f"{change.head}\n", mode=PRIVATE)

    def rows(self, since: datetime | None = None, subject: str | None = None) -> list[Recorded]:
        """The log from a moment on, or of one subject; the oldest first."""
        query = _WHOLE if since is None else _WHOLE.where(AuditRow.at >= since)
        return list(self._read(query if subject is None else query.where(AuditRow.subject == subject)))

    def verify(self, head: str | None = None) -> Verified:
        """Whether the log is as it was written, and holds the rows of this head and of the noted one."""
        noted = self.noted.read_text(encoding="utf-8").strip() if self.noted.exists() else None
        return verify(self._read(_WHOLE), {each for each in (noted, head) if each})

    def _read(self, query: Select[Any]) -> Iterator[Recorded]:
        with self.engine.begin() as connection:
            for row in connection.execution_options(yield_per=_AT_ONCE).execute(query):
                yield Recorded(
                    row.number, row.at, row.who, Entry(row.action, row.subject, row.old, row.new), row.hash
                )


def _last(connection: Connection) -> tuple[int, str]:
    """Number and hash of the last row."""
    newest = select(AuditRow.number, AuditRow.hash).order_by(AuditRow.number.desc()).limit(1)
    row = connection.execute(newest).first()
    return (row.number, row.hash) if row else (0, ORIGIN)
