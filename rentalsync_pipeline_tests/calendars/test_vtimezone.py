from __future__ import annotations

import re
import zoneinfo
from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from time import tzset
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr  # type: ignore[import-untyped]

from rentalsync_pipeline.calendars.vtimezone import TimedStyleError, has_rules, vtimezone

START, STOP = datetime(2024, 1, 1, tzinfo=UTC), datetime(2033, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)

WANTED = [
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Nuuk",
    "America/Santiago",
    "America/Vancouver",
    "Asia/Almaty",
    "Asia/Jerusalem",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Europe/Dublin",
    "Pacific/Chatham",
    "UTC",
]


@pytest.fixture(params=["system", "package"], autouse=True)
def zone_of(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[ZoneInfo]]:
    """Every test with the system's time zones, and with those installed with us; never at home in UTC.

    A class of its own has a cache of its own.
    """
    fresh = type("Fresh", (ZoneInfo,), {})
    monkeypatch.setattr("rentalsync_pipeline.calendars.vtimezone.ZoneInfo", fresh)
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    tzset()
    zoneinfo.reset_tzpath(() if request.param == "package" else None)
    vtimezone.cache_clear()
    yield fresh
    zoneinfo.reset_tzpath()
    vtimezone.cache_clear()
    monkeypatch.undo()
    tzset()


def _onsets(component: str) -> list[tuple[datetime, timedelta]]:
    """When which offset begins, in UTC, as a client works it out from the component alone."""
    onsets: list[tuple[datetime, timedelta]] = []
    for text in component.split("BEGIN:")[2:]:
        lines = dict(line.split(":", 1) for line in text.split("\r\n") if ":" in line)
        before, after = _offset(lines["TZOFFSETFROM"]), _offset(lines["TZOFFSETTO"])
        first = datetime.strptime(f"{lines['DTSTART']}Z", "%Y%m%dT%H%M%S%z")
        rule = re.sub(
            r"UNTIL=(\w+)", partial(_local_until, before), lines.get("RRULE", "FREQ=YEARLY;COUNT=1")
        )
        walls = rrulestr(rule, dtstart=first).between(first, STOP, inc=True)
        onsets += [(wall - before, after) for wall in walls]
    return sorted(onsets)


def _local_until(before: timedelta, until: re.Match[str]) -> str:
    """UNTIL is in UTC (RFC 5545 §3.3.10), DTSTART shows the wall clock."""
    return f"UNTIL={datetime.strptime(until[1], '%Y%m%dT%H%M%S%z') + before:%Y%m%dT%H%M%SZ}"


def _offset(text: str) -> timedelta:
    size = timedelta(hours=int(text[1:3]), minutes=int(text[3:5]))
    return -size if text[0] == "-" else size


