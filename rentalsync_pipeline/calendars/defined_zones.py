"""Time zones that a calendar defines itself.

Belongs here: VTIMEZONE (RFC 5545 §3.6.5), read as far as it says how far a local time is ahead of UTC.
Does not: zones that are known by name (`zones`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo

from rentalsync_pipeline.calendars.lines import content_lines, text
from rentalsync_pipeline.calendars.recurrence import Budget, rule_days
from rentalsync_pipeline.calendars.rules import Rule, parse_rule
from rentalsync_pipeline.calendars.values import UnreadableError, as_date, moment, offset

_TWO_YEARS = timedelta(days=2 * 366)
"""As of the end of a year, it takes in whatever rule was in force on its first day."""
_COST_OF_ONSET = 50


@dataclass(frozen=True, slots=True)
class _Change:
    """At the local time `onset`, and again whenever the rule says, a zone comes to be `ahead` of UTC."""

    onset: datetime
    before: timedelta
    ahead: timedelta
    rule: Rule | None = None

    def until(self, last: date, budget: Budget) -> Iterator[_Change]:
        """The changes that the rule makes in the two years up to a day, or up to its end."""
        if self.rule is None:
            return
        if self.rule.until:
            last = min(last, as_date(self.rule.until))
        for day in rule_days(self.rule, self.onset.date(), (last - _TWO_YEARS, last), budget):
            yield _Change(datetime.combine(day, self.onset.time()), self.before, self.ahead)


class DefinedZone(tzinfo):
    """A zone made of the changes of its VTIMEZONE."""

    def __init__(self, changes: list[_Change], budget: Budget) -> None:
        self._budget = budget
        self._changes = sorted(changes, key=_onset)
        self._by_rule: dict[int, list[_Change]] = {}

    def utcoffset(self, when: datetime | None) -> timedelta | None:
        """How far the local time `when` is ahead of UTC."""
        if when is None:
            return None
        local = when.replace(tzinfo=None)
        latest = [*_latest(self._changes, local), *_latest(self._ruled(local.year), local)]
        return max(latest, key=_onset).ahead if latest else self._changes[0].before

    def _ruled(self, year: int) -> list[_Change]:
        """The changes that rules made before the end of a year, as far back as they matter."""
        if year not in self._by_rule:
            last = date(year, 12, 31)
            found = (made for change in self._changes for made in change.until(last, self._budget))
            self._by_rule[year] = sorted(found, key=_onset)
        return self._by_rule[year]

    def dst(self, when: datetime | None) -> None:
        """Unknown, and of no use to dates."""

    def tzname(self, when: datetime | None) -> None:
        """Unknown, and of no use to dates."""


def _onset(change: _Change) -> datetime:
    return change.onset


def _latest(changes: list[_Change], local: datetime) -> list[_Change]:
    passed = bisect_right(changes, local, key=_onset)
    return changes[passed - 1 : passed]


def defined_zones(unfolded: bytes, budget: Budget) -> dict[str, DefinedZone]:
    """The zones that the VTIMEZONEs of a body define, by TZID; what can't be read of them is left out."""
    zones: dict[str, DefinedZone] = {}
    name, changes, part = "", list[_Change](), _Part()
    for head, _, value in content_lines(unfolded):
        match head.partition(b";")[0].strip().upper(), value.strip().upper():
            case b"BEGIN", b"VTIMEZONE":
                name, changes = "", []
            case b"BEGIN", b"STANDARD" | b"DAYLIGHT":
                part = _Part()
            case b"END", b"STANDARD" | b"DAYLIGHT":
                with suppress(UnreadableError):
                    changes.extend(part.changes(budget))
            case b"END", b"VTIMEZONE" if name and changes:
                zones.setdefault(name, DefinedZone(changes, budget))
            case b"TZID", _:
                name = text(value)
            case b"RDATE", _:
                part.dates.append(value)
            case (b"DTSTART" | b"RRULE" | b"TZOFFSETFROM" | b"TZOFFSETTO") as known, _:
                part.values[known] = value
    return zones


@dataclass(frozen=True, slots=True)
class _Part:
    """A STANDARD or DAYLIGHT while it is read."""

    values: dict[bytes, bytes] = field(default_factory=dict)
    dates: list[bytes] = field(default_factory=list)

    def changes(self, budget: Budget) -> Iterator[_Change]:
        budget.spend(_COST_OF_ONSET)
        before, ahead = offset(self._value(b"TZOFFSETFROM")), offset(self._value(b"TZOFFSETTO"))
        rule = parse_rule(self.values[b"RRULE"]) if b"RRULE" in self.values else None
        yield _Change(_local(self._value(b"DTSTART")), before, ahead, rule)
        for value in b",".join(self.dates).split(b","):
            if value:
                budget.spend(_COST_OF_ONSET)
                yield _Change(_local(value), before, ahead)

    def _value(self, name: bytes) -> bytes:
        return self.values.get(name, b"")


def _local(value: bytes) -> datetime:
    said = moment(value)
    return said.replace(tzinfo=None) if isinstance(said, datetime) else datetime.combine(said, time())
