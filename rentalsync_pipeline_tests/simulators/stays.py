"""Bookings in few words, for the tests: `stay("house-01-a", 12, 3)` is three nights from day 12 on."""

from __future__ import annotations

from datetime import date, timedelta

from rentalsync_pipeline_tests.simulators.world import Room

FIRST = date(2026, 11, 20)
"""The day on which the worlds of the tests begin."""


def day(number: int) -> date:
    """So many days after the first."""
    return FIRST + timedelta(days=number)


def stay(listing: str | None, arrival: int, nights: int) -> Room:
    return Room(listing, day(arrival), day(arrival + nights))
