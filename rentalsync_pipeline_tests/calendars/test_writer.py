"""The shape of a feed, judged by other people's parsers and by checks of our own."""

from __future__ import annotations

import importlib.util
import re
import tracemalloc
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from time import tzset
from typing import cast

import icalendar
import pytest
from hypothesis import HealthCheck, given, settings

from rentalsync_pipeline.calendars.writer import (
    FeedEvent,
    FeedHeader,
    TimedStyleError,
    has_rules,
    render,
    render_chunks,
)
from rentalsync_pipeline.core.portfolio import Style
from rentalsync_pipeline_tests.calendars.feeds import (
    CHANGED,
    ROME,
    ROME_TIMED,
    as_icalendar,
    feed_events,
    headers,
    seen,
)
from rentalsync_pipeline_tests.calendars.parsers import by_ical, by_icalendar, by_vobject

LINT = Path(__file__).parents[3] / "shared" / "acceptance" / "lint_feed.py"
STAY = FeedEvent("a" * 26, date(2026, 12, 18), date(2026, 12, 23), "Anna Rossi", CHANGED, "Guests: 2", 3)

many = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


READERS = [by_icalendar, by_ical, by_vobject]


@pytest.mark.parametrize("read", READERS)
@many
@given(header=headers, events=feed_events())
def test_parsers_read_what_was_written(
    read: Callable[[bytes], list[list[str]]], header: FeedHeader, events: list[FeedEvent]
) -> None:
    assert read(render(header, events)) == seen(header, events)


@many
@given(headers, feed_events())
def test_the_bytes_are_those_of_icalendar(header: FeedHeader, events: list[FeedEvent]) -> None:
    assert render(header, events) == as_icalendar(header, events).to_ical(sorted=False)


@many
@given(headers, feed_events())
def test_a_feed_is_whole_and_clean(header: FeedHeader, events: list[FeedEvent]) -> None:
    feed = render(header, events)
    assert feed.startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//RentalSync Pipeline//EN\r\n")
    assert feed.endswith(b"END:VCALENDAR\r\n")
    assert b"\r\n\r\n" not in feed
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)|[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]", feed)
    assert max(map(len, feed.split(b"\r\n"))) <= 75
    assert all(physical.decode() is not None for physical in feed.split(b"\r\n"))


@many
@given(headers, feed_events())
def test_nothing_stands_in_a_feed_that_a_client_stumbles_over(
    header: FeedHeader, events: list[FeedEvent]
) -> None:
    calendar = icalendar.Calendar.from_ical(render(header, events))
    assert not {"METHOD", "UID", "LAST-MODIFIED"} & set(calendar)
    vevents = calendar.walk("VEVENT")
    assert len(vevents) == len(events)
    allowed = {"UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION"}
    for vevent in vevents:
        assert set(vevent) <= allowed | {"STATUS", "TRANSP", "URL", "COLOR"}
        assert vevent.DTSTAMP == vevent.LAST_MODIFIED


@many
@given(headers, feed_events())
def test_the_acceptance_lint_finds_nothing(header: FeedHeader, events: list[FeedEvent]) -> None:
    if not LINT.exists():
        pytest.skip(f"the acceptance lint is not beside the repository ({LINT.name})")
    assert _lint(render(header, events)) == []


