"""What the partitions of Dagster are told: news, and trouble when it begins and ends. Once."""

from __future__ import annotations

import pytest

from rentalsync_pipeline.operations.stores import Run
from rentalsync_pipeline.operations.syncing import reports
from rentalsync_pipeline_tests.operations.dialects import airbnb, reservation
from rentalsync_pipeline_tests.operations.town import Town

ANNA = reservation("HMANNA2345", "2026-12-01", 3)
BEN = reservation("HMBENN2345", "2026-12-10", 2)


def told_connections(town: Town) -> list[tuple[str, str, int]]:
    """Take what is owed of connections, as a sync does, and say that it was told."""
    with town.opened() as stores:
        owed = reports.owed_connections(stores)
        reports.told_connections(stores, [row["fetch_id"] for row in owed])
    return [
        (row["connection"], row["reason"] or row["verdict"], row["created"] + row["updated"]) for row in owed
    ]


def told_listings(town: Town) -> list[tuple[str, int, int]]:
    with town.opened() as stores:
        owed = reports.owed_listings(stores)
        reports.told_listings(stores, [row["listing"] for row in owed])
    return [(row["listing"], row["feeds"], row["events"]) for row in owed]


@pytest.fixture
def loft(town: Town) -> Town:
    town.connect("loft-airbnb", airbnb(ANNA))
    town.apply()
    town.sync()
    return town


def test_news_is_told_once(loft: Town) -> None:
    assert told_connections(loft) == [("loft-airbnb", "accepted", 1)]
    assert told_connections(loft) == []
    loft.sync()
    assert told_connections(loft) == []
    loft.show(loft_airbnb=airbnb(ANNA, BEN))
    loft.sync()
    assert told_connections(loft) == [("loft-airbnb", "accepted", 1)]


def test_trouble_is_told_when_it_begins_when_it_changes_and_when_it_ends(loft: Town) -> None:
    told_connections(loft)
    told: list[object] = []
    for calendar in (None, None, "<html>", "<html>", airbnb(ANNA), airbnb(ANNA)):
        loft.show(loft_airbnb=calendar)
        loft.sync()
        told += told_connections(loft) or ["nothing"]
    assert told == [
        ("loft-airbnb", "file_missing", 0),
        "nothing",
        ("loft-airbnb", "not_a_calendar", 0),
        "nothing",
        ("loft-airbnb", "unchanged", 0),
        "nothing",
    ]


def test_trouble_from_the_first_day_is_told(town: Town) -> None:
    town.connect("loft-airbnb", "<html>")
    town.apply()
    town.sync()
    assert told_connections(town) == [("loft-airbnb", "not_a_calendar", 0)]


def test_trouble_that_lasts_for_days_is_not_told_again(loft: Town) -> None:
    told_connections(loft)
    loft.show(loft_airbnb=None)
    loft.sync()
    assert told_connections(loft) == [("loft-airbnb", "file_missing", 0)]
    for _ in range(4):
        loft.sync(days=1)
        assert told_connections(loft) == []
    loft.sync(days=3)
    assert told_connections(loft) == []


def test_what_is_owed_of_earlier_syncs_is_told_in_their_order(loft: Town) -> None:
    loft.show(loft_airbnb=airbnb(ANNA, BEN))
    loft.sync()
    loft.show(loft_airbnb=None)
    loft.sync()
    assert told_connections(loft) == [
        ("loft-airbnb", "accepted", 1),
        ("loft-airbnb", "accepted", 1),
        ("loft-airbnb", "file_missing", 0),
    ]


def test_a_message_says_what_happened_and_what_to_do(loft: Town) -> None:
    loft.show(loft_airbnb=None)
    loft.sync()
    with loft.opened() as stores:
        (row,) = reports.sync_log(stores, Run(f"run-{loft.runs}", loft.now, fixed=True))
    assert row["message"] == (
        "the file does not exist or cannot be read (no such file); check the path in rentalsync.yaml"
    )


def test_a_listing_is_told_of_its_newest_feeds_once(loft: Town) -> None:
    loft.show(loft_airbnb=airbnb(ANNA, BEN))
    loft.sync()
    loft.show(loft_airbnb=airbnb(ANNA.cancelled))
    loft.sync()
    assert told_listings(loft) == [("loft", 3, 1)]
    assert told_listings(loft) == []
    loft.show(loft_airbnb=airbnb(ANNA.moved(count=4)))
    loft.sync()
    assert told_listings(loft) == [("loft", 2, 2)]


def test_no_run_tells_more_than_it_may(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "MOST", 3)
    for number in range(7):
        town.connect(f"home{number}-airbnb", airbnb(ANNA))
    town.apply()
    town.sync()
    assert [len(told_connections(town)) for _ in range(4)] == [3, 3, 1, 0]
    assert [len(told_listings(town)) for _ in range(4)] == [3, 3, 1, 0]
