"""The guests' stays of a listing, as machines outside ask for them.

Belongs here: reading them. Does not: how they came about (`explain`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from rentalsync_pipeline.calendars.fields import values
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.core.model import Status
from rentalsync_pipeline.core.portfolio import Listing
from rentalsync_pipeline.core.privacy import clean
from rentalsync_pipeline.operations.reading import Row, snapshot
from rentalsync_pipeline.warehouse.moments import aware


class GuestStatus(StrEnum):
    """Where a stay stands, in the four words of the contract."""

    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    PENDING = "pending"
    NO_SHOW = "no_show"


_STATUSES = {
    Status.CONFIRMED: GuestStatus.CONFIRMED,
    Status.CHECKED_IN: GuestStatus.CONFIRMED,
    Status.CHECKED_OUT: GuestStatus.CONFIRMED,
    Status.CANCELLED: GuestStatus.CANCELLED,
    Status.PENDING: GuestStatus.PENDING,
    Status.NO_SHOW: GuestStatus.NO_SHOW,
}
_DIGITS = 10
"""Characters of a stay's UID that make its number: 50 bits, which every JSON reader keeps."""


@dataclass(frozen=True, slots=True)
class GuestStay:
    """A stay of a guest. `said` are the fields that the owner's calendar shows of it, by name."""

    id: int
    code: str
    guest_name: str | None
    phone_last4: str | None
    check_in: datetime
    """With the offset of the listing's zone, as is `check_out`."""
    check_out: datetime
    status: GuestStatus
    said: Mapping[str, str]
    fetched: datetime
    """When one of the connections that tell of it last gave a good answer."""


def guest_stays(control: ControlStore, listing: Listing) -> list[GuestStay]:
    """All stays of guests that are known of a listing, cancelled ones too, in the order of their arrival."""
    answered = {name: state.last_ok for name, state in control.states().items()}
    with snapshot(control.home) as rows:
        found = rows("read_bookings", listing=listing.slug)
    return [_stay(row, listing, answered) for row in found]


def between(stays: list[GuestStay], first: date | None, last: date | None) -> list[GuestStay]:
    """Those that touch the days from `first` to `last`, both included."""
    return [
        stay
        for stay in stays
        if (first is None or stay.check_out.date() >= first)
        and (last is None or stay.check_in.date() <= last)
    ]


def _stay(row: Row, listing: Listing, answered: Mapping[str, datetime | None]) -> GuestStay:
    zone = ZoneInfo(listing.timezone)
    moments = filter(None, (answered.get(name) for name in row["connections"]))
    return GuestStay(
        id=int(row["stay"][:_DIGITS].translate(_AS_BASE_32), 32),
        code=row["code"] or row["stay"],
        guest_name=row["guest_name"] and clean(row["guest_name"]),
        phone_last4=row["phone_last4"],
        check_in=datetime.combine(row["check_in"], listing.check_in, zone),
        check_out=datetime.combine(row["check_out"], listing.check_out, zone),
        status=_STATUSES[Status(row["status"])] if row["active"] else GuestStatus.CANCELLED,
        said=values(row["description"] or "", listing),
        fetched=max(moments, default=aware(row["changed"])),
    )


_AS_BASE_32 = str.maketrans("abcdefghijklmnopqrstuvwxyz234567", "0123456789abcdefghijklmnopqrstuv")
"""From the alphabet of RFC 4648 to that of `int`."""
