"""Configuration in and out of the tables, inside one transaction.

Belongs here: a `Document` as rows of `schema`. Does not: deciding what changes (`merge`), the values that
the operations see (`portfolio`), the encryption of what is secret (`sealed`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from rentalsync_pipeline.control import account_tokens, feed_addresses, sealed
from rentalsync_pipeline.control.database import upsert
from rentalsync_pipeline.control.schema import (
    AlertRow,
    ConnectionRow,
    IntegrationRow,
    ListingRow,
    MappingRow,
    SettingRow,
    StateRow,
    table_of,
)
from rentalsync_pipeline.control.vault import Vault
from rentalsync_pipeline.control.written.document import (
    ALERTS,
    CONNECTIONS,
    CREDENTIAL,
    INTEGRATIONS,
    LISTINGS,
    MAPPED,
    PORTFOLIO,
    SETTINGS,
    TABLES,
    Document,
    Row,
    Rows,
    Value,
    as_row,
)
from rentalsync_pipeline.control.written.pointing import Pointing
from rentalsync_pipeline.core.secret import Secret

_LISTING_FIELDS = (
    "name",
    "timezone",
    "check_in",
    "check_out",
    "enabled",
    "sync",
    "token",
    "style",
    "audiences",
    "blocks",
    "fields",
    "rooms",
)
_CONNECTION_FIELDS = (
    "channel",
    "listing",
    "url",
    "base_url",
    "interval",
    "misses",
    "wait",
    "quarantine",
    "imports",
    "end_is_last_night",
    "enabled",
    "acknowledge",
    "webhook_secret",
)
_ALERT_FIELDS = ("kind", "url", "to", "command")
_INTEGRATION_FIELDS = ("active", "webhook_url")
_TABLES = {
    LISTINGS: (table_of(ListingRow), "slug"),
    CONNECTIONS: (table_of(ConnectionRow), "name"),
    ALERTS: (table_of(AlertRow), "name"),
    INTEGRATIONS: (table_of(IntegrationRow), "channel"),
}
"""Per kind of row its table, and the column that keeps the document's ids."""


def read(connection: Connection, vault: Vault) -> Document:
    """All configuration, secrets opened."""
    return Document(
        {
            SETTINGS: {PORTFOLIO: _read_settings(connection)},
            LISTINGS: _read_listings(connection),
            CONNECTIONS: _read_connections(connection, vault),
            ALERTS: _read_flat(connection, vault, ALERTS, _ALERT_FIELDS),
            INTEGRATIONS: _read_flat(connection, vault, INTEGRATIONS, _INTEGRATION_FIELDS),
        }
    )


def rename(connection: Connection, vault: Vault, table: str, old: str, new: str) -> None:
    """Give a listing or a connection another id; what refers to it follows, and so do its state and token.

    Its secrets are forgotten, as they are bound to the old id: `write` seals them anew.
    """
    rows, column = _TABLES[table]
    connection.execute(update(rows).where(rows.c[column] == old).values({column: new}))
    if table == CONNECTIONS:
        connection.execute(update(StateRow).where(StateRow.connection == old).values(connection=new))
        account_tokens.rename(connection, vault, old, new)
    if table == LISTINGS:
        feed_addresses.rename(connection, old, new)
    sealed.forget(connection, table, [old])


def write(
    connection: Connection, vault: Vault, pointing: Pointing, before: Document, after: Document
) -> None:
    """Make the tables, which hold `before`, hold `after`; rows that are equal in both are not touched."""
    for table in TABLES:
        old, new = before.rows(table), after.rows(table)
        changed = {key: row for key, row in new.items() if row != old.get(key)}
        _WRITERS[table](connection, pointing, changed)
        sealed.forget(connection, table, changed.keys() & old.keys())
        sealed.write(connection, vault, table, _secrets(changed))
    feed_addresses.remember(connection, after.rows(LISTINGS).keys(), before, after)
    for table in reversed(TABLES):
        _remove(connection, table, before.rows(table).keys() - after.rows(table).keys())


def _read_settings(connection: Connection) -> Row:
    return {each.name: each.value for each in connection.execute(select(table_of(SettingRow)))}


def _read_listings(connection: Connection) -> Rows:
    rows = connection.execute(select(table_of(ListingRow))).mappings()
    return {each["slug"]: as_row({name: each[name] for name in _LISTING_FIELDS}) for each in rows}


