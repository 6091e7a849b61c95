"""Complete answers that could not be read."""

from __future__ import annotations

from datetime import date

from rentalsync_pipeline.core.gate import judge
from rentalsync_pipeline.core.model import Booking, Kind, Reading, Rejected, Status
from rentalsync_pipeline.core.verdict import REMEDIES, Reason

BOOKING = Booking("a", Kind.BLOCK, Status.CONFIRMED, date(2026, 12, 1), date(2026, 12, 2))
UNREAD = Rejected("no DTSTART")


def reason(reading: Reading) -> Reason | None:
    found = judge(reading)
    return found.reason if found else None


def test_a_calendar_with_bookings_is_used() -> None:
    assert reason(Reading((BOOKING,), events=1)) is None


def test_an_empty_calendar_was_read() -> None:
    assert reason(Reading(())) is None


def test_a_calendar_of_which_nothing_can_be_read_is_not_used() -> None:
    assert reason(Reading((), (UNREAD, UNREAD), events=2)) is Reason.UNREADABLE


def test_one_event_that_can_be_read_is_enough() -> None:
    assert reason(Reading((BOOKING,), (UNREAD,), events=2)) is None


def test_events_that_take_no_time_are_no_fault() -> None:
    assert reason(Reading((), (UNREAD,), events=2)) is None


def test_every_reason_has_a_remedy() -> None:
    assert REMEDIES.keys() == set(Reason)
    assert all(what and remedy for what, remedy in REMEDIES.values())
