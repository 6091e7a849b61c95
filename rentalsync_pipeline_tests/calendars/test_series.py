"""Events that repeat are followed as far as they matter, and no further."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from rentalsync_pipeline.calendars.reading import read_calendar
from rentalsync_pipeline.core.model import Reading

TODAY = date(2026, 7, 7)


def read(event: str, *others: str, timezone: str = "Europe/Rome", today: date = TODAY) -> Reading:
    """Read a calendar of events, each given by its lines; the first is named `a`."""
    bodies = "".join(f"BEGIN:VEVENT\n{lines.strip()}\nEND:VEVENT\n" for lines in (f"UID:a\n{event}", *others))
    body = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Example//EN\n{bodies}END:VCALENDAR\n"
    return read_calendar(body.encode(), timezone=timezone, today=today)


def check_ins(reading: Reading) -> list[str]:
    assert reading.rejected == ()
    return [str(booking.check_in) for booking in reading.bookings]


def test_a_series_is_followed_from_40_days_back_to_800_ahead() -> None:
    reading = read("DTSTART;VALUE=DATE:20200101\nRRULE:FREQ=DAILY")

    # The night before ends on the first day within reach.
    assert reading.bookings[0].check_in == TODAY - timedelta(days=40)
    assert reading.bookings[-1].check_in == TODAY + timedelta(days=800)
    assert len(reading.bookings) == 841


def test_a_long_stay_that_began_before_the_window_reaches_into_it() -> None:
    reading = read("DTSTART;VALUE=DATE:20241101\nDTEND;VALUE=DATE:20260601\nRRULE:FREQ=YEARLY;INTERVAL=9")

    assert [str(booking.check_out) for booking in reading.bookings] == ["2026-06-01"]


def test_an_instance_that_began_before_the_window_reaches_into_it() -> None:
    reading = read("DTSTART;VALUE=DATE:20151101\nDTEND;VALUE=DATE:20160615\nRRULE:FREQ=YEARLY;UNTIL=20251231")

    assert [(str(b.check_in), str(b.check_out)) for b in reading.bookings] == [("2025-11-01", "2026-06-16")]


def test_a_thousand_instances_within_reach_are_followed_and_no_more() -> None:
    """Of stays that begin every day and last for 160 nights, 1,000 touch the 841 days within reach."""
    lines = "DTSTART;VALUE=DATE:20200101\nDURATION:P{}D\nRRULE:FREQ=DAILY"

    assert len(read(lines.format(160)).bookings) == 1_000
    assert [r.reason for r in read(lines.format(161)).rejected] == [
        "repeats more than 1000 times within reach"
    ]


def test_a_series_is_followed_through_9999_lines() -> None:
    lines = "DTSTART:20260801\nRRULE:FREQ=DAILY;COUNT=3\n" + "EXDATE:20260802\n" * 9_998

    assert check_ins(read(lines)) == ["2026-08-01", "2026-08-03"]
    assert [r.reason for r in read(f"{lines}EXDATE:20260802").rejected] == ["it repeats by too many lines"]


def test_each_instance_is_known_by_the_day_it_was_to_begin() -> None:
    reading = read("DTSTART;VALUE=DATE:20260801\nRRULE:FREQ=MONTHLY;COUNT=2")

    assert [booking.key for booking in reading.bookings] == ["a/2026-08-01", "a/2026-09-01"]


def test_the_start_counts_even_where_the_rule_passes_it_over() -> None:
    reading = read("DTSTART;VALUE=DATE:20260801\nRRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=1")

    assert check_ins(reading) == ["2026-08-01", "2026-08-03"]


def test_instances_keep_their_hour_when_clocks_change() -> None:
    lines = "DTSTART;TZID=Europe/Rome:20261024T233000\nDTEND;TZID=Europe/Rome:20261025T003000"

    reading = read(f"{lines}\nRRULE:FREQ=DAILY;COUNT=3")

    assert check_ins(reading) == ["2026-10-24", "2026-10-25", "2026-10-26"]


def test_the_rule_falls_on_days_of_the_zone_of_the_event() -> None:
    """Friday evening in New York is Saturday in Rome."""
    reading = read("DTSTART;TZID=America/New_York:20260807T200000\nRRULE:FREQ=WEEKLY;BYDAY=FR;COUNT=2")

    assert check_ins(reading) == ["2026-08-08", "2026-08-15"]


@pytest.mark.parametrize(
    ("start", "until", "last"),
    [
        (";VALUE=DATE:20260801", "20260803", "2026-08-03"),
        (";VALUE=DATE:20260801", "20260803T000000Z", "2026-08-03"),
        (":20260801T180000", "20260803", "2026-08-03"),
        (":20260801T180000", "20260803T160000Z", "2026-08-03"),
        (":20260801T180000", "20260803T155959Z", "2026-08-02"),
        (":20260801T180000", "20260803T175959", "2026-08-02"),
        (":20260801T180000", "20260803T180000", "2026-08-03"),
    ],
)
def test_until_may_be_less_precise_than_the_start(start: str, until: str, last: str) -> None:
    reading = read(f"DTSTART{start}\nRRULE:FREQ=DAILY;UNTIL={until}")

    assert check_ins(reading)[-1] == last


def test_several_rules_are_all_followed() -> None:
    reading = read("DTSTART;VALUE=DATE:20260801\nRRULE:FREQ=DAILY;COUNT=2\nRRULE:FREQ=WEEKLY;COUNT=2")

    assert check_ins(reading) == ["2026-08-01", "2026-08-02", "2026-08-08"]


@pytest.mark.parametrize(
    "excluded", ["20260802T180000", "20260802T160000Z", "20260802", "20260715,20260802", ",20260802,"]
)
def test_an_excluded_day_is_free(excluded: str) -> None:
    reading = read(f"DTSTART:20260801T180000\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE:{excluded}")

    assert check_ins(reading) == ["2026-08-01", "2026-08-03"]


def test_a_listed_date_is_one_more_instance() -> None:
    reading = read("DTSTART;VALUE=DATE:20260801\nDTEND;VALUE=DATE:20260803\nRDATE;VALUE=DATE:20260810")

    assert [(b.check_in.day, b.check_out.day) for b in reading.bookings] == [(1, 3), (10, 12)]
    assert reading.recurring


@pytest.mark.parametrize("period", ["20260810T150000/20260814T100000", "20260810T150000/P3DT20H"])
def test_a_listed_period_has_a_length_of_its_own(period: str) -> None:
    reading = read(f"DTSTART:20260801T150000\nDTEND:20260803T100000\nRDATE;VALUE=PERIOD:{period}")

    assert [(b.check_in.day, b.check_out.day) for b in reading.bookings] == [(1, 3), (10, 14)]


def test_a_date_that_begins_and_a_time_that_ends_are_counted_in_days() -> None:
    reading = read("DTSTART;VALUE=DATE:20260801\nDTEND:20260803T100000\nRRULE:FREQ=WEEKLY;COUNT=2")

    assert [(b.check_in.day, b.check_out.day) for b in reading.bookings] == [(1, 3), (8, 10)]


def test_an_instance_that_became_free_is_no_booking() -> None:
    moved = "UID:a\nRECURRENCE-ID;VALUE=DATE:20260802\nDTSTART;VALUE=DATE:20260802\nTRANSP:TRANSPARENT"

    reading = read("DTSTART;VALUE=DATE:20260801\nRRULE:FREQ=DAILY;COUNT=3", moved)

    assert check_ins(reading) == ["2026-08-01", "2026-08-03"]


def test_of_two_versions_of_a_series_only_the_newer_is_followed() -> None:
    newer = "UID:a\nSEQUENCE:1\nDTSTART;VALUE=DATE:20260901\nRRULE:FREQ=DAILY;COUNT=2"

    reading = read("DTSTART;VALUE=DATE:20260801\nRRULE:FREQ=DAILY;COUNT=2", newer)

    assert check_ins(reading) == ["2026-09-01", "2026-09-02"]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("RRULE:FREQ=HOURLY", "RRULE makes no sense, or repeats within the day"),
        ("EXDATE:yesterday", "EXDATE is no date"),
        ("RDATE:20260801/later", "RDATE is no date"),
        ("RDATE:20260801/P", "DURATION makes no sense"),
        ("EXDATE:20260801\n" * 10_000, "it repeats by too many lines"),
    ],
)
def test_a_series_that_cannot_be_followed_is_recorded(lines: str, reason: str) -> None:
    reading = read(f"DTSTART;VALUE=DATE:20260801\nRRULE:FREQ=YEARLY\n{lines}")

    assert reading.recurring
    assert [(r.reason, r.uid, r.line) for r in reading.rejected] == [(reason, "a", 4)]


def test_a_calendar_without_series_doesnt_depend_on_the_day_of_reading() -> None:
    assert not read("DTSTART;VALUE=DATE:20260801").recurring
    assert read("DTSTART;VALUE=DATE:20200101\nRRULE:FREQ=DAILY;COUNT=1").recurring


def test_excluded_dates_alone_make_no_series() -> None:
    reading = read("DTSTART;VALUE=DATE:20260801\nEXDATE;VALUE=DATE:20260802")

    assert not reading.recurring
    assert [booking.key for booking in reading.bookings] == ["a"]
