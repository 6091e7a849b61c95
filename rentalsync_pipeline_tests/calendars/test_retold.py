"""What was kept of a calendar reads as the calendar itself does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from rentalsync_pipeline.calendars.reading import read_calendar
from rentalsync_pipeline.calendars.retold import Retold, read_retold
from rentalsync_pipeline.core.model import Kind, Reading

TODAY = date(2026, 11, 20)
BOOKING_COM = "CLOSED - Not available"


def written(prodid: str, *kept: Retold) -> bytes:
    """The calendar of which these were kept."""
    lines = ["BEGIN:VCALENDAR", f"PRODID:{prodid}"]
    for event in kept:
        lines += [
            "BEGIN:VEVENT",
            f"DTSTART;VALUE=DATE:{event.start:%Y%m%d}",
            f"DTEND;VALUE=DATE:{event.end:%Y%m%d}",
            f"SUMMARY:{event.summary}",
            f"UID:{event.uid}",
            "END:VEVENT",
        ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def kept(uid: str, summary: str, first: int, nights: int) -> Retold:
    start = TODAY + timedelta(days=first)
    return Retold(uid, summary, start, start + timedelta(days=nights))


AIRBNB = (
    kept("1418fb94e984-0a@airbnb.com", "Reserved", 3, 2),
    kept("7f662ec65913-0b@airbnb.com", "Airbnb (Not available)", 9, 4),
    kept("7f662ec65913-0c@airbnb.com", "Airbnb (Not available)", 200, 165),
)
CALENDARS = {
    "-//Airbnb Inc//Hosting Calendar 1.0//EN": AIRBNB,
    "-//admin.booking.com//EN": (
        kept("0a@booking.com", BOOKING_COM, 0, 3),
        kept("0b@booking.com", BOOKING_COM, 5, 0),
        kept("0c@booking.com", BOOKING_COM, 300, 300),
        kept("0a@booking.com", BOOKING_COM, 20, 3),
    ),
    "-//Any//Program//EN": (
        kept("a@example.org", "Reserved - Chantal", 3, 2),
        kept("b@example.org", "Busy", 9, -4),
        kept("", "Blocked", 9, 4),
    ),
}


@pytest.mark.parametrize("prodid", CALENDARS)
def test_it_reads_as_its_bytes_do(prodid: str) -> None:
    of_bytes = read_calendar(written(prodid, *CALENDARS[prodid]), timezone="Europe/Rome", today=TODAY)
    assert read_retold(CALENDARS[prodid], TODAY) == _without_lines(of_bytes)


def _without_lines(reading: Reading) -> Reading:
    rejected = tuple(replace(each, line=None) for each in reading.rejected)
    return replace(reading, prodid=None, rejected=rejected)


def test_the_tail_depends_on_the_day_of_reading() -> None:
    assert [each.kind for each in read_retold(AIRBNB, TODAY).bookings][-1] is Kind.HORIZON
    later = TODAY + timedelta(days=30)
    assert [each.kind for each in read_retold(AIRBNB, later).bookings][-1] is Kind.BLOCK


def test_an_empty_calendar_is_a_reading() -> None:
    assert read_retold((), TODAY) == Reading(())
