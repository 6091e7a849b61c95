"""What a channel is: a few verbs, from asking to reading.

Belongs here: the protocol, and the values that go in and come out of it. Does not: sockets
(`transport`), any single channel (a file each), what the answer means for history (`operations`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from rentalsync_pipeline.channels.wire.tokens import Keys
from rentalsync_pipeline.channels.wire.transport import Transport
from rentalsync_pipeline.core.model import Kind, Reading
from rentalsync_pipeline.core.portfolio import Connection
from rentalsync_pipeline.core.secret import Secret
from rentalsync_pipeline.core.verdict import Failure


@dataclass(frozen=True, slots=True)
class Validators:
    """What came with the last accepted body, and is sent along with the next question.

    Of a calendar its ETag and Last-Modified, of an account its cursor, in the channel's own form.
    """

    etag: str | None = None
    last_modified: str | None = None
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A record of an account that stands in the warehouse and has not ended."""

    id: str
    unit: str
    """The channel's id of the room."""
    kind: Kind
    check_in: date
    check_out: date
    is_missing: bool
    """The last question about it was answered with "there is none"."""


@dataclass(frozen=True, slots=True)
class AccountQuery:
    """What a question to an account holds beside that to a calendar."""

    keys: Keys
    swept: Mapping[str, datetime] = field(default_factory=lambda: MappingProxyType({}))
    """When each window was asked for last, by its name."""
    known: tuple[Known, ...] = ()
    today: date = date.min
    """The local day of the account's listings."""


@dataclass(frozen=True, slots=True)
class Query:
    """One question to one connection. `repr` shows no secret.

    `url` is a resolved https URL, a `file:` URL or a path; a relative path counts from `folder`,
    where the configuration lies. Of an account it is the address of its API.
    """

    connection: Connection
    url: Secret
    now: datetime
    validators: Validators = Validators()
    folder: Path = Path()
    account: AccountQuery | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a query: a whole body, "not modified", or a failure; never an exception.

    A body has passed gates 1 and 2 (transport, completeness). `content` is the sha256 of the body
    without what the channel writes anew at every fetch (DTSTAMP): equal content, equal bookings.
    A partial answer, one of several of an account, says nothing of what it does not name; it is "not
    modified" when it names nothing.
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
    windows: tuple[str, ...] = ()
    """The names of the windows that it tells of, whole."""
    partial: bool = False
    left: int = 0
    """How many more answers are to come to the same question."""


@dataclass(frozen=True, slots=True)
class ReadContext:
    """What a body is read against: the listing's zone and the local day of reading.

    `zones` are those of an account's mapped units, by the channel's id.
    """

    timezone: str
    today: date
    end_is_last_night: bool = False
    zones: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def zone_of(self, unit: str) -> str:
        """The time zone of a room, of its property, or of the connection, whichever is known first."""
        return self.zones.get(unit) or self.zones.get(unit.partition("/")[0]) or self.timezone


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

    def fetch(self, query: Query, transport: Transport) -> AsyncIterator[Answer]:
        """Ask, and pass what comes through gates 1 and 2; a calendar gives one answer, an account several."""
        ...

    def read(self, body: bytes, context: ReadContext) -> Reading:
        """Make bookings of a complete body (gate 3); tolerant per event, never an exception."""
        ...

    def cite(self, body: bytes, key: str, nights: tuple[date, date], context: ReadContext) -> bytes | None:
        """What in a body makes the booking of that key, as the channel wrote it: for its owner's eyes only.

        `None` where the body holds nothing like it. Where the key is another by now, its nights tell.
        """
        ...
