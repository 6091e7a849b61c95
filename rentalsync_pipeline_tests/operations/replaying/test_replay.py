"""The feeds of past moments, byte by byte, as they were and by today's rules."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from rentalsync_pipeline.core import absence
from rentalsync_pipeline.operations.keeping.maintenance import maintain
from rentalsync_pipeline.operations.replaying.replay import Difference, Replay, ReplayError, Rules, replay
from rentalsync_pipeline.operations.stores import Run
from rentalsync_pipeline.operations.syncing.publish import rebuild
from rentalsync_pipeline_tests.operations.dialects import airbnb, reservation, vrbo
from rentalsync_pipeline_tests.operations.eventful import EVENTS, Eventful
from rentalsync_pipeline_tests.operations.town import MORNING, Town

Files = dict[str, bytes]

ANNA, BEN = reservation("HMANNA2345", "2026-12-01", 3), reservation("HMBENN2345", "2026-12-10", 2)
CLEO = reservation("cleo", "2026-11-22", 2, "Cleo")


@pytest.fixture
def loft(town: Town) -> Town:
    """Ben comes with the second of three syncs, and goes with the third."""
    town.connect("loft-airbnb", airbnb(ANNA))
    town.connect("loft-fewo-direkt", vrbo(CLEO), absence={"misses": 1, "minutes": 0})
    town.apply()
    town.sync(minutes=0)
    for shown in (airbnb(ANNA, BEN), airbnb(ANNA)):
        town.show(loft_airbnb=shown)
        town.sync(minutes=60)
    return town


def published(town: Town) -> Files:
    return {name: octets for name, (octets, _) in town.files().items()}


def written(found: Replay) -> Files:
    return {str(path.relative_to(found.folder)): path.read_bytes() for path in found.folder.rglob("*.ics")}


def back(town: Town, rules: Rules, *, minutes: float = 0, folder: Path | None = None) -> Replay:
    """A replay of the moment so many minutes before the last sync."""
    return replay(town.stores.control, town.now - timedelta(minutes=minutes), rules, town.now, folder)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [7])
def test_weeks_of_an_eventful_life_replayed_from_raw_give_the_very_bytes(town: Town, seed: int) -> None:
    life = Eventful(town, listings=4, seed=seed)
    moments = {}
    while len(life.happened) < 24:
        life.tick()
        moments[town.now] = published(town)
    for moment, files in list(moments.items())[::5]:
        assert written(replay(town.stores.control, moment, Rules.THEN, town.now)) == files
    again = back(town, Rules.CURRENT)
    assert again.differences == ()
    assert written(again) == published(town)
    assert all(feed.is_identical for feed in again.feeds)
    assert len(set(life.happened)) > len(EVENTS) / 2


@pytest.mark.parametrize("rules", Rules)
def test_a_moment_between_two_syncs_is_that_of_the_former(loft: Town, rules: Rules) -> None:
    loft.show(loft_airbnb=airbnb(ANNA.moved(count=5)))
    before = published(loft)
    loft.sync(minutes=60)
    found = back(loft, rules, minutes=30)
    assert (written(found), found.syncs, found.as_of) == (before, 3, loft.now - timedelta(hours=1))
    assert before != published(loft)


def test_published_feeds_are_not_touched(loft: Town) -> None:
    before = loft.files()
    back(loft, Rules.CURRENT, minutes=60)
    assert loft.files() == before


def test_the_same_moment_can_be_replayed_again(loft: Town) -> None:
    first = back(loft, Rules.THEN, minutes=60)
    assert written(first) == written(back(loft, Rules.THEN, minutes=60))
    assert first.folder.is_relative_to(loft.home.path)


def test_other_rules_come_to_other_nights(loft: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    loft.show(loft_airbnb=airbnb(ANNA))
    loft.sync(minutes=60)
    monkeypatch.setattr(absence, "_has_begun", lambda absent, today: True)
    found = back(loft, Rules.CURRENT)
    assert (
        Difference("loft", "owner", date(2026, 12, 10), date(2026, 12, 11), busy=False) in found.differences
    )
    assert {each.audience for each in found.differences} == {"owner", "busy", "for-fewo_direkt"}


def test_a_replay_finds_connections_and_listings_by_the_names_that_they_had(loft: Town) -> None:
    before = published(loft)
    loft.connections["loft-channel"] = loft.connections.pop("loft-airbnb") | {"renamed_from": "loft-airbnb"}
    loft.listings["attic"] = loft.listings.pop("loft") | {"renamed_from": "loft"}
    for connection in loft.connections.values():
        connection["listing"] = "attic"
    loft.apply()
    loft.sync(minutes=60)
    for rules in Rules:
        assert written(back(loft, rules, minutes=60)) == before
        assert written(back(loft, rules)) == published(loft)


def test_what_retention_has_forgotten_is_said_and_costs_no_night(loft: Town) -> None:
    owner, name = loft.events("loft"), str(loft.path("loft", "owner"))
    then = loft.now
    loft.sync(days=200)
    maintain(loft.stores, Run("maintenance", loft.now))
    found = replay(loft.stores.control, then, Rules.THEN, loft.now)
    forgotten = {feed.audience: (feed.forgotten, feed.is_identical) for feed in found.feeds}
    assert forgotten == {
        "owner": (3, False),
        "busy": (0, True),
        "for-airbnb": (0, True),
        "for-fewo_direkt": (0, True),
    }
    (calendar,) = [text for path, text in written(found).items() if name.endswith(path)]
    for event in owner:
        assert f"UID:{event.uid}\r\nDTSTAMP:{event.modified:%Y%m%dT%H%M%SZ}".encode() in calendar
    assert b"Cleo" not in calendar
    with pytest.raises(ReplayError, match="1 of 3 answers are not kept any more"):
        replay(loft.stores.control, then, Rules.CURRENT, loft.now)


@pytest.mark.parametrize(
    ("minutes", "why"),
    [(-1, "lies in the future"), (121, "before the first sync: that was at 2026-11-20T08:00")],
)
def test_a_moment_that_no_sync_saw_is_refused(loft: Town, minutes: int, why: str) -> None:
    with pytest.raises(ReplayError, match=why):
        back(loft, Rules.THEN, minutes=minutes)


def test_before_there_was_any_sync_there_is_nothing_to_look_back_to(town: Town) -> None:
    with pytest.raises(ReplayError, match="there was none yet"):
        replay(town.stores.control, MORNING, Rules.CURRENT, MORNING)


def test_a_folder_that_holds_something_is_refused(loft: Town) -> None:
    with pytest.raises(ReplayError, match="is not empty"):
        back(loft, Rules.THEN, folder=loft.home.feeds)


@pytest.mark.parametrize("rules", Rules)
def test_a_listing_that_a_person_had_rendered_again_is_rendered_again(loft: Town, rules: Rules) -> None:
    loft.listing("loft", feed={"style": "timed"})
    loft.apply()
    rebuild(loft.stores, loft.begin(), ["loft"])
    assert written(back(loft, rules)) == published(loft)
