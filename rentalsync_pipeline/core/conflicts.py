"""When two distinct occupations of one night are a double booking.

Belongs here: the table of pairs. Does not: finding them (`warehouse/queries/conflicts.sql`), words for
people (`operations.looking.conflicts`). Back-to-back stays share no night and never come here.
"""

from __future__ import annotations

from enum import StrEnum

from rentalsync_pipeline.core.model import Kind


class Certainty(StrEnum):
    """How sure we are that the same night was sold twice."""

    CERTAIN = "certain"
    """Both are reservations by their own channels' marks."""
    POSSIBLE = "possible"
    """One of them may be a closure or a copy: its channel doesn't say."""
    TO_CONFIRM = "to_confirm"
    """Taken for a copy without knowing who was first, as a channel had just been connected."""


class Verdict(StrEnum):
    """What a person says of two stays; it holds until a person takes it back."""

    ECHO = "echo"
    """One is a copy of the other."""
    REAL = "real"
    """Both are what they seem, and it has been dealt with."""


CERTAINTY: dict[tuple[Kind, Kind], Certainty] = {
    (Kind.RESERVATION, Kind.RESERVATION): Certainty.CERTAIN,
    (Kind.RESERVATION, Kind.TENTATIVE): Certainty.POSSIBLE,
    (Kind.TENTATIVE, Kind.RESERVATION): Certainty.POSSIBLE,
    (Kind.TENTATIVE, Kind.TENTATIVE): Certainty.POSSIBLE,
    (Kind.RESERVATION, Kind.UNKNOWN): Certainty.POSSIBLE,
    (Kind.UNKNOWN, Kind.RESERVATION): Certainty.POSSIBLE,
    (Kind.TENTATIVE, Kind.UNKNOWN): Certainty.POSSIBLE,
    (Kind.UNKNOWN, Kind.TENTATIVE): Certainty.POSSIBLE,
    (Kind.UNKNOWN, Kind.UNKNOWN): Certainty.POSSIBLE,
}
"""Pairs that are not here (a block over anything, a horizon) are no conflict."""
