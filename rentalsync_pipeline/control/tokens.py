"""Bearer tokens of the HTTP side: who they were given to, what they allow, and whether they still count.

Belongs here: the table. Does not: making a token (`operations.configuring.access`). Of a token only its
SHA-256 is kept: it has 256 random bits, so there is nothing to guess behind the digest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from rentalsync_pipeline.control.audit import Audit
from rentalsync_pipeline.control.chain import Entry
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

    def __init__(self, audit: Audit) -> None:
        self._engine, self._audit = audit.engine, audit

    def add(self, name: str, role: str, digest: str, who: str, now: datetime) -> Token:
        """Keep a new token's digest."""
        row = {"name": name, "role": role, "digest": digest, "created": now}
        with self._audit.changing(who, now) as change:
            made = insert(TokenRow).values(row).returning(*_SHOWN)
            token = Token(*change.connection.execute(made).one())
            change.note([Entry("token_create", str(token.id), new={"name": name, "role": role})])
        return token

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

    def revoke(self, token: int, who: str, now: datetime) -> bool:
        """Let a token count no longer; False where none of that id counted."""
        counting = update(TokenRow).where(TokenRow.id == token, TokenRow.revoked.is_(None))
        with self._audit.changing(who, now) as change:
            ended = change.connection.execute(counting.values(revoked=now).returning(*_SHOWN)).one_or_none()
            if ended:
                change.note([Entry("token_revoke", str(token), {"name": ended.name, "role": ended.role})])
        return ended is not None
