"""The event behind a booking is found again, byte for byte."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest

from rentalsync_pipeline.calendars.citing import cite
from rentalsync_pipeline.calendars.reading import read_calendar
from rentalsync_pipeline_tests.operations.dialects import (
    airbnb,
    block,
    booking_com,
    closed,
    reservation,
    tail,
)

TODAY = date(2026, 11, 20)
read = partial(read_calendar, timezone="Europe/Rome", today=TODAY)
ANNA = reservation("HMANNA2345", "2026-12-01", 3)
BEN = reservation("HMBENN2345", "2026-12-04", 2)


@pytest.mark.parametrize(
    "body",
    [
        airbnb(ANNA, BEN, block("2026-12-20", 2)),
        booking_com(closed("2026-12-01", 3), closed("2026-12-04", 2), tail("2028-02-01", date(2028, 5, 20))),
    ],
)
def test_every_booking_cites_an_event_that_alone_makes_it(body: str) -> None:
    body = body.replace("{stamp}", "20261120T080000Z")
    bookings = read(body.encode()).bookings
    assert bookings
    for booking in bookings:
        cited = cite(body.encode(), booking.key, booking.check_in, booking.check_out, read)
        assert cited
        assert cited in body.encode()
        assert f"{booking.check_in:%Y%m%d}".encode() in cited
        assert cited.endswith(b"END:VEVENT")


def test_bytes_that_are_no_utf_8_are_cited_as_they_are() -> None:
    body = airbnb(ANNA).encode().replace(b"SUMMARY:Reserved", b"SUMMARY:R\xe9serv\xe9")
    (booking,) = read(body).bookings
    assert b"R\xe9serv\xe9" in (cite(body, booking.key, booking.check_in, booking.check_out, read) or b"")


def test_an_event_that_repeats_is_cited_for_each_of_its_nights() -> None:
    series = "DTSTART;VALUE=DATE:20261201\r\nDTEND;VALUE=DATE:20261202\r\nRRULE:FREQ=WEEKLY;COUNT=3"
    body = (
        f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a@b\r\n{series}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n".encode()
    )
    third = read(body).bookings[2]
    assert series.encode() in (cite(body, third.key, third.check_in, third.check_out, read) or b"")


@pytest.mark.parametrize(
    ("check_in", "check_out", "code"),
    [
        (date(2026, 12, 1), date(2026, 12, 4), b"HMANNA2345"),
        (date(2026, 12, 3), date(2026, 12, 6), b"HMBENN2345"),
        (date(2026, 12, 5), date(2026, 12, 9), b"HMBENN2345"),
    ],
    ids=["the same nights", "most of them", "one of them"],
)
def test_under_another_id_it_is_found_by_its_nights(check_in: date, check_out: date, code: bytes) -> None:
    body = airbnb(ANNA, BEN).encode()
    assert code in (cite(body, "another", check_in, check_out, read) or b"")


def test_what_a_body_does_not_hold_is_not_cited() -> None:
    body = airbnb(ANNA).encode()
    assert cite(body, "another", date(2027, 5, 1), date(2027, 5, 4), read) is None
    assert cite(airbnb().encode(), "another", date(2027, 5, 1), date(2027, 5, 4), read) is None
