"""Events to nights: from which local date to which an event occupies a listing.

Belongs here: the rules of domain dates, from DTSTART, DTEND and DURATION to check-in and check-out.
Does not: the syntax of values (`values`), repetition (`series`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from rentalsync_pipeline.calendars.lines import Property, zone_name
from rentalsync_pipeline.calendars.values import Moment, UnreadableError, duration, moment
from rentalsync_pipeline.calendars.zones import Zones

_NIGHT = timedelta(days=1)

Nights = tuple[date, date]
"""Check-in and check-out: at least one night lies between them."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Reads times for one listing, whose zone is `home`."""

    home: tzinfo
    zones: Zones
    end_is_last_night: bool = False
    """DTEND names the last night instead of the day of departure."""

    def nights(self, properties: Mapping[str, Property]) -> Nights:
        """The nights of an event; `UnreadableError` (or `OverflowError`) where its dates make no sense."""
        return self.between(*self.bounds(properties))

    def bounds(self, properties: Mapping[str, Property]) -> tuple[Moment, Moment | None]:
        """When an event begins and ends; it may say nothing of its end."""
        if "DTSTART" not in properties:
            raise UnreadableError("no DTSTART")
        start = self.moment("DTSTART", properties["DTSTART"])
        if "DTEND" in properties:
            return start, self.moment("DTEND", properties["DTEND"])
        if "DURATION" in properties:
            return start, start + duration(properties["DURATION"][1])
        return start, None

    def between(self, start: Moment, end: Moment | None) -> Nights:
        """The nights from `start` to `end`, which is exclusive; one night where it adds none."""
        check_in = self.day(start)
        if end is None:
            return check_in, check_in + _NIGHT
        check_out = self.day(end)
        if check_out < check_in or (check_out == check_in and _reversed(start, end)):
            raise UnreadableError("it ends before it begins")
        if self.end_is_last_night:
            check_out += _NIGHT
        return check_in, max(check_out, check_in + _NIGHT)

    def moment(self, name: str, line: Property) -> Moment:
        """What a line says; a time without a zone, or with one nobody knows, is the listing's own."""
        head, value = line
        try:
            said = moment(value)
        except UnreadableError as error:
            raise UnreadableError(f"{name} {error}") from error
        if not isinstance(said, datetime) or said.tzinfo:
            return said
        named = zone_name(head)
        return said.replace(tzinfo=(named and self.zones.find(named)) or self.home)

    def day(self, said: Moment) -> date:
        """The date on which a moment falls at the listing."""
        if not isinstance(said, datetime):
            return said
        return said.astimezone(self.home).date()


def _reversed(start: Moment, end: Moment) -> bool:
    return isinstance(start, datetime) and isinstance(end, datetime) and end < start
