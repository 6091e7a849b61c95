"""Channex, by its API v1 (docs.channex.io): bookings of the channels that it manages, as they stand now.

Each change is a revision, and waits to be acknowledged by the one system that answers for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from rentalsync_pipeline.channels import fields
from rentalsync_pipeline.channels.account import AccountChannel
from rentalsync_pipeline.channels.base import ReadContext
from rentalsync_pipeline.channels.units import Unit
from rentalsync_pipeline.channels.verbs import Changes, Sweep, since
from rentalsync_pipeline.channels.webhooks import Webhook, told
from rentalsync_pipeline.channels.windows import Window
from rentalsync_pipeline.channels.wire.auth import Header
from rentalsync_pipeline.channels.wire.paging import Numbered
from rentalsync_pipeline.channels.wire.session import Api, Record, Session
from rentalsync_pipeline.core.model import Booking, Kind, Status

CANCELLED = "cancelled"
"""Of the statuses of a revision (`new`, `modified`, `cancelled`), the one that holds no night."""

PAGES = Numbered(items="data", number="pagination[page]", size=("pagination[limit]", 100), total="meta.total")


async def _listings(session: Session) -> list[Unit]:
    """Properties, then their room types."""
    houses = await session.pages("properties", {}, PAGES, by=fields.id_of)
    units = [
        Unit(fields.id_of(each), each["attributes"]["title"], fields.text(each["attributes"].get("timezone")))
        for each in houses
    ]
    zones = {each.id: each.timezone for each in units}
    for room in await session.pages("room_types", {}, PAGES, by=fields.id_of):
        house = str(room["relationships"]["property"]["data"]["id"])
        units.append(Unit(f"{house}/{fields.id_of(room)}", room["attributes"]["title"], zones.get(house)))
    return units


async def _changed(session: Session, moment: datetime) -> Sequence[Record]:
    asked = {"filter[inserted_at][gte]": f"{moment:%Y-%m-%dT%H:%M:%S}"}
    return await session.pages("bookings", asked, PAGES, by=fields.id_of)


async def _changes(session: Session, cursor: str | None) -> Changes:
    """What was revised; its receipts are the revisions by which these records stand."""
    found = await since(_changed)(session, cursor)
    return replace(found, receipts=tuple(each["attributes"]["revision_id"] for each in found.records))


async def _acknowledge(session: Session, receipts: Sequence[str]) -> None:
    """Revisions that were replaced before we saw them go with the one that we saw."""
    waiting = await session.pages("booking_revisions/feed", {}, PAGES, by=fields.id_of)
    seen = {
        each["attributes"]["unique_id"]: each["attributes"]["inserted_at"]
        for each in waiting
        if fields.id_of(each) in receipts
    }
    for each in waiting:
        about = each["attributes"]
        if about["inserted_at"] <= seen.get(about["unique_id"], ""):
            await session.post(f"booking_revisions/{fields.id_of(each)}/ack", {}, repeatable=True)


async def _window(session: Session, window: Window) -> Sequence[Record]:
    days = "filter[departure_date]"
    asked = {f"{days}[gte]": str(window.first), f"{days}[lte]": str(window.last)}
    return await session.pages("bookings", asked, PAGES, by=fields.id_of)


async def _booking(session: Session, known: str) -> Record | None:
    found = await session.find(f"bookings/{known}")
    return found and found["data"]


def _bookings_of(record: Record, _context: ReadContext) -> Iterator[Booking]:
    """A booking for each room; one that Channex could not map to a room type belongs to the property."""
    about = record["attributes"]
    guest, source, house = about.get("customer") or {}, about.get("ota_name"), str(about["property_id"])
    for place, room in enumerate(about["rooms"]):
        check_in, check_out = fields.stay(fields.day(room["checkin_date"]), fields.day(room["checkout_date"]))
        kind, people = fields.text(room.get("room_type_id")), room.get("occupancy") or {}
        yield Booking(
            key=f"{fields.id_of(record)}/{place}",
            kind=Kind.RESERVATION,
            status=Status.CANCELLED
            if CANCELLED in (about["status"], room.get("status"))
            else Status.CONFIRMED,
            check_in=check_in,
            check_out=check_out,
            uid=fields.id_of(record),
            code=fields.text(about.get("ota_reservation_code")) or fields.text(about.get("unique_id")),
            upstream_listing=f"{house}/{kind}" if kind else house,
            origin=fields.origin(source),
            guest_name=fields.name(guest.get("name"), guest.get("surname")),
            phone_last4=fields.last4(guest.get("phone")),
            guests=fields.count(people.get("adults"), people.get("children")),
            notes=fields.text(about.get("notes")),
            extras=fields.extras([("source", source), ("arrival_time", about.get("arrival_hour"))]),
        )


ACCOUNT = AccountChannel(
    name="channex",
    title="Channex",
    color="mediumorchid",
    description="Bookings of every room type of an account's properties, from all channels behind it.",
    export="Profile > API keys: create a key and copy it",
    api=Api(
        base="https://app.channex.io/api/v1",
        hosts=frozenset({"app.channex.io", "staging.channex.io"}),
        auth=(Header("api_key", name="user-api-key"),),
    ),
    bookings_of=_bookings_of,
    listings=_listings,
    booking=_booking,
    changes=_changes,
    sweep=Sweep(_window, months=3),
    acknowledge=_acknowledge,
    webhook=Webhook(
        date=told("timestamp"),
        setup="Webhooks > Create: event `booking`, the secret among the headers",
    ),
)
