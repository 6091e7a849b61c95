"""Names of time zones, as producers write them, to zones.

Belongs here: IANA names with whatever is put before them, the names of Windows, and names that mean
nothing but what the calendar's own VTIMEZONE says. Does not: reading VTIMEZONEs (`defined_zones`),
writing them (`vtimezone`).
"""

from __future__ import annotations

from datetime import tzinfo
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from rentalsync_pipeline.calendars.defined_zones import DefinedZone, defined_zones
from rentalsync_pipeline.calendars.recurrence import Budget


@lru_cache(maxsize=1024)
def named_zone(name: str) -> ZoneInfo | None:
    """The zone of a name: `Europe/Rome`, `/example.org/2018/Europe/Rome`, `Romance Standard Time`."""
    known = _names()
    parts = name.strip().strip("/").casefold().split("/")
    for start in range(max(len(parts) - 3, 0), len(parts)):
        if key := known.get("/".join(parts[start:])):
            return ZoneInfo(key)
    return None


@cache
def _names() -> dict[str, str]:
    windows = {name.casefold(): zone for name, zone in WINDOWS_TO_OLSON.items()}
    return windows | {name.casefold(): name for name in available_timezones()}


class Zones:
    """The zones that the TZIDs of one calendar mean.

    A known name wins over the definition that comes with it: these are cut short or wrong more often
    than the names are.
    """

    def __init__(self, unfolded: bytes, budget: Budget) -> None:
        self._unfolded = unfolded
        self._budget = budget
        self._defined: dict[str, DefinedZone] | None = None

    def find(self, name: str) -> tzinfo | None:
        """The zone of a TZID; `None` where nobody knows it."""
        if zone := named_zone(name):
            return zone
        if self._defined is None:
            self._defined = defined_zones(self._unfolded, self._budget)
        return self._defined.get(name)
