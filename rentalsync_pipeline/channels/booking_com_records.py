"""What Booking.com's reservation messages say (OTA 2003/05, as its Connectivity documents use it). Pure.

Belongs here: from XML to a record with what we need of it and nothing else, so that no card
number is ever kept; from that to bookings. Does not: asking (`booking_com_api`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from xml.etree.ElementTree import Element

from rentalsync_pipeline.channels import fields
from rentalsync_pipeline.channels.base import ReadContext
from rentalsync_pipeline.channels.markup import every, first, said, told
from rentalsync_pipeline.channels.wire.session import Record
from rentalsync_pipeline.core.model import Booking, Kind, Status

CANCEL = "Cancel"
"""The `ResStatus` of a cancellation; the others are `Commit` and `Modify`."""


def record_of(reservation: Element) -> Record:
    """A `HotelReservation` or `HotelResModify`, without what must not be kept (PCI DSS 3.2)."""
    about = first(reservation, "ResGlobalInfo")
    guest = first(about, "Customer")
    return {
        "id": said(first(reservation, "HotelReservationID"), "ResID_Value"),
        "status": reservation.get("ResStatus"),
        "rooms": [_room(room) for room in every(reservation, "RoomStay")],
        "given_name": told(first(guest, "GivenName")),
        "surname": told(first(guest, "Surname")),
        "phone": said(first(guest, "Telephone"), "PhoneNumber"),
        "comment": told(first(about, "Comments", "Text")),
    }


def _room(room: Element) -> Record:
    span = first(room, "TimeSpan")
    return {
        "number": room.get("IndexNumber"),
        "type": said(first(room, "RoomType"), "RoomTypeCode"),
        "hotel": said(first(room, "BasicPropertyInfo"), "HotelCode"),
        "nights": sorted(filter(None, (rate.get("EffectiveDate") for rate in every(room, "RoomRate")))),
        "arrival": said(span, "Start"),
        "departure": said(span, "End"),
        "guests": [count.get("Count") for count in every(room, "GuestCount")],
    }


def id_of(record: Record) -> str:
    """The number of the reservation."""
    if not record["id"]:
        raise ValueError("a reservation without a number")
    return str(record["id"])


def is_cancelled(record: Record) -> bool:
    """A cancellation may come without its rooms."""
    return record["status"] == CANCEL and not record["rooms"]


def bookings_of(record: Record, _context: ReadContext) -> Iterator[Booking]:
    """A booking for each room; its nights are those that have a rate, as the documents write them."""
    for room in record["rooms"]:
        arrival = fields.day(room["arrival"] or room["nights"][0])
        departure = (
            fields.day(room["departure"])
            if room["departure"]
            else fields.day(room["nights"][-1]) + timedelta(days=1)
        )
        check_in, check_out = fields.stay(arrival, departure)
        yield Booking(
            key=f"{id_of(record)}/{room['number']}",
            kind=Kind.RESERVATION,
            status=Status.CANCELLED if record["status"] == CANCEL else Status.CONFIRMED,
            check_in=check_in,
            check_out=check_out,
            uid=id_of(record),
            code=id_of(record),
            upstream_listing=f"{room['hotel']}/{room['type']}",
            guest_name=fields.name(record["given_name"], record["surname"]),
            phone_last4=fields.last4(record["phone"]),
            guests=fields.count(*room["guests"]),
            notes=fields.text(record["comment"]),
        )
