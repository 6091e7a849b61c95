"""Values of dates, times and durations, as written.

Belongs here: DATE, DATE-TIME, DURATION and UTC-OFFSET (RFC 5545 §3.3.4 to §3.3.6, §3.3.14) in every form
that producers give them. Does not: which zone a time means (`zones`), which date of a listing (`nights`).
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache

Moment = date | datetime
"""A DATE, or a DATE-TIME: naive where it is floating or its zone stands in a parameter."""

_MOMENT = re.compile(
    rb"\s*(\d{4})-?(\d\d)-?(\d\d)"
    rb"(?:[T ](\d\d):?(\d\d)(?::?(\d\d)(?:\.\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?)?\s*",
    re.IGNORECASE,
)
_DURATION = re.compile(
    rb"\s*([+-]?)P(?:(\d{1,6})W)?(?:(\d{1,6})D)?"
    rb"(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?\s*",
    re.IGNORECASE,
)
_OFFSET = re.compile(rb"\s*([+-])(\d\d):?(\d\d):?(\d\d)?\s*")


class UnreadableError(ValueError):
    """Something in an event makes no sense. The message is ours and quotes nothing of the event."""


@lru_cache(maxsize=4096)
def moment(value: bytes) -> Moment:
    """The date or time that a value spells; `UnreadableError` where it spells none."""
    found = _MOMENT.fullmatch(value)
    if not found:
        raise UnreadableError("is no date")
    year, month, day, hour, minute, second, zone = found.groups()
    try:
        on = date(int(year), int(month), int(day))
        if hour is None:
            return on
        at = time(int(hour), int(minute), min(int(second or 0), 59))
        return datetime.combine(on, at, tzinfo=_zone(zone))
    except ValueError as error:
        raise UnreadableError("is a date that does not exist") from error


def _zone(written: bytes | None) -> timezone | None:
    if written is None:
        return None
    return UTC if written in b"Zz" else timezone(offset(written))


def offset(value: bytes) -> timedelta:
    """How far a zone is ahead of UTC; historic zones have seconds (`+000921`)."""
    found = _OFFSET.fullmatch(value)
    if not found:
        raise UnreadableError("makes no sense as an offset from UTC")
    sign, hours, minutes, seconds = found.groups()
    ahead = timedelta(hours=int(hours), minutes=int(minutes), seconds=int(seconds or 0))
    if ahead >= timedelta(days=1):
        raise UnreadableError("makes no sense as an offset from UTC")
    return -ahead if sign == b"-" else ahead


def duration(value: bytes) -> timedelta:
    """How long a DURATION lasts; negative with a minus."""
    found = _DURATION.fullmatch(value)
    if not found:
        raise UnreadableError("DURATION makes no sense")
    sign, *amounts = found.groups()
    weeks, days, hours, minutes, seconds = (int(amount or 0) for amount in amounts)
    lasts = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return -lasts if sign == b"-" else lasts
