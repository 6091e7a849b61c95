"""Which of the things that the events of a calendar say are in force, and under which keys.

Belongs here: what becomes of doubled UIDs, of instances that another event replaces, and of events that
only mark a stay. Does not: reading an event (`reading`), identity between readings (`core`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from operator import attrgetter
from typing import NamedTuple

from rentalsync_pipeline.core.model import Booking

Instances = tuple[tuple[date | None, Booking], ...]
"""Bookings by the day on which each was to begin, `None` where the event is no series."""


class Version(NamedTuple):
    """What one VEVENT says of the event `uid`, or of the instance of it that was to begin on a day."""

    uid: str
    instance: date | None
    sequence: int
    bookings: Instances
    """Several for a series, none where the event takes no time."""
    marker: bool = False
    """It only marks the arrival or departure of a stay."""


def in_force(versions: list[Version]) -> tuple[Booking, ...]:
    """The bookings that nothing replaces, in the order of their nights, each with a key of its own."""
    stays: list[Booking] = []
    markers: list[Booking] = []
    replaced = {(version.uid, version.instance) for version in versions if version.instance}
    for version in _latest(versions):
        for instance, booking in version.bookings:
            if version.instance or (version.uid, instance) not in replaced:
                (markers if version.marker else stays).append(booking)
    return _distinct(stays + _alone(markers, stays))


def _latest(versions: list[Version]) -> list[Version]:
    """Without the versions of an event that a higher SEQUENCE has replaced (RFC 5545 §3.8.7.4)."""
    highest: dict[tuple[str, date | None], int] = {}
    for version in versions:
        identity = version.uid, version.instance
        if version.sequence >= highest.get(identity, 0):
            highest[identity] = version.sequence
    return [v for v in versions if not v.uid or v.sequence == highest[v.uid, v.instance]]


def _alone(markers: list[Booking], stays: list[Booking]) -> list[Booking]:
    """The markers whose stay is not there itself: to drop these would free a night."""
    if not markers:
        return []
    turnovers = {day for stay in stays for day in (stay.check_in, stay.check_out)}
    return [marker for marker in markers if marker.check_in not in turnovers]


def _distinct(bookings: list[Booking]) -> tuple[Booking, ...]:
    """Each once; where a key is doubled, that of the earliest stays and the others add their check-in."""
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
