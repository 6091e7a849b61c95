"""A sync in which nothing happened leaves no trace but its log."""

from __future__ import annotations

from datetime import timedelta

from rentalsync_pipeline.operations.stores import Scope
from rentalsync_pipeline_tests.operations.dialects import (
    airbnb,
    block,
    booking_com,
    closed,
    reservation,
    tail,
    vrbo,
)
from rentalsync_pipeline_tests.operations.town import MORNING, Town, nights

ANNA = reservation("HMANNA2345", "2026-12-01", 3)
CLEO = reservation("cleo", "2026-12-02", 2, "Cleo")
TABLES = (
    "records",
    "bookings",
    "booking_versions",
    "stays",
    "stay_sources",
    "conflicts",
    "changes",
    "feed_events",
    "feed_versions",
    "known_listings",
    "known_connections",
    "work",
    "snapshots",
)


def settle(town: Town) -> None:
    """A town with a bit of everything, one failing calendar included, after its first sync."""
    horizon = MORNING.date() + timedelta(days=365)
    town.connect("loft-airbnb", airbnb(ANNA, block("2026-12-10", 2), tail("2027-09-01", horizon)))
    town.connect("loft-fewo-direkt", vrbo(CLEO))
    town.connect("villa-booking-com", booking_com(closed("2026-12-20", 2)))
    town.connect("villa-airbnb", "<html>")
    town.apply()
    town.sync()


def test_a_second_sync_writes_no_file_and_no_row_but_its_log(town: Town) -> None:
    settle(town)
    files = town.files()
    manifest = (town.home.feeds / "manifest.json").stat().st_mtime_ns
    rows = {name: town.table(f"SELECT * FROM {name} ORDER BY ALL") for name in TABLES if name != "snapshots"}
    assert rows["work"] == []
    done = town.sync()
    assert (done.rendered, done.written, done.removed) == (0, 0, 0)
    assert town.files() == files
    assert (town.home.feeds / "manifest.json").stat().st_mtime_ns == manifest
    assert {name: town.table(f"SELECT * FROM {name} ORDER BY ALL") for name in rows} == rows
    assert {row["verdict"] for row in town.log().values()} == {"unchanged", "failed"}
    assert not list(town.home.spool.rglob("*"))


def test_bodies_are_kept_once(town: Town) -> None:
    settle(town)
    kept = sorted(town.home.bodies.rglob("*.gz"))
    assert len(kept) == 3
    town.sync()
    assert sorted(town.home.bodies.rglob("*.gz")) == kept


def test_the_snapshot_is_replaced_when_there_is_news_and_once_an_hour(town: Town) -> None:
    town.connect("loft-airbnb", airbnb(ANNA))
    town.apply()
    town.sync()

    def made() -> int:
        return town.home.snapshot.stat().st_mtime_ns

    first = made()
    for _ in range(4):
        town.sync()
        assert made() == first
    town.sync()
    later = made()
    assert later > first
    town.show(loft_airbnb=airbnb(ANNA.moved(count=4)))
    town.sync()
    assert made() > later


def test_a_lost_file_is_written_again(town: Town) -> None:
    settle(town)
    before = {name: octets for name, (octets, _) in town.files().items()}
    path = town.path("loft", "busy")
    assert path
    path.unlink()
    done = town.sync()
    assert done.written == 1
    assert {name: octets for name, (octets, _) in town.files().items()} == before


def test_a_sync_of_one_connection_asks_no_other(town: Town) -> None:
    settle(town)
    town.show(loft_airbnb=airbnb(), villa_booking_com=booking_com(closed("2026-12-20", 4)))
    town.sync(scope=Scope(connections=("villa-booking-com",)))
    assert town.log().keys() == {"villa-booking-com"}
    assert town.nights("villa") == nights("2026-12-20", 4)


def test_a_sync_of_one_listing_asks_what_serves_it(town: Town) -> None:
    settle(town)
    town.sync(scope=Scope(listings=("villa",)))
    assert town.log().keys() == {"villa-booking-com", "villa-airbnb"}


def test_a_sync_of_what_is_due_leaves_out_what_was_asked_lately(town: Town) -> None:
    settle(town)
    town.connections["loft-airbnb"]["interval"] = "60m"
    town.apply()
    town.sync(minutes=1)
    town.sync(minutes=20, scope=Scope(due_only=True))
    assert town.log().keys() == {"loft-fewo-direkt", "villa-booking-com", "villa-airbnb"}
