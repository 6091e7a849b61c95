"""The tokens of accounts, sealed beside their credentials.

Belongs here: one connection's token in and out of the vault. Does not: what renews it (`channels.tokens`),
the credentials that it came from (`rows`). A token is state and no configuration: `apply` never sees it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from rentalsync_pipeline.control import sealed
from rentalsync_pipeline.control.audit import Audit
from rentalsync_pipeline.control.chain import Entry
from rentalsync_pipeline.control.vault import Vault
from rentalsync_pipeline.core.secret import Secret
from rentalsync_pipeline.core.token import Token

TOKENS = "tokens"
"""What the vault calls their table; there is none."""
_NAME = "token"


@dataclass(frozen=True, slots=True)
class AccountTokens:
    """Where the token of one connection is kept."""

    connection: str
    lock: Path
    """A file that whoever renews the token holds locked."""
    engine: Engine
    begin: Callable[[], AbstractContextManager[Connection]]
    """Begins a transaction that writes."""
    vault: Vault

    def read(self) -> Token | None:
        """The token that was kept last."""
        with self.engine.begin() as connection:
            kept = sealed.read(connection, self.vault, TOKENS, self.connection, _NAME)
        return _parse(kept) if kept else None

    def keep(self, token: Token) -> None:
        """Keep a token, on disk when this returns."""
        with self.begin() as connection:
            sealed.write(connection, self.vault, TOKENS, [(self.connection, _NAME, _dump(token))])


@contextmanager
def agreeing(audit: Audit, connection: str, who: str, now: datetime) -> Iterator[Connection]:
    """The transaction in which the token is kept that a person's consent led to."""
    with audit.changing(who, now) as change:
        change.note([Entry("account_agree", connection)])
        yield change.connection


def rename(connection: Connection, vault: Vault, old: str, new: str) -> None:
    """Let a token follow its connection: it may hold the only refresh token there is."""
    kept = sealed.read(connection, vault, TOKENS, old, _NAME)
    if kept:
        sealed.write(connection, vault, TOKENS, [(new, _NAME, kept)])
        sealed.forget(connection, TOKENS, [old])


def _dump(token: Token) -> Secret:
    return Secret(
        json.dumps(
            {
                "access": token.access.reveal(),
                "expires": token.expires and token.expires.isoformat(),
                "refresh": token.refresh and token.refresh.reveal(),
                "grant": token.grant,
            }
        )
    )


def _parse(kept: Secret) -> Token:
    told = json.loads(kept.reveal())
    return Token(
        access=Secret(told["access"]),
        expires=datetime.fromisoformat(told["expires"]) if told["expires"] else None,
        refresh=Secret(told["refresh"]) if told["refresh"] else None,
        grant=told["grant"],
    )
