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
_DURATION = re.compile(rb"\s*([+-]?)P((?:T?\d{1,6}[WDHMS])+)\s*", re.IGNORECASE)
_AMOUNT = re.compile(rb"(\d+)([WDHMS])", re.IGNORECASE)
_UNITS = {
    b"W": timedelta(weeks=1),
    b"D": timedelta(days=1),
    b"H": timedelta(hours=1),
    b"M": timedelta(minutes=1),
    b"S": timedelta(seconds=1),
}
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


def as_date(said: Moment) -> date:
    """The date of a moment, in its own zone."""
    return said.date() if isinstance(said, datetime) else said


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
    """How long a DURATION lasts, negative with a minus; `PT1W` too, which Synology writes for `P1W`."""
    found = _DURATION.fullmatch(value)
    if not found:
        raise UnreadableError("DURATION makes no sense")
    amounts = _AMOUNT.findall(found[2])
    lasts = sum((int(amount) * _UNITS[unit.upper()] for amount, unit in amounts), timedelta())
    return -lasts if found[1] == b"-" else lasts
