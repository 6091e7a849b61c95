"""A calendar is read whole, whatever is wrong with single events."""

from __future__ import annotations

from datetime import date

import pytest

from rentalsync_pipeline.calendars.reading import read_calendar
from rentalsync_pipeline.core.model import Kind, Reading, Rejected, Status

TODAY = date(2026, 7, 7)


def calendar(*events: str, prodid: str = "-//Example//EN") -> bytes:
    """A calendar of events, each given by its lines between BEGIN and END."""
    bodies = "".join(f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:{prodid}\n{bodies}END:VCALENDAR\n".encode()


def read(body: bytes, timezone: str = "Europe/Rome") -> Reading:
    return read_calendar(body, timezone=timezone, today=TODAY)


def nights(reading: Reading) -> list[tuple[str, str]]:
    return [(str(b.check_in), str(b.check_out)) for b in reading.bookings]


def test_a_date_stays_a_date() -> None:
    body = calendar("UID:a\nDTSTART;VALUE=DATE:20260801\nDTEND;VALUE=DATE:20260803")

    assert nights(read(body, "Pacific/Kiritimati")) == [("2026-08-01", "2026-08-03")]


def test_an_unreadable_event_is_rejected_and_spoils_nothing() -> None:
    body = calendar(
        "UID:good\nDTSTART:20260801\nDTEND:20260803",
        "UID:bad\nDTSTART:20260805\nDTEND:20260804",
    )

    reading = read(body)

    assert [b.key for b in reading.bookings] == ["good"]
    assert reading.rejected == (Rejected("it ends before it begins", "bad", 9),)
    assert reading.events == 2


def test_a_rejected_event_is_found_by_its_line_in_the_body_as_delivered() -> None:
    body = b"\r\n" + calendar("UID:a\nSUMMARY:a\n  long\n  one", "UID:b").replace(b"\n", b"\r\n")

    assert [rejected.line for rejected in read(body).rejected] == [5, 11]


def test_an_event_without_uid_is_rejected_without_one() -> None:
    assert read(calendar("SUMMARY:Reserved")).rejected == (Rejected("no DTSTART", None, 4),)


def test_escapes_in_a_text_are_undone_once() -> None:
    summary = r"SUMMARY:Reserved - A\\nB\, C\; D\N E\x"

    [booking] = read(calendar(f"DTSTART:20260801\n{summary}")).bookings

    assert booking.guest_name == "A\\nB, C; D\n E\\x"


def test_a_cancelled_event_is_delivered_as_cancelled() -> None:
    [booking] = read(calendar("UID:a\nDTSTART:20260801\nSTATUS:CANCELLED\nSUMMARY:Reserved")).bookings

    assert (booking.status, booking.kind) == (Status.CANCELLED, Kind.RESERVATION)


def test_of_two_versions_the_higher_sequence_counts() -> None:
    body = calendar(
        "UID:a\nSEQUENCE:2\nDTSTART:20260810\nDTEND:20260812",
        "UID:a\nSEQUENCE:1\nDTSTART:20260801\nDTEND:20260803",
    )

    assert nights(read(body)) == [("2026-08-10", "2026-08-12")]


@pytest.mark.parametrize("written", ["", "x", "-1", "1.5", "٣", "9" * 10])
def test_a_sequence_that_is_no_number_counts_as_none(written: str) -> None:
    body = calendar(
        f"UID:a\nSEQUENCE:{written}\nDTSTART:20260810",
        "UID:a\nSEQUENCE:1\nDTSTART:20260801",
    )

    assert nights(read(body)) == [("2026-08-01", "2026-08-02")]


def test_a_sequence_of_nine_digits_is_a_number() -> None:
    body = calendar("UID:a\nSEQUENCE:999999999\nDTSTART:20260810", "UID:a\nSEQUENCE:1\nDTSTART:20260801")

    assert nights(read(body)) == [("2026-08-10", "2026-08-11")]


def test_what_follows_the_word_is_the_whole_name() -> None:
    [booking] = read(calendar("DTSTART:20260801\nSUMMARY:Reserved - Ada - two cats: Tom, Kim")).bookings

    assert booking.guest_name == "Ada - two cats: Tom, Kim"


def test_a_doubled_uid_keeps_both_stays_under_keys_of_their_own() -> None:
    body = calendar("UID:a\nDTSTART:20260810", "UID:a\nDTSTART:20260801")

    assert [b.key for b in read(body).bookings] == ["a", "a/2026-08-10"]


def test_a_uid_beyond_all_measure_is_known_by_its_digest() -> None:
    body = calendar(f"UID:{'a' * 255}\nDTSTART:20260801", f"UID:{'a' * 256}\nDTSTART:20260803")

    assert [len(b.key) for b in read(body).bookings] == [255, 64]
