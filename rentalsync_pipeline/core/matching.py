"""Which bookings of a listing are one stay.

Belongs here: the rules in their order. Does not: applying them, which DuckDB does set-based
(`warehouse/queries/match_*.sql`).
"""

from __future__ import annotations

from enum import StrEnum


class Rule(StrEnum):
    """Why a booking belongs to a stay, strongest evidence first."""

    CODE = "code"
    OWN_UID = "own_uid"
    DISTINCT = "distinct"


RULES: dict[Rule, str] = {
    Rule.CODE: "it bears the same reservation code",
    Rule.OWN_UID: "it is an event of our own feeds that came back: an echo",
    Rule.DISTINCT: "nothing ties it to another record",
}
"""Each rule in words for `explain`."""

OTAS = frozenset({"airbnb", "booking_com", "expedia", "fewo_direkt"})
"""Channels that sell under codes of their own: one code from two of them is a coincidence, no match."""
