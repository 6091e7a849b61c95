"""What the records of Cloudbeds mean, in the shapes that its documents and its real answers have."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from rentalsync_pipeline.channels.base import ReadContext
from rentalsync_pipeline.channels.cloudbeds import fault
from rentalsync_pipeline.channels.cloudbeds_records import bookings_of, id_of
from rentalsync_pipeline.core.model import Booking, Kind, Status
from rentalsync_pipeline.core.verdict import Reason

CONTEXT = ReadContext("Europe/Rome", date(2026, 11, 20))

ROOM = {
    "subReservationID": "7306940192842",
    "guestID": "88412345",
    "guestName": "Jane Doe",
    "adults": "2",
    "children": "1",
    "roomID": "601917-0",
    "roomName": "Room 201",
    "roomCheckIn": "2026-12-01",
    "roomCheckOut": "2026-12-05",
    "roomStatus": "not_checked_in",
}
GUEST = {"guestID": "88412345", "guestPhone": "+1 555 123-4567", "guestCellPhone": "", "isMainGuest": True}


def reservation(*rooms: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "propertyID": "203249",
        "reservationID": "7306940192842",
        "status": "confirmed",
        "guestID": "88412345",
        "guestName": "Jane Doe",
        "sourceName": "Airbnb (API)",
        "thirdPartyIdentifier": "HMABCDEFGH",
        "rooms": list(rooms) or [ROOM],
        "guestList": {"88412345": GUEST},
        "customFields": [{"customFieldName": "Special Requests", "customFieldValue": "Late"}],
    } | fields


def read(record: dict[str, Any]) -> list[Booking]:
    return list(bookings_of(record, CONTEXT))


def test_a_reservation_says_who_comes_when_and_who_sold_it() -> None:
    (booking,) = read(reservation())

    assert (booking.key, booking.uid) == ("203249/7306940192842", "203249/7306940192842")
    assert (booking.kind, booking.status) == (Kind.RESERVATION, Status.CONFIRMED)
    assert (booking.check_in, booking.check_out) == (date(2026, 12, 1), date(2026, 12, 5))
    assert (booking.code, booking.origin) == ("HMABCDEFGH", "airbnb")
    assert booking.upstream_listing == "203249/601917-0"
    assert (booking.guest_name, booking.phone_last4, booking.guests) == ("Jane Doe", "4567", 3)
    assert booking.extras == {
        "room_name": "Room 201",
        "source": "Airbnb (API)",
        "Special Requests": "Late",
    }


def test_each_room_has_its_own_dates_and_its_own_key() -> None:
    second = ROOM | {
        "subReservationID": "7306940192842-2",
        "roomID": "601917-1",
        "roomCheckOut": "2026-12-03",
    }
    first, other = read(reservation(ROOM, second))

    assert first.uid == other.uid
    assert (other.key, other.upstream_listing) == ("203249/7306940192842-2", "203249/601917-1")
    assert (first.check_out, other.check_out) == (date(2026, 12, 5), date(2026, 12, 3))


@pytest.mark.parametrize("unassigned", [{"roomID": None}, {"roomID": ""}])
def test_a_room_that_is_not_assigned_is_a_stay_of_the_property(unassigned: dict[str, Any]) -> None:
    room = {name: value for name, value in ROOM.items() if name != "roomName"} | unassigned
    (booking,) = read(reservation(room))

    assert booking.upstream_listing == "203249"


@pytest.mark.parametrize(
    ("status", "kind", "stands"),
    [
        ("confirmed", Kind.RESERVATION, Status.CONFIRMED),
        ("not_confirmed", Kind.TENTATIVE, Status.PENDING),
        ("canceled", Kind.RESERVATION, Status.CANCELLED),
        ("cancelled", Kind.RESERVATION, Status.CANCELLED),
        ("checked_in", Kind.RESERVATION, Status.CHECKED_IN),
        ("checked_out", Kind.RESERVATION, Status.CHECKED_OUT),
        ("no_show", Kind.RESERVATION, Status.NO_SHOW),
        ("something_new", Kind.RESERVATION, Status.CONFIRMED),
    ],
)
def test_all_but_cancelled_ones_hold_their_nights(status: str, kind: Kind, stands: Status) -> None:
    (booking,) = read(reservation(status=status))

    assert (booking.kind, booking.status) == (kind, stands)


def test_a_room_may_be_cancelled_alone_and_a_record_deleted_whole() -> None:
    kept, gone = read(reservation(ROOM, ROOM | {"subReservationID": "x", "roomStatus": "cancelled"}))

    assert (kept.status, gone.status) == (Status.CONFIRMED, Status.CANCELLED)
    assert read(reservation(isDeleted=True))[0].status is Status.CANCELLED
    assert read(reservation(isDeleted=False))[0].status is Status.CONFIRMED


@pytest.mark.parametrize("guests", [[GUEST], {"88412345": GUEST}])
def test_guests_may_be_a_list_or_a_map(guests: Any) -> None:
    assert read(reservation(guestList=guests))[0].phone_last4 == "4567"


@pytest.mark.parametrize("guests", [[], {}, None])
def test_guests_may_be_hidden(guests: Any) -> None:
    (booking,) = read(reservation(guestList=guests))

    assert (booking.guest_name, booking.phone_last4) == ("Jane Doe", None)


def test_a_direct_booking_is_known_by_its_number_here() -> None:
    (booking,) = read(reservation(thirdPartyIdentifier="", sourceName="Phone"))

    assert (booking.code, booking.origin) == ("7306940192842", None)


@pytest.mark.parametrize(
    "broken",
    [
        {"roomCheckIn": "0000-00-00"},
        {"roomCheckOut": "2026-12-01"},
        {"subReservationID": None} | {"roomCheckIn": None},
    ],
)
def test_a_record_that_is_not_as_documented_is_not_guessed_at(broken: dict[str, Any]) -> None:
    with pytest.raises((LookupError, TypeError, ValueError)):
        read(reservation(ROOM | broken))


def test_a_block_closes_its_last_day_too() -> None:
    block = {
        "propertyID": "203249",
        "roomBlockID": "77",
        "roomBlockType": "out_of_service",
        "startDate": "2026-12-24",
        "endDate": "2026-12-26",
        "rooms": [{"roomID": "601917-0"}, {"roomID": "601917-1"}],
    }
    first, second = read(block)

    assert id_of(block) == "203249/block-77"
    assert (first.key, second.key) == ("203249/block-77/601917-0", "203249/block-77/601917-1")
    assert (first.kind, first.check_in, first.check_out) == (
        Kind.BLOCK,
        date(2026, 12, 24),
        date(2026, 12, 27),
    )


def test_an_answer_with_a_good_status_may_be_a_refusal() -> None:
    refused = fault({"success": False, "message": "canary"})

    assert refused is not None
    assert (refused.reason, refused.detail) == (Reason.REFUSED, "success: false")
    assert fault({"success": True, "data": []}) is fault({"success": "true"}) is None
    assert fault({"access_token": "x"}) is None
    assert fault([]) is not None
