"""The values of the domain: what a channel tells us, and what we make of it.

Belongs here: frozen values that more than one room speaks of, with the meaning of each field.
Does not: configuration (`portfolio`), rules (`gate`, `absence`, `matching`, `conflicts`), any I/O.
Dates are local to the listing, never instants; a stay holds the nights `check_in <= night < check_out`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

NO_EXTRAS: Mapping[str, str] = MappingProxyType({})


class Kind(StrEnum):
    """What an occupation is, as far as its source lets us know."""

    RESERVATION = "reservation"
    BLOCK = "block"
    """Closed by the owner, or by a rule of the channel: nobody is arriving."""
    TENTATIVE = "tentative"
    """A request or an unpaid hold: it occupies until it is withdrawn."""
    HORIZON = "horizon"
    """The rolling tail behind the channel's booking window: no occupation at all."""
    UNKNOWN = "unknown"
    """Occupied, but the channel doesn't say by what (Booking.com)."""


class Status(StrEnum):
    """Where a reservation stands. All but `CANCELLED` occupy their nights."""

    CONFIRMED = "confirmed"
    PENDING = "pending"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"
    CHECKED_IN = "checked_in"
    CHECKED_OUT = "checked_out"


@dataclass(frozen=True, slots=True)
class Booking:
    """One source's record of a reservation or a block, as read from one answer; no history in it.

    `key` identifies the record within its connection, by the identity rule of the dialect: where the
    channel's own id is trustworthy it is that id, else it is made from the nights. It is never used
    without the connection: Airbnb and Booking.com hand out the same UID to different owners.
    """

    key: str
    kind: Kind
    status: Status
    check_in: date
    check_out: date
    uid: str | None = None
    """The UID as the channel wrote it; `None` where it wrote none."""
    code: str | None = None
    """The reservation code that guests and other systems know (Airbnb's `HM…`)."""
    upstream_listing: str = ""
    """The channel's id of the room; empty for a calendar, which belongs to one listing."""
    origin: str | None = None
    """The channel that sold it, where the record names another than its own (an API record)."""
    own: bool = False
    """It bears our own UID or PRODID: one of our feeds has come back to us."""
    guest_name: str | None = None
    phone_last4: str | None = None
    guests: int | None = None
    url: str | None = None
    notes: str | None = None
    extras: Mapping[str, str] = field(default_factory=lambda: NO_EXTRAS)
    """Whatever else the channel delivers, by field name."""

    @property
    def nights(self) -> int:
        """How many nights it holds; at least one."""
        return (self.check_out - self.check_in).days


@dataclass(frozen=True, slots=True)
class Rejected:
    """An event that could not be read: why, and which one, without quoting what a guest wrote."""

    reason: str
    uid: str | None = None
    line: int | None = None
    """Line of the body on which the event begins, counted from 1."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one complete answer says.

    `events` counts what the answer held, read or not. `dialect` is the producer that was recognised
    from the content, whatever channel the connection was configured with. `recurring` tells that the
    nights depend on the day of reading, so that equal bytes may mean other nights tomorrow. `made` is the one
    DTSTAMP that all events bear, where the producer writes the moment of the answer there. `tail_is_sure`
    tells that this producer never writes a calendar without the tail behind its booking window.

    A `partial` reading speaks of the records that it holds, each whole, and of those that it names as
    `absent` or `cancelled`, and of nothing else: one window of an account.
    """

    bookings: tuple[Booking, ...]
    rejected: tuple[Rejected, ...] = ()
    events: int = 0
    dialect: str = "generic"
    prodid: str | None = None
    recurring: bool = False
    made: datetime | None = None
    tail_is_sure: bool = False
    partial: bool = False
    absent: tuple[str, ...] = ()
    """UIDs of records of which the channel says, being asked for each, that there is none."""
    cancelled: tuple[str, ...] = ()
    """UIDs of records of which the channel says that they are cancelled, and nothing more."""

    @property
    def has_tail(self) -> bool:
        """Whether it ends in the rolling tail behind a booking window."""
        return any(booking.kind is Kind.HORIZON for booking in self.bookings)


@dataclass(frozen=True, slots=True)
class Occupation:
    """One line of a published calendar, before words are chosen: what is true, for one audience.

    The fields that an audience may not see are already absent.
    """

    uid: str
    kind: Kind
    check_in: date
    check_out: date
    channel: str | None = None
    code: str | None = None
    guest_name: str | None = None
    phone_last4: str | None = None
    guests: int | None = None
    url: str | None = None
    notes: str | None = None
    extras: Mapping[str, str] = field(default_factory=lambda: NO_EXTRAS)
    place: str | None = None
    """The name of the room or house that it is a stay of, where that is not the listing itself."""
