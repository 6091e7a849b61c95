"""A new name changes nothing but the name."""

from __future__ import annotations

import pytest

from rentalsync_pipeline.operations.syncing.absorb import absorb
from rentalsync_pipeline.operations.syncing.ingest import ingest
from rentalsync_pipeline_tests.operations.dialects import airbnb, block, reservation, vrbo
from rentalsync_pipeline_tests.operations.town import Town, nights

ANNA = reservation("HMANNA2345", "2026-12-01", 3)
BEN = reservation("HMBENN2345", "2026-12-10", 2)


@pytest.fixture
def loft(town: Town) -> Town:
    town.connect("loft-airbnb", airbnb(ANNA, BEN, block("2026-12-15", 2)))
    town.apply()
    town.sync()
    town.show(loft_airbnb=airbnb(ANNA.moved(count=4), BEN, block("2026-12-15", 2)))
    town.sync()
    return town


def rename_connection(town: Town, old: str, new: str) -> None:
    town.connections[new] = town.connections.pop(old) | {"renamed_from": old}
    town.apply()


def rename_listing(town: Town, old: str, new: str) -> None:
    town.listings[new] = town.listings.pop(old) | {"renamed_from": old}
    for connection in town.connections.values():
        connection["listing"] = new if connection["listing"] == old else connection["listing"]
    town.apply()


def test_a_renamed_connection_keeps_its_bookings_and_the_feeds_their_bytes(loft: Town) -> None:
    before = loft.files()
    rename_connection(loft, "loft-airbnb", "loft-new")
    loft.sync()
    assert loft.files() == before
    assert loft.table("SELECT DISTINCT connection, state FROM bookings") == [
        {"connection": "loft-new", "state": "present"}
    ]


def test_a_renamed_connection_keeps_its_history(loft: Town) -> None:
    tables = ("bookings", "booking_versions", "records", "fetches", "stay_sources")
    before = {name: len(loft.table(f"FROM {name}")) for name in tables}
    rename_connection(loft, "loft-airbnb", "loft-new")
    loft.sync()
    for name in tables:
        connections = loft.table(f"SELECT connection, count(*) AS n FROM {name} GROUP BY ALL")
        expected = before[name] + (name == "fetches")
        assert connections == [{"connection": "loft-new", "n": expected}], name


def test_a_renamed_listing_keeps_its_stays_and_their_events(loft: Town) -> None:
    before, names = loft.events("loft"), loft.files().keys()
    rename_listing(loft, "loft", "attic")
    loft.sync()
    assert loft.events("attic") == before
    assert loft.files().keys() == names
    assert loft.table("SELECT DISTINCT listing FROM changes") == [{"listing": "attic"}]


def test_names_may_change_more_than_once_between_two_syncs(loft: Town) -> None:
    before = loft.events("loft")
    rename_listing(loft, "loft", "attic")
    rename_listing(loft, "attic", "penthouse")
    rename_connection(loft, "loft-airbnb", "second")
    rename_connection(loft, "second", "third")
    loft.sync()
    assert loft.events("penthouse") == before
    assert loft.table("SELECT DISTINCT connection, state FROM bookings") == [
        {"connection": "third", "state": "present"}
    ]


def test_a_listing_renamed_after_a_sync_died_is_finished_under_its_new_name(loft: Town) -> None:
    loft.show(loft_airbnb=airbnb(ANNA))
    loft.connections["loft-airbnb"]["absence"] = {"misses": 1, "minutes": 0}
    loft.apply()
    run = loft.begin()
    ingest(loft.stores, run)
    absorb(loft.stores, run)
    rename_listing(loft, "loft", "attic")
    loft.sync()
    assert [event.summary for event in loft.events("attic")] == ["Reserved - HMANNA2345"]


def test_a_new_listing_under_a_name_that_is_free_again_has_addresses_of_its_own(loft: Town) -> None:
    before = loft.files()
    rename_listing(loft, "loft", "attic")
    del loft.listings["attic"]["renamed_from"]
    loft.connect("loft-fewo-direkt", vrbo(reservation("eve", "2027-01-05", 2, "Eve")))
    loft.apply()
    loft.sync()
    assert loft.nights("loft") == nights("2027-01-05", 2)
    assert {name: file for name, file in loft.files().items() if name in before}.keys() == before.keys()
    assert loft.nights("attic") == nights("2026-12-01", 4) | nights("2026-12-10", 2) | nights("2026-12-15", 2)
