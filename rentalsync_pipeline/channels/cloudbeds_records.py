"""What the records of Cloudbeds say: tables, and reservations and blocks as bookings. Pure.

Two calls tell of reservations, `getReservations` and `getReservationsWithRateDetails`. Only what stands in
the answers of both is read, so that a booking is the same whichever told of it last.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from rentalsync_pipeline.channels import fields
from rentalsync_pipeline.channels.base import ReadContext
from rentalsync_pipeline.channels.wire.session import Record
from rentalsync_pipeline.core.model import Booking, Kind, Status

STATUSES = {
    "confirmed": (Kind.RESERVATION, Status.CONFIRMED),
    "not_confirmed": (Kind.TENTATIVE, Status.PENDING),
    "canceled": (Kind.RESERVATION, Status.CANCELLED),
    "cancelled": (Kind.RESERVATION, Status.CANCELLED),
    "checked_in": (Kind.RESERVATION, Status.CHECKED_IN),
    "in_progress": (Kind.RESERVATION, Status.CHECKED_IN),
    "checked_out": (Kind.RESERVATION, Status.CHECKED_OUT),
    "no_show": (Kind.RESERVATION, Status.NO_SHOW),
}
"""Of a reservation. One that the vendor invents later is `UNHEARD_OF`: it occupies."""
UNHEARD_OF = (Kind.RESERVATION, Status.CONFIRMED)

ROOM_GONE = "cancelled"
"""The `roomStatus` of a room that was taken out of its reservation; reservations spell it `canceled`."""


def id_of(record: Record) -> str:
    """Numbers of reservations are unique within their property only."""
    number = f"block-{record['roomBlockID']}" if "roomBlockID" in record else record["reservationID"]
    return f"{record['propertyID']}/{number}"


def bookings_of(record: Record, _context: ReadContext) -> Iterator[Booking]:
    """A booking for each room of a reservation, or of a block."""
    return _of_block(record) if "roomBlockID" in record else _of_reservation(record)


def _of_reservation(record: Record) -> Iterator[Booking]:
    house, source = record["propertyID"], record.get("sourceName")
    kind, status = STATUSES.get(record["status"], UNHEARD_OF)
    gone = str(record.get("isDeleted")).lower() in ("true", "1")
    guests = {guest.get("guestID"): guest for guest in fields.items(record.get("guestList"))}
    custom = [
        (each.get("customFieldName"), each.get("customFieldValue"))
        for each in fields.items(record.get("customFields"))
    ]
    for room in fields.items(record["rooms"]):
        guest = guests.get(room.get("guestID")) or guests.get(record.get("guestID")) or {}
        check_in, check_out = fields.stay(fields.day(room["roomCheckIn"]), fields.day(room["roomCheckOut"]))
        assigned = fields.text(room.get("roomID"))
        yield Booking(
            key=f"{house}/{room['subReservationID']}",
            kind=kind,
            status=Status.CANCELLED if gone or room.get("roomStatus") == ROOM_GONE else status,
            check_in=check_in,
            check_out=check_out,
            uid=id_of(record),
            code=fields.text(record.get("thirdPartyIdentifier")) or record["reservationID"],
            upstream_listing=f"{house}/{assigned}" if assigned else house,
            origin=fields.origin(source),
            guest_name=fields.text(room.get("guestName")) or fields.text(record.get("guestName")),
            phone_last4=fields.last4(guest.get("guestCellPhone"), guest.get("guestPhone")),
            guests=fields.count(room.get("adults"), room.get("children")),
            extras=fields.extras([("room_name", room.get("roomName")), ("source", source), *custom]),
        )


def _of_block(record: Record) -> Iterator[Booking]:
    """Whether `endDate` is the last night is not documented: taken as one, as a night too many is cheap."""
    check_in, last = fields.day(record["startDate"]), fields.day(record["endDate"])
    for room in fields.items(record["rooms"]):
        yield Booking(
            key=f"{id_of(record)}/{room['roomID']}",
            kind=Kind.BLOCK,
            status=Status.CONFIRMED,
            check_in=check_in,
            check_out=fields.stay(check_in, last + timedelta(days=1))[1],
            uid=id_of(record),
            upstream_listing=f"{record['propertyID']}/{room['roomID']}",
        )
