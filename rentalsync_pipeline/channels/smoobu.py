"""Smoobu, by its API (docs.smoobu.com): keys with hyphens, local times, and cancellations when asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from rentalsync_pipeline.channels import fields
from rentalsync_pipeline.channels.account import AccountChannel
from rentalsync_pipeline.channels.base import ReadContext
from rentalsync_pipeline.channels.units import Unit, unit_of
from rentalsync_pipeline.channels.verbs import Sweep, since
from rentalsync_pipeline.channels.webhooks import Webhook
from rentalsync_pipeline.channels.windows import Window
from rentalsync_pipeline.channels.wire.auth import Header
from rentalsync_pipeline.channels.wire.paging import Numbered
from rentalsync_pipeline.channels.wire.session import Api, Record, Session
from rentalsync_pipeline.core.model import Booking, Kind, Status

PAGES = Numbered(items="bookings", number="page", size=("pageSize", 100), total="total_items")
CANCELLED_TOO = {"showCancellation": "true"}


async def _listings(session: Session) -> list[Unit]:
    found = await session.get("apartments")
    return [unit_of(each) for each in found["apartments"]]


async def _changed(session: Session, moment: datetime) -> Sequence[Record]:
    asked = {"modifiedFrom": f"{moment:%Y-%m-%d}", **CANCELLED_TOO}
    return await session.pages("reservations", asked, PAGES, by=fields.id_of)


async def _window(session: Session, window: Window) -> Sequence[Record]:
    left = {"departureFrom": str(window.first), "departureTo": str(window.last), **CANCELLED_TOO}
    return await session.pages("reservations", left, PAGES, by=fields.id_of)


async def _booking(session: Session, known: str) -> Record | None:
    return await session.find(f"reservations/{known}")


def _bookings_of(record: Record, _context: ReadContext) -> Iterator[Booking]:
    source = record["channel"]["name"]
    check_in, check_out = fields.stay(fields.day(record["arrival"]), fields.day(record["departure"]))
    yield Booking(
        key=fields.id_of(record),
        kind=Kind.BLOCK if record.get("is-blocked-booking") else Kind.RESERVATION,
        status=Status.CANCELLED if record["type"] == "cancellation" else Status.CONFIRMED,
        check_in=check_in,
        check_out=check_out,
        uid=fields.id_of(record),
        code=fields.text(record.get("reference-id")) or fields.id_of(record),
        upstream_listing=fields.id_of(record["apartment"]),
        origin=fields.origin(source),
        guest_name=fields.text(record.get("guest-name")),
        phone_last4=fields.last4(record.get("phone")),
        guests=fields.count(record.get("adults"), record.get("children")),
        notes=fields.text(record.get("notice")),
        extras=fields.extras([("source", source), ("arrival_time", record.get("check-in"))]),
    )


ACCOUNT = AccountChannel(
    name="smoobu",
    title="Smoobu",
    color="yellowgreen",
    description="Bookings and blocked nights of every apartment of an account.",
    export="Settings > For developers: create an API key and copy it",
    api=Api(
        base="https://login.smoobu.com/api",
        hosts=frozenset({"login.smoobu.com"}),
        auth=(Header("api_key", name="Api-Key"),),
    ),
    bookings_of=_bookings_of,
    listings=_listings,
    booking=_booking,
    changes=since(_changed, timedelta(days=1)),  # asked by the day, of the account's own clock
    sweep=Sweep(_window, months=3),
    webhook=Webhook(setup="Settings > For developers: the webhook URL, with the secret in the address"),
)
