"""The days on which a recurrence rule falls.

Belongs here: RRULEs that repeat daily or more seldom, within bounded time and memory whatever the rule.
Does not: their syntax (`rules`), times of day, EXDATE, RDATE and RECURRENCE-ID (`series`).

A rule is not unrolled from its beginning: the days of each of its periods within the window are tested
one by one. So a rule that never comes true ends with its window, and one that began in 1900 costs what
one that began today does. Only a COUNT has to be counted from the beginning.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rentalsync_pipeline.calendars.rules import Frequency, Rule
from rentalsync_pipeline.calendars.values import UnreadableError


@dataclass(slots=True)
class Budget:
    """How many more days may be tested: shared by everything that repeats in a calendar."""

    days: int

    def spend(self, days: int) -> None:
        """Take from it; `UnreadableError` once it is used up."""
        self.days -= days
        if self.days < 0:
            raise UnreadableError("the calendar repeats too much to be followed")


def rule_days(rule: Rule, start: date, window: tuple[date, date], budget: Budget) -> Iterator[date]:
    """The days of a rule that holds from `start`, as far as they fall into the window (both ends in).

    `start` itself is among them only where the rule says so.
    """
    rule = _with_defaults(rule, start)
    counted = 0
    for period in _periods(rule, start, window, budget):
        for day in _chosen(rule, period):
            if day < start:
                continue
            counted += 1
            if day > window[1] or (rule.count and counted > rule.count):
                return
            if day >= window[0]:
                yield day


def _with_defaults(rule: Rule, start: date) -> Rule:
    """What a rule leaves open is taken from the day it starts on."""
    if rule.frequency is Frequency.DAILY or rule.month_days or rule.year_days or rule.weeks or rule.weekdays:
        return rule
    if rule.frequency is Frequency.WEEKLY:
        return replace(rule, weekdays=frozenset({(0, start.weekday())}))
    months = rule.months
    if rule.frequency is Frequency.YEARLY:
        months = months or frozenset({start.month})
    return replace(rule, months=months, month_days=frozenset({start.day}))


def _periods(rule: Rule, start: date, window: tuple[date, date], budget: Budget) -> Iterator[Sequence[int]]:
    """The days (as ordinals) of every period that may matter, oldest first."""
    number_of, days_of = _PERIODS[rule.frequency]
    first, last = number_of(start, rule), number_of(window[1], rule)
    if rule.count is None:
        passed = number_of(window[0], rule) - first
        first += max(0, passed // rule.interval) * rule.interval
    for number in range(first, last + 1, rule.interval):
        days = days_of(number, rule)
        budget.spend(len(days))
        yield days


def _chosen(rule: Rule, period: Sequence[int]) -> list[date]:
    days = [day for day in map(date.fromordinal, period) if _fits(rule, day)]
    if not rule.positions:
        return days
    count = len(days)
    return [day for n, day in enumerate(days) if {n + 1, n - count} & rule.positions]


def _fits(rule: Rule, day: date) -> bool:
    return (
        (not rule.months or day.month in rule.months)
        and (not rule.month_days or not rule.month_days.isdisjoint(_in_month(day)))
        and (not rule.year_days or not rule.year_days.isdisjoint(_in_year(day)))
        and (not rule.weeks or not rule.weeks.isdisjoint(_week(day, rule.week_start)))
        and (not rule.weekdays or not rule.weekdays.isdisjoint(_weekdays(day, rule)))
    )


def _in_month(day: date) -> tuple[int, int]:
    """The number of a day in its month, from the front and from the back (-1 is the last)."""
    return day.day, day.day - calendar.monthrange(day.year, day.month)[1] - 1


def _in_year(day: date) -> tuple[int, int]:
    number = day.timetuple().tm_yday
    return number, number - (366 if calendar.isleap(day.year) else 365) - 1


def _sevenths(numbers: tuple[int, int]) -> tuple[int, int]:
    """Numbers of days as numbers of weeks: the 1st to 7th are the first, the -7th to -1st the last."""
    front, back = numbers
    return (front + 6) // 7, -((6 - back) // 7)


def _week(day: date, week_start: int) -> tuple[int, int]:
    """The number of its week in the year that holds four days or more of it (RFC 5545 §3.3.10)."""
    middle = day.toordinal() - (day.weekday() - week_start) % 7 + 3
    return _sevenths(_in_year(date.fromordinal(middle)))


def _weekdays(day: date, rule: Rule) -> tuple[tuple[int, int], ...]:
    """Its weekday, plain and as the nth of its month, or of its year where the rule names no month."""
    whole_year = rule.frequency is Frequency.YEARLY and not rule.months
    front, back = _sevenths(_in_year(day) if whole_year else _in_month(day))
    weekday = day.weekday()
    return (0, weekday), (front, weekday), (back, weekday)


def _week_number(day: date, rule: Rule) -> int:
    return (day.toordinal() - 1 - rule.week_start) // 7


def _days_of_week(number: int, rule: Rule) -> range:
    monday = number * 7 + 1
    return range(max(monday + rule.week_start, 1), monday + rule.week_start + 7)


def _month_number(day: date, rule: Rule) -> int:
    return day.year * 12 + day.month - 1


def _days_of_month(number: int, rule: Rule) -> range:
    year, month = divmod(number, 12)
    first = date(year, month + 1, 1).toordinal()
    return range(first, first + calendar.monthrange(year, month + 1)[1])


def _days_of_year(number: int, rule: Rule) -> list[int]:
    months = rule.months or range(1, 13)
    return [day for month in sorted(months) for day in _days_of_month(number * 12 + month - 1, rule)]


_PERIODS: dict[Frequency, tuple[Callable[[date, Rule], int], Callable[[int, Rule], Sequence[int]]]] = {
    Frequency.DAILY: (lambda day, _: day.toordinal(), lambda number, _: (number,)),
    Frequency.WEEKLY: (_week_number, _days_of_week),
    Frequency.MONTHLY: (_month_number, _days_of_month),
    Frequency.YEARLY: (lambda day, _: day.year, _days_of_year),
}
"""Periods are numbered without gaps: which number a day's has, and the days (ordinals) of a number."""
