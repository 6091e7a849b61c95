"""One question to a server, as a value.

Belongs here: what is asked, and how far it may go. Does not: sending it (`transport`), what is put into it
(each channel, by its `session`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from rentalsync_pipeline.channels.wire.pace import Rate
from rentalsync_pipeline.core.secret import Secret

NO_HEADERS: Mapping[str, str] = MappingProxyType({})

DEADLINE = 60.0
"""Seconds for one answer, from the first connection to its last byte, retries and all."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent. `repr` shows no secret."""

    url: Secret
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=lambda: NO_HEADERS, repr=False)
    body: bytes | None = field(default=None, repr=False)
    repeatable: bool = True
    """Whether it may be sent again although the first may have been carried out."""
    servers: frozenset[str] | None = None
    """The only servers (`host`, or `host:port`) that may be asked and redirected to; `None` for any. Where
    they are named, they are told secrets: https only, but for servers that are allowed to be private."""
    account: str | None = None
    """Whose turn it takes, beside that of the server."""
    rate: Rate | None = None
    """How often that account may ask."""
    deadline: float = DEADLINE

    def to(self, servers: frozenset[str], *, account: str, rate: Rate) -> Request:
        """The same, bound to servers and to an account's pace."""
        return replace(self, servers=servers, account=account, rate=rate)

    def proven(self, proof: Mapping[str, str]) -> Request:
        """The same with the headers that prove who asks."""
        return replace(self, headers={**self.headers, **proof})
