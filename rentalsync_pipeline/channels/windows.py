"""A calendar of windows: how a large account is asked for everything, piece by piece.

Belongs here: which windows there are and which are due. Pure. Does not: asking for them (`account`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

AHEAD = 24
"""Months from today that are cut into windows; no channel sells further than that by the night."""

BEYOND = 12
"""More months that the last window holds: whatever somebody entered by hand."""

NEAR = timedelta(days=92)
"""Windows that begin within it are asked for more often: what is wrong there costs most."""


@dataclass(frozen=True, slots=True)
class Window:
    """Days, from the first to the last, both of them in it."""

    first: date
    last: date

    @property
    def name(self) -> str:
        """What it is known by from one sync to the next: windows begin with a month."""
        return self.first.isoformat()

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def windows(today: date, months: int) -> Iterator[Window]:
    """All windows of so many months (1, 2, 3, 4, 6 or 12), from the one that holds today."""
    first = date(today.year, today.month - (today.month - 1) % months, 1)
    while (after := _later(first, months)) <= _later(today.replace(day=1), AHEAD):
        yield Window(first, after - timedelta(days=1))
        first = after
    yield Window(first, _later(first, BEYOND) - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Tide:
    """How often windows are asked for: the near ones, and all."""

    near: timedelta
    all: timedelta


def due(today: date, months: int, swept: Mapping[str, datetime], now: datetime, tide: Tide) -> list[Window]:
    """The windows whose turn has come, those that were never asked for first, nearest first."""

    def is_due(window: Window) -> bool:
        last = swept.get(window.name)
        every = tide.near if window.first <= today + NEAR else tide.all
        return last is None or now >= last + every

    waiting = filter(is_due, windows(today, months))
    return sorted(waiting, key=lambda each: (each.name in swept, each.first))


def _later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)
