"""Secrets of the configuration, opened: what a row says, a variable's value, or what the vault keeps for it.

Belongs here: reading them within a transaction. Does not: their table (`sealed`), the rows (`rows`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from rentalsync_pipeline.control import sealed
from rentalsync_pipeline.control.schema import AlertRow, ConnectionRow, table_of
from rentalsync_pipeline.control.state import Alert
from rentalsync_pipeline.control.vault import Vault
from rentalsync_pipeline.control.written.document import ALERTS, CONNECTIONS, CREDENTIAL
from rentalsync_pipeline.control.written.variables import Variables
from rentalsync_pipeline.core.secret import Secret


@dataclass(frozen=True, slots=True)
class Opened:
    """Secrets as they are at this moment; every method raises `MissingVariable`."""

    connection: Connection
    vault: Vault
    variables: Variables

    def url(self, connection_id: str) -> Secret:
        """The URL or path of a calendar connection; `LookupError` where there is none."""
        query = select(ConnectionRow.url).where(ConnectionRow.name == connection_id)
        return self._resolved(CONNECTIONS, connection_id, self.connection.execute(query).scalar())

    def credentials(self, connection_id: str) -> Mapping[str, Secret]:
        """The credentials of an account by name."""
        query = select(ConnectionRow.credentials).where(ConnectionRow.name == connection_id)
        given = self.connection.execute(query).scalar() or {}
        vaulted = sealed.read_all(self.connection, self.vault, CONNECTIONS).get(connection_id, {})
        return {
            name: Secret(self.variables.resolve(value)) if value else vaulted[CREDENTIAL + name]
            for name, value in given.items()
        }

    def alerts(self) -> tuple[Alert, ...]:
        """Where news are to be sent."""
        rows = self.connection.execute(select(table_of(AlertRow)).order_by(AlertRow.name)).all()
        return tuple(
            Alert(
                row.kind,
                None if row.command else self._resolved(ALERTS, row.name, row.url),
                tuple(row.to or ()),
                tuple(map(self.variables.resolve, row.command or ())),
            )
            for row in rows
        )

    def _resolved(self, table: str, owner: str, url: str | None) -> Secret:
        if url is not None:
            return Secret(self.variables.resolve(url))
        secret = sealed.read(self.connection, self.vault, table, owner, "url")
        if secret is None:
            raise LookupError(f"{table.removesuffix('s')} {owner!r} has no URL")
        return secret
