"""Publish, import, publish: our own nights never come back as news."""

from __future__ import annotations

from rentalsync_pipeline_tests.operations.dialects import airbnb, block, booking_com, closed, reservation
from rentalsync_pipeline_tests.operations.town import NewTown, Town, nights

ANNA = reservation("HMANNA2345", "2026-12-01", 3)
BEN = reservation("HMBENN2345", "2026-12-10", 2)


def published(town: Town, listing: str, audience: str) -> str:
    path = town.path(listing, audience)
    assert path
    return path.read_text(encoding="utf-8")


def test_importing_our_own_feed_changes_nothing(town: Town) -> None:
    town.connect("loft-airbnb", airbnb(ANNA, block("2026-12-20", 2)))
    town.connect("loft-booking-com", booking_com(closed("2027-01-10", 3)))
    town.apply()
    town.sync()
    before = town.files()
    for audience in ("for-airbnb", "for-booking_com", "busy", "owner"):
        town.connect("loft-ical", published(town, "loft", audience))
        town.apply()
        town.sync()
        assert {name: file for name, file in town.files().items() if name in before} == before
        town.sync()
        assert {name: file for name, file in town.files().items() if name in before} == before
    rules = town.table("SELECT DISTINCT rule FROM stay_sources WHERE connection = 'loft-ical'")
    assert rules == [{"rule": "own_uid"}]
    assert town.nights("loft", "for-ical") == town.nights("loft", "busy")


def test_importing_the_feed_for_booking_com_with_nothing_in_it_changes_nothing(town: Town) -> None:
    town.connect("loft-booking-com", booking_com(closed("2027-01-10", 3)))
    town.apply()
    town.sync()
    town.connect("loft-ical", published(town, "loft", "for-booking_com"))
    town.apply()
    town.sync()
    assert town.nights("loft") == nights("2027-01-10", 3)


def test_an_echo_does_not_outlive_its_original(town: Town) -> None:
    town.connect("loft-airbnb", airbnb(ANNA, BEN))
    town.apply()
    town.sync()
    town.connect("loft-ical", published(town, "loft", "busy"))
    town.apply()
    town.sync()
    town.show(loft_airbnb=airbnb(ANNA, BEN.cancelled))
    town.sync()
    assert town.nights("loft") == nights("2026-12-01", 3)


def test_the_feed_of_another_installation_is_news(town: Town, new_town: NewTown) -> None:
    town.connect("loft-airbnb", airbnb(ANNA))
    town.apply()
    town.sync()
    neighbour = new_town("neighbour")
    neighbour.forget_keys()
    neighbour.connect("loft-ical", published(town, "loft", "busy"))
    neighbour.apply()
    neighbour.sync()
    assert neighbour.nights("loft") == nights("2026-12-01", 3)
    assert neighbour.events("loft")[0].uid != town.events("loft")[0].uid
