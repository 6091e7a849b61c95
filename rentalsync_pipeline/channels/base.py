"""What a channel is: a few verbs, from asking to reading.

Belongs here: the protocol, and the values that go in and come out of it. Does not: sockets
(`transport`), any single channel (a file each), what the answer means for history (`operations`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from rentalsync_pipeline.channels.transport import Transport
from rentalsync_pipeline.core.model import Reading
from rentalsync_pipeline.core.portfolio import Connection
from rentalsync_pipeline.core.secret import Secret
from rentalsync_pipeline.core.verdict import Failure


@dataclass(frozen=True, slots=True)
class Validators:
    """What a conditional request sends along: the ETag and Last-Modified of the last accepted body."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """One question to one connection. `repr` shows no secret.

    `url` is a resolved https URL, a `file:` URL or a path; a relative path counts from `folder`,
    where the configuration lies.
    """

    connection: Connection
    url: Secret
    now: datetime
    validators: Validators = Validators()
    folder: Path = Path()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a query: a whole body, "not modified", or a failure; never an exception.

    A body has passed gates 1 and 2 (transport, completeness). `content` is the sha256 of the body
    without what the channel writes anew at every fetch (DTSTAMP): equal content, equal bookings.
    """

    connection: str
    started: datetime
    ended: datetime
    body: bytes | None = field(default=None, repr=False)
    content: str | None = None
    not_modified: bool = False
    failure: Failure | None = None
    http_status: int | None = None
    validators: Validators = Validators()


@dataclass(frozen=True, slots=True)
class ReadContext:
    """What a body is read against: the listing's zone and the local day of reading."""

    timezone: str
    today: date
    end_is_last_night: bool = False


class Channel(Protocol):
    """A kind of source. Stateless: one instance serves every connection of its kind."""

    @property
    def name(self) -> str:
        """The name of its module: `booking_com`."""
        ...

    @property
    def title(self) -> str:
        """How people call it: `Booking.com`."""
        ...

    @property
    def color(self) -> str:
        """A CSS colour name, for the owner's calendar (RFC 7986 §5.9) and the board."""
        ...

    @property
    def description(self) -> str:
        """What its connections deliver, in one line."""
        ...

    @property
    def export(self) -> str:
        """Where its user finds what a connection needs, in one line."""
        ...

    def recognises(self, url: str) -> bool:
        """Whether a pasted URL is one of this channel's."""
        ...

    async def fetch(self, query: Query, transport: Transport) -> Answer:
        """Ask, and pass the answer through gates 1 and 2."""
        ...

    def read(self, body: bytes, context: ReadContext) -> Reading:
        """Make bookings of a complete body (gate 3); tolerant per event, never an exception."""
        ...
