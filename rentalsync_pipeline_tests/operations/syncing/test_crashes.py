"""A sync that dies anywhere is finished by the next one, as if nothing had happened."""

from __future__ import annotations

import subprocess
import sys

import pytest

from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline_tests.operations.crashes import Died, dying_at, truth
from rentalsync_pipeline_tests.operations.dialects import (
    airbnb,
    block,
    booking_com,
    closed,
    reservation,
    vrbo,
)
from rentalsync_pipeline_tests.operations.town import NewTown, Town

ANNA = reservation("HMANNA2345", "2026-12-01", 3)
BEN = reservation("HMBENN2345", "2026-12-10", 2)
CLEO = reservation("cleo", "2026-12-20", 3, "Cleo")
DAN = reservation("dan", "2027-02-01", 2, "Dan")


@pytest.fixture
def eventful(town: Town) -> Town:
    """A town in which everything happens at once that can happen to one."""
    for quiet in ("villa", "attic"):
        town.listing(quiet, feed={"audiences": ["owner"]})
    town.connect(
        "loft-airbnb", airbnb(ANNA, BEN, block("2026-12-15", 2)), absence={"misses": 1, "minutes": 0}
    )
    town.connect("loft-booking-com", booking_com(closed("2026-12-24", 5), closed("2027-01-10", 2)))
    town.connect("villa-fewo-direkt", vrbo(CLEO, DAN))
    town.connect("attic-airbnb", airbnb(reservation("HMATTI2345", "2026-12-01", 9)))
    town.apply()
    town.sync()
    town.show(
        loft_airbnb=airbnb(ANNA.moved("2026-12-02", 4), reservation("HMCLAR2345", "2026-12-25", 2)),
        loft_booking_com=booking_com(closed("2026-12-23", 6)),
        villa_fewo_direkt=vrbo(DAN.cancelled),
    )
    town.listings["cabin"] = town.listings.pop("villa") | {"renamed_from": "villa"}
    town.connections["villa-fewo-direkt"]["listing"] = "cabin"
    del town.connections["attic-airbnb"]
    town.apply(prune=True)
    return town


def test_a_sync_that_dies_at_any_point_is_finished_by_the_next(eventful: Town, new_town: NewTown) -> None:
    undisturbed = new_town("undisturbed", like=eventful)
    with dying_at(0, lambda: None) as points:
        undisturbed.sync()
    undisturbed.sync(minutes=0)
    expected = truth(undisturbed)
    assert len(points) > 15
    for point, name in enumerate(points, 1):
        town = new_town(f"dies-at-{point}", like=eventful)
        with dying_at(point, _die), pytest.raises(Died):
            town.sync()
        town.sync(minutes=0)
        assert truth(town) == expected, name


@pytest.mark.slow
def test_a_sync_that_is_killed_is_finished_by_the_next(eventful: Town, new_town: NewTown) -> None:
    undisturbed = new_town("undisturbed", like=eventful)
    with dying_at(0, lambda: None) as points:
        undisturbed.sync()
    undisturbed.sync(minutes=0)
    expected = truth(undisturbed)
    for point in range(5, len(points), len(points) // 3):
        town = new_town(f"killed-at-{point}", like=eventful)
        town.begin()
        killed = subprocess.run(
            [
                sys.executable,
                "-m",
                "rentalsync_pipeline_tests.operations.crashes",
                str(town.home.folder),
                town.now.isoformat(),
                str(point),
            ],
            check=False,
        )
        assert killed.returncode == -9
        town.sync(minutes=0)
        assert truth(town) == expected, points[point - 1]


def _die() -> None:
    raise Died


def test_two_answers_of_one_connection_that_were_left_are_absorbed_in_their_order(town: Town) -> None:
    town.connect("loft-airbnb", airbnb(ANNA))
    town.apply()
    town.show(loft_airbnb=airbnb(ANNA, BEN))
    town.ask()
    town.show(loft_airbnb=airbnb(ANNA.moved(count=5)))
    town.ask()
    town.sync()
    assert [row["verdict"] for row in town.table("SELECT verdict FROM fetches ORDER BY started")] == [
        "accepted"
    ] * 3
    assert town.states() == {"HMANNA2345": "present", "HMBENN2345": "missing"}
    assert town.table("SELECT misses FROM bookings WHERE code = 'HMBENN2345'") == [{"misses": 2}]
    assert len(town.table("FROM booking_versions WHERE code = 'HMANNA2345'")) == 1


def test_an_answer_that_was_left_is_the_last_word_not_what_was_remembered_before_it(town: Town) -> None:
    """Ben was told of once more by an answer that waits in the spool; that the next says what the first
    said must not count as "nothing new"."""
    town.connect("loft-airbnb", airbnb(ANNA))
    town.apply()
    town.sync()
    town.show(loft_airbnb=airbnb(ANNA, BEN))
    town.ask()
    town.show(loft_airbnb=airbnb(ANNA))
    town.sync()
    assert town.log()["loft-airbnb"]["verdict"] == "accepted"
    assert town.states()["HMBENN2345"] == "missing"
    town.show(loft_airbnb=airbnb(ANNA, BEN))
    town.sync()
    assert town.states()["HMBENN2345"] == "present"


def test_what_was_absorbed_but_not_remembered_is_not_compared_with(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.connect("loft-airbnb", airbnb(ANNA, BEN))
    town.apply()
    town.sync()
    town.show(loft_airbnb=airbnb(ANNA))
    monkeypatch.setattr(ControlStore, "save_states", lambda *_: _die())
    with pytest.raises(Died):
        town.sync()
    monkeypatch.undo()
    town.show(loft_airbnb=None)
    town.sync()
    town.show(loft_airbnb=airbnb(ANNA, BEN))
    town.sync(minutes=60)
    assert town.log()["loft-airbnb"]["verdict"] == "accepted"
    assert town.states()["HMBENN2345"] == "present"
