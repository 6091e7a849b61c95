"""The nights that a reservation gives up by moving wait like a booking that vanished."""

from __future__ import annotations

import pytest

from rentalsync_pipeline_tests.operations.dialects import airbnb, reservation, vrbo
from rentalsync_pipeline_tests.operations.town import Town, nights

ANNA = reservation("HMANNA2345", "2026-12-01", 4)
CLEO = reservation("cleo", "2026-12-01", 4, "Cleo")
OLD = nights("2026-12-01", 4)


@pytest.fixture
def loft(town: Town) -> Town:
    town.connect("loft-airbnb", airbnb(ANNA))
    town.apply()
    town.sync()
    return town


def move(town: Town, first: str, count: int = 4, minutes: float = 15) -> None:
    town.show(loft_airbnb=airbnb(ANNA.moved(first, count)))
    town.sync(minutes=minutes)


@pytest.mark.parametrize(
    ("first", "count"),
    [
        ("2026-12-03", 4),  # later, over some of the same nights
        ("2026-11-29", 4),  # earlier
        ("2026-12-02", 2),  # shorter at both ends
        ("2026-12-05", 4),  # right after
        ("2027-01-10", 4),  # far away
    ],
)
def test_the_nights_left_are_free_after_a_second_good_answer(loft: Town, first: str, count: int) -> None:
    new = nights(first, count)
    move(loft, first, count)
    assert loft.nights("loft") == OLD | new
    loft.sync(minutes=29)
    assert loft.nights("loft") == OLD | new
    loft.sync(minutes=1)
    assert loft.nights("loft") == new
    assert {row["cause"] for row in loft.table("FROM bookings WHERE state = 'cancelled'")} == {"moved_away"}
    assert loft.log()["loft-airbnb"]["cancelled"] == 0


def test_a_failed_answer_confirms_no_move(loft: Town) -> None:
    move(loft, "2027-01-10")
    loft.show(loft_airbnb=None)
    loft.sync(minutes=60)
    assert loft.nights("loft") == OLD | nights("2027-01-10", 4)


def test_moving_back_in_time_was_no_move(loft: Town) -> None:
    (before,) = loft.events("loft")
    move(loft, "2026-12-03")
    move(loft, "2026-12-01")
    loft.sync(minutes=30)
    (now,) = loft.events("loft")
    assert (now.uid, now.nights) == (before.uid, OLD)
    assert not OLD & {row["first_night"] for row in loft.table("FROM changes WHERE NOT busy")}


def test_moving_twice_keeps_the_nights_of_both_until_each_is_confirmed(loft: Town) -> None:
    move(loft, "2026-12-10")
    move(loft, "2026-12-20")
    everything = OLD | nights("2026-12-10", 4) | nights("2026-12-20", 4)
    assert loft.nights("loft") == everything
    loft.sync(minutes=15)
    assert loft.nights("loft") == everything - OLD
    loft.sync(minutes=15)
    assert loft.nights("loft") == nights("2026-12-20", 4)


def test_nights_that_are_left_again_wait_anew(loft: Town) -> None:
    """A channel that writes now one thing, now the other, frees neither."""
    for _ in range(4):
        move(loft, "2026-12-10", minutes=20)
        assert loft.nights("loft") >= OLD
        move(loft, "2026-12-01", minutes=20)
        assert loft.nights("loft") >= OLD


def test_a_move_onto_some_of_the_nights_just_left_keeps_the_others_waiting(loft: Town) -> None:
    move(loft, "2026-12-10")
    move(loft, "2026-12-03")
    assert loft.nights("loft") == nights("2026-12-01", 6) | nights("2026-12-10", 4)
    loft.sync(minutes=30)
    assert loft.nights("loft") == nights("2026-12-03", 4)


def test_a_guest_who_leaves_early_frees_the_nights_after_a_second_good_answer(loft: Town) -> None:
    loft.sync(days=12)
    move(loft, "2026-12-01", 2)
    assert loft.nights("loft") == OLD
    loft.sync(minutes=30)
    assert loft.nights("loft") == nights("2026-12-01", 2)


def test_a_move_to_other_dates_ends_a_double_booking_at_once(town: Town) -> None:
    town.connect("loft-airbnb", airbnb(ANNA))
    town.connect("loft-fewo-direkt", vrbo(CLEO))
    town.apply()
    town.sync()
    town.show(loft_fewo_direkt=vrbo(CLEO.moved("2026-12-10")))
    town.sync()
    assert town.table("FROM conflicts WHERE resolved IS NULL") == []


def test_who_believes_the_first_answer_believes_a_move_at_once(loft: Town) -> None:
    loft.connections["loft-airbnb"]["absence"] = {"misses": 1, "minutes": 0}
    loft.apply()
    move(loft, "2027-01-10")
    assert loft.nights("loft") == nights("2027-01-10", 4)
