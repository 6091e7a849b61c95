"""A producer is recognised by any one of its marks, and its tables are applied."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from rentalsync_pipeline.calendars.reading import read_calendar
from rentalsync_pipeline.core.model import Kind, Reading


def read(*lines: str, header: str = "PRODID:-//Example//EN", today: date = date(2026, 7, 7)) -> Reading:
    event = "\n".join(["BEGIN:VEVENT", "DTSTART:20260801", "DTEND:20260803", *lines, "END:VEVENT"])
    body = f"BEGIN:VCALENDAR\n{header}\n{event}\nEND:VCALENDAR\n"
    return read_calendar(body.encode(), timezone="Europe/Rome", today=today)


@pytest.mark.parametrize(
    ("header", "dialect"),
    [
        ("PRODID:-//RentalSync Pipeline//EN", "rentalsync"),
        ("PRODID;X-RICAL-TZSOURCE=TZINFO:-//Airbnb Inc//Hosting Calendar 0.8.8//EN", "airbnb"),
        (r"PRODID:-//admin.booking.com\\\, b.v.//NONSGML v1.0//EN", "booking_com"),
        ("PRODID:-//HomeAway.com, Inc.//EN", "vrbo"),
        ("PRODID:-//Vrbo//EN", "vrbo"),
        ("PRODID:-//Abritel//FR", "vrbo"),
        ("PRODID:-//FeWo-direkt//DE", "vrbo"),
        ("PRODID:-//ycs.agoda.com//EN", "agoda"),
        ("PRODID:-//AvaiBook.com//Avaibook//ES", "avaibook"),
        ("PRODID:-//smoobu//EN", "smoobu"),
        ("PRODID:-//Guesty//EN", "guesty"),
        ("PRODID:-//Lodgify//EN", "lodgify"),
        ("PRODID:-//TripAdvisor//EN", "tripadvisor"),
        ("PRODID:-//FlipKey//EN", "tripadvisor"),
        ("PRODID:-//HolidayLettings//EN", "tripadvisor"),
        ("prodid:-//Google Inc//Google Calendar 70.9054//EN", "google"),
        ("PRODID:-//caldav.icloud.com//CALDAVJ 2020B//EN", "icloud"),
        ("PRODID:-//Apple Inc.//macOS 15//EN", "icloud"),
        ("X-WR-CALNAME:OwnerRez Ada - Loft", "ownerrez"),
        ("PRODID:-//Example//EN\nX-WR-CALNAME:OwnerRezort", "generic"),
    ],
)
def test_a_producer_is_known_by_its_header(header: str, dialect: str) -> None:
    assert read(header=header).dialect == dialect


@pytest.mark.parametrize(
    ("line", "dialect"),
    [
        ("UID:abcdefghijklmnopqrstuvwx27", "rentalsync"),
        ("UID:1418fb94e984-0a@airbnb.com", "airbnb"),
        ("UID:c2bccc28426a9550a80550a7f642fde8@booking.com", "booking_com"),
        ("UID:06252023-0625-2023-0629-202306292023", "vrbo"),
        ("UID:06252023-0625-2023-0629-202406292024", "vrbo"),
        ("UID:06252023-0626-2023-0629-202306292023", "generic"),
        ("UID:a@agoda.com", "agoda"),
        ("SUMMARY:Check-in Ada", "smoobu"),
        ("SUMMARY:Blocked by Guesty", "guesty"),
        ("SUMMARY:X-Ada-1-2", "guesty"),
        ("SUMMARY:Tripadvisor Booking: Ada", "tripadvisor"),
        ("UID:a@example.org", "generic"),
    ],
)
def test_a_producer_without_a_header_is_known_by_its_events(line: str, dialect: str) -> None:
    assert read(line).dialect == dialect


@pytest.mark.parametrize(
    ("header", "summary", "name", "code"),
    [
        ("Airbnb", "Ada Lovelace (HA12345678)", "Ada Lovelace", "HA12345678"),
        ("Airbnb", "Ada Lovelace (HM12345678)", "Ada Lovelace", "HM12345678"),
        ("Airbnb", "Reserved - HM12345678", None, "HM12345678"),
        ("Guesty", "Reservation Ada", "Ada", None),
        ("Guesty", "X-Ada-1-2", "Ada", None),
        ("TripAdvisor", "Tripadvisor Booking: Ada", "Ada", None),
        ("Example", "Reservation Ada", "Ada", None),
        ("RentalSync Pipeline", "Ada", "Ada", None),
        ("booking.com", "CLOSED - Ada", "Ada", None),
    ],
)
def test_a_guest_is_found_where_the_producer_writes_it(
    header: str, summary: str, name: str | None, code: str | None
) -> None:
    [booking] = read(f"SUMMARY:{summary}", header=f"PRODID:-//{header}//EN").bookings

    assert (booking.kind, booking.guest_name, booking.code) == (Kind.RESERVATION, name, code)


@pytest.mark.parametrize(
    ("header", "today", "kind"),
    [
        ("Airbnb", date(2025, 8, 4), Kind.HORIZON),  # its block ends 364 days after the day of reading
        ("Airbnb", date(2025, 8, 5), Kind.BLOCK),
        ("booking.com", date(2025, 2, 5), Kind.HORIZON),  # 18 months but two days
        ("booking.com", date(2025, 2, 6), Kind.UNKNOWN),
        ("booking.com", date(2025, 8, 31), Kind.UNKNOWN),  # 18 months later there is no 31st
        ("Example", date(2020, 1, 1), Kind.UNKNOWN),
    ],
)
def test_the_tail_behind_the_booking_window_begins_on_its_day(header: str, today: date, kind: Kind) -> None:
    [booking] = read("SUMMARY:Not available", header=f"PRODID:-//{header}//EN", today=today).bookings

    assert booking.kind is kind


@pytest.mark.parametrize(
    ("header", "stamps_answers", "tail_is_sure"),
    [
        ("Airbnb", True, False),
        ("booking.com", True, True),
        ("HomeAway", True, False),
        ("Example", False, False),
    ],
)
def test_who_writes_the_moment_of_the_answer_and_who_always_has_a_tail(
    header: str, stamps_answers: bool, tail_is_sure: bool
) -> None:
    reading = read("DTSTAMP:20260707T073647Z", header=f"PRODID:-//{header}//EN")

    assert reading.made == (datetime(2026, 7, 7, 7, 36, 47, tzinfo=UTC) if stamps_answers else None)
    assert reading.tail_is_sure == tail_is_sure


@pytest.mark.parametrize("line", ["", "DTSTAMP:20260707", "DTSTAMP:20260707T073647", "DTSTAMP:soon"])
def test_what_is_no_moment_in_utc_is_not_when_the_answer_was_made(line: str) -> None:
    assert read(line, header="PRODID:-//Airbnb//EN").made is None


@pytest.mark.parametrize(
    ("mark", "kind"),
    [("1418fb94e984", Kind.RESERVATION), ("7f662ec65913", Kind.BLOCK), ("6fec1092d3fa", Kind.BLOCK)],
)
def test_a_uid_of_airbnb_tells_the_kind_without_a_word(mark: str, kind: Kind) -> None:
    [booking] = read(f"UID:{mark}-0a@airbnb.com", today=date(2026, 7, 7)).bookings

    assert booking.kind is kind
