"""The occupancy board: who holds which nights of some listings, night by night.

Belongs here: reading it. Does not: why a night is as it is (`explain`), how it is drawn (`bridge.pages`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from rentalsync_pipeline.control.home import Home
from rentalsync_pipeline.core.conflicts import Certainty
from rentalsync_pipeline.core.model import Kind
from rentalsync_pipeline.operations.reading import Row, snapshot


@dataclass(frozen=True, slots=True)
class Night:
    """A night that is held; of kind `horizon` it is only not sold yet."""

    channel: str
    """Who sold it, where several hold it the one that was known first."""
    kind: Kind
    home: str
    """The listing whose stay it is: a room's night may be held by its house."""
    begins: bool
    """Whether the stay arrives on that day."""
    ends: bool
    """Whether it leaves on the next."""
    stays: int
    """How many hold it."""
    contested: Certainty | None
    """Whether it is sold twice, as an open conflict has it."""


Board = Mapping[str, Mapping[date, Night]]
"""The nights that are held by listing and date; what isn't there is free."""


def board(home: Home, listings: Collection[str], first: date, nights: int) -> Board:
    """The board of these listings, so many nights from `first` on."""
    found: dict[str, dict[date, Night]] = defaultdict(dict)
    until = first + timedelta(days=nights)
    with snapshot(home) as rows:
        for row in rows("read_board", listings=list(listings), first=first, until=until):
            found[row["listing"]][row["night"]] = _night(row)
    return found


def _night(row: Row) -> Night:
    return Night(
        channel=row["channel"],
        kind=Kind(row["kind"]),
        home=row["home"],
        begins=row["begins"],
        ends=row["ends"],
        stays=row["stays"],
        contested=_CERTAINTIES[row["contested"]],
    )


_CERTAINTIES = {True: Certainty.CERTAIN, False: Certainty.POSSIBLE, None: None}
