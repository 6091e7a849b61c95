"""Which of the things that the events of a calendar say are in force, and under which keys.

Belongs here: what becomes of doubled UIDs, of instances that another event replaces, and of events that
only mark a stay. Does not: reading an event (`reading`), identity between readings (`core`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from rentalsync_pipeline.core.model import Booking

_NIGHTS_AND_KEY = attrgetter("check_in", "check_out", "key")
_TOLD = attrgetter("kind", "status", "uid", "code", "guest_name", "phone_last4", "guests", "url")

Instances = tuple[tuple[date | None, Booking], ...]
"""Bookings by the day on which each was to begin, `None` where the event is no series."""


class Version(NamedTuple):
    """What one VEVENT says of the event `uid`, or of the instance of it that was to begin on a day."""

    uid: str
    instance: date | None
    sequence: int
    bookings: Instances
    """Several for a series, none where the event takes no time."""
    marker: bool
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
    """Each once; where a key is doubled, the earliest keeps it and the others add their check-in to it."""
    ordered = sorted(bookings, key=_NIGHTS_AND_KEY)
    if len({booking.key for booking in ordered}) == len(ordered):
        return tuple(ordered)
    kept: dict[str, Booking] = {}
    taken: Counter[str] = Counter()
    for _, alike in groupby(ordered, key=_NIGHTS_AND_KEY):
        for booking in _each_once(list(alike)):
            if booking.key in kept:
                key = _another_key(booking, kept, taken)
                kept[key] = replace(booking, key=key)
            else:
                kept[booking.key] = booking
    return tuple(kept.values())


def _each_once(alike: list[Booking]) -> list[Booking]:
    """Equal ones once, in an order that doesn't depend on that of the calendar."""
    if len(alike) == 1:
        return alike
    by_content = {_content(booking): booking for booking in alike}
    return [by_content[content] for content in sorted(by_content)]


def _content(booking: Booking) -> tuple[str, ...]:
    """What two bookings of the same nights may differ in."""
    return *(str(value or "") for value in _TOLD(booking)), *booking.extras.values()


def _another_key(booking: Booking, kept: Mapping[str, Booking], taken: Counter[str]) -> str:
    base = booking.key
    if kept[base].check_in != booking.check_in:
        base = f"{base}/{booking.check_in.isoformat()}"
    key = base
    while key in kept:
        taken[base] += 1
        key = f"{base}#{taken[base] + 1}"
    return key
