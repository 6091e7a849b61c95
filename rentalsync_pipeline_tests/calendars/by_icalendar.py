"""What icalendar makes of an event: the second opinion of the tests that compare."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

import icalendar
from icalendar.cal import Component

HOME = ZoneInfo("Europe/Rome")
TEXTS = ("UID", "SUMMARY", "DESCRIPTION")


def events_of(body: bytes) -> list[icalendar.Event]:
    """Every VEVENT of every calendar in the body."""
    parts = cast("list[Component]", icalendar.Calendar.from_ical(body, multiple=True))
    return [cast("icalendar.Event", event) for part in parts for event in part.walk("VEVENT")]


def texts_of(event: icalendar.Event) -> list[str]:
    """Its texts, without the blanks around them."""
    return [str(event.get(name, "")).strip() for name in TEXTS]


def nights_of(event: icalendar.Event) -> tuple[date, date] | None:
    """Its nights at a listing in Rome; `None` where its dates make no sense."""
    try:
        start, end = event.DTSTART, event.DTEND
        if start is not None and end is None and event.DURATION is not None:
            end = start + event.DURATION
    except icalendar.InvalidCalendar:
        return None
    if start is None or (end is not None and _day(end) < _day(start)):
        return None
    return _day(start), max(_day(end or start), _day(start) + timedelta(days=1))


def _day(said: date) -> date:
    if isinstance(said, datetime):
        return (said if said.tzinfo is None else said.astimezone(HOME)).date()
    return said
