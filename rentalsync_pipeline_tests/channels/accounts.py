"""What the tests of channels with an API share: keys without a store, and sessions on loopback."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rentalsync_pipeline.channels.wire.auth import Auth, Header
from rentalsync_pipeline.channels.wire.session import Api, Session
from rentalsync_pipeline.channels.wire.tokens import Keys
from rentalsync_pipeline.channels.wire.transport import Transport
from rentalsync_pipeline.core.secret import Secret
from rentalsync_pipeline.core.token import Token

KEY = Header("api_key", name="X-Api-Key")


@dataclass
class Drawer:
    """A store of one token, in memory; remembers how often it was written."""

    lock: Path
    token: Token | None = None
    kept: int = 0

    def read(self) -> Token | None:
        return self.token

    def keep(self, token: Token) -> None:
        self.token, self.kept = token, self.kept + 1


def keys(folder: Path, credentials: Mapping[str, str] | None = None) -> Keys:
    """Keys of a connection whose token is kept in memory."""
    given = {"api_key": "canary"} if credentials is None else credentials
    secrets = {name: Secret(value) for name, value in given.items()}
    return Keys("hotel", secrets, Drawer(folder / "token.lock"))


def session(transport: Transport, held: Keys, url: str, *auth: Auth, **api: Any) -> Session:
    """A session with a server on loopback."""
    vendor = Api("https://api.vendor.example", frozenset({"api.vendor.example"}), auth or (KEY,), **api)
    return Session(vendor, held, transport, base_url=url)
