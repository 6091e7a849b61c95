"""A calendar's bytes to bookings: the way through the room.

Belongs here: the order of the steps, and what becomes of events that can't be read. Does not: the steps
themselves (`events`, `nights`, `series`, `meaning`, `versions`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from itertools import islice
from zoneinfo import ZoneInfo

from rentalsync_pipeline.calendars.events import RawEvent, events, header
from rentalsync_pipeline.calendars.lines import Property, event_lines, unfold
from rentalsync_pipeline.calendars.meaning import Interpreter, recognise
from rentalsync_pipeline.calendars.nights import Clock
from rentalsync_pipeline.calendars.recurrence import Budget
from rentalsync_pipeline.calendars.series import Series, repeats
from rentalsync_pipeline.calendars.values import UnreadableError, moment
from rentalsync_pipeline.calendars.versions import Instances, Version, in_force
from rentalsync_pipeline.calendars.zones import Zones
from rentalsync_pipeline.core.model import Reading, Rejected

MAX_EVENTS = 100_000
"""No listing has more in its calendar; what follows is not read."""
_SAMPLE = 50
_LONGEST_UID = 255
_NO_STAMP: Property = b"", b""
_MAX_TESTED_DAYS = 1_000_000


def read_calendar(body: bytes, *, timezone: str, today: date, end_is_last_night: bool = False) -> Reading:
    """The bookings of a calendar, as its listing's zone and the local day of reading make them.

    Whatever the bytes, the answer is a reading: an event that can't be read is `Rejected` and doesn't
    spoil the rest. Bookings come ordered by nights, whatever their order in the body.
    """
    unfolded = unfold(body)
    headline = header(unfolded)
    dialect = recognise(headline.text, islice(events(unfolded), _SAMPLE))
    budget = Budget(_MAX_TESTED_DAYS)
    clock = Clock(ZoneInfo(timezone), Zones(unfolded, budget), end_is_last_night)
    reader = _Reader(clock, Series(clock, today, budget), Interpreter.of(dialect, today))
    bookings = in_force(list(reader.versions(unfolded)))
    return Reading(
        bookings=bookings,
        rejected=_rejected(reader.unread, body),
        events=reader.count,
        dialect=dialect.name,
        prodid=headline.prodid,
        recurring=reader.recurring,
        made=_made(reader.stamps) if dialect.stamps_answers else None,
        tail_is_sure=dialect.tail_is_sure,
    )


class _Reader:
    """Reads the events of one calendar, and remembers those that it can't."""

    def __init__(self, clock: Clock, series: Series, interpreter: Interpreter) -> None:
        self._clock = clock
        self._series = series
        self._interpreter = interpreter
        self.count = 0
        self.recurring = False
        self.stamps: set[bytes] = set()
        self.unread: list[tuple[int, Rejected]] = []
        """By the number of the event, whose line is not known yet."""

    def versions(self, unfolded: bytes) -> Iterator[Version]:
        for event in events(unfolded):
            if self.count == MAX_EVENTS:
                self._leave(event, f"the calendar has more than {MAX_EVENTS} events")
                return
            self.count += 1
            try:
                yield self._version(event)
            except UnreadableError as error:
                self._leave(event, str(error))
            except OverflowError:
                self._leave(event, "lies beyond all calendars")

    def _leave(self, event: RawEvent, reason: str) -> None:
        self.unread.append((event.number, Rejected(reason, event.text("UID") or None)))

    def _version(self, event: RawEvent) -> Version:
        if not event.ended:
            raise UnreadableError("the event does not end")
        properties = event.properties
        self.stamps.add(properties.get("DTSTAMP", _NO_STAMP)[1])
        instance = self._instance(properties["RECURRENCE-ID"]) if "RECURRENCE-ID" in properties else None
        uid = _identity(event.text("UID"))
        return Version(
            uid=uid,
            instance=instance,
            sequence=_number(event.text("SEQUENCE")) if "SEQUENCE" in properties else 0,
            bookings=self._bookings(event, uid, instance),
            marker=self._interpreter.is_marker(event),
        )

    def _instance(self, line: Property) -> date:
        return self._clock.day(self._clock.moment("RECURRENCE-ID", line))

    def _bookings(self, event: RawEvent, uid: str, instance: date | None) -> Instances:
        if self._interpreter.is_free(event):
            return ()
        if instance or not repeats(event):
            nights = self._clock.nights(event.properties)
            return tuple(self._interpreter.bookings(event, uid, [(instance, nights)]))
        self.recurring = True
        return tuple(self._interpreter.bookings(event, uid, self._series.instances(event).items()))


def _identity(uid: str) -> str:
    """The UID, or the digest of one that is longer than what RFC 5545 §3.8.4.7 asks anybody to keep."""
    return uid if len(uid) <= _LONGEST_UID else sha256(uid.encode()).hexdigest()


def _made(stamps: set[bytes]) -> datetime | None:
    """The one moment that all events bear as their DTSTAMP."""
    if len(stamps) != 1:
        return None
    try:
        said = moment(next(iter(stamps)))
    except UnreadableError:
        return None
    return said if isinstance(said, datetime) and said.tzinfo is UTC else None


def _number(written: str) -> int:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else 0


def _rejected(unread: list[tuple[int, Rejected]], body: bytes) -> tuple[Rejected, ...]:
    lines = dict(enumerate(event_lines(body))) if unread else {}
    return tuple(replace(rejected, line=lines.get(number)) for number, rejected in unread)
