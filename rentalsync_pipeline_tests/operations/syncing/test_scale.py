"""Work is done in batches to bound the memory: where one ends and the next begins is not to be seen.

How long many listings take is measured by `benchmarks/sync_portfolio.py`.
"""

from __future__ import annotations

import pytest

from rentalsync_pipeline.operations.syncing import absorb, match, publish
from rentalsync_pipeline_tests.operations.crashes import truth
from rentalsync_pipeline_tests.operations.dialects import airbnb, booking_com, closed, reservation
from rentalsync_pipeline_tests.operations.town import NewTown, Town

LISTINGS = 24


def synced(town: Town) -> dict[str, object]:
    """What is known after three syncs: the first, one with news of every third listing, a quiet one."""
    for home in range(LISTINGS):
        town.connect(f"home{home}-airbnb", sold(home))
        town.connect(f"home{home}-booking-com", booking_com(closed("2026-12-20", 1 + home % 4)))
    town.apply()
    first = town.sync()
    town.show(**{f"home{home}_airbnb": sold(home, later=1) for home in range(0, LISTINGS, 3)})
    second, third = town.sync(), town.sync()
    assert (first.written, second.rendered, third.written) == (LISTINGS * 4, LISTINGS // 3 * 4, 0)
    return truth(town)


def sold(home: int, later: int = 0) -> str:
    stays = (
        reservation(f"HM{home:04}{stay:04}", f"2026-12-{1 + 6 * stay + later:02}", 1 + (home + stay) % 4)
        for stay in range(5)
    )
    return airbnb(*stays)


def test_the_size_of_a_batch_changes_nothing(new_town: NewTown, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = synced(new_town("at-once"))
    for step in (absorb, match, publish):
        monkeypatch.setattr(step, "_AT_ONCE", 5)
    assert synced(new_town("in-batches")) == at_once
