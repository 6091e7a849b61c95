"""The configuration while it is being changed: read, written and remembered in one transaction.

Belongs here: what `apply`, and whoever else changes configuration, needs of the store at once. Does not:
what to change (`merge`), the tables themselves (`rows`).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from rentalsync_pipeline.control import marks, rows, sealed
from rentalsync_pipeline.control.document import Document, dump, parse
from rentalsync_pipeline.control.pointing import Pointing
from rentalsync_pipeline.control.requests import Requests
from rentalsync_pipeline.control.vault import Vault

_PLACE = ("documents", "rentalsync.yaml", "applied")
"""Where the last applied document lies: in the vault, as it may hold literal URLs."""


class Configuration:
    """One open transaction; nothing of it is true before it ends without an exception."""

    def __init__(self, connection: Connection, vault: Vault, pointing: Pointing) -> None:
        self._connection, self._vault, self._pointing = connection, vault, pointing
        self.requests = Requests(connection)
        """For what is asked for together with the change."""

    def stored(self) -> Document:
        """What the store holds, whoever wrote it; with secrets."""
        return rows.read(self._connection, self._vault)

    def applied(self) -> Document:
        """What was applied from a file last; empty before the first time."""
        dumped = sealed.read(self._connection, self._vault, *_PLACE)
        return Document() if dumped is None else parse(dumped)

    def replace(self, before: Document, after: Document) -> None:
        """Make the store hold `after` instead of `before`, its renamings first."""
        for table, names in after.renamed.items():
            for new, old in names.items():
                rows.rename(self._connection, self._vault, table, old, new)
        rows.write(self._connection, self._vault, self._pointing, before, after)

    def remember(self, applied: Document, now: datetime) -> None:
        """Keep what was applied, for the next comparison."""
        owner_table, owner, name = _PLACE
        sealed.write(self._connection, self._vault, owner_table, [(owner, name, dump(applied))])
        marks.mark(self._connection, marks.APPLIED, now)
