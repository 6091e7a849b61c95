"""Bearer tokens of the HTTP side: who they were given to, what they allow, and whether they still count.

Belongs here: the table. Does not: making a token (`operations.configuring.access`). Of a token only its
SHA-256 is kept: it has 256 random bits, so there is nothing to guess behind the digest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, insert, select, update

from rentalsync_pipeline.control.database import writing
from rentalsync_pipeline.control.schema import TokenRow, table_of

_SHOWN = [column for column in table_of(TokenRow).columns if column.name != "digest"]


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it may be shown: everything but itself."""

    id: int
    name: str
    role: str
    created: datetime
    revoked: datetime | None


class Tokens:
    """All tokens of a home; every method is one short transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._writing = engine, writing(engine)

    def add(self, name: str, role: str, digest: str, now: datetime) -> Token:
        """Keep a new token's digest."""
        row = {"name": name, "role": role, "digest": digest, "created": now}
        with self._writing.begin() as connection:
            return Token(*connection.execute(insert(TokenRow).values(row).returning(*_SHOWN)).one())

    def all(self) -> list[Token]:
        """Every token that was ever made, the oldest first."""
        with self._engine.begin() as connection:
            return [Token(*row) for row in connection.execute(select(*_SHOWN).order_by(TokenRow.id))]

    def find(self, digest: str) -> Token | None:
        """The token of that digest, unless it was revoked."""
        query = select(*_SHOWN).where(TokenRow.digest == digest, TokenRow.revoked.is_(None))
        with self._engine.begin() as connection:
            row = connection.execute(query).one_or_none()
        return Token(*row) if row else None

    def revoke(self, token: int, now: datetime) -> bool:
        """Let a token count no longer; False where none of that id counted."""
        ended = update(TokenRow).where(TokenRow.id == token, TokenRow.revoked.is_(None)).values(revoked=now)
        with self._writing.begin() as connection:
            return connection.execute(ended).rowcount == 1
