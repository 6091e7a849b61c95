"""Tokens that run out: kept, and renewed by one caller at a time.

Belongs here: what a store of tokens must do, and the rule that one renews while all others wait. Does not:
the ways to get one (`auth`), keeping them at rest (the control store, behind `TokenStore`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from filelock import AsyncFileLock

from rentalsync_pipeline.core.secret import Secret
from rentalsync_pipeline.core.token import Token


class TokenStore(Protocol):
    """Where the token of one connection is kept, across processes and restarts."""

    @property
    def lock(self) -> Path:
        """A file that whoever renews the token holds locked."""
        ...

    def read(self) -> Token | None:
        """The token that was kept last."""
        ...

    def keep(self, token: Token) -> None:
        """Keep a token, on disk when this returns."""
        ...


@dataclass(frozen=True, slots=True)
class Keys:
    """Whatever lets one connection in: the credentials that are configured, and the tokens they led to."""

    connection: str
    credentials: Mapping[str, Secret] = field(repr=False)
    tokens: TokenStore = field(repr=False)

    def token(self) -> Token | None:
        """The token of these very credentials."""
        held = self.tokens.read()
        return held if held and held.grant == self._grant else None

    def keep(self, token: Token) -> None:
        """Keep a token that these credentials led to."""
        self.tokens.keep(replace(token, grant=self._grant))

    @property
    def _grant(self) -> str:
        told = sorted((name, secret.reveal()) for name, secret in self.credentials.items())
        return hashlib.sha256(repr(told).encode()).hexdigest()


async def renewed(
    keys: Keys, stale: Secret | None, obtain: Callable[[Token | None], Awaitable[Token]]
) -> Token:
    """A token other than the stale one, obtained by one caller and found by all who waited for it.

    It is kept before it is used: a refresh token serves once, and losing its successor locks the account
    out (Guesty gives five tokens a day).
    """
    async with AsyncFileLock(keys.tokens.lock, thread_local=False):
        held = keys.token()
        if held and held.access != stale:
            return held
        token = await obtain(held)
        keys.keep(token)
        return token
