"""Names of time zones, as producers write them, to zones.

Belongs here: IANA names with whatever is put before them, and the names of Windows. Does not: conversion
of times (`nights`).
"""

from __future__ import annotations

from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON


@lru_cache(maxsize=1024)
def find_zone(name: str) -> ZoneInfo | None:
    """The zone that a TZID names: `Europe/Rome`, `/example.org/2018/Europe/Rome`, `Romance Standard Time`."""
    known = _names()
    parts = name.strip().strip("/").casefold().split("/")
    for start in range(max(len(parts) - 3, 0), len(parts)):
        if key := known.get("/".join(parts[start:])):
            return ZoneInfo(key)
    return None


@cache
def _names() -> dict[str, str]:
    names = {name.casefold(): name for name in available_timezones()}
    return names | {windows.casefold(): name for windows, name in WINDOWS_TO_OLSON.items()}
