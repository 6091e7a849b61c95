"""The days of a rule are those that dateutil finds, and a rule that was made to hurt doesn't."""

from __future__ import annotations

import datetime as dt
from datetime import date, datetime, timedelta
from unittest.mock import patch

import pytest
from dateutil.rrule import rrulestr  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from rentalsync_pipeline.calendars.recurrence import Budget, rule_days
from rentalsync_pipeline.calendars.rules import parse_rule
from rentalsync_pipeline.calendars.values import UnreadableError


def days(rule: str, start: date, window: tuple[date, date], budget: int = 100_000) -> list[date]:
    return list(rule_days(parse_rule(rule.encode()), start, window, Budget(budget)))


def oracle(rule: str, start: date, window: tuple[date, date]) -> list[date]:
    """What dateutil says. It looks for days of a rule that has none until the last year there is."""
    first, last = (datetime.combine(day, datetime.min.time()) for day in window)
    found = rrulestr(rule, dtstart=datetime.combine(start, datetime.min.time()))
    with patch.object(dt, "MAXYEAR", last.year):
        return [day.date() for day in found.between(first, last, inc=True)]


def numbers(lowest: int, highest: int) -> st.SearchStrategy[str]:
    values = st.integers(lowest, highest).filter(bool)
    return st.lists(values, min_size=1, max_size=3, unique=True).map(lambda found: ",".join(map(str, found)))


WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Rules that RFC 5545 §3.3.10 allows, and on whose meaning dateutil and it agree."""
    freq = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = {
        "FREQ": freq,
        "INTERVAL": str(draw(st.integers(1, 5))),
        "WKST": draw(st.sampled_from(WEEKDAYS)),
    }
    weekdays = draw(st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=3, unique=True))
    if draw(st.booleans()):
        parts["BYMONTH"] = draw(numbers(1, 12))
    if freq != "WEEKLY" and draw(st.booleans()):
        parts["BYMONTHDAY"] = draw(numbers(-31, 31))
    if draw(st.booleans()):
        ordinals = st.sampled_from(["", "1", "2", "-1", "5"] if freq in ("MONTHLY", "YEARLY") else [""])
        ordinal = draw(ordinals)
        parts["BYDAY"] = ",".join(ordinal + day for day in weekdays)
    if freq == "YEARLY" and draw(st.booleans()):
        parts["BYYEARDAY"] = draw(numbers(-366, 366))
    elif freq == "YEARLY" and draw(st.booleans()):
        parts["BYWEEKNO"] = draw(numbers(-53, 53))
    if draw(st.booleans()):
        parts["COUNT"] = str(draw(st.integers(1, 40)))
    # In the first week dateutil counts positions from the start, not from the beginning of the week.
    if freq in ("MONTHLY", "YEARLY") and "BYDAY" in parts and draw(st.booleans()):
        parts["BYSETPOS"] = draw(numbers(-3, 3))
    return ";".join(f"{name}={value}" for name, value in parts.items())


@settings(deadline=None)
@given(
    rule=rules(),
    start=st.dates(date(2010, 1, 1), date(2026, 12, 31)),
    first=st.dates(date(2024, 1, 1), date(2028, 1, 1)),
    length=st.integers(0, 900),
)
def test_a_rule_falls_on_the_days_that_dateutil_finds(
    rule: str, start: date, first: date, length: int
) -> None:
    window = first, first + timedelta(days=length)

    assert days(rule, start, window) == oracle(rule, start, window)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO", ["2024-12-30", "2025-12-29", "2027-01-04"]),
        ("FREQ=YEARLY;BYWEEKNO=53;BYDAY=SU", ["2027-01-03"]),
        ("FREQ=YEARLY;BYYEARDAY=100,-1", ["2024-04-09", "2024-12-31", "2025-04-10", "2025-12-31"]),
        ("FREQ=YEARLY;BYWEEKNO=-1;BYDAY=SU", ["2024-12-29", "2025-12-28", "2027-01-03"]),
        ("FREQ=YEARLY;BYWEEKNO=2;BYDAY=SU;WKST=SU", ["2025-01-05", "2026-01-11", "2027-01-10"]),
        ("FREQ=YEARLY;BYWEEKNO=1;BYDAY=SA;WKST=SU", ["2025-01-04", "2026-01-10", "2027-01-09"]),
        ("FREQ=MONTHLY;BYDAY=SA,-1FR;BYMONTH=6;COUNT=6", ["2024-06-01", "2024-06-08", "2024-06-15"]),
        ("FREQ=YEARLY;BYMONTH=6;BYDAY=1SA,-1FR", ["2024-06-01", "2024-06-28", "2025-06-07", "2025-06-27"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=2", ["2024-03-04", "2024-04-02", "2024-05-02"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", ["2024-03-29", "2024-04-30", "2024-05-31"]),
    ],
)
def test_weeks_and_ordinals_are_those_of_the_standard(rule: str, expected: list[str]) -> None:
    found = days(rule, date(2024, 2, 28), (date(2024, 3, 1), date(2027, 3, 1)))

    assert [str(day) for day in found][: len(expected)] == expected


def test_every_other_week_begins_with_the_week_of_the_start() -> None:
    monday = date(2026, 6, 1)

    found = days("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU", monday, (monday, date(2026, 6, 21)))

    assert [day.day for day in found] == [1, 7, 15, 21]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=HOURLY",
        "FREQ=FORTNIGHTLY",
        "INTERVAL=2",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;COUNT=-1",
        "FREQ=DAILY;COUNT=99999999999999999999",
        "FREQ=WEEKLY;BYDAY=2MO",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=WEEKLY;WKST=1",
        "FREQ=DAILY;UNTIL=soon",
        "FREQ=YEARLY;RSCALE=CHINESE",
        "",
    ],
)
def test_a_rule_that_makes_no_sense_for_nights_is_refused(rule: str) -> None:
    with pytest.raises(UnreadableError, match="RRULE"):
        parse_rule(rule.encode())


@pytest.mark.parametrize(
    "rule",
    ["FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;BYWEEKNO=1;BYMONTH=7", "FREQ=MONTHLY;BYSETPOS=32"],
)
def test_a_rule_that_never_comes_true_ends_with_its_window(rule: str) -> None:
    assert days(rule, date(1900, 1, 1), (date(2026, 1, 1), date(2028, 1, 1)), budget=1_100) == []


def test_a_rule_without_count_costs_its_window_however_long_ago_it_began() -> None:
    window = date(2026, 1, 1), date(2026, 12, 31)

    assert len(days("FREQ=DAILY", date(1, 1, 1), window, budget=365)) == 365


def test_counting_draws_on_the_budget() -> None:
    with pytest.raises(UnreadableError, match="repeats too much"):
        days("FREQ=DAILY;COUNT=999999", date(1900, 1, 1), (date(2026, 1, 1), date(2026, 1, 2)), budget=40_000)


def test_parts_that_name_times_of_day_change_no_day() -> None:
    window = date(2026, 1, 1), date(2026, 1, 3)

    assert len(days("FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=0;BYSECOND=0", window[0], window)) == 3
