"""Rows for documents, as small as they may be, and putting them into a store."""

from __future__ import annotations

from datetime import UTC, datetime

from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.control.written.document import (
    ALERTS,
    CONNECTIONS,
    INTEGRATIONS,
    LISTINGS,
    PORTFOLIO,
    SETTINGS,
    Document,
    Row,
    Rows,
    Value,
)
from rentalsync_pipeline.core.secret import Secret

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
AIRBNB = Secret("https://www.airbnb.com/calendar/ical/1.ics?s=canary-of-airbnb")


def listing(**fields: Value) -> Row:
    """A listing with every field that has a value by default."""
    return {
        "name": "Loft",
        "timezone": "Europe/Rome",
        "check_in": "15:00",
        "check_out": "11:00",
        "enabled": True,
        "sync": True,
        "token": True,
        "style": "all_day",
        "blocks": "export",
        "fields": [["guests", None, True]],
        "rooms": [],
        **fields,
    }


def connection(**fields: Value) -> Row:
    """A calendar connection of the listing `loft`, unless told otherwise."""
    return {
        "channel": "airbnb",
        "listing": "loft",
        "url": AIRBNB,
        "misses": 2,
        "wait": 1800,
        "quarantine": 86400,
        "imports": "auto",
        "end_is_last_night": False,
        "enabled": True,
        "acknowledge": False,
        **fields,
    }


def account(fields: Row) -> Row:
    """An account connection: it has neither URL nor listing of its own."""
    row = {name: value for name, value in connection().items() if name not in {"url", "listing"}}
    return {**row, **fields}


def document(
    listings: Rows | None = None,
    connections: Rows | None = None,
    *,
    alerts: Rows | None = None,
    integrations: Rows | None = None,
    settings: Row | None = None,
    renamed: dict[str, dict[str, str]] | None = None,
) -> Document:
    """A whole document."""
    tables = {
        SETTINGS: {PORTFOLIO: settings or {}},
        LISTINGS: listings or {},
        CONNECTIONS: connections or {},
        ALERTS: alerts or {},
        INTEGRATIONS: integrations or {},
    }
    return Document(tables, renamed or {})


def put(store: ControlStore, new: Document) -> None:
    """Make the store hold a document, whatever it holds."""
    with store.configuring("a test", NOW, {}) as configuration:
        configuration.replace(configuration.stored(), new)
