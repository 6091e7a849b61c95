"""Gate 3: whether a complete answer could be read at all.

Belongs here: that one rule. Does not: transport and completeness, which see only the bytes (`channels`,
`calendars.completeness`), plausibility, which knows what stood before (`plausibility`).
"""

from __future__ import annotations

from rentalsync_pipeline.core.model import Reading
from rentalsync_pipeline.core.verdict import Failure, Reason


def judge(reading: Reading) -> Failure | None:
    """Why a complete answer must not be used, or `None`: it has events, and none of them could be read."""
    if reading.events and not reading.bookings and len(reading.rejected) == reading.events:
        return Failure(Reason.UNREADABLE, f"{reading.events} events")
    return None
