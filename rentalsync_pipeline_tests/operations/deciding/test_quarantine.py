"""A suspicious answer may add, but never take."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from rentalsync_pipeline.core.verdict import Reason
from rentalsync_pipeline_tests.operations.dialects import (
    airbnb,
    block,
    booking_com,
    closed,
    reservation,
    tail,
    vrbo,
)
from rentalsync_pipeline_tests.operations.town import Row, Town, nights

ANNA = reservation("HMANNA2345", "2026-12-01", 3)
BEN = reservation("HMBENN2345", "2026-12-10", 2)
CLEO = reservation("HMCLEO2345", "2026-12-20", 2)
DAN = reservation("HMDANN2345", "2027-01-05", 4)
ALL = nights("2026-12-01", 3) | nights("2026-12-10", 2) | nights("2026-12-20", 2)
DANS = nights("2027-01-05", 4)
DAY = 24 * 60
HORIZON = date(2028, 5, 20)
"""Booking.com's, on the day of these stories."""


@pytest.fixture
def loft(town: Town) -> Town:
    """Three guests have booked on Airbnb; the loft is sold on Vrbo as well."""
    town.connect("loft-airbnb", airbnb(ANNA, BEN, CLEO))
    town.connect("loft-fewo-direkt", vrbo())
    town.apply()
    town.sync()
    return town


def quarantines(town: Town) -> list[Row]:
    return town.table("SELECT * EXCLUDE (run_id, fetch_id) FROM quarantines ORDER BY quarantine")


def test_an_answer_that_loses_two_and_brings_one_frees_nothing_and_blocks_the_new_one(loft: Town) -> None:
    loft.show(loft_airbnb=airbnb(ANNA, DAN))
    loft.sync()
    noted = loft.log()["loft-airbnb"]
    assert (noted["verdict"], noted["reason"], noted["created"]) == ("quarantined", Reason.DOUBTFUL, 1)
    for audience in ("owner", "busy", "for-fewo_direkt"):
        assert loft.nights("loft", audience) == ALL | DANS
    assert set(loft.states().values()) == {"present"}
    (quarantine,) = quarantines(loft)
    assert (quarantine["connection"], quarantine["since"]) == ("loft-airbnb", loft.now.replace(tzinfo=None))
    assert (len(quarantine["lost"]), quarantine["doubts"]) == (2, ["mass_loss"])


def test_a_quarantine_ends_when_the_bookings_return(loft: Town) -> None:
    loft.show(loft_airbnb=airbnb(ANNA, DAN))
    loft.sync()
    loft.show(loft_airbnb=airbnb(ANNA, BEN, CLEO, DAN))
    loft.sync()
    assert loft.log()["loft-airbnb"]["verdict"] == "accepted"
    assert loft.nights("loft") == ALL | DANS
    (quarantine,) = quarantines(loft)
    assert (quarantine["ending"], quarantine["resolved"]) == ("restored", loft.now.replace(tzinfo=None))
    state = loft.stores.control.states()["loft-airbnb"]
    assert (state.failures, state.last_reason, state.last_ok) == (0, None, loft.now)


def test_what_a_suspicious_answer_added_waits_like_any_booking_when_it_is_gone(loft: Town) -> None:
    loft.show(loft_airbnb=airbnb(ANNA, DAN))
    loft.sync()
    loft.show(loft_airbnb=airbnb(ANNA, BEN, CLEO))
    loft.sync()
    assert loft.nights("loft") == ALL | DANS
    loft.sync(minutes=30)
    assert loft.nights("loft") == ALL


def test_the_same_answer_for_a_day_is_believed(loft: Town) -> None:
    loft.show(loft_airbnb=airbnb(ANNA))
    loft.sync()
    loft.sync(minutes=DAY - 1)
    assert loft.nights("loft") == ALL
    loft.sync(minutes=1)
    assert loft.nights("loft") == nights("2026-12-01", 3)
    assert [each["ending"] for each in quarantines(loft)] == ["confirmed"]
    assert loft.log()["loft-airbnb"]["cancelled"] == 2


def test_answers_that_lose_ever_more_are_not_believed_for_another_day(loft: Town) -> None:
    loft.show(loft_airbnb=airbnb(ANNA))
    loft.sync()
    loft.show(loft_airbnb=airbnb())
    loft.sync(minutes=DAY - 60)
    loft.sync(minutes=60)
    assert loft.nights("loft") == ALL
    loft.sync(minutes=DAY)
    assert loft.nights("loft") == set()


def test_each_connection_may_have_a_patience_of_its_own(loft: Town) -> None:
    loft.connections["loft-airbnb"]["absence"] = {"quarantine_hours": 2}
    loft.apply()
    loft.show(loft_airbnb=airbnb(ANNA))
    loft.sync()
    loft.sync(minutes=120)
    assert loft.nights("loft") == nights("2026-12-01", 3)


