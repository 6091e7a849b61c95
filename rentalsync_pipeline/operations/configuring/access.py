"""Tokens for the HTTP side: making one, and recognising it.

Belongs here: what a token looks like. Does not: their table (`control.tokens`), requests (`bridge.auth`).
"""

from __future__ import annotations

import secrets
from datetime import datetime
from hashlib import sha256

from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.control.tokens import Token
from rentalsync_pipeline.core.access import Caller, Role
from rentalsync_pipeline.core.secret import Secret

_PREFIX = "rsync_"
"""So that scanners of repositories know one when they see it."""
_BYTES = 32


def grant(control: ControlStore, name: str, role: Role, who: str, now: datetime) -> tuple[Token, Secret]:
    """A new token and what is known of it. It is shown this once: only its digest is kept."""
    secret = f"{_PREFIX}{secrets.token_urlsafe(_BYTES)}"
    return control.tokens.add(name, role, _digest(secret), who, now), Secret(secret)


def recognise(control: ControlStore, presented: str) -> Caller | None:
    """Whose token that is; `None` for one that was revoked or never made."""
    token = control.tokens.find(_digest(presented))
    return Caller(token.name, Role(token.role), f"token {token.id}") if token else None


def counts(control: ControlStore) -> bool:
    """Whether anybody holds a token that counts."""
    return any(token.revoked is None for token in control.tokens.all())


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