def _lint(feed: bytes) -> list[str]:
    spec = importlib.util.spec_from_file_location("lint_feed", LINT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return cast(list[str], module.lint(feed))


def test_an_all_day_feed_word_for_word() -> None:
    assert render(ROME, [STAY]).decode().split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//RentalSync Pipeline//EN",
        "CALSCALE:GREGORIAN",
        "NAME:Casa al Mare",
        "X-WR-CALNAME:Casa al Mare",
        "X-WR-TIMEZONE:Europe/Rome",
        "REFRESH-INTERVAL;VALUE=DURATION:PT15M",
        "X-PUBLISHED-TTL:PT15M",
        "BEGIN:VEVENT",
        "UID:aaaaaaaaaaaaaaaaaaaaaaaaaa",
        "DTSTAMP:20261119T184500Z",
        "LAST-MODIFIED:20261119T184500Z",
        "SEQUENCE:3",
        "DTSTART;VALUE=DATE:20261218",
        "DTEND;VALUE=DATE:20261223",
        "SUMMARY:Anna Rossi",
        "DESCRIPTION:Guests: 2",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_a_timed_feed_names_its_zone_once_and_before_the_events() -> None:
    feed = render(ROME_TIMED, [STAY, STAY]).decode()
    assert "DTSTART;TZID=Europe/Rome:20261218T150000\r\nDTEND;TZID=Europe/Rome:20261223T110000\r\n" in feed
    assert feed.count("BEGIN:VTIMEZONE") == 1
    assert feed.index("END:VTIMEZONE") < feed.index("BEGIN:VEVENT")


def test_an_all_day_feed_has_no_zone_to_stumble_over() -> None:
    assert b"VTIMEZONE" not in render(ROME, [STAY])


def test_a_timed_feed_in_a_zone_without_rules_is_refused() -> None:
    header = FeedHeader("Gaza", "Asia/Gaza", Style.TIMED, time(15), time(11))
    assert not has_rules(header.timezone)
    with pytest.raises(TimedStyleError, match="use style all_day"):
        render(header, [])


def test_events_stay_in_the_order_given() -> None:
    later = FeedEvent("b" * 26, date(2026, 1, 1), date(2026, 1, 2), "Blocked", CHANGED)
    feed = render(ROME, [STAY, later])
    assert feed.index(b"UID:aaa") < feed.index(b"UID:bbb")


@pytest.mark.parametrize("hours", [-5, 0, 2])
def test_moments_are_written_in_utc_whatever_the_zones_of_theirs_and_of_the_machine(
    hours: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    local = CHANGED.astimezone(timezone(timedelta(hours=hours)))
    event = FeedEvent(STAY.uid, STAY.check_in, STAY.check_out, "x", local)
    monkeypatch.setenv("TZ", "America/New_York")
    tzset()
    feed = render(ROME, [event])
    monkeypatch.undo()
    tzset()
    assert b"DTSTAMP:20261119T184500Z\r\nLAST-MODIFIED:20261119T184500Z\r\n" in feed


def test_a_url_and_a_colour_stand_where_they_are_given() -> None:
    event = FeedEvent(
        STAY.uid, STAY.check_in, STAY.check_out, "x", CHANGED, url="https://e.example/ü", color="teal"
    )
    assert b"URL:https://e.example/%C3%BC\r\nCOLOR:teal\r\n" in render(ROME, [event])


@pytest.mark.parametrize("check_out", [date(2026, 12, 18), date(2026, 12, 1)])
def test_a_stay_without_a_night_is_no_event(check_out: date) -> None:
    with pytest.raises(ValueError, match=r"event aaaa.* is not after 2026-12-18"):
        FeedEvent(STAY.uid, STAY.check_in, check_out, "x", CHANGED)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="bears no time zone"):
        FeedEvent(STAY.uid, STAY.check_in, STAY.check_out, "x", datetime(2026, 1, 1))  # noqa: DTZ001


def test_a_long_feed_streams_in_flat_memory() -> None:
    def peak(count: int) -> int:
        events = (STAY for _ in range(count))
        tracemalloc.start()
        try:
            for _ in render_chunks(ROME, events):
                pass
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(10)
    assert peak(20_000) < peak(200) + 20_000


def test_the_stream_is_the_feed() -> None:
    assert b"".join(render_chunks(ROME_TIMED, [STAY])) == render(ROME_TIMED, [STAY])


def test_an_event_that_has_not_changed_yet_has_the_sequence_0() -> None:
    event = FeedEvent(STAY.uid, STAY.check_in, STAY.check_out, "x", CHANGED)
    assert b"SEQUENCE:0\r\n" in render(ROME, [event])


def test_midnight_in_utc_is_written_with_its_day() -> None:
    event = FeedEvent(STAY.uid, STAY.check_in, STAY.check_out, "x", datetime(2026, 1, 1, tzinfo=UTC))
    assert b"LAST-MODIFIED:20260101T000000Z\r\n" in render(ROME, [event])
