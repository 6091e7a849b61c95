"""How long each destination takes to import what we publish: for so long it may sell a night that is taken.

Belongs here: reading what was learned. Does not: learning it (`warehouse/queries/match_remember.sql`).
"""

from __future__ import annotations

from dataclasses import dataclass

from rentalsync_pipeline.control.home import Home
from rentalsync_pipeline.operations.reading import snapshot


@dataclass(frozen=True, slots=True)
class Exposure:
    """The time from our publishing of a stay to the first sight of its echo at a channel.

    In seconds; it includes the wait until that channel's calendar is asked again.
    """

    channel: str
    imports: int
    """How many were seen: of a few, the quantiles are no more than what they were."""
    median: int
    nine_of_ten: int
    """So long it took at the most in nine of ten."""


def exposures(home: Home) -> tuple[Exposure, ...]:
    """One per channel that was ever seen to import."""
    with snapshot(home) as rows:
        return tuple(Exposure(**row) for row in rows("read_lags"))
