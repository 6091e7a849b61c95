"""The VTIMEZONE that a timed feed carries (RFC 5545 §3.6.5).

Belongs here: its lines. Does not: when clocks change (`clocks`), feeds (`writer`). Every observance
recurs: six of seventeen clients measured are an hour off where one doesn't, four where it is a list of
RDATEs. So a zone whose changes obey no rule has no component.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from zoneinfo import ZoneInfo

from rentalsync_pipeline.calendars.clocks import Change, yearly_changes


class TimedStyleError(ValueError):
    """The zone has no yearly rules, so check-in and check-out times can't be published in it."""

    def __init__(self, timezone: str) -> None:
        super().__init__(
            f"time zone {timezone!r} has no yearly clock changes that a calendar can describe: "
            "use style all_day for this listing"
        )


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
        changes = yearly_changes(ZoneInfo(timezone))
    except (KeyError, ValueError, OSError) as error:
        raise TimedStyleError(timezone) from error
    if not changes:
        raise TimedStyleError(timezone)
    observances = "".join(map(_observance, changes))
    return f"BEGIN:VTIMEZONE\r\nTZID:{timezone}\r\n{observances}END:VTIMEZONE\r\n"


def _observance(change: Change) -> str:
    kind = "DAYLIGHT" if change.after > change.before else "STANDARD"
    rule = f"RRULE:{change.rrule}\r\n" if change.rrule else ""
    return (
        f"BEGIN:{kind}\r\n"
        f"DTSTART:{change.wall:%Y%m%dT%H%M%S}\r\n"
        f"TZOFFSETFROM:{_offset(change.before)}\r\n"
        f"TZOFFSETTO:{_offset(change.after)}\r\n"
        f"TZNAME:{change.name}\r\n"
        f"{rule}"
        f"END:{kind}\r\n"
    )


def _offset(ahead: timedelta) -> str:
    minutes = abs(ahead) // timedelta(minutes=1)
    return f"{'-' if ahead < timedelta() else '+'}{minutes // 60:02}{minutes % 60:02}"
