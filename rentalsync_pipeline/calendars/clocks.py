"""When the clocks of a zone change, as yearly rules.

Belongs here: from what `zoneinfo` knows of a zone to RRULEs that say the same. Does not: how a calendar
writes them (`vtimezone`). The rules are read off the changes of the 28 years after which dates and
weekdays repeat, and kept only if they give exactly these.
"""

from __future__ import annotations

from bisect import bisect_left
from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import pairwise
from zoneinfo import ZoneInfo

YEARS = range(2024, 2024 + 28)
"""The years in which the rules give what `zoneinfo` gives."""

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 local time
_BEFORE = range(_EPOCH.year, YEARS.start)
_WEEK, _SECOND = timedelta(weeks=1), timedelta(seconds=1)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class Change:
    """When local clocks show `wall`, they go from `before` to `after` ahead of UTC.

    With an `rrule` (RFC 5545 §3.3.10) they do so again; without one nothing else ever happens.
    """

    wall: datetime
    before: timedelta
    after: timedelta
    name: str
    """What the zone is called from then on: `CEST`."""
    rrule: str | None = None


@dataclass(frozen=True, slots=True)
class _Rule:
    """The parts of an RRULE behind its frequency, and which days with its month and weekday it chooses."""

    parts: str
    chooses: Callable[[date], bool]

    def days(self, like: date, years: Iterable[int]) -> list[date]:
        """Its days in some years, which have the month and weekday of `like`."""
        days = (
            date(year, like.month, number + 1)
            for year in years
            for number in range(monthrange(year, like.month)[1])
        )
        return [day for day in days if day.weekday() == like.weekday() and self.chooses(day)]


def yearly_changes(zone: ZoneInfo) -> list[Change]:
    """The recurring changes from which the zone's offset follows at any time since 2024.

    None where some change obeys no rule (Gaza's clocks follow the moon). A zone whose clocks never change
    has one that changes nothing. Rules that have always held are drawn back to 1970, the way all calendars
    have them.
    """
    groups: defaultdict[object, list[Change]] = defaultdict(list)
    for change in _changes(zone):
        groups[_kind(change)].append(change)
    if not groups:
        return [_start(zone)]
    lasting = [_lasting(changes) for changes in groups.values()]
    if None not in lasting:
        return [change for change in lasting if change]
    eras = [_start(zone, "FREQ=YEARLY;COUNT=1"), *map(_era, groups.values())]
    return [] if None in eras else [change for change in eras if change]


def _kind(change: Change) -> tuple[object, ...]:
    """What all changes of one rule have in common."""
    wall = change.wall
    return change.before, change.after, change.name, wall.month, wall.weekday(), wall.time()


def _start(zone: ZoneInfo, rrule: str | None = None) -> Change:
    """The zone as it stands when the years begin."""
    moment = datetime(YEARS.start, 1, 1, tzinfo=UTC)
    offset = _ahead(zone, moment)
    return Change(_EPOCH, offset, offset, _name(zone, moment), rrule)


def _changes(zone: ZoneInfo) -> Iterator[Change]:
    """Every single one of the years."""
    start, stop = (datetime(year, 1, 1, tzinfo=UTC) for year in (YEARS.start, YEARS.stop))
    weeks = (start + week * _WEEK for week in range((stop - start) // _WEEK + 1))
    for week, next_week in pairwise(weeks):
        before, after = _ahead(zone, week), _ahead(zone, next_week)
        if before != after:
            instant = _instant(zone, week, after)
            yield Change((instant + before).replace(tzinfo=None), before, after, _name(zone, instant))


def _instant(zone: ZoneInfo, week: datetime, after: timedelta) -> datetime:
    """When, within a week, the zone goes over to an offset."""
    return week + _SECOND * bisect_left(
        range(_WEEK // _SECOND), True, key=lambda second: _ahead(zone, week + second * _SECOND) == after
    )


def _ahead(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _name(zone: ZoneInfo, moment: datetime) -> str:
    return moment.astimezone(zone).tzname() or zone.key


def _lasting(changes: list[Change]) -> Change | None:
    """The rule that gives these changes in all the years, drawn back to 1970."""
    rule = _fitting(changes, YEARS)
    if rule is None:
        return None
    sample = changes[0]
    first = datetime.combine(rule.days(sample.wall, _BEFORE)[0], sample.wall.time())
    return replace(sample, wall=first, rrule=f"FREQ=YEARLY;{rule.parts}")


def _era(changes: list[Change]) -> Change | None:
    """The rule that gives these changes from the first one on, or from the first to the last."""
    first, last = changes[0], changes[-1]
    if rule := _fitting(changes, range(first.wall.year, YEARS.stop)):
        return replace(first, rrule=f"FREQ=YEARLY;{rule.parts}")
    if rule := _fitting(changes, range(first.wall.year, last.wall.year + 1)):
        until = f"{last.wall - last.before:%Y%m%dT%H%M%SZ}"
        return replace(first, rrule=f"FREQ=YEARLY;UNTIL={until};{rule.parts}")
    return None


def _fitting(changes: list[Change], years: range) -> _Rule | None:
    """The rule that gives these changes, all of them and no other."""
    days = [change.wall.date() for change in changes]
    return next((rule for rule in _rules(days) if rule.days(days[0], years) == days), None)


def _rules(days: list[date]) -> Iterator[_Rule]:
    """What may explain days of one month and weekday: the n-th, the last, or the days of the month seen."""
    month, name = days[0].month, _WEEKDAYS[days[0].weekday()]
    for nth in range(1, 5):
        yield _Rule(f"BYDAY={nth}{name};BYMONTH={month}", partial(_is_nth, nth))
    yield _Rule(f"BYDAY=-1{name};BYMONTH={month}", lambda day: (day + _WEEK).month != month)
    seen = sorted({day.day for day in days})
    listed = ",".join(map(str, seen))
    yield _Rule(f"BYDAY={name};BYMONTHDAY={listed};BYMONTH={month}", lambda day: day.day in seen)


def _is_nth(nth: int, day: date) -> bool:
    return (day.day + 6) // 7 == nth