def _hours_to_check(zone: ZoneInfo) -> Iterator[datetime]:
    """Each Monday noon, and each hour of two days around every change of the clock."""
    weeks = [START + timedelta(weeks=week) for week in range((STOP - START) // timedelta(weeks=1))]
    for week, following in pairwise(weeks):
        yield week
        if week.astimezone(zone).utcoffset() != following.astimezone(zone).utcoffset():
            yield from (week + hour * HOUR for hour in range(7 * 24))


def _wrong(zone: ZoneInfo) -> list[datetime]:
    onsets = _onsets(vtimezone(zone.key))
    moments = [moment for moment, _ in onsets]
    return [
        moment
        for moment in _hours_to_check(zone)
        if onsets[bisect_right(moments, moment) - 1][1] != moment.astimezone(zone).utcoffset()
    ]


def test_every_zone_is_right_at_every_hour_of_every_week_with_a_change(zone_of: type[ZoneInfo]) -> None:
    zones = sorted(zoneinfo.available_timezones())
    refused = [zone for zone in zones if not has_rules(zone)]
    wrong = {zone: moments for zone in zones if zone not in refused and (moments := _wrong(zone_of(zone)))}
    assert not wrong
    assert len(zones) > 500
    assert len(refused) < 10


@pytest.mark.parametrize("timezone", WANTED)
def test_zones_where_people_rent_have_rules(timezone: str) -> None:
    assert has_rules(timezone)


def test_clocks_that_follow_the_moon_are_refused_with_what_to_do() -> None:
    with pytest.raises(TimedStyleError, match=r"'Asia/Gaza' .* use style all_day"):
        vtimezone("Asia/Gaza")


@pytest.mark.parametrize("timezone", ["Mars/Base", "", "Europe", "../../etc/passwd", "/etc/passwd", "a\x00b"])
def test_what_is_no_zone_has_no_rules(timezone: str) -> None:
    assert not has_rules(timezone)


def test_a_zone_with_steady_rules_is_written_the_classical_way() -> None:
    assert vtimezone("Europe/Berlin").split("\r\n") == [
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Berlin",
        "BEGIN:DAYLIGHT",
        "DTSTART:19700329T020000",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "TZNAME:CEST",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "DTSTART:19701025T030000",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "TZNAME:CET",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
        "END:STANDARD",
        "END:VTIMEZONE",
        "",
    ]


def test_a_zone_without_changes_is_one_observance() -> None:
    assert vtimezone("America/Lima").split("\r\n")[2:-2] == [
        "BEGIN:STANDARD",
        "DTSTART:19700101T000000",
        "TZOFFSETFROM:-0500",
        "TZOFFSETTO:-0500",
        "TZNAME:-05",
        "END:STANDARD",
    ]


def test_a_zone_that_changed_its_mind_has_a_beginning_and_an_end() -> None:
    assert vtimezone("Asia/Almaty").split("\r\n")[2:-2] == [
        "BEGIN:STANDARD",
        "DTSTART:19700101T000000",
        "TZOFFSETFROM:+0600",
        "TZOFFSETTO:+0600",
        "TZNAME:+06",
        "RRULE:FREQ=YEARLY;COUNT=1",
        "END:STANDARD",
        "BEGIN:STANDARD",
        "DTSTART:20240301T000000",
        "TZOFFSETFROM:+0600",
        "TZOFFSETTO:+0500",
        "TZNAME:+05",
        "RRULE:FREQ=YEARLY;UNTIL=20240229T180000Z;BYDAY=1FR;BYMONTH=3",
        "END:STANDARD",
    ]


@pytest.mark.parametrize(
    ("timezone", "rules"),
    [
        ("America/New_York", ["BYDAY=2SU;BYMONTH=3", "BYDAY=1SU;BYMONTH=11"]),
        ("Europe/London", ["BYDAY=-1SU;BYMONTH=3", "BYDAY=-1SU;BYMONTH=10"]),
        ("Australia/Sydney", ["BYDAY=1SU;BYMONTH=4", "BYDAY=1SU;BYMONTH=10"]),
        ("Asia/Jerusalem", ["BYDAY=FR;BYMONTHDAY=23,24,25,26,27,28,29;BYMONTH=3", "BYDAY=-1SU;BYMONTH=10"]),
        (
            "America/Scoresbysund",
            ["COUNT=1", "BYDAY=-1SU;BYMONTH=10", "BYDAY=SA;BYMONTHDAY=24,25,26,27,28,29,30;BYMONTH=3"],
        ),
    ],
)
def test_rules_are_the_plainest_that_are_true(timezone: str, rules: list[str]) -> None:
    assert re.findall(r"RRULE:FREQ=YEARLY;(.*)\r", vtimezone(timezone)) == rules


def test_greenwich_is_plus_nothing() -> None:
    assert "TZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\n" in vtimezone("Europe/London")


@pytest.mark.parametrize("timezone", WANTED)
def test_every_observance_recurs_where_there_are_several(timezone: str) -> None:
    component = vtimezone(timezone)
    observances = component.count("BEGIN:") - 1
    assert observances == 1 or component.count("RRULE:") == observances
    assert "RDATE" not in component
