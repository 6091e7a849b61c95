"""The table of sealed values: what belongs to which row, and sealing it anew with another key.

Belongs here: moving secrets between the vault and their table. Does not: cryptography (`vault`), the rows
that own them (`rows`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import Connection, bindparam, delete, select

from rentalsync_pipeline.control.database import upsert
from rentalsync_pipeline.control.schema import SecretRow, table_of
from rentalsync_pipeline.control.vault import Vault
from rentalsync_pipeline.core.secret import Secret

_SECRETS = table_of(SecretRow)
_KEY = ("owner_table", "owner", "name")


def read_all(connection: Connection, vault: Vault, owner_table: str) -> Mapping[str, Mapping[str, Secret]]:
    """Every secret of a table's rows, by owner and by name."""
    found: dict[str, dict[str, Secret]] = defaultdict(dict)
    query = select(SecretRow.owner, SecretRow.name, SecretRow.sealed).where(
        SecretRow.owner_table == owner_table
    )
    for owner, name, sealed in connection.execute(query):
        identity = _identity(owner_table, owner, name)
        found[owner][name] = Secret(vault.open(sealed, identity=identity))
    return found


def read_named(connection: Connection, vault: Vault, owner_table: str, name: str) -> dict[str, Secret]:
    """The secret of that name of every row of a table that has it, by owner."""
    query = select(SecretRow.owner, SecretRow.sealed).where(
        SecretRow.owner_table == owner_table, SecretRow.name == name
    )
    return {
        owner: Secret(vault.open(sealed, identity=_identity(owner_table, owner, name)))
        for owner, sealed in connection.execute(query)
    }


def read(connection: Connection, vault: Vault, owner_table: str, owner: str, name: str) -> Secret | None:
    """One secret; `None` where there is none."""
    key = {"owner_table": owner_table, "owner": owner, "name": name}
    sealed = connection.execute(select(SecretRow.sealed).filter_by(**key)).scalar()
    if sealed is None:
        return None
    return Secret(vault.open(sealed, identity=_identity(owner_table, owner, name)))


def write(
    connection: Connection, vault: Vault, owner_table: str, secrets: Iterable[tuple[str, str, Secret]]
) -> None:
    """Seal secrets, given as owner, name and value, in place of what they were."""
    rows = [
        {
            "owner_table": owner_table,
            "owner": owner,
            "name": name,
            "sealed": vault.seal(secret.reveal(), identity=_identity(owner_table, owner, name)),
        }
        for owner, name, secret in secrets
    ]
    upsert(connection, _SECRETS, rows, key=_KEY)


def forget(connection: Connection, owner_table: str, owners: Collection[str]) -> None:
    """Delete all secrets of these rows."""
    if owners:
        statement = delete(_SECRETS).where(
            SecretRow.owner_table == owner_table, SecretRow.owner == bindparam("gone")
        )
        connection.execute(statement, [{"gone": owner} for owner in owners])


def reseal(connection: Connection, vault: Vault) -> int:
    """Seal everything with the vault's first key; returns how many values another key had sealed."""
    rows = []
    for row in connection.execute(select(_SECRETS)).mappings():
        if not vault.is_current(row["sealed"]):
            identity = _identity(row["owner_table"], row["owner"], row["name"])
            value = vault.open(row["sealed"], identity=identity)
            rows.append({**row, "sealed": vault.seal(value, identity=identity)})
    upsert(connection, _SECRETS, rows, key=_KEY)
    return len(rows)


def _identity(owner_table: str, owner: str, name: str) -> str:
    return f"{owner_table}|{owner}|{name}"