def test_a_moved_booking_holds_its_old_and_its_new_nights(loft: Town) -> None:
    loft.show(loft_airbnb=airbnb(ANNA.moved("2026-12-02", 5)))
    loft.sync()
    assert loft.nights("loft") == ALL | nights("2026-12-02", 5)
    loft.show(loft_airbnb=airbnb(ANNA, BEN, CLEO))
    loft.sync()
    loft.sync(minutes=30)
    assert loft.nights("loft") == ALL


def test_blocks_and_cancellations_of_a_suspicious_answer_wait_too(town: Town) -> None:
    town.connect("loft-airbnb", airbnb(ANNA, BEN, CLEO, DAN, block("2027-02-01", 3)))
    town.apply()
    town.sync()
    before = town.files()
    town.show(loft_airbnb=airbnb(ANNA, BEN.cancelled))
    town.sync()
    assert town.log()["loft-airbnb"]["verdict"] == "quarantined"
    assert town.files() == before


def test_an_empty_answer_takes_nothing_even_from_blocks(town: Town) -> None:
    town.connect("loft-airbnb", airbnb(block("2026-12-01", 3)))
    town.apply()
    town.sync()
    town.show(loft_airbnb=airbnb())
    town.sync()
    assert town.nights("loft") == nights("2026-12-01", 3)
    assert [each["doubts"] for each in quarantines(town)] == [["empty"]]


def test_booking_coms_calendar_without_its_tail_is_not_whole(town: Town) -> None:
    end = tail("2028-02-01", HORIZON)
    town.connect("loft-booking-com", booking_com(closed("2026-12-01", 3), closed("2026-12-10", 2), end))
    town.apply()
    town.sync()
    town.show(loft_booking_com=booking_com(closed("2026-12-01", 3)))
    town.sync()
    assert [each["doubts"] for each in quarantines(town)] == [["tail_gone"]]
    assert town.nights("loft") == nights("2026-12-01", 3) | nights("2026-12-10", 2)
    town.show(loft_booking_com=booking_com(closed("2026-12-01", 3), end))
    town.sync()
    assert town.nights("loft") == nights("2026-12-01", 3)


def test_a_tail_that_has_swallowed_a_closure_is_missed_all_the_same(town: Town) -> None:
    near, last = closed("2026-12-01", 3), closed("2028-03-01", 10)
    town.connect("loft-booking-com", booking_com(near, last, tail("2028-03-11", HORIZON)))
    town.apply()
    town.sync()
    town.show(loft_booking_com=booking_com(near, tail("2028-03-01", HORIZON)))
    town.sync()
    town.show(loft_booking_com=booking_com(near))
    town.sync()
    assert [each["doubts"] for each in quarantines(town)] == [["tail_gone"]]
    assert town.nights("loft") == nights("2026-12-01", 3) | nights("2028-03-01", 10)


def test_a_stale_copy_takes_nothing(loft: Town) -> None:
    stale = airbnb(ANNA, BEN, CLEO).replace("{stamp}", f"{loft.now:%Y%m%dT%H%M%SZ}")
    loft.show(loft_airbnb=airbnb(ANNA, BEN, CLEO, DAN))
    loft.sync()
    loft.show(loft_airbnb=stale)
    loft.sync()
    assert [each["doubts"] for each in quarantines(loft)] == [["older"]]
    assert loft.nights("loft") == ALL | DANS


def test_a_single_cancellation_still_frees_after_half_an_hour(loft: Town) -> None:
    loft.show(loft_airbnb=airbnb(ANNA, BEN))
    loft.sync()
    loft.sync(minutes=30)
    assert loft.nights("loft") == ALL - nights("2026-12-20", 2)
    assert quarantines(loft) == []


def test_blocks_may_go_by_the_dozen(town: Town) -> None:
    closures = [block(date(2026, 12, 1) + timedelta(days=3 * n), 2) for n in range(12)]
    town.connect("loft-airbnb", airbnb(ANNA, *closures))
    town.apply()
    town.sync()
    town.show(loft_airbnb=airbnb(ANNA))
    town.sync()
    assert quarantines(town) == []
    assert town.nights("loft") == nights("2026-12-01", 3)


@pytest.mark.parametrize("lost", [1, 2])
def test_a_loss_is_confirmed_by_asking_again_soon(loft: Town, lost: int) -> None:
    loft.connections["loft-airbnb"]["interval"] = "60m"
    loft.apply()
    loft.show(loft_airbnb=airbnb(*[ANNA, BEN, CLEO][lost:]))
    waits: list[float] = []
    for _ in range(4):
        loft.sync(minutes=waits[-1] if waits else 15)
        due = loft.stores.control.states()["loft-airbnb"].next_due
        assert due
        waits.append((due - loft.now) / timedelta(minutes=1))
    assert waits == [5.5, 25, 60, 60]


def test_a_connection_that_is_taken_away_has_nothing_in_quarantine(loft: Town) -> None:
    loft.show(loft_airbnb=airbnb(ANNA))
    loft.sync()
    del loft.connections["loft-airbnb"]
    loft.apply(prune=True)
    loft.sync()
    assert [each["ending"] for each in quarantines(loft)] == ["abandoned"]
    assert loft.nights("loft") == ALL
