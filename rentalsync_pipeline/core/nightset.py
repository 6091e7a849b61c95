"""Sets of nights as numbers: fast enough to hold years of answers against each other.

Belongs here: making, cutting and listing such sets. Union, difference and intersection are the operators
of `int`: `|`, `& ~`, `&`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

NightSet = int
"""Bit `n` stands for the night that begins `n` days after 1 January 2000."""

_ORIGIN = date(2000, 1, 1)


def between(first: date, end: date) -> NightSet:
    """The nights `first <= night < end`; none before the year 2000."""
    low, high = (max((day - _ORIGIN).days, 0) for day in (first, end))
    return (1 << high) - (1 << low) if high > low else 0


def singly(nights: NightSet) -> Iterator[NightSet]:
    """Every night as a set of its own, the earliest first."""
    while nights:
        lowest = nights & -nights
        yield lowest
        nights ^= lowest


def ranges(nights: NightSet) -> Iterator[tuple[date, date]]:
    """The stretches of consecutive nights, each with the first night and the day after the last."""
    day = 0
    while nights:
        free = (nights & -nights).bit_length() - 1
        nights >>= free
        taken = (~nights & (nights + 1)).bit_length() - 1
        nights >>= taken
        day += free + taken
        yield _ORIGIN + timedelta(days=day - taken), _ORIGIN + timedelta(days=day)
