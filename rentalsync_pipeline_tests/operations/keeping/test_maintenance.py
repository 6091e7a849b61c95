"""Guests are forgotten some time after they left; what is true of the nights stays."""

from __future__ import annotations

import os
from dataclasses import asdict
from datetime import timedelta

import duckdb
import pytest

from rentalsync_pipeline.operations.keeping.maintenance import Maintained, maintain
from rentalsync_pipeline.operations.stores import Run
from rentalsync_pipeline.warehouse.compacting import compact, wasted
from rentalsync_pipeline_tests.operations.dialects import airbnb, reservation, vrbo
from rentalsync_pipeline_tests.operations.town import Row, Town

CLEO = reservation("cleo", "2026-12-01", 3, "Cleo Canary")
DAN = reservation("dan", "2027-06-01", 2, "Dan Later")

KEPT = {
    "bookings": "* EXCLUDE (guest_name, phone_last4, url, notes, extras)",
    "booking_versions": "* EXCLUDE (guest_name, phone_last4, url, notes, extras)",
    "stays": "* EXCLUDE (guest_name, phone_last4, url, notes, extras)",
    "feed_events": "* EXCLUDE (summary, description)",
    "records": "*",
    "changes": "*",
}


@pytest.fixture
def loft(town: Town) -> Town:
    """Cleo has moved once, so that there is an earlier version of her; Dan is yet to come."""
    town.connect("loft-fewo-direkt", vrbo(CLEO, DAN))
    town.connect("villa-airbnb", airbnb(reservation("HMANNA2345", "2026-12-01", 3)))
    town.apply()
    town.sync()
    town.show(loft_fewo_direkt=vrbo(CLEO.moved(count=4), DAN))
    town.sync()
    return town


def care(town: Town, *, days: float = 0, dry_run: bool = False) -> Maintained:
    town.now += timedelta(days=days)
    return maintain(town.stores, Run("maintenance", town.now), dry_run=dry_run)


