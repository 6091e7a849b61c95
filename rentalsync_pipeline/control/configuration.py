"""The configuration while it is being changed: read, written and remembered in one transaction.

Belongs here: what `apply`, and whoever else changes configuration, needs of the store at once. Does not:
what to change (`merge`), the tables themselves (`rows`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rentalsync_pipeline.control import marks, rows, sealed
from rentalsync_pipeline.control.audit import Change
from rentalsync_pipeline.control.chain import Entry
from rentalsync_pipeline.control.requests import Requests, decide
from rentalsync_pipeline.control.vault import Vault
from rentalsync_pipeline.control.written.document import (
    ALERTS,
    CONNECTIONS,
    INTEGRATIONS,
    LISTINGS,
    SETTINGS,
    TABLES,
    Document,
    dump,
    parse,
)
from rentalsync_pipeline.control.written.pointing import Pointing
from rentalsync_pipeline.control.written.references import carried
from rentalsync_pipeline.control.written.shown import FieldChange, differences

_PLACE = ("documents", "rentalsync.yaml", "applied")
"""Where the last applied document lies: in the vault, as it may hold literal URLs."""


_NOUNS = {
    SETTINGS: "settings",
    LISTINGS: "listing",
    CONNECTIONS: "connection",
    ALERTS: "alert",
    INTEGRATIONS: "integration",
}


class Configuration:
    """One open transaction; nothing of it is true before it ends without an exception."""

    def __init__(self, change: Change, vault: Vault, pointing: Pointing) -> None:
        self._change, self._connection = change, change.connection
        self._vault, self._pointing = vault, pointing

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
        self._change.note(_entries(before, after))

    def remember(self, applied: Document) -> None:
        """Keep what was applied, for the next comparison."""
        owner_table, owner, name = _PLACE
        if applied.tables != self.applied().tables:
            self._change.note([Entry("file_apply", owner)])
        sealed.write(self._connection, self._vault, owner_table, [(owner, name, dump(applied))])
        marks.mark(self._connection, marks.APPLIED, self._change.now)

    def ask(self, kind: str, subject: str, payload: Mapping[str, object]) -> None:
        """Ask the next sync for what the change brings with it; `payload` is JSON without secrets."""
        Requests(self._connection).ask(kind, subject, payload, self._change.who, self._change.now)

    def decide(self, kind: str, subject: str) -> None:
        """Ask the next sync to carry out what was decided beside the change."""
        decide(self._change, kind, subject, {}, {})


def _entries(before: Document, after: Document) -> Iterator[Entry]:
    """What is told of each row in which two documents differ."""
    before = carried(before, after.renamed)
    for table in TABLES:
        old, new, renamed = before.rows(table), after.rows(table), after.renamed.get(table, {})
        for key in sorted(old.keys() | new.keys()):
            fields = [FieldChange("id", renamed[key], key)] if key in renamed else []
            fields += differences(old.get(key, {}), new.get(key, {}))
            if fields or (key in old) != (key in new):
                yield _entry(table, key, fields, key in old, key in new)


def _entry(table: str, key: str, fields: list[FieldChange], was: bool, is_there: bool) -> Entry:
    verb = "change" if was and is_there else "add" if is_there else "remove"
    # The id of an alert ends with a digest of its address.
    subject = " ".join(key.split()[:2]) if table == ALERTS else key
    old, new = {each.field: each.old for each in fields}, {each.field: each.new for each in fields}
    return Entry(f"{_NOUNS[table]}_{verb}", subject, old if was else None, new if is_there else None)
