"""An earlier version of a feed, published again: nothing that is taken now becomes free by it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rentalsync_pipeline.operations.deciding import rollbacks
from rentalsync_pipeline.operations.deciding.rollbacks import RolledBack
from rentalsync_pipeline.operations.health import Level
from rentalsync_pipeline.operations.looking.versions import NoVersionError, versions
from rentalsync_pipeline.operations.replaying.replay import Rules, replay
from rentalsync_pipeline.operations.watching.status import status
from rentalsync_pipeline_tests.operations.dialects import airbnb, reservation
from rentalsync_pipeline_tests.operations.town import MORNING, Town, nights

ANNA, BEN = reservation("HMANNA2345", "2026-12-01", 3), reservation("HMBENN2345", "2026-12-10", 2)
CLEO = reservation("HMCLEO2345", "2026-12-20", 4)
ANNAS, BENS, CLEOS = nights("2026-12-01", 3), nights("2026-12-10", 2), nights("2026-12-20", 4)


@pytest.fixture
def loft(town: Town) -> Town:
    """Anna and Ben, then Anna and Cleo: versions 1 and 2."""
    town.connect("loft-airbnb", airbnb(ANNA, BEN), absence={"misses": 1, "minutes": 0})
    town.apply()
    town.sync(minutes=0)
    town.show(loft_airbnb=airbnb(ANNA, CLEO))
    town.sync(minutes=60)
    return town


def roll_back(
    town: Town, audience: str | None = None, to: int | None = None, *, free: bool = False
) -> list[RolledBack]:
    control = town.stores.control
    return rollbacks.roll_back(control, "loft", audience, to, free_nights=free, asked_by="me", now=town.now)


def test_the_older_version_is_back_with_a_higher_sequence_and_what_is_taken_now_stays(loft: Town) -> None:
    before = {event.uid: event.sequence for event in loft.events("loft")}
    roll_back(loft)
    loft.sync()
    assert loft.nights("loft") == loft.nights("loft", "busy") == ANNAS | BENS | CLEOS
    (ben,) = [event for event in loft.events("loft") if event.uid not in before]
    assert (ben.sequence, ben.summary, ben.modified) == (1, "Reserved - HMBENN2345", loft.now)
    assert {event.uid: event.sequence for event in loft.events("loft") if event.uid in before} == before


def test_what_a_person_lets_go_is_free_and_what_is_sold_after_that_is_not(loft: Town) -> None:
    roll_back(loft, free=True)
    dora = reservation("HMDORA2345", "2026-12-28", 2)
    loft.show(loft_airbnb=airbnb(ANNA, CLEO, dora))
    loft.sync()
    assert loft.nights("loft") == ANNAS | BENS | nights("2026-12-28", 2)
    loft.show(loft_airbnb=airbnb(ANNA, CLEO.moved(count=5), dora))
    loft.sync()
    assert loft.nights("loft") == ANNAS | BENS | nights("2026-12-28", 2) | nights("2026-12-20", 5)


def test_of_a_stay_that_moved_both_nights_are_taken_under_names_that_last(loft: Town) -> None:
    loft.show(loft_airbnb=airbnb(ANNA.moved(first="2026-12-02", count=4), CLEO))
    loft.sync()
    roll_back(loft, "owner", 2)
    loft.sync()
    assert loft.nights("loft") == ANNAS | nights("2026-12-02", 4) | CLEOS
    before = loft.events("loft")
    assert len({event.uid for event in before}) == len(before) == 3
    loft.sync(days=1)
    assert loft.events("loft") == before


def test_it_stands_through_syncs_until_a_person_ends_it(loft: Town) -> None:
    roll_back(loft)
    loft.sync()
    loft.show(loft_airbnb=airbnb(ANNA, CLEO, reservation("HMEVAA2345", "2027-01-05", 1)))
    loft.sync(days=2)
    assert loft.nights("loft") == ANNAS | BENS | CLEOS | nights("2027-01-05", 1)
    assert [each.audience for each in rollbacks.standing(loft.stores.control, "loft")] == ["busy", "owner"]
    assert rollbacks.end(loft.stores.control, "loft", None, "me", loft.now) == ["busy", "owner"]
    loft.sync()
    assert loft.nights("loft") == ANNAS | CLEOS | nights("2027-01-05", 1)
    assert rollbacks.standing(loft.stores.control) == []
    with pytest.raises(NoVersionError, match="no such feed of loft is rolled back"):
        rollbacks.end(loft.stores.control, "loft", None, "me", loft.now)


def test_one_feed_can_be_rolled_back_alone(loft: Town) -> None:
    roll_back(loft, "busy", 1)
    loft.sync()
    assert (loft.nights("loft"), loft.nights("loft", "busy")) == (ANNAS | CLEOS, ANNAS | BENS | CLEOS)


def test_it_is_told_which_nights_are_held_again_and_which_stay_taken(loft: Town) -> None:
    (busy, owner) = roll_back(loft)
    for feed in (busy, owner):
        assert (feed.version, feed.since, feed.freed) == (1, MORNING, False)
        assert [(str(each.first_night), str(each.last_night)) for each in feed.held] == [
            ("2026-12-10", "2026-12-11")
        ]
        assert [(str(each.first_night), str(each.last_night)) for each in feed.taken] == [
            ("2026-12-20", "2026-12-23")
        ]


def test_versions_are_numbered_by_feed_and_a_rotation_is_none(loft: Town) -> None:
    loft.stores.control.rotate("loft", "a test", loft.now, loft.now + timedelta(days=2))
    loft.sync()
    found = [each for each in versions(loft.stores.control, "loft") if each.audience == "owner"]
    assert [(each.version, each.since, each.until, each.events) for each in found] == [
        (1, MORNING, MORNING + timedelta(hours=1), 2),
        (2, MORNING + timedelta(hours=1), None, 2),
    ]


@pytest.mark.parametrize(
    ("audience", "to", "why"),
    [
        (None, 1, "say which one"),
        ("for-vrbo", None, "published are: busy, for-airbnb, owner"),
        ("owner", 9, "nothing stood then"),
        ("owner", 2, "nothing stood then"),
    ],
)
def test_what_never_stood_can_not_come_back(
    loft: Town, audience: str | None, to: int | None, why: str
) -> None:
    with pytest.raises(NoVersionError, match=why):
        roll_back(loft, audience, to)


@pytest.mark.parametrize("rules", Rules)
def test_a_replay_rolls_back_as_people_did(loft: Town, rules: Rules) -> None:
    roll_back(loft, free=True)
    loft.sync()
    found = replay(loft.stores.control, loft.now, rules, loft.now)
    assert all(feed.is_identical for feed in found.feeds)


def test_the_status_warns_of_it(loft: Town) -> None:
    assert status(loft.stores.control, loft.now).level is Level.OK
    roll_back(loft, "owner")
    loft.sync()
    found = status(loft.stores.control, loft.now)
    assert found.level is Level.WARN
    assert [(each.listing, each.audience, each.moment) for each in found.rolled_back] == [
        ("loft", "owner", MORNING)
    ]
