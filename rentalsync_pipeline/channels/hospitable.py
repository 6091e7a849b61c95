"""Hospitable, by its Public API v2 (developer.hospitable.com; OpenAPI description of 2025-06).

It can't tell what changed: each sync sweeps, property by property. Days carry the listing's own offset.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rentalsync_pipeline.channels import fields
from rentalsync_pipeline.channels.account import AccountChannel
from rentalsync_pipeline.channels.base import ReadContext
from rentalsync_pipeline.channels.units import Unit, unit_of
from rentalsync_pipeline.channels.verbs import Sweep
from rentalsync_pipeline.channels.webhooks import Webhook, told
from rentalsync_pipeline.channels.windows import Window
from rentalsync_pipeline.channels.wire.auth import Header
from rentalsync_pipeline.channels.wire.paging import Numbered
from rentalsync_pipeline.channels.wire.proofs import Signature
from rentalsync_pipeline.channels.wire.session import Api, Record, Session
from rentalsync_pipeline.core.model import Booking, Kind, Status

STATUSES = {
    "accepted": (Kind.RESERVATION, Status.CONFIRMED),
    "request": (Kind.TENTATIVE, Status.PENDING),
    "checkpoint": (Kind.TENTATIVE, Status.PENDING),
    "cancelled": (Kind.RESERVATION, Status.CANCELLED),
    "not accepted": (Kind.RESERVATION, Status.CANCELLED),
}
"""Categories of `reservation_status.current`; the older `status` is deprecated."""

PAGES = Numbered(items="data", number="page", size=("per_page", 100), total="meta.total")
INCLUDED = {"include": "guest,properties"}
PROPERTIES_AT_ONCE = 50
"""Their ids stand in the address, 45 characters each; servers take 8,000."""


async def _properties(session: Session) -> list[Record]:
    return await session.once("properties", lambda: session.pages("properties", {}, PAGES, by=fields.id_of))


async def _listings(session: Session) -> list[Unit]:
    return [unit_of(each) for each in await _properties(session)]


async def _window(session: Session, window: Window) -> Sequence[Record]:
    left = {
        "start_date": str(window.first),
        "end_date": str(window.last),
        "date_query": "checkout",
        **INCLUDED,
    }
    found: list[Record] = []
    ids = [fields.id_of(each) for each in await _properties(session)]
    for first in range(0, len(ids), PROPERTIES_AT_ONCE):
        some = ids[first : first + PROPERTIES_AT_ONCE]
        found += await session.pages("reservations", {"properties[]": some, **left}, PAGES, by=fields.id_of)
    return found


async def _booking(session: Session, known: str) -> Record | None:
    found = await session.find(f"reservations/{known}", INCLUDED)
    return found and found["data"]


def _bookings_of(record: Record, _context: ReadContext) -> Iterator[Booking]:
    """`nights` are counted by local days: an offset that shifted them would move the stay."""
    kind, status = STATUSES.get(
        record["reservation_status"]["current"]["category"], (Kind.RESERVATION, Status.CONFIRMED)
    )
    check_in, check_out = fields.stay(
        fields.day(record["arrival_date"]), fields.day(record["departure_date"])
    )
    guest = record.get("guest") or {}
    for place in record["properties"]:
        yield Booking(
            key=fields.id_of(record),
            kind=kind,
            status=status,
            check_in=check_in,
            check_out=check_out,
            uid=fields.id_of(record),
            code=fields.text(record.get("platform_id")) or fields.id_of(record),
            upstream_listing=fields.id_of(place),
            origin=fields.origin(record.get("platform")),
            guest_name=fields.name(guest.get("first_name"), guest.get("last_name")),
            phone_last4=fields.last4(*guest.get("phone_numbers") or ()),
            guests=fields.count((record.get("guests") or {}).get("total")),
            extras=fields.extras([("source", record.get("platform"))]),
        )


ACCOUNT = AccountChannel(
    name="hospitable",
    title="Hospitable",
    color="teal",
    description="Reservations and requests of every property of an account.",
    export="Apps > API access: create a personal access token with read scopes and copy it",
    api=Api(
        base="https://public.api.hospitable.com/v2",
        hosts=frozenset({"public.api.hospitable.com"}),
        auth=(Header("token", prefix="Bearer "),),
    ),
    bookings_of=_bookings_of,
    listings=_listings,
    booking=_booking,
    sweep=Sweep(_window, months=12),
    webhook=Webhook(
        proof=Signature("Signature"),
        id=told("id"),
        date=told("created"),
        setup="Apps > Webhooks: create one for reservations; its page shows the secret",
    ),
)
