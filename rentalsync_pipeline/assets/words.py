"""How reports look in Dagster: counts, tables, sentences.

Belongs here: turning rows of `operations.syncing.reports` into metadata. Only numbers and our own text:
nothing that a guest wrote ever goes into the UI.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import dagster as dg

from rentalsync_pipeline.operations.looking.history import NightsChanged

Cells = Mapping[str, Any]


def table(rows: Iterable[Cells], columns: Sequence[str]) -> dg.TableMetadataValue:
    """The rows as a table of those columns."""
    records = [dg.TableRecord({column: _cell(row.get(column)) for column in columns}) for row in rows]
    schema = dg.TableSchema([dg.TableColumn(column, _type(records, column)) for column in columns])
    return dg.MetadataValue.table(records, schema)


def nights(rows: Iterable[Cells]) -> dg.TableMetadataValue:
    """Ranges of nights that changed."""
    shown = [{**row, "became": "busy" if row["busy"] else "free"} for row in rows]
    return table(shown, ("listing", "first_night", "last_night", "became"))


def changes(found: Iterable[NightsChanged]) -> dg.TableMetadataValue:
    """Ranges of nights that changed in feeds, each with its cause."""
    shown = (
        {
            "listing": each.listing,
            "first_night": each.first_night,
            "last_night": each.last_night,
            "became": "busy" if each.busy else "free",
            "because": each.why,
            "feeds": ", ".join(each.feeds),
        }
        for each in found
    )
    return table(shown, ("listing", "first_night", "last_night", "became", "because", "feeds"))


def total(rows: Sequence[Cells]) -> int:
    """How many there are in all, where `rows` are only the first of them."""
    return int(rows[0]["total"]) if rows else 0


def some(count: int, thing: str, things: str | None = None) -> str:
    """`1 connection`, `3 connections`."""
    return f"{count:,} {thing if count == 1 else things or f'{thing}s'}"


def _cell(value: object) -> str | int | float | bool | None:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, int | float | bool):
        return value
    return str(value)


def _type(records: Sequence[dg.TableRecord], column: str) -> str:
    return "int" if records and isinstance(records[0].data[column], int) else "string"