def _read_connections(connection: Connection, vault: Vault) -> Rows:
    secrets = sealed.read_all(connection, vault, CONNECTIONS)
    mapped: dict[str, dict[str, Value]] = defaultdict(dict)
    for name, upstream, listing in connection.execute(
        select(MappingRow.connection, MappingRow.upstream, MappingRow.listing)
    ):
        mapped[name][MAPPED + upstream] = listing
    return {
        each["name"]: as_row(
            {
                **{name: each[name] for name in _CONNECTION_FIELDS},
                **{CREDENTIAL + name: value for name, value in each["credentials"].items()},
                **mapped[each["name"]],
                **secrets.get(each["name"], {}),
            }
        )
        for each in connection.execute(select(table_of(ConnectionRow))).mappings()
    }


def _read_flat(connection: Connection, vault: Vault, table: str, names: tuple[str, ...]) -> Rows:
    """Rows that are columns and secrets alone."""
    rows, column = _TABLES[table]
    secrets = sealed.read_all(connection, vault, table)
    return {
        each[column]: as_row({**{name: each[name] for name in names}, **secrets.get(each[column], {})})
        for each in connection.execute(select(rows)).mappings()
    }


def _write_settings(connection: Connection, pointing: Pointing, changed: Rows) -> None:
    for settings in changed.values():
        connection.execute(delete(SettingRow))
        given = [{"name": name, "value": value} for name, value in settings.items()]
        upsert(connection, table_of(SettingRow), given, key=["name"])


def _write_listings(connection: Connection, pointing: Pointing, changed: Rows) -> None:
    rows = [{"slug": key, **_columns(row, _LISTING_FIELDS)} for key, row in changed.items()]
    upsert(connection, table_of(ListingRow), rows, key=["slug"])


def _write_connections(connection: Connection, pointing: Pointing, changed: Rows) -> None:
    rows = [_connection_columns(key, row, pointing) for key, row in changed.items()]
    upsert(connection, table_of(ConnectionRow), rows, key=["name"])
    if changed:
        of_connection = delete(table_of(MappingRow)).where(MappingRow.connection == bindparam("changed"))
        connection.execute(of_connection, [{"changed": key} for key in changed])
    mappings = [
        {"connection": key, "upstream": upstream, "listing": listing}
        for key, row in changed.items()
        for upstream, listing in _dotted(row, MAPPED).items()
    ]
    if mappings:
        connection.execute(insert(table_of(MappingRow)), mappings)


def _write_alerts(connection: Connection, pointing: Pointing, changed: Rows) -> None:
    rows = [{"name": key, **_columns(row, _ALERT_FIELDS)} for key, row in changed.items()]
    upsert(connection, table_of(AlertRow), rows, key=["name"])


def _write_integrations(connection: Connection, pointing: Pointing, changed: Rows) -> None:
    rows = [{"channel": key, **_columns(row, _INTEGRATION_FIELDS)} for key, row in changed.items()]
    upsert(connection, table_of(IntegrationRow), rows, key=["channel"])


_WRITERS: Mapping[str, Callable[[Connection, Pointing, Rows], None]] = {
    SETTINGS: _write_settings,
    LISTINGS: _write_listings,
    CONNECTIONS: _write_connections,
    ALERTS: _write_alerts,
    INTEGRATIONS: _write_integrations,
}


def _remove(connection: Connection, table: str, ids: Collection[str]) -> None:
    if not ids:
        return
    rows, column = _TABLES[table]
    parameters = [{"gone": key} for key in ids]
    connection.execute(delete(rows).where(rows.c[column] == bindparam("gone")), parameters)
    if table == CONNECTIONS:
        state = delete(table_of(StateRow)).where(StateRow.connection == bindparam("gone"))
        connection.execute(state, parameters)
        sealed.forget(connection, account_tokens.TOKENS, ids)
    sealed.forget(connection, table, ids)


def _connection_columns(key: str, row: Row, pointing: Pointing) -> dict[str, Any]:
    columns = _columns(row, _CONNECTION_FIELDS)
    url = row.get("url")
    assert url is None or isinstance(url, str | Secret)  # noqa: S101 no other type passes the configuration
    host, source = pointing.at(columns["channel"], url, columns["base_url"]) or ("?", "")
    credentials = _dotted(row, CREDENTIAL)
    return {"name": key, **columns, "credentials": credentials, "host": host, "source": source}


def _columns(row: Row, names: tuple[str, ...]) -> dict[str, Any]:
    """Fields as columns, secrets left out."""
    return {name: _plain(row.get(name)) for name in names}


def _dotted(row: Row, prefix: str) -> dict[str, Any]:
    """The fields under `prefix`, without it."""
    return {
        name.removeprefix(prefix): _plain(value) for name, value in row.items() if name.startswith(prefix)
    }


def _plain(value: Value | None) -> Any:
    return None if isinstance(value, Secret) else value


def _secrets(rows: Rows) -> list[tuple[str, str, Secret]]:
    return [
        (key, name, value)
        for key, row in rows.items()
        for name, value in row.items()
        if isinstance(value, Secret)
    ]
