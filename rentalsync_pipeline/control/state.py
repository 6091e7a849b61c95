"""What is known about the running of things: per connection, and what people asked for.

Belongs here: the frozen values of operational state. Does not: configuration (`core.portfolio`), storing
them (`store`). All moments are UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import PurePath
from types import MappingProxyType

from rentalsync_pipeline.core.secret import Secret


@dataclass(frozen=True, slots=True)
class ConnectionState:
    """How it stands with one connection: all that sensors and readers need without the warehouse."""

    connection: str
    last_attempt: datetime | None = None
    last_ok: datetime | None = None
    """The last answer that was accepted or said "unchanged"."""
    last_change: datetime | None = None
    last_verdict: str | None = None
    last_reason: str | None = None
    last_detail: str | None = None
    failures: int = 0
    """Failed and quarantined answers since the last good one."""
    next_due: datetime | None = None
    not_before: datetime | None = None
    """The channel's Retry-After."""
    source: str | None = None
    """Digest of how that body was read (address, listing, zone): otherwise, equal bytes prove nothing."""
    content: str | None = None
    """Digest of the last accepted body, without what the channel writes anew at every fetch."""
    content_day: date | None = None
    """The listing's local day on which that body was read."""
    recurring: bool = False
    """That body repeats events or has a tail, so that equal bytes mean other nights on another day."""
    etag: str | None = None
    last_modified: str | None = None
    opened_until: datetime | None = None
    """After many failures one after the other: it is not asked until then, unless a person says so."""
    cursor: str | None = None
    """Of an account: from where to ask for changes, in the form of its channel."""
    swept: Mapping[str, str] | None = None
    """Of an account: by window the moment, in ISO 8601, at which all of it was asked for."""


@dataclass(frozen=True, slots=True)
class Request:
    """Something a person or a webhook asked for, to be done by a sync. Holds no secret."""

    id: int
    kind: str
    subject: str
    asked_by: str
    asked_at: datetime
    payload: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    taken_at: datetime | None = None
    """A sync has begun with it; if that one died, the next takes it again."""
    done_at: datetime | None = None
    outcome: str | None = None


HEARTBEAT = "heartbeat"
"""The kind of place that hears of every sync that went well; all others hear of trouble."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One place to send news to: a `webhook`, an `smtp` server, a `command` or a `heartbeat`."""

    kind: str
    url: Secret | None = None
    to: tuple[str, ...] = ()
    """Who an e-mail goes to."""
    command: tuple[str, ...] = field(default=(), repr=False)
    """A program and its arguments."""

    @property
    def where(self) -> str:
        """All of it that may ever be shown: the host, or the name of the program."""
        return self.url.host if self.url else PurePath(self.command[0]).name
