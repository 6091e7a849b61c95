"""One connection by itself: from what somebody asks for over HTTP to a row, or to what is wrong with it.

Belongs here: an entry against what is stored, by the rules of the file (`checks`). Does not: the file
(`config`), storing (`rows`). Over HTTP an address is whole and a credential literal: with a path or a
`${NAME}` whoever has a token could read files and variables of this machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from rentalsync_pipeline.control.written import checks, complaints
from rentalsync_pipeline.control.written.checks import Entries
from rentalsync_pipeline.control.written.config import connection_row
from rentalsync_pipeline.control.written.document import (
    CONNECTIONS,
    CREDENTIAL,
    LISTINGS,
    MAPPED,
    Document,
    Row,
)
from rentalsync_pipeline.control.written.entries import ConnectionEntry, FileEntry
from rentalsync_pipeline.control.written.problems import Steps, WrongValueError, written
from rentalsync_pipeline.control.written.variables import Variables
from rentalsync_pipeline.core.portfolio import Ways
from rentalsync_pipeline.core.secret import Secret


def connection_from(
    given: Mapping[str, Any],
    before: Row,
    stored: Document,
    ways: Mapping[str, Ways],
    variables: Variables,
) -> Row:
    """The row of a connection that was `before` and is given other keys, each in place of all of its own.

    Raises `WrongValueError` for what is wrong first.
    """
    entry = _entry({**_keys(before), **given})
    entries = Entries(
        file=FileEntry(version=1),
        listings={},
        connections={0: entry},
        slugs=stored.rows(LISTINGS).keys(),
        ids=stored.rows(CONNECTIONS).keys(),
        channels=ways,
        variables=variables,
    )
    for (_table, _position, *steps), message, remedy in checks.findings(entries):
        raise _wrong(tuple(steps), message, remedy)
    row = connection_row(entry)
    _refuse_places({name: value for name, value in row.items() if value != before.get(name)})
    return row


def _entry(data: Mapping[str, Any]) -> ConnectionEntry:
    try:
        return ConnectionEntry.model_validate(data)
    except ValidationError as error:
        raise _wrong(*next(complaints.findings(ConnectionEntry, error, ()))) from None


def _keys(row: Row) -> dict[str, Any]:
    """A row as the file writes it, its secrets in the clear; nothing where there is none yet."""
    if not row:
        return {}
    data: dict[str, Any] = {
        name: value.reveal() if isinstance(value, Secret) else value for name, value in row.items()
    }
    interval, wait, quarantine = (data.pop(name, None) for name in ("interval", "wait", "quarantine"))
    credentials, listings = _taken_out(data, CREDENTIAL), _taken_out(data, MAPPED)
    return {
        "absence": {
            "misses": data.pop("misses"),
            "minutes": wait // 60,
            "quarantine_hours": quarantine // 3600,
        },
        "credentials": credentials or None,
        "interval": None if interval is None else f"{interval}s",
        "listings": listings,
        **data,
    }


def _taken_out(data: dict[str, Any], prefix: str) -> dict[str, Any]:
    return {name.removeprefix(prefix): data.pop(name) for name in list(data) if name.startswith(prefix)}


def _refuse_places(fields: Row) -> None:
    for name, value in fields.items():
        is_secret = name in {"url", "webhook_secret"} or name.startswith(CREDENTIAL)
        if is_secret and not isinstance(value, Secret):
            raise _wrong((name,), "names something of this machine", "give the value itself, a URL whole")


def _wrong(steps: Steps, message: str, remedy: str) -> WrongValueError:
    where = written(steps)
    return WrongValueError(f"{where}: {message}" if where else message, remedy)
