"""The order in which channels answer, and in which they write, changes nothing."""

from __future__ import annotations

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rentalsync_pipeline.warehouse.spool import Spool, Spooled
from rentalsync_pipeline_tests.operations.crashes import truth
from rentalsync_pipeline_tests.operations.dialects import (
    airbnb,
    block,
    booking_com,
    closed,
    other,
    reservation,
    vrbo,
)
from rentalsync_pipeline_tests.operations.town import Town

ANNA = reservation("HMANNA2345", "2026-12-01", 3, "Anna")
BEN = reservation("HMBENN2345", "2026-12-10", 2, "Ben")

STORY = [
    {
        "loft-airbnb": (airbnb, [ANNA, BEN, block("2026-12-20", 2), block("2026-12-24", 1)]),
        "loft-ical": (other, [ANNA, BEN.moved("2026-12-09", 2), reservation("R-7", "2027-01-01", 4, "Dan")]),
        "loft-booking-com": (booking_com, [closed("2026-12-02", 4), closed("2026-12-05", 3)]),
        "villa-fewo-direkt": (vrbo, [reservation("a", "2026-12-01", 3, "Ida"), block("2026-12-04", 2)]),
    },
    {
        "loft-airbnb": (airbnb, [ANNA.moved("2027-02-01"), BEN, block("2026-12-20", 5)]),
        "loft-ical": (other, [ANNA, reservation("R-7", "2027-01-02", 4, "Dan")]),
        "loft-booking-com": (booking_com, [closed("2026-12-02", 6), closed("2026-12-08", 1)]),
        "villa-fewo-direkt": (
            vrbo,
            [reservation("b", "2026-12-01", 4, "Ida"), reservation("a", "2026-12-02", 2, "Ida")],
        ),
    },
]
"""What each connection shows at the first and at the second sync: guests in common, overlaps, new ids."""


def live_through(template: Path, random: Random) -> dict[str, object]:
    """The truth after the story, every calendar written and every answer absorbed in a random order."""
    waiting = Spool.waiting

    def in_any_order(spool: Spool) -> list[Spooled]:
        return random.sample(entries := waiting(spool), len(entries))

    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(Spool, "waiting", in_any_order)
        town = Town(Path(folder), template)
        for name in random.sample(sorted(STORY[0]), len(STORY[0])):
            town.connect(name)
        town.apply()
        for shown in STORY:
            town.calendars |= {
                name: write(*random.sample(events, len(events))) for name, (write, events) in shown.items()
            }
            town.sync()
        found = truth(town)
        town.close()
    return found


@pytest.fixture(scope="module")
def in_order(template: Path) -> dict[str, object]:
    return live_through(template, Random(0))


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(1, 2**32))
def test_any_order_gives_the_same_stays_names_and_bytes(
    template: Path, in_order: dict[str, object], seed: int
) -> None:
    assert live_through(template, Random(seed)) == in_order
