"""Time zones as rules: the VTIMEZONE that a timed feed carries.

Belongs here: from an IANA name to a component whose RRULEs are right from 2024 on. Does not: feeds
(`writer`). The rules are read off the clock changes that `zoneinfo` knows, over the 28 years after which
dates and weekdays repeat, and kept only if they give exactly these. Where they can't (Gaza's clocks
follow the moon) there is no component. Lists of RDATEs are no way out: four of seventeen clients
measured are an hour off with them, and six with an observance that doesn't recur.
"""

from __future__ import annotations

from bisect import bisect_left
from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, partial
from itertools import chain, pairwise
from zoneinfo import ZoneInfo

YEARS = range(2024, 2024 + 28)
"""The years in which the rules give what `zoneinfo` gives."""

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 local time
_BEFORE = range(_EPOCH.year, YEARS.start)
_WEEK, _SECOND = timedelta(weeks=1), timedelta(seconds=1)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class TimedStyleError(ValueError):
    """The zone has no yearly rules, so check-in and check-out times can't be published in it."""

    def __init__(self, timezone: str) -> None:
        super().__init__(
            f"time zone {timezone!r} has no yearly clock changes that a calendar can describe: "
            "use style all_day for this listing"
        )


@dataclass(frozen=True, slots=True)
class _Change:
    """When local clocks showed `wall`, they went from `before` to `after` ahead of UTC."""

    wall: datetime
    before: timedelta
    after: timedelta
    name: str

    @property
    def kind(self) -> tuple[object, ...]:
        """What all changes of one rule have in common."""
        return self.before, self.after, self.name, self.wall.month, self.wall.weekday(), self.wall.time()

    def observance(self, wall: datetime, *rule: str) -> list[str]:
        """A sub-component like this change, which begins at `wall`."""
        kind = "DAYLIGHT" if self.after > self.before else "STANDARD"
        return [
            f"BEGIN:{kind}",
            f"DTSTART:{wall:%Y%m%dT%H%M%S}",
            f"TZOFFSETFROM:{_offset(self.before)}",
            f"TZOFFSETTO:{_offset(self.after)}",
            f"TZNAME:{self.name}",
            *rule,
            f"END:{kind}",
        ]


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


def has_rules(timezone: str) -> bool:
    """Whether timed feeds can be published in this zone."""
    try:
        return bool(vtimezone(timezone))
    except TimedStyleError:
        return False


@cache
def vtimezone(timezone: str) -> str:
    """The VTIMEZONE of a zone, with its line endings.

    Raises:
        TimedStyleError: it has no yearly rules, or isn't a zone.
    """
    try:
        observances = _observances(ZoneInfo(timezone))
    except (KeyError, ValueError, OSError) as error:
        raise TimedStyleError(timezone) from error
    if not observances:
        raise TimedStyleError(timezone)
    lines = ["BEGIN:VTIMEZONE", f"TZID:{timezone}", *observances, "END:VTIMEZONE"]
    return "".join(f"{line}\r\n" for line in lines)


def _observances(zone: ZoneInfo) -> list[str]:
    """The lines of all sub-components; none if some change obeys no rule."""
    groups: defaultdict[object, list[_Change]] = defaultdict(list)
    for change in _changes(zone):
        groups[change.kind].append(change)
    start = _start(zone)
    if not groups:
        return start.observance(_EPOCH)
    lasting = [_lasting(changes) for changes in groups.values()]
    if all(lasting):
        return list(chain(*lasting))
    eras = [_era(changes) for changes in groups.values()]
    return list(chain(start.observance(_EPOCH, "RRULE:FREQ=YEARLY;COUNT=1"), *eras)) if all(eras) else []


def _start(zone: ZoneInfo) -> _Change:
    """A change that changes nothing: the zone as it stands when the years begin."""
    moment = datetime(YEARS.start, 1, 1, tzinfo=UTC).astimezone(zone)
    offset = moment.utcoffset() or timedelta()
    return _Change(_EPOCH, offset, offset, moment.tzname() or "")


def _changes(zone: ZoneInfo) -> Iterator[_Change]:
    start, stop = (datetime(year, 1, 1, tzinfo=UTC) for year in (YEARS.start, YEARS.stop))
    weeks = (start + week * _WEEK for week in range((stop - start) // _WEEK + 1))
    for week, next_week in pairwise(weeks):
        before, after = _ahead(zone, week), _ahead(zone, next_week)
        if before != after:
            instant = _instant(zone, week, after)
            wall = (instant + before).replace(tzinfo=None)
            yield _Change(wall, before, after, instant.astimezone(zone).tzname() or "")


def _ahead(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _instant(zone: ZoneInfo, week: datetime, after: timedelta) -> datetime:
    """When, within a week, the zone goes over to an offset."""
    return week + _SECOND * bisect_left(
        range(_WEEK // _SECOND), True, key=lambda second: _ahead(zone, week + second * _SECOND) == after
    )


def _lasting(changes: list[_Change]) -> list[str]:
    """The observance of a rule that holds in all the years, drawn back to 1970."""
    rule = _fitting(changes, YEARS)
    if rule is None:
        return []
    first = datetime.combine(rule.days(changes[0].wall, _BEFORE)[0], changes[0].wall.time())
    return changes[0].observance(first, f"RRULE:FREQ=YEARLY;{rule.parts}")


def _era(changes: list[_Change]) -> list[str]:
    """The observance of a rule that begins within the years, and perhaps ends there."""
    first, last = changes[0], changes[-1]
    begun = range(first.wall.year, YEARS.stop)
    if rule := _fitting(changes, begun):
        return first.observance(first.wall, f"RRULE:FREQ=YEARLY;{rule.parts}")
    if rule := _fitting(changes, range(first.wall.year, last.wall.year + 1)):
        until = f"{last.wall - last.before:%Y%m%dT%H%M%SZ}"
        return first.observance(first.wall, f"RRULE:FREQ=YEARLY;UNTIL={until};{rule.parts}")
    return []


def _fitting(changes: list[_Change], years: range) -> _Rule | None:
    """The rule that gives these changes, all of them and no other."""
    days = [change.wall.date() for change in changes]
    return next((rule for rule in _rules(days) if rule.days(days[0], years) == days), None)


def _rules(days: list[date]) -> Iterator[_Rule]:
    """What may explain days of one month and weekday: the n-th, the last, or the days of the month seen."""
    month, weekday = days[0].month, days[0].weekday()
    name = _WEEKDAYS[weekday]
    for nth in range(1, 5):
        yield _Rule(f"BYDAY={nth}{name};BYMONTH={month}", partial(_is_nth, nth))
    yield _Rule(f"BYDAY=-1{name};BYMONTH={month}", lambda day: (day + _WEEK).month != month)
    seen = sorted({day.day for day in days})
    listed = ",".join(map(str, seen))
    yield _Rule(f"BYDAY={name};BYMONTHDAY={listed};BYMONTH={month}", lambda day: day.day in seen)


def _is_nth(nth: int, day: date) -> bool:
    return (day.day + 6) // 7 == nth


def _offset(offset: timedelta) -> str:
    minutes = abs(offset) // timedelta(minutes=1)
    return f"{'-' if offset < timedelta() else '+'}{minutes // 60:02}{minutes % 60:02}"
