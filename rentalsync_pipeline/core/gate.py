"""The gates that need to know what was read and what was known before.

Belongs here: gate 3 (could it be read at all) and the first rule of gate 4 (is it plausible).
Does not: transport and completeness, which see only the answer (`channels`, `calendars.completeness`).
"""

from __future__ import annotations

from rentalsync_pipeline.core.model import Reading
from rentalsync_pipeline.core.verdict import Failure, Reason


def judge(reading: Reading, ahead: int) -> Failure | None:
    """Why a complete answer must not be used, or `None`.

    `ahead` counts the occupations of this connection that have not ended yet. Booking.com was seen to
    answer a valid calendar without any event at midnight, once in 5,289 fetches, and a full one an hour
    later; to believe it would free a season.
    """
    if reading.events and not reading.bookings and len(reading.rejected) == reading.events:
        return Failure(Reason.UNREADABLE, f"{reading.events} events")
    if not reading.events and ahead:
        return Failure(Reason.EMPTY_AFTER_FULL, f"{ahead} were known")
    return None