def holds(town: Town, name: str) -> list[str]:
    """The files of the home that name somebody, feeds and bodies aside."""
    found = []
    for path in (town.home.warehouse, town.home.snapshot):
        with duckdb.connect(str(path), read_only=True) as connection:
            for (table,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall():
                rows = connection.execute(f"FROM {table}").fetchall()
                if any(name in str(row) for row in rows):
                    found.append(f"{path.stem}.{table}")
    return found


def kept(town: Town) -> dict[str, list[Row]]:
    with town.reading() as table:
        return {name: table(f"SELECT {columns} FROM {name} ORDER BY ALL") for name, columns in KEPT.items()}


def test_a_guest_is_forgotten_everywhere_when_the_retention_is_over_and_not_before(loft: Town) -> None:
    loft.sync(days=60)
    assert not any(asdict(care(loft).forgotten).values()), "nobody has left long ago"
    assert len(holds(loft, "Cleo")) > 5
    loft.sync(days=50)
    done = care(loft).forgotten
    assert (done.bookings, done.versions, done.stays) == (2, 1, 2)
    assert holds(loft, "Cleo") == []
    assert holds(loft, "Dan Later") != []


def test_nights_ids_hashes_and_sequences_stay(loft: Town) -> None:
    loft.sync(days=110)
    before = kept(loft)
    care(loft)
    assert kept(loft) == before


def test_what_was_forgotten_is_no_news_when_the_channel_says_it_again(loft: Town) -> None:
    loft.sync(days=110)
    care(loft)
    files = loft.files()
    loft.show(loft_fewo_direkt=vrbo(CLEO.moved(count=4), DAN, reservation("eve", "2027-07-01", 2, "Eve")))
    loft.sync()
    assert loft.log()["loft-fewo-direkt"]["updated"] == 0
    assert holds(loft, "Cleo") == []
    assert {name for name in loft.files() if loft.files()[name] != files[name]} <= {
        name for name in files if "loft" in name or name == "manifest.json"
    }
    assert not any(asdict(care(loft).forgotten).values())


def test_a_stay_that_a_feed_shows_still_loses_its_words_there_once(town: Town) -> None:
    town.document["settings"] = {"retention_days": 2, "past_days": 30}
    town.connect("loft-fewo-direkt", vrbo(CLEO))
    town.apply()
    town.sync()
    town.sync(days=20)
    (before,) = town.events("loft")
    care(town)
    town.sync()
    (after,) = town.events("loft")
    assert "Cleo" in before.summary
    assert "Cleo" not in after.summary + after.description
    assert (after.uid, after.nights, after.sequence) == (before.uid, before.nights, before.sequence + 1)
    for _ in range(2):
        care(town, days=1)
        town.sync()
    assert town.events("loft") == [after]
    assert holds(town, "Cleo") == []


def test_bodies_are_dropped_but_the_latest_of_each_connection_stays(loft: Town) -> None:
    loft.sync(days=110)
    bodies = set(loft.stores.bodies.contents())
    latest = {
        row["content"]
        for row in loft.table(
            "SELECT arg_max(content, started) AS content FROM fetches "
            "WHERE verdict = 'accepted' GROUP BY connection"
        )
    }
    assert len(bodies) == 3
    assert care(loft).forgotten.bodies == 1
    assert set(loft.stores.bodies.contents()) == latest


def test_a_dry_run_counts_the_same_and_changes_nothing(loft: Town) -> None:
    loft.sync(days=110)
    before = kept(loft), holds(loft, "Cleo"), set(loft.stores.bodies.contents())
    planned = care(loft, dry_run=True)
    assert (kept(loft), holds(loft, "Cleo"), set(loft.stores.bodies.contents())) == before
    assert care(loft).forgotten == planned.forgotten


def test_what_killed_writers_left_is_swept_after_a_day(loft: Town) -> None:
    old, new = (loft.home.feeds / "private" / name for name in (".old.tmp", ".new.tmp"))
    for path, age in ((old, 25), (new, 1)):
        path.write_text("torn")
        os.utime(path, times=((loft.now - timedelta(hours=age)).timestamp(),) * 2)
    files = loft.files()
    assert care(loft).temporary_files == 1
    assert (old.exists(), new.exists()) == (False, True)
    assert loft.files() == files


def test_a_warehouse_that_is_mostly_free_is_copied_and_goes_on_as_it_was(loft: Town) -> None:
    path = loft.home.warehouse
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE filler AS SELECT md5(i::VARCHAR) AS a FROM range(400000) t(i)")
        connection.execute("CHECKPOINT")
        connection.execute("DROP TABLE filler")
        connection.execute("CHECKPOINT")
    before, size = kept(loft), path.stat().st_size
    done = care(loft)
    assert done.is_wasteful
    assert done.bytes_won == size - path.stat().st_size > 0
    assert not wasted(path)
    assert kept(loft) == before
    loft.show(loft_fewo_direkt=vrbo(DAN))
    loft.sync()
    assert loft.log()["loft-fewo-direkt"]["verdict"] == "accepted"


def test_the_numbers_of_conflicts_go_on_after_a_copy(loft: Town) -> None:
    given = "SELECT max(nextval('conflict_ids')) AS id FROM range(7)"
    for expected in (7, 14):
        with duckdb.connect(str(loft.home.warehouse)) as connection:
            assert connection.execute(given).fetchall() == [(expected,)]
        compact(loft.home.warehouse)


def test_answers_that_are_not_given_again_any_more_go(loft: Town) -> None:
    answers = loft.stores.control.answers
    answers.claim("a key", "a request", loft.now)
    care(loft)
    care(loft, days=1, dry_run=True)
    assert answers.sweep(loft.now) == 1
    answers.claim("a key", "a request", loft.now)
    care(loft, days=1)
    assert answers.sweep(loft.now) == 0
