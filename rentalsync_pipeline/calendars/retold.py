"""Bookings of a calendar of which only nights, SUMMARYs and UIDs were kept.

Belongs here: the way from such a record into the steps that bytes take, from the dialect on. Does not:
the steps themselves (`meaning`, `nights`, `versions`). There is no header to recognise a dialect by; its
events have to do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date

from rentalsync_pipeline.calendars.events import RawEvent
from rentalsync_pipeline.calendars.meaning import Interpreter, recognise
from rentalsync_pipeline.calendars.nights import Clock
from rentalsync_pipeline.calendars.recurrence import Budget
from rentalsync_pipeline.calendars.text import escape
from rentalsync_pipeline.calendars.values import UnreadableError
from rentalsync_pipeline.calendars.versions import Version, in_force
from rentalsync_pipeline.calendars.zones import Zones
from rentalsync_pipeline.core.model import Reading, Rejected

_CLOCK = Clock(UTC, Zones(b"", Budget(0)))
"""Dates need no zone."""


@dataclass(frozen=True, slots=True)
class Retold:
    """What was kept of one VEVENT; `end` is its DTEND, the day of departure."""

    uid: str
    summary: str
    start: date
    end: date


def read_retold(events: Sequence[Retold], today: date) -> Reading:
    """The bookings of a calendar that was read on that local day, as `read_calendar` makes them of bytes."""
    raw = [_raw(number, event) for number, event in enumerate(events)]
    dialect = recognise("", raw)
    rejected: list[Rejected] = []
    versions = _versions(events, raw, Interpreter.of(dialect, today), rejected)
    return Reading(
        bookings=in_force(list(versions)),
        rejected=tuple(rejected),
        events=len(events),
        dialect=dialect.name,
        tail_is_sure=dialect.tail_is_sure,
    )


def _raw(number: int, event: Retold) -> RawEvent:
    texts = {"UID": event.uid, "SUMMARY": event.summary}
    return RawEvent(number, {name: (name.encode(), escape(text).encode()) for name, text in texts.items()})


def _versions(
    events: Sequence[Retold], raw: Sequence[RawEvent], interpreter: Interpreter, rejected: list[Rejected]
) -> Iterator[Version]:
    for event, written in zip(events, raw, strict=True):
        uid = written.text("UID")
        try:
            nights = _CLOCK.between(event.start, event.end)
        except UnreadableError as error:
            rejected.append(Rejected(str(error), uid or None))
            continue
        bookings = tuple(interpreter.bookings(written, uid, [(None, nights)]))
        yield Version(uid, None, 0, bookings, interpreter.is_marker(written))
