"""`/api/listings/{id}/bookings`: what is known of a listing's guests, to look at."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from rentalsync_pipeline.bridge.auth import Reader
from rentalsync_pipeline.bridge.context import Here
from rentalsync_pipeline.bridge.errors import responses
from rentalsync_pipeline.bridge.schemas import Bookings, BookingSchema, ListingId
from rentalsync_pipeline.bridge.units import unit_of
from rentalsync_pipeline.operations.looking.bookings import GuestStatus, GuestStay, between, guest_stays

router = APIRouter(
    prefix="/api/listings/{id}/bookings",
    tags=["Bookings"],
    responses=responses(400, 401, 403, 404, 422, 429),
)


@router.get("")
def list_bookings(
    number: ListingId,
    here: Here,
    _caller: Reader,
    status: GuestStatus | None = None,
    from_date: Annotated[date | None, Query(description="Stays that end on this day or later.")] = None,
    to_date: Annotated[date | None, Query(description="Stays that begin on this day or earlier.")] = None,
) -> Bookings:
    """The stays of a listing, in the order of their arrival."""
    listing = unit_of(here, number).listing
    stays = between(guest_stays(here.control, listing), from_date, to_date)
    found = [_schema(stay) for stay in stays if status in (None, stay.status)]
    return Bookings(bookings=found, total=len(found))


def _schema(stay: GuestStay) -> BookingSchema:
    said = {name: value for name, value in stay.said.items() if name != "guest_phone_last4"}
    return BookingSchema(
        id=stay.id,
        cloudbeds_booking_id=stay.code,
        guest_name=stay.guest_name,
        guest_phone_last4=stay.phone_last4,
        check_in_date=stay.check_in,
        check_out_date=stay.check_out,
        status=stay.status,
        custom_data=said,
        last_fetched_at=stay.fetched,
    )
