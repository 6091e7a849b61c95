"""OwnerRez, by its API v2 (api.ownerrez.com/help/v2): bookings of named properties, or since a moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from rentalsync_pipeline.channels import fields
from rentalsync_pipeline.channels.account import AccountChannel
from rentalsync_pipeline.channels.base import ReadContext
from rentalsync_pipeline.channels.units import Unit, unit_of
from rentalsync_pipeline.channels.verbs import Sweep, since
from rentalsync_pipeline.channels.webhooks import Webhook
from rentalsync_pipeline.channels.windows import Window
from rentalsync_pipeline.channels.wire.auth import Basic, Header
from rentalsync_pipeline.channels.wire.pace import Rate
from rentalsync_pipeline.channels.wire.paging import Linked
from rentalsync_pipeline.channels.wire.session import Api, Record, Session
from rentalsync_pipeline.core.model import Booking, Kind, Status

STATUSES = {
    "active": (Kind.RESERVATION, Status.CONFIRMED),
    "pending": (Kind.TENTATIVE, Status.PENDING),
    "canceled": (Kind.RESERVATION, Status.CANCELLED),
}


def _next_page(document: Any) -> str | None:
    """Written one way in the documents, the other in the vendor's own client."""
    return fields.text(document.get("next_page_url") or document.get("nextPageUrl"))


PAGES = Linked(items="items", link=_next_page, size=("limit", 100))
GUESTS = {"include_guest": "true"}


async def _properties(session: Session) -> list[Record]:
    return await session.once("properties", lambda: session.pages("properties", {}, PAGES, by=fields.id_of))


async def _listings(session: Session) -> list[Unit]:
    return [unit_of(each, timezone="time_zone") for each in await _properties(session)]


async def _changed(session: Session, moment: datetime) -> Sequence[Record]:
    asked = {"since_utc": f"{moment:%Y-%m-%dT%H:%M:%SZ}", **GUESTS}
    return await session.pages("bookings", asked, PAGES, by=fields.id_of)


async def _window(session: Session, window: Window) -> Sequence[Record]:
    """Whatever touches the window."""
    named = ",".join(map(fields.id_of, await _properties(session)))
    asked = {"property_ids": named, "from": str(window.first), "to": str(window.last), **GUESTS}
    return await session.pages("bookings", asked, PAGES, by=fields.id_of) if named else ()


async def _booking(session: Session, known: str) -> Record | None:
    return await session.find(f"bookings/{known}", GUESTS)


def _bookings_of(record: Record, _context: ReadContext) -> Iterator[Booking]:
    kind, status = STATUSES.get(record["status"], (Kind.RESERVATION, Status.CONFIRMED))
    check_in, check_out = fields.stay(fields.day(record["arrival"]), fields.day(record["departure"]))
    guest, source = record.get("guest") or {}, record.get("listing_site")
    yield Booking(
        key=fields.id_of(record),
        kind=Kind.BLOCK if record.get("is_block") or record.get("type") == "block" else kind,
        status=status,
        check_in=check_in,
        check_out=check_out,
        uid=fields.id_of(record),
        code=fields.text(record.get("platform_reservation_number")) or fields.id_of(record),
        upstream_listing=str(record["property_id"]),
        origin=fields.origin(source),
        guest_name=fields.name(guest.get("first_name"), guest.get("last_name")),
        phone_last4=fields.last4(*(each.get("number") for each in fields.items(guest.get("phones")))),
        guests=fields.count(record.get("adults"), record.get("children")),
        notes=fields.text(record.get("notes")),
        extras=fields.extras([("source", source), ("arrival_time", record.get("check_in"))]),
    )


ACCOUNT = AccountChannel(
    name="ownerrez",
    title="OwnerRez",
    color="indianred",
    description="Bookings and blocks of every property of an account.",
    export="Settings > Developer/API settings: make a personal access token and copy it; email is your login",
    api=Api(
        base="https://api.ownerrez.com/v2",
        hosts=frozenset({"api.ownerrez.com"}),
        auth=(Basic("email", "token"), Header("access_token", prefix="Bearer ")),
        rate=Rate(1, burst=20),  # 300 in five minutes from one address
    ),
    bookings_of=_bookings_of,
    listings=_listings,
    booking=_booking,
    changes=since(_changed),
    sweep=Sweep(_window, months=3),
    webhook=Webhook(
        setup="Settings > Developer/API settings: the webhooks of an OAuth app; the secret as the password"
    ),
)
