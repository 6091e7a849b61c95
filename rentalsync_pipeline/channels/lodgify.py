"""Lodgify, by its Public API v2 (docs.lodgify.com).

Bookings can't be asked for by their dates, only by whether they are to come: they are asked for once, and
each window takes its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from rentalsync_pipeline.channels import fields
from rentalsync_pipeline.channels.account import AccountChannel
from rentalsync_pipeline.channels.base import ReadContext
from rentalsync_pipeline.channels.units import Unit, with_rooms
from rentalsync_pipeline.channels.verbs import Sweep, since
from rentalsync_pipeline.channels.webhooks import Webhook
from rentalsync_pipeline.channels.windows import Window
from rentalsync_pipeline.channels.wire.auth import Header
from rentalsync_pipeline.channels.wire.pace import Rate
from rentalsync_pipeline.channels.wire.paging import Numbered
from rentalsync_pipeline.channels.wire.proofs import Signature
from rentalsync_pipeline.channels.wire.session import Api, Record, Session
from rentalsync_pipeline.core.model import Booking, Kind, Status

STATUSES = {
    "Booked": (Kind.RESERVATION, Status.CONFIRMED),
    "Tentative": (Kind.TENTATIVE, Status.PENDING),
    "Declined": (Kind.RESERVATION, Status.CANCELLED),
}
INQUIRY = "Open"

PAGES = Numbered(items="items", number="page", size=("size", 50), total="count")
COUNTED = {"includeCount": "true"}
DELETED_TOO = {"trash": "All"}


async def _listings(session: Session) -> list[Unit]:
    found = await session.pages("properties", COUNTED, PAGES, by=fields.id_of)
    return list(with_rooms(found, "rooms"))


async def _changed(session: Session, moment: datetime) -> Sequence[Record]:
    return await _bookings(session, stayFilter="All", updatedSince=f"{moment:%Y-%m-%dT%H:%M:%SZ}")


async def _window(session: Session, window: Window) -> Sequence[Record]:
    async def ask() -> list[Record]:
        return [
            each for stays in ("Current", "Upcoming") for each in await _bookings(session, stayFilter=stays)
        ]

    everything = await session.once("bookings", ask)
    return [each for each in everything if fields.day(each["departure"]) in window]


async def _booking(session: Session, known: str) -> Record | None:
    return await session.find(f"reservations/bookings/{known}")


async def _bookings(session: Session, **asked: str) -> list[Record]:
    params = {**asked, **COUNTED, **DELETED_TOO}
    return await session.pages("reservations/bookings", params, PAGES, by=fields.id_of)


def _bookings_of(record: Record, _context: ReadContext) -> Iterator[Booking]:
    """A booking for each room. The dates have a time, 00:00, that belongs to none."""
    if record["status"] == INQUIRY:
        return
    kind, status = STATUSES.get(record["status"], (Kind.RESERVATION, Status.CONFIRMED))
    check_in, check_out = fields.stay(fields.day(record["arrival"]), fields.day(record["departure"]))
    guest, source = record.get("guest") or {}, record.get("source")
    for place, room in enumerate(record["rooms"]):
        yield Booking(
            key=f"{fields.id_of(record)}/{place}",
            kind=kind,
            status=Status.CANCELLED if record.get("is_deleted") else status,
            check_in=check_in,
            check_out=check_out,
            uid=fields.id_of(record),
            code=fields.text(record.get("source_text")) or fields.id_of(record),
            upstream_listing=f"{record['property_id']}/{room['room_type_id']}",
            origin=fields.origin(source),
            guest_name=fields.text(guest.get("name")),
            phone_last4=fields.last4(guest.get("phone"), guest.get("phone_number")),
            guests=fields.count(room.get("people")),
            notes=fields.text(record.get("notes")),
            extras=fields.extras([("source", source)]),
        )


ACCOUNT = AccountChannel(
    name="lodgify",
    title="Lodgify",
    color="dodgerblue",
    description="Bookings and requests of every room of an account's properties.",
    export="Settings > Public API: copy the API key",
    api=Api(
        base="https://api.lodgify.com/v2",
        hosts=frozenset({"api.lodgify.com"}),
        auth=(Header("api_key", name="X-ApiKey"),),
        rate=Rate(1.5, burst=5),  # about 100 a minute
    ),
    bookings_of=_bookings_of,
    listings=_listings,
    booking=_booking,
    changes=since(_changed),
    sweep=Sweep(_window, months=12),
    webhook=Webhook(
        proof=Signature("ms-signature", prefix="sha256="),
        setup="`POST /webhooks/v1/subscribe` of its API, once for each event; each answer has a secret",
    ),
)
