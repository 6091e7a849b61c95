"""A calendar's bytes to bookings: the way through the room.

Belongs here: the order of the steps, identity within one reading, and what becomes of events that can't
be read. Does not: the steps (`events`, `nights`, `series`, `meaning`), comparing readings (`core`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from operator import attrgetter
from zoneinfo import ZoneInfo

from rentalsync_pipeline.calendars.events import RawEvent, events, header
from rentalsync_pipeline.calendars.lines import event_lines, unfold
from rentalsync_pipeline.calendars.meaning import Interpreter, recognise
from rentalsync_pipeline.calendars.nights import Clock
from rentalsync_pipeline.calendars.recurrence import Budget
from rentalsync_pipeline.calendars.series import Series, repeats
from rentalsync_pipeline.calendars.values import UnreadableError
from rentalsync_pipeline.calendars.zones import Zones
from rentalsync_pipeline.core.model import Booking, Reading, Rejected

_SAMPLE = 50
_MAX_TESTED_DAYS = 1_000_000
MAX_EVENTS = 100_000
"""No listing has more in its calendar; what follows is not read."""


@dataclass(slots=True)
class _Version:
    """What one VEVENT says: its bookings by instance, several for a series, none where it is free."""

    uid: str
    instance: date | None
    sequence: int
    bookings: dict[date | None, Booking]
    marker: bool = False


def read_calendar(body: bytes, *, timezone: str, today: date, end_is_last_night: bool = False) -> Reading:
    """The bookings of a calendar, as its listing's zone and the local day of reading make them.

    Whatever the bytes, the answer is a reading: an event that can't be read is `Rejected` and doesn't
    spoil the rest. Bookings come ordered by nights, so that their order in the body doesn't matter.
    """
    unfolded = unfold(body)
    written = header(unfolded)
    dialect = recognise(written, islice(events(unfolded), _SAMPLE))
    budget = Budget(_MAX_TESTED_DAYS)
    clock = Clock(ZoneInfo(timezone), Zones(unfolded, budget), end_is_last_night)
    reader = _Reader(clock, Series(clock, today, budget), Interpreter.of(dialect, today))
    versions = list(reader.versions(islice(events(unfolded), MAX_EVENTS)))
    return Reading(
        bookings=_distinct(_in_force(_latest(versions))),
        rejected=_rejected(reader.unread, body),
        events=reader.count,
        dialect=dialect.name,
        prodid=_prodid(written),
        recurring=reader.recurring,
    )


class _Reader:
    """Reads the events of one calendar, and remembers those that it can't."""

    def __init__(self, clock: Clock, series: Series, interpreter: Interpreter) -> None:
        self.clock = clock
        self.series = series
        self.interpreter = interpreter
        self.count = 0
        self.recurring = False
        self.unread: list[tuple[RawEvent, str]] = []

    def versions(self, found: Iterable[RawEvent]) -> Iterator[_Version]:
        for event in found:
            self.count += 1
            try:
                yield self._version(event)
            except UnreadableError as error:
                self.unread.append((event, str(error)))
            except OverflowError:
                self.unread.append((event, "lies beyond all calendars"))

    def _version(self, event: RawEvent) -> _Version:
        if not event.ended:
            raise UnreadableError("the event does not end")
        properties = event.properties
        instance = None
        if "RECURRENCE-ID" in properties:
            instance = self.clock.day(self.clock.moment("RECURRENCE-ID", properties["RECURRENCE-ID"]))
        return _Version(
            uid=event.text("UID"),
            instance=instance,
            sequence=_number(event.text("SEQUENCE")),
            bookings=self._bookings(event, instance),
            marker=self.interpreter.is_marker(event),
        )

    def _bookings(self, event: RawEvent, instance: date | None) -> dict[date | None, Booking]:
        if self.interpreter.is_free(event):
            return {}
        booking = self.interpreter.booking
        if instance or not repeats(event):
            return {instance: booking(event, self.clock.nights(event.properties), instance)}
        self.recurring = True
        return {day: booking(event, nights, day) for day, nights in self.series.instances(event).items()}


def _number(written: str) -> int:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else 0


def _latest(versions: list[_Version]) -> list[_Version]:
    """Without the versions of an event that a higher SEQUENCE has replaced (RFC 5545 §3.8.7.4)."""
    highest: dict[tuple[str, date | None], int] = {}
    for version in versions:
        identity = version.uid, version.instance
        highest[identity] = max(version.sequence, highest.get(identity, 0))
    return [v for v in versions if not v.uid or v.sequence == highest[v.uid, v.instance]]


def _in_force(versions: list[_Version]) -> list[Booking]:
    """The bookings that no other event replaces.

    An instance of a series gives way to the event that names it by its RECURRENCE-ID; a marker to the
    stay that it marks, where that is there itself.
    """
    replaced = {(version.uid, version.instance) for version in versions if version.instance}
    stays: list[Booking] = []
    markers: list[Booking] = []
    for version in versions:
        for instance, booking in version.bookings.items():
            if version.instance or (version.uid, instance) not in replaced:
                (markers if version.marker else stays).append(booking)
    turnovers = {day for stay in stays for day in (stay.check_in, stay.check_out)} if markers else ()
    return stays + [marker for marker in markers if marker.check_in not in turnovers]


def _distinct(bookings: list[Booking]) -> tuple[Booking, ...]:
    """In the order of their nights, each once; where a key is doubled, the later ones add their start."""
    kept: dict[str, Booking] = {}
    doubles: Counter[str] = Counter()
    last: Booking | None = None
    for booking in sorted(bookings, key=attrgetter("check_in", "check_out", "key")):
        if last and last.key == booking.key and last == booking:
            continue
        last, key = booking, booking.key
        while key in kept:
            key = f"{booking.key}/{booking.check_in.isoformat()}"
            doubles[key] += 1
            if doubles[key] > 1:
                key = f"{key}#{doubles[key]}"
        kept[key] = booking if key == booking.key else replace(booking, key=key)
    return tuple(kept.values())


def _rejected(unread: list[tuple[RawEvent, str]], body: bytes) -> tuple[Rejected, ...]:
    if not unread:
        return ()
    lines = event_lines(body)
    return tuple(
        Rejected(
            reason, event.text("UID") or None, lines[event.number] if event.number < len(lines) else None
        )
        for event, reason in unread
    )


def _prodid(written: str) -> str | None:
    for line in written.splitlines():
        if line.startswith("PRODID:"):
            return line.removeprefix("PRODID:")
    return None
