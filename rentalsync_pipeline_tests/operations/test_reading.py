"""What the reading verbs tell of a home, from before its first sync on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rentalsync_pipeline.core.conflicts import Certainty
from rentalsync_pipeline.operations.health import Level
from rentalsync_pipeline.operations.lock import sync_lock
from rentalsync_pipeline.operations.looking.conflicts import conflicts
from rentalsync_pipeline.operations.looking.history import changes
from rentalsync_pipeline.operations.looking.listings import listings
from rentalsync_pipeline.operations.looking.orphans import NightsAhead, held
from rentalsync_pipeline.operations.watching.status import (
    ConnectionStatus,
    Freshness,
    freshness,
    overall,
    status,
)
from rentalsync_pipeline_tests.operations.dialects import airbnb, block, reservation, vrbo
from rentalsync_pipeline_tests.operations.town import MORNING, Town

ANNA = reservation("HMANNA2345", "2026-12-01", 3)
BEN = reservation("ben", "2026-12-03", 4, "Ben")
INTERVAL = timedelta(minutes=15)


@pytest.fixture
def loft(town: Town) -> Town:
    """Two channels sold the night of 3 December; a third connection has never answered."""
    town.connect("loft-airbnb", airbnb(ANNA))
    town.connect("loft-fewo-direkt", vrbo(BEN))
    town.connect("loft-booking-com")
    town.apply()
    town.sync(minutes=0)
    return town


def stands(town: Town, connection: str, *, minutes: float = 0) -> ConnectionStatus:
    found = status(town.stores.control, town.now + timedelta(minutes=minutes)).connections
    return next(each for each in found if each.connection == connection)


def level(town: Town, *, days: float = 0) -> Level:
    """How it stands overall, which is told alone as well as with everything else."""
    control, now = town.stores.control, town.now + timedelta(days=days)
    alone = overall(control, now)
    assert status(control, now).level is alone
    return alone


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(0, "ok"), (29, "ok"), (30, "late"), (59, "late"), (60, "stale"), (9999, "stale")],
)
def test_an_answer_is_late_after_two_intervals_and_stale_after_four(minutes: int, expected: str) -> None:
    assert freshness(MORNING, INTERVAL, MORNING + timedelta(minutes=minutes)) == expected


def test_a_connection_without_a_good_answer_has_never_been_fresh() -> None:
    assert freshness(None, INTERVAL, MORNING) is Freshness.NEVER


def test_before_the_first_sync_everything_can_be_asked(town: Town) -> None:
    town.connect("loft-airbnb", airbnb(ANNA))
    town.apply()
    found = status(town.stores.control, MORNING)
    assert (found.level, found.last_sync, found.listings) == (Level.FAIL, None, 1)
    assert stands(town, "loft-airbnb").freshness is Freshness.NEVER
    assert conflicts(town.stores.control, MORNING) == []
    assert changes(town.stores.control, MORNING) == []
    (listing,) = listings(town.stores.control, "/srv/feeds")
    assert [feed.is_published for feed in listing.feeds] == [False, False, False]


def test_a_failing_connection_says_why_and_what_to_do(loft: Town) -> None:
    broken = stands(loft, "loft-booking-com")
    assert (broken.level, broken.failures) == (Level.FAIL, 1)
    assert broken.message.startswith("the file does not exist or cannot be read")
    assert broken.message.endswith("check the path in rentalsync.yaml")
    assert status(loft.stores.control, loft.now).connections[0] == broken


def test_a_connection_that_fails_after_a_good_answer_is_a_warning_and_later_a_failure(loft: Town) -> None:
    loft.show(loft_airbnb=None)
    loft.sync()
    assert stands(loft, "loft-airbnb").level is Level.WARN
    assert stands(loft, "loft-airbnb").last_ok == MORNING
    assert stands(loft, "loft-airbnb", minutes=60).level is Level.FAIL


def test_a_home_where_everything_answers_is_well(town: Town) -> None:
    town.connect("loft-airbnb", airbnb(ANNA))
    town.apply()
    town.sync()
    assert level(town) is Level.OK


def test_a_double_booking_is_a_warning_until_its_nights_have_passed(town: Town) -> None:
    town.connect("loft-airbnb", airbnb(ANNA))
    town.connect("loft-fewo-direkt", vrbo(BEN))
    town.apply()
    town.sync()
    assert level(town) is Level.WARN
    town.sync(days=30)
    assert level(town) is Level.OK


def test_a_home_fails_as_a_whole_only_when_nothing_answers(loft: Town) -> None:
    assert level(loft) is Level.WARN
    assert level(loft, days=1) is Level.FAIL


def test_one_stale_connection_is_enough_for_a_home_to_fail(town: Town) -> None:
    town.connect("loft-airbnb", airbnb(ANNA))
    town.connect("villa-airbnb", airbnb(ANNA))
    town.apply()
    town.sync()
    town.show(villa_airbnb=None)
    for _ in range(3):
        town.sync()
        assert level(town) is Level.WARN
    town.sync()
    assert stands(town, "villa-airbnb").stale_at == town.now
    assert stands(town, "loft-airbnb").late_at == town.now + 2 * INTERVAL
    assert level(town) is Level.FAIL


def test_a_disabled_connection_is_neither_due_nor_stale(loft: Town) -> None:
    loft.connections["loft-airbnb"]["enabled"] = False
    loft.apply()
    off = stands(loft, "loft-airbnb", minutes=9999)
    assert (off.freshness, off.level, off.next_due) == (Freshness.OFF, Level.OK, None)


def test_a_running_sync_is_told(loft: Town) -> None:
    assert not status(loft.stores.control, loft.now).is_syncing
    with sync_lock(loft.home.lock):
        assert status(loft.stores.control, loft.now).is_syncing


def test_nights_that_only_a_lost_connection_spoke_for_are_counted(loft: Town) -> None:
    assert held(loft.stores.control, ["loft-airbnb"], loft.now) == [NightsAhead("loft", "loft-airbnb", 3)]
    del loft.connections["loft-airbnb"]
    loft.apply(prune=True)
    loft.sync()
    found = status(loft.stores.control, loft.now)
    assert found.orphaned == (NightsAhead("loft", "loft-airbnb", 3),)


def test_a_conflict_tells_both_sides_and_who_was_first(loft: Town) -> None:
    (found,) = conflicts(loft.stores.control, loft.now)
    assert (found.certainty, found.first_night, found.last_night) == (Certainty.CERTAIN, BEN.first, BEN.first)
    assert found.days_to_arrival == 13
    assert {found.first.code, found.second.code} == {"HMANNA2345", None}
    assert {*found.first.connections, *found.second.connections} == {"loft-airbnb", "loft-fewo-direkt"}
    assert "1 night from 2026-12-03" in found.words
    assert found.words.endswith("both were first seen in the same sync.")


def test_who_came_later_is_named_second(town: Town) -> None:
    town.connect("loft-airbnb", airbnb(ANNA))
    town.connect("loft-fewo-direkt", vrbo())
    town.apply()
    town.sync(minutes=0)
    town.show(loft_fewo_direkt=vrbo(BEN))
    town.sync(minutes=15)
    (found,) = conflicts(town.stores.control, town.now)
    assert (found.first.channel, found.second.channel) == ("airbnb", "fewo_direkt")
    assert found.words.endswith("first seen 2026-11-20 08:00, the latter 2026-11-20 08:15 UTC.")


def test_a_settled_conflict_is_told_only_when_asked_for(loft: Town) -> None:
    loft.show(loft_fewo_direkt=vrbo(BEN.moved(first="2026-12-04")))
    loft.sync()
    assert conflicts(loft.stores.control, loft.now) == []
    (settled,) = conflicts(loft.stores.control, loft.now, resolved=True)
    assert settled.resolved == loft.now
    assert settled.resolution == (
        "the nights are not shared any more; FeWo-direkt / Vrbo's reservation (2026-12-04 to 2026-12-08): "
        "these are its dates now"
    )


def test_a_conflict_that_ended_says_which_side_ended_it_and_how(loft: Town) -> None:
    loft.show(loft_airbnb=airbnb(ANNA.cancelled))
    loft.sync()
    (settled,) = conflicts(loft.stores.control, loft.now, resolved=True)
    assert settled.resolution == (
        "the nights are not shared any more; Airbnb's reservation HMANNA2345 (2026-12-01 to 2026-12-04): "
        "the channel says that it is cancelled"
    )


def test_changes_are_told_from_the_newest_on_and_by_listing(loft: Town) -> None:
    loft.connect("villa-airbnb", airbnb(block("2026-12-24", 2)))
    loft.apply()
    loft.sync()
    found = changes(loft.stores.control, MORNING)
    assert [(each.listing, each.busy, each.run_id) for each in found] == [
        ("villa", True, "run-2"),
        ("loft", True, "run-1"),
        ("loft", True, "run-1"),
    ]
    assert changes(loft.stores.control, loft.now) == found[:1]
    assert changes(loft.stores.control, MORNING, "loft") == found[1:]


def test_a_feed_has_its_full_url_or_else_its_path(loft: Town) -> None:
    (listing,) = listings(loft.stores.control, str(loft.home.feeds))
    assert [feed.audience for feed in listing.feeds][:2] == ["owner", "busy"]
    for feed in listing.feeds:
        assert feed.address == str(loft.home.feeds / feed.name)
        assert (loft.home.feeds / feed.name).stat().st_size == feed.size
        assert feed.last_change == MORNING
    loft.document["public_url"] = "https://calendars.example.com/"
    loft.apply()
    (listing,) = listings(loft.stores.control, str(loft.home.feeds))
    assert listing.feeds[0].address == f"https://calendars.example.com/{listing.feeds[0].name}"
