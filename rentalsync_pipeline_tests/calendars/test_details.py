"""What a DESCRIPTION tells of a guest is found in whatever form it is written, and nothing else is."""

from __future__ import annotations

import pytest

from rentalsync_pipeline.calendars.details import NONE, Details, details


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("", NONE),
        ("Paid in full, no pets", NONE),
        ("3 guests;1 bedroom;2 beds;1 bath", NONE),
        ("see HMABCDEF23!", Details(code="HMABCDEF23")),
        ("XHMABCDEF23 HMABCDEF2 HMABCDEF234", NONE),
        ("Booking ID: BK-778", Details(code="BK-778")),
        ("Booking code: BK-778", Details(code="BK-778")),
        ("Reservation ID: BK-778", Details(code="BK-778")),
        ("reservation code: BK-778", Details(code="BK-778")),
        ("Confirmation code: BK-778", Details(code="BK-778")),
        ("Booking ID: 778\nHMABCDEF23", Details(code="HMABCDEF23")),
        ('<a href="https://example.com/r/1">open</a>', Details(url="https://example.com/r/1")),
        ("Phone Number (Last 4 Digits): 0611", Details(phone_last4="0611")),
        ("PHONE: +33 6 12 34 56 78 ", Details(phone_last4="5678")),
        ("Phone: +1 555-010-4567", Details(phone_last4="4567")),
        ("Phone (Last 4 Digits): 0611", Details(phone_last4="0611")),
        ("Phone (last 4): 0611", Details(phone_last4="0611")),
        ("Phone number: 555 0611", Details(phone_last4="0611")),
        ("Phone: none", NONE),
        ("Phone: 12", NONE),
        ("Guests: 2", Details(guests=2)),
        ("Guests: 2 adults", Details(guests=2)),
        ("Number of guests : 4", Details(guests=4)),
        ("Guests: 0", NONE),
        ("Guests: many", NONE),
        ("Guests: 99999999999", NONE),
        ("Adults: 2\nChildren: 1", Details(guests=3)),
        ("Adults: 2", Details(guests=2)),
        ("Guest name:  Ada Lovelace ", Details(name="Ada Lovelace")),
        ("Guest name:\nGuests:", NONE),
        ("Phone: 1111\nPhone: 2222", Details(phone_last4="1111")),
    ],
)
def test_a_description_tells_just_this(description: str, expected: Details) -> None:
    assert details(description) == expected
