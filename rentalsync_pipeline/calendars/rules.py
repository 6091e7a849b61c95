"""RRULEs as written, to the parts they consist of.

Belongs here: the syntax of RFC 5545 §3.3.10. Does not: the days on which a rule falls (`recurrence`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from rentalsync_pipeline.calendars.lines import decode
from rentalsync_pipeline.calendars.values import Moment, UnreadableError, moment


class Frequency(StrEnum):
    """How often a rule repeats; those within the day say nothing of nights."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


_NUMBER = re.compile(r"[+-]?[0-9]{1,6}")
_ORDINAL_DAY = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_PARTS = frozenset(
    {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYSETPOS"}
    | {"BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYDAY"}
    | {"BYHOUR", "BYMINUTE", "BYSECOND"}
)


@dataclass(frozen=True, slots=True)
class Rule:
    """The parts of an RRULE that matter to nights; an empty set restricts nothing."""

    frequency: Frequency
    interval: int
    count: int | None
    until: Moment | None
    months: frozenset[int]
    month_days: frozenset[int]
    year_days: frozenset[int]
    weeks: frozenset[int]
    weekdays: frozenset[tuple[int, int]]
    """Ordinal (0 for every one) and weekday (0 for Monday)."""
    positions: frozenset[int]
    week_start: int


def parse_rule(value: bytes) -> Rule:
    """Read an RRULE; `UnreadableError` where it is none, or repeats within the day."""
    try:
        return _rule(dict(_parts(decode(value))))
    except ValueError as error:
        raise UnreadableError("RRULE makes no sense, or repeats within the day") from error


def _parts(written: str) -> Iterator[tuple[str, str]]:
    for part in written.upper().split(";"):
        name, _, value = part.partition("=")
        if value.strip():
            yield name.strip(), value.strip()


def _rule(parts: dict[str, str]) -> Rule:
    if not parts.keys() <= _PARTS:
        raise ValueError("unknown part")
    frequency = Frequency(parts.get("FREQ", ""))
    weekdays = _weekdays(parts.get("BYDAY"))
    if frequency in (Frequency.DAILY, Frequency.WEEKLY) and any(ordinal for ordinal, _ in weekdays):
        raise ValueError("a weekday is counted within a month or year")
    return Rule(
        frequency=frequency,
        interval=_positive(parts["INTERVAL"]) if "INTERVAL" in parts else 1,
        count=_positive(parts["COUNT"]) if "COUNT" in parts else None,
        until=moment(parts["UNTIL"].encode()) if "UNTIL" in parts else None,
        months=_numbers(parts.get("BYMONTH")),
        month_days=_numbers(parts.get("BYMONTHDAY")),
        year_days=_numbers(parts.get("BYYEARDAY")),
        weeks=_numbers(parts.get("BYWEEKNO")),
        weekdays=weekdays,
        positions=_numbers(parts.get("BYSETPOS")),
        week_start=_WEEKDAYS.index(parts.get("WKST", "MO")),
    )


def _number(written: str) -> int:
    if not _NUMBER.fullmatch(written.strip()):
        raise ValueError("no number")
    return int(written)


def _positive(written: str) -> int:
    number = _number(written)
    if number < 1:
        raise ValueError("not positive")
    return number


def _numbers(written: str | None) -> frozenset[int]:
    return frozenset(map(_number, written.split(","))) if written else frozenset()


def _weekdays(written: str | None) -> frozenset[tuple[int, int]]:
    return frozenset(map(_weekday, written.split(","))) if written else frozenset()


def _weekday(written: str) -> tuple[int, int]:
    found = _ORDINAL_DAY.fullmatch(written.strip())
    if not found:
        raise ValueError("no weekday")
    return int(found[1] or 0), _WEEKDAYS.index(found[2])
