"""What is missing stays published until enough good answers confirm it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rentalsync_pipeline_tests.operations.dialects import (
    Nights,
    airbnb,
    block,
    booking_com,
    closed,
    reservation,
)
from rentalsync_pipeline_tests.operations.town import Town, nights

ANNA = reservation("HMANNA2345", "2026-12-01", 3)
BEN = reservation("HMBENN2345", "2026-12-10", 2)
ANNAS, BENS = nights("2026-12-01", 3), nights("2026-12-10", 2)


@pytest.fixture
def loft(town: Town) -> Town:
    """Anna and Ben have booked on Airbnb."""
    town.connect("loft-airbnb", airbnb(ANNA, BEN))
    town.apply()
    town.sync()
    return town


def without_ben(loft: Town, *minutes: float) -> None:
    """Syncs, so many minutes apart, in which Airbnb says nothing of Ben."""
    for passing in minutes:
        loft.show(loft_airbnb=airbnb(ANNA))
        loft.sync(minutes=passing)


def test_a_reservation_missing_once_stays_published(loft: Town) -> None:
    before = loft.files()
    without_ben(loft, 15)
    assert loft.states()["HMBENN2345"] == "missing"
    assert loft.files() == before


def test_a_reservation_missing_twice_within_ten_minutes_stays_published(loft: Town) -> None:
    before = loft.files()
    without_ben(loft, 15, 10)
    assert loft.states()["HMBENN2345"] == "missing"
    assert loft.files() == before


def test_a_reservation_missing_twice_half_an_hour_apart_is_cancelled(loft: Town) -> None:
    without_ben(loft, 15, 30)
    booking = loft.table("FROM bookings WHERE code = 'HMBENN2345'")[0]
    assert (booking["state"], booking["cause"]) == ("cancelled", "confirmed_absent")
    assert loft.nights("loft") == ANNAS
    assert loft.log()["loft-airbnb"]["cancelled"] == 1


def test_an_answer_that_says_what_the_last_one_said_confirms_an_absence(loft: Town) -> None:
    without_ben(loft, 15, 30)
    assert loft.log()["loft-airbnb"]["verdict"] == "unchanged"
    assert loft.states()["HMBENN2345"] == "cancelled"


def test_a_failed_answer_confirms_nothing(loft: Town) -> None:
    without_ben(loft, 15)
    loft.show(loft_airbnb=None)
    loft.sync(minutes=30)
    loft.sync(minutes=30)
    assert loft.states()["HMBENN2345"] == "missing"
    assert loft.nights("loft") == ANNAS | BENS
    without_ben(loft, 15)
    assert loft.nights("loft") == ANNAS


def test_a_reservation_that_comes_back_in_time_was_never_gone(loft: Town) -> None:
    before = loft.files()
    without_ben(loft, 15)
    loft.show(loft_airbnb=airbnb(ANNA, BEN))
    loft.sync()
    assert loft.files() == before
    booking = loft.table("FROM bookings WHERE code = 'HMBENN2345'")[0]
    assert (booking["state"], booking["misses"], booking["missing_since"]) == ("present", 0, None)
    without_ben(loft, 30)
    assert loft.states()["HMBENN2345"] == "missing"


def test_a_reservation_that_comes_back_too_late_is_the_same_event_again(loft: Town) -> None:
    was = loft.events("loft")[1]
    without_ben(loft, 15, 30)
    loft.show(loft_airbnb=airbnb(ANNA, BEN))
    loft.sync()
    again = loft.events("loft")[1]
    assert (again.uid, again.first, again.end) == (was.uid, was.first, was.end)
    assert again.sequence > was.sequence
    assert again.modified == loft.now


@pytest.mark.parametrize(
    ("policy", "minutes", "state"),
    [
        ({"misses": 1, "minutes": 0}, [15], "cancelled"),
        ({"misses": 3, "minutes": 30}, [15, 30], "missing"),
        ({"misses": 3, "minutes": 30}, [15, 30, 15], "cancelled"),
        ({"misses": 2, "minutes": 120}, [15, 60, 59], "missing"),
        ({"misses": 2, "minutes": 120}, [15, 60, 60], "cancelled"),
    ],
)
def test_each_connection_may_have_a_patience_of_its_own(
    town: Town, policy: dict[str, int], minutes: list[float], state: str
) -> None:
    town.connect("loft-airbnb", airbnb(ANNA, BEN), absence=policy)
    town.apply()
    town.sync()
    without_ben(town, *minutes)
    assert town.states()["HMBENN2345"] == state


def test_a_reservation_that_is_said_to_be_cancelled_frees_at_once(loft: Town) -> None:
    loft.show(loft_airbnb=airbnb(ANNA, BEN.cancelled))
    loft.sync()
    assert loft.nights("loft") == ANNAS
    booking = loft.table("FROM bookings WHERE code = 'HMBENN2345'")[0]
    assert (booking["state"], booking["cause"]) == ("cancelled", "said_cancelled")
    loft.show(loft_airbnb=airbnb(ANNA))
    loft.sync(minutes=60)
    assert loft.states()["HMBENN2345"] == "cancelled"


def test_a_reservation_that_was_never_anything_but_cancelled_is_not_published(town: Town) -> None:
    town.connect("loft-airbnb", airbnb(ANNA, BEN.cancelled))
    town.apply()
    town.sync()
    assert town.nights("loft") == ANNAS


def test_a_guest_who_has_arrived_is_not_cancelled(loft: Town) -> None:
    loft.sync(days=20)
    loft.show(loft_airbnb=airbnb(ANNA))
    loft.sync()
    loft.sync(minutes=60)
    assert loft.today == BEN.first
    assert loft.states()["HMBENN2345"] == "completed"
    assert loft.nights("loft") >= BENS
    assert loft.table("FROM changes WHERE NOT busy") == []


def test_a_guest_who_arrives_while_missing_is_not_cancelled(loft: Town) -> None:
    loft.sync(days=19)
    without_ben(loft, 15)
    assert loft.states()["HMBENN2345"] == "missing"
    without_ben(loft, 24 * 60)
    assert loft.states()["HMBENN2345"] == "completed"


@pytest.mark.parametrize(
    ("channel", "write", "kept", "withdrawn"),
    [
        ("airbnb", airbnb, block("2026-12-01", 3), block("2026-12-10", 2)),
        ("booking-com", booking_com, closed("2026-12-01", 3), closed("2026-12-10", 2)),
    ],
)
def test_blocks_and_closures_follow_the_answer(
    town: Town, channel: str, write: Callable[..., str], kept: Nights, withdrawn: Nights
) -> None:
    town.connect(f"loft-{channel}", write(kept, withdrawn))
    town.apply()
    town.sync()
    assert town.nights("loft") == ANNAS | BENS
    town.calendars[f"loft-{channel}"] = write(kept)
    town.sync()
    assert town.nights("loft") == ANNAS
    assert town.table("SELECT cause FROM bookings WHERE state = 'released'") == [{"cause": "block_withdrawn"}]
