"""Which bookings of a listing are one stay, and which closures are only copies of one.

Belongs here: the rules in their order, and their measures. Does not: applying them, which DuckDB does
set-based (`warehouse/queries/match_*.sql`).
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum


class Rule(StrEnum):
    """Why a booking belongs to a stay, strongest evidence first."""

    CODE = "code"
    OWN_UID = "own_uid"
    SAME_NIGHTS = "same_nights"
    MIRROR = "mirror"
    DISTINCT = "distinct"


RULES: dict[Rule, str] = {
    Rule.CODE: "it bears the same reservation code",
    Rule.OWN_UID: "it is an event of our own feeds that came back: an echo",
    Rule.SAME_NIGHTS: "it holds the same nights, and names that channel as its source or came later: an echo",
    Rule.MIRROR: "it closes only nights that other channels' stays hold, and did so later: an echo",
    Rule.DISTINCT: "nothing ties it to another record",
}
"""Each rule in words for `explain`."""

OTAS = frozenset({"airbnb", "booking_com", "expedia", "fewo_direkt"})
"""Channels that sell under codes of their own: one code from two of them is a coincidence, no match."""

PREPARATION = 3
"""Nights that a channel may close for preparation at each end of what it imported. Only a block is read
so: the same nights of a closure without a reason (Booking.com) may be a guest."""

LONGEST_COPY = 366
"""Nights; what is longer is never taken for a copy."""

GRACE = timedelta(hours=8)
"""How long an echo outlives its original before it counts by itself: two poll cycles of the slowest
importer (1 to 4 hours in, by operators' reports)."""

RETURNS = timedelta(hours=6)
"""What comes back within this time was never gone: channels drop nights for up to 6 hours (measured)."""

LAGS_WANTED = 10
"""How many imports must have been seen before a channel's lag counts in the time test."""


def earliest_copy(shortest: timedelta, seen: int) -> timedelta:
    """How soon after our publishing a channel that imports our feed may show the copy.

    Half of the shortest lag seen: what is closed sooner wasn't imported. Nothing is known from few.
    """
    return shortest / 2 if seen >= LAGS_WANTED else timedelta(0)
