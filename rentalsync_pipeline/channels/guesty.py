"""Guesty, by its Open API (open-api-docs.guesty.com): reservations by filters, tokens that must be kept.

A key gets five tokens in 24 hours. `count` is no total of what comes: a list ends with a page that
isn't full.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime

from rentalsync_pipeline.channels import fields
from rentalsync_pipeline.channels.account import AccountChannel
from rentalsync_pipeline.channels.base import ReadContext
from rentalsync_pipeline.channels.units import Unit
from rentalsync_pipeline.channels.verbs import Sweep, since
from rentalsync_pipeline.channels.webhooks import Webhook, header
from rentalsync_pipeline.channels.windows import Window
from rentalsync_pipeline.channels.wire.auth import Tokens, client_credentials
from rentalsync_pipeline.channels.wire.pace import Rate
from rentalsync_pipeline.channels.wire.paging import Offset
from rentalsync_pipeline.channels.wire.proofs import SvixSignature
from rentalsync_pipeline.channels.wire.session import Api, Record, Session
from rentalsync_pipeline.core.model import Booking, Kind, Status

STATUSES = {
    "confirmed": (Kind.RESERVATION, Status.CONFIRMED),
    "reserved": (Kind.TENTATIVE, Status.PENDING),
    "awaiting_payment": (Kind.TENTATIVE, Status.PENDING),
    "checked_in": (Kind.RESERVATION, Status.CHECKED_IN),
    "checked_out": (Kind.RESERVATION, Status.CHECKED_OUT),
    "canceled": (Kind.RESERVATION, Status.CANCELLED),
    "declined": (Kind.RESERVATION, Status.CANCELLED),
    "expired": (Kind.RESERVATION, Status.CANCELLED),
    "closed": (Kind.RESERVATION, Status.CANCELLED),
}
INQUIRY = "inquiry"

PAGES = Offset(items="results", skip="skip", size=("limit", 100))
FIELDS = (
    "listingId status confirmationCode checkInDateLocalized checkOutDateLocalized guestsCount "
    "guest.fullName guest.phone guest source plannedArrival"
)
"""`checkIn` and `checkOut` are instants; the days of the stay stand beside them."""


def _id_of(record: Record) -> str:
    return str(record["_id"])


async def _listings(session: Session) -> list[Unit]:
    found = await session.pages("listings", {"fields": "nickname title timezone"}, PAGES, by=_id_of)
    return [
        Unit(
            _id_of(each),
            fields.text(each.get("nickname")) or fields.text(each.get("title")) or _id_of(each),
            fields.text(each.get("timezone")),
        )
        for each in found
    ]


async def _changed(session: Session, moment: datetime) -> Sequence[Record]:
    return await _reservations(session, ("lastUpdatedAt", "$gte", f"{moment:%Y-%m-%dT%H:%M:%S.000Z}"))


async def _window(session: Session, window: Window) -> Sequence[Record]:
    day = "checkOutDateLocalized"
    return await _reservations(session, (day, "$gte", str(window.first)), (day, "$lte", str(window.last)))


async def _booking(session: Session, known: str) -> Record | None:
    return await session.find(f"reservations/{known}", {"fields": FIELDS})


async def _reservations(session: Session, *filters: tuple[str, str, str]) -> list[Record]:
    """Whatever is no inquiry: statuses are named, or only some would come."""
    wanted = [*filters, ("status", "$ne", INQUIRY)]
    named = [dict(zip(("field", "operator", "value"), each, strict=True)) for each in wanted]
    asked = {"filters": json.dumps(named), "fields": FIELDS, "sort": "_id"}
    return await session.pages("reservations", asked, PAGES, by=_id_of)


def _bookings_of(record: Record, _context: ReadContext) -> Iterator[Booking]:
    if record["status"] == INQUIRY:
        return
    kind, status = STATUSES.get(record["status"], (Kind.RESERVATION, Status.CONFIRMED))
    check_in, check_out = fields.stay(
        fields.day(record["checkInDateLocalized"]), fields.day(record["checkOutDateLocalized"])
    )
    guest, source = record.get("guest") or {}, record.get("source")
    yield Booking(
        key=_id_of(record),
        kind=kind,
        status=status,
        check_in=check_in,
        check_out=check_out,
        uid=_id_of(record),
        code=fields.text(record.get("confirmationCode")) or _id_of(record),
        upstream_listing=str(record["listingId"]),
        origin=fields.origin(source),
        guest_name=fields.text(guest.get("fullName")),
        phone_last4=fields.last4(guest.get("phone")),
        guests=fields.count(record.get("guestsCount")),
        extras=fields.extras([("source", source), ("arrival_time", record.get("plannedArrival"))]),
    )


ACCOUNT = AccountChannel(
    name="guesty",
    title="Guesty",
    color="steelblue",
    description="Reservations of every listing of an account.",
    export="Integrations > Marketplace > Guesty Open API: create an application; copy its id and secret",
    api=Api(
        base="https://open-api.guesty.com/v1",
        hosts=frozenset({"open-api.guesty.com"}),
        auth=(Tokens(("client_id", "client_secret"), client_credentials("/oauth2/token", scope="open-api")),),
        rate=Rate(2, burst=10),  # 15 a second, 120 a minute
    ),
    id_of=_id_of,
    bookings_of=_bookings_of,
    listings=_listings,
    booking=_booking,
    changes=since(_changed),
    sweep=Sweep(_window, months=3),
    webhook=Webhook(
        proof=SvixSignature(),
        id=header("svix-id"),
        setup="`POST /webhooks` of its API, then `GET /webhooks-v2/secret?url=…` tells the secret",
    ),
)
