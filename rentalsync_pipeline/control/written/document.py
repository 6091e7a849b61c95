"""The configuration as rows: what a file says, what the store holds, what was applied last.

Belongs here: the shape that all three share, so that they can be compared field by field, and its form
as text. Does not: comparing (`merge`), reading files (`config`), reading tables (`rows`).

A row is flat. Open-ended parts are fields with a dotted name, so that they merge one by one:
`credentials.api_key`, and `listings.203249/601917-0` for what a room of an account is mapped to.
A field without a value is absent, never `None`. A literal URL or credential is a `Secret`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from rentalsync_pipeline.core.secret import Secret

Value = str | int | bool | list[Any] | Secret
Row = Mapping[str, Value]
Rows = Mapping[str, Row]

SETTINGS, LISTINGS, CONNECTIONS, ALERTS = OF_FILE = ("settings", "listings", "connections", "alerts")
"""What a file can speak of, in the order in which rows are added: connections refer to listings."""
INTEGRATIONS = "integrations"
TABLES = (*OF_FILE, INTEGRATIONS)
PORTFOLIO = "portfolio"
"""The id of the one row of settings."""
CREDENTIAL = "credentials."
MAPPED = "listings."
DURATIONS = frozenset({"interval", "fetch_budget", "wait"})
"""Fields that hold seconds."""

_NOTHING: Mapping[str, Rows] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Document:
    """Rows by table and id. `renamed` tells per table which new ids were which old ones."""

    tables: Mapping[str, Rows] = field(default_factory=lambda: _NOTHING)
    renamed: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))

    def rows(self, table: str) -> Rows:
        """The rows of one table by id; none where the document doesn't speak of it."""
        return self.tables.get(table, MappingProxyType({}))

    def with_rows(self, table: str, rows: Rows) -> Document:
        """The same with other rows in one table."""
        return replace(self, tables={**self.tables, table: rows})


def as_row(fields: Mapping[str, Value | None]) -> Row:
    """The fields that have a value."""
    return {name: value for name, value in fields.items() if value is not None}


def dump(document: Document) -> Secret:
    """The document as JSON, its secrets in the clear: to be sealed."""
    return Secret(json.dumps(document.tables, default=_plain, separators=(",", ":")))


def parse(dumped: Secret) -> Document:
    """What `dump` made; renamings are not kept, as they have happened."""
    return Document(json.loads(dumped.reveal(), object_hook=_revive))


def _plain(value: object) -> object:
    if isinstance(value, Secret):
        return {"$secret": value.reveal()}
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no place in a document")


def _revive(value: dict[str, object]) -> object:
    return Secret(str(value["$secret"])) if value.keys() == {"$secret"} else value
