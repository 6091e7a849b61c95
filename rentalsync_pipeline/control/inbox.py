"""Webhooks: what they prove themselves with, which have been taken in, and how many there were.

Belongs here: those tables. Does not: whether a proof holds (`channels.wire.proofs`), which webhook wakes
which connection (`operations.receiving`). Of a webhook only a digest is kept, for a day.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, delete, func, select, update

from rentalsync_pipeline.control import sealed
from rentalsync_pipeline.control.database import insert_new, writing
from rentalsync_pipeline.control.home import Home
from rentalsync_pipeline.control.requests import Requests
from rentalsync_pipeline.control.schema import ConnectionRow, WebhookCountRow, WebhookRow, table_of
from rentalsync_pipeline.control.vault import Vault
from rentalsync_pipeline.control.written.document import CONNECTIONS
from rentalsync_pipeline.control.written.variables import MissingVariable, Variables
from rentalsync_pipeline.core.secret import Secret

KEPT = timedelta(hours=24)
"""So long a webhook is known again."""
SECRET = "webhook_secret"  # noqa: S105 the name of a field
_WEBHOOKS, _COUNTS = table_of(WebhookRow), table_of(WebhookCountRow)


@dataclass(frozen=True, slots=True)
class Received:
    """A webhook whose proof holds, and the connections that it is for.

    `event` is a digest of what it is known by. Where `is_once`, that belongs to this one event alone, so that
    the same again is a repetition; else another event may look the same.
    """

    channel: str
    connections: tuple[str, ...]
    event: str
    is_once: bool


@dataclass(frozen=True, slots=True)
class WebhookCount:
    """What became of all webhooks of a channel so far."""

    channel: str
    received: int
    repeated: int
    refused: int


class Inbox:
    """The webhooks of one home; every method is one short transaction."""

    def __init__(self, engine: Engine, vault: Vault, home: Home) -> None:
        self._engine, self._writing = engine, writing(engine)
        self._vault, self._home = vault, home

    def secrets(self, channel: str, env: Mapping[str, str] = os.environ) -> dict[str, Secret]:
        """What the webhooks of a channel's connections prove themselves with, by connection.

        Those that are not enabled, and those whose variable is missing now, have none.
        """
        variables = Variables(self._home.secrets, env)
        query = select(ConnectionRow.name, ConnectionRow.webhook_secret).where(
            ConnectionRow.channel == channel, ConnectionRow.enabled
        )
        with self._engine.begin() as connection:
            rows = connection.execute(query).all()
            vaulted = sealed.read_named(connection, self._vault, CONNECTIONS, SECRET)
        found = {name: _resolved(variables, given) if given else vaulted.get(name) for name, given in rows}
        return {name: secret for name, secret in found.items() if secret}

    def take_in(self, received: Received, kind: str, asked_by: str, now: datetime) -> bool:
        """Keep a webhook and ask for a sync of its connections, all or nothing; `False` for a repetition."""
        with self._writing.begin() as connection:
            connection.execute(delete(_WEBHOOKS).where(WebhookRow.received < now - KEPT))
            Requests(connection).forget(kind, now - KEPT)
            woken = [name for name in received.connections if _is_new(connection, received, name, now)]
            for name in woken:
                Requests(connection).ask_once(kind, name, asked_by, now)
            _count(connection, received.channel, "received" if woken else "repeated")
        return bool(woken)

    def refuse(self, channel: str) -> None:
        """Count a webhook whose proof does not hold."""
        with self._writing.begin() as connection:
            _count(connection, channel, "refused")

    def counts(self) -> list[WebhookCount]:
        """What became of webhooks, by channel; none for channels that never sent one."""
        with self._engine.begin() as connection:
            rows = connection.execute(select(_COUNTS).order_by(WebhookCountRow.channel)).mappings()
            return [WebhookCount(**row) for row in rows]

    def last(self) -> dict[str, datetime]:
        """When each connection was last sent a webhook, of those that are still known."""
        query = select(WebhookRow.connection, func.max(WebhookRow.received)).group_by(WebhookRow.connection)
        with self._engine.begin() as connection:
            return dict(connection.execute(query).all())


def _resolved(variables: Variables, reference: str) -> Secret | None:
    try:
        return Secret(variables.resolve(reference))
    except MissingVariable:
        return None


def _is_new(connection: Connection, received: Received, name: str, now: datetime) -> bool:
    row = {"connection": name, "event": received.event, "received": now}
    return insert_new(connection, _WEBHOOKS, row) or not received.is_once


def _count(connection: Connection, channel: str, outcome: str) -> None:
    insert_new(connection, _COUNTS, {"channel": channel})
    counted = {outcome: _COUNTS.c[outcome] + 1}
    connection.execute(update(_COUNTS).where(WebhookCountRow.channel == channel).values(counted))
