"""Taking something away from the configuration never frees a night."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rentalsync_pipeline.operations.asking import FREE_NIGHTS
from rentalsync_pipeline_tests.operations.dialects import (
    airbnb,
    block,
    booking_com,
    closed,
    reservation,
    vrbo,
)
from rentalsync_pipeline_tests.operations.town import Town, nights

ANNA = reservation("HMANNA2345", "2026-12-01", 3)
BEN = reservation("HMBENN2345", "2026-12-10", 2)
OWNERS = block("2026-12-15", 2)
GONE = reservation("HMGONE2345", "2026-11-15", 3)
ALL = nights("2026-12-01", 3) | nights("2026-12-10", 2) | nights("2026-12-15", 2) | nights("2026-11-15", 3)


@pytest.fixture
def loft(town: Town) -> Town:
    """Airbnb tells of the loft; Booking.com of the villa and of nobody in the loft."""
    town.connect("loft-airbnb", airbnb(GONE, ANNA, BEN, OWNERS))
    town.connect("loft-booking-com", booking_com())
    town.connect("villa-booking-com", booking_com(closed("2026-12-24", 3)))
    town.apply()
    town.sync()
    return town


def take_away(loft: Town) -> None:
    """Without the connection to Airbnb."""
    del loft.connections["loft-airbnb"]
    loft.apply(prune=True)
    loft.sync()


def switch_off(loft: Town) -> None:
    loft.connections["loft-airbnb"]["enabled"] = False
    loft.apply()
    loft.sync()


def give_to_the_villa(loft: Town) -> None:
    loft.connections["loft-airbnb"]["listing"] = "villa"
    loft.apply()
    loft.sync()


def point_elsewhere(loft: Town) -> None:
    loft.connections["loft-airbnb"]["url"] = "elsewhere.ics"
    loft.calendars["elsewhere"] = airbnb(reservation("HMELSE2345", "2027-02-01", 1))
    loft.apply()
    loft.sync()


@pytest.mark.parametrize("change", [take_away, switch_off, give_to_the_villa, point_elsewhere])
def test_its_nights_stay(loft: Town, change: Callable[[Town], None]) -> None:
    busy = {event.uid: event for event in loft.events("loft", "busy")}
    change(loft)
    loft.sync(minutes=60)
    loft.sync(minutes=60)
    assert loft.nights("loft", "busy") >= ALL
    assert {event.uid: event for event in loft.events("loft", "busy") if event.uid in busy} == busy
    assert loft.table("FROM changes WHERE NOT busy") == []
    states = loft.table(
        "SELECT DISTINCT state FROM bookings WHERE listing = 'loft' AND code IN ('HMANNA2345', 'HMBENN2345')"
    )
    assert states == [{"state": "orphaned"}]


def test_a_calendar_given_to_another_listing_tells_of_that_one_at_once(loft: Town) -> None:
    """Though its bytes are the same."""
    give_to_the_villa(loft)
    assert loft.nights("villa") == ALL | nights("2026-12-24", 3)


def test_the_same_calendar_read_in_another_way_is_read_anew(loft: Town) -> None:
    loft.connections["loft-airbnb"]["end_is_last_night"] = True
    loft.apply()
    loft.sync()
    assert loft.nights("loft") >= nights("2026-12-01", 4)


def test_an_orphan_ends_where_another_calendar_shows_a_guest_on_all_its_nights(loft: Town) -> None:
    take_away(loft)
    loft.connect("loft-fewo-direkt", vrbo(reservation("anna", "2026-11-30", 4, "Anna")))
    loft.apply()
    loft.sync()
    assert loft.states()["HMANNA2345"] == "released"
    assert loft.states()["HMBENN2345"] == "orphaned"
    assert loft.nights("loft") == ALL | nights("2026-11-30", 4)


@pytest.mark.parametrize(
    "shown", [vrbo(reservation("anna", "2026-12-01", 2, "Anna")), booking_com(closed("2026-12-01", 3))]
)
def test_an_orphan_stays_where_another_calendar_shows_less_than_a_guest_on_all_its_nights(
    loft: Town, shown: str
) -> None:
    """A closure may be the copy of this very reservation, and would go with it."""
    take_away(loft)
    loft.connect("loft-fewo-direkt", vrbo())
    loft.show(loft_fewo_direkt=shown)
    loft.apply()
    loft.sync()
    assert loft.states()["HMANNA2345"] == "orphaned"


def test_an_orphan_whose_calendar_comes_back_under_another_name_stays_the_same_event(loft: Town) -> None:
    uids = {event.first: event.uid for event in loft.events("loft")}
    loft.connections["loft-new"] = loft.connections.pop("loft-airbnb")
    loft.apply(prune=True)
    loft.sync()
    loft.sync()
    assert {event.first: event.uid for event in loft.events("loft")} == uids
    states = loft.table("SELECT DISTINCT state FROM bookings WHERE connection = 'loft-airbnb' AND code <> ''")
    assert loft.table("SELECT DISTINCT state FROM bookings WHERE connection = 'loft-new'") == [
        {"state": "present"}
    ]
    assert {"state": "orphaned"} not in states


def test_an_orphan_ends_with_its_last_night(loft: Town) -> None:
    take_away(loft)
    loft.sync(days=58)
    assert loft.nights("loft") == set()
    assert loft.table("FROM changes WHERE NOT busy") == []


def test_a_person_can_let_orphans_go_with_the_connection(loft: Town) -> None:
    del loft.connections["loft-airbnb"]
    loft.apply(prune=True, free_nights=True)
    loft.sync()
    freed = loft.table("SELECT DISTINCT cause FROM bookings WHERE state = 'released'")
    assert freed == [{"cause": "freed_by_person"}]
    assert loft.nights("loft", "busy") == nights("2026-11-15", 3)
    assert loft.stores.control.waiting() == []


def test_a_person_can_let_orphans_go_later(loft: Town) -> None:
    take_away(loft)
    loft.stores.control.ask(FREE_NIGHTS, "loft-airbnb", {}, "a test", loft.now)
    loft.sync()
    assert loft.nights("loft", "busy") == nights("2026-11-15", 3)


def test_a_connection_switched_on_again_takes_its_nights_back(loft: Town) -> None:
    before = loft.files()
    switch_off(loft)
    loft.connections["loft-airbnb"]["enabled"] = True
    loft.apply()
    loft.sync()
    assert set(loft.states().values()) == {"present"}
    shared = {name: file for name, file in before.items() if "for-" not in name}
    assert {name: file for name, file in loft.files().items() if name in shared} == shared


def test_what_was_cancelled_while_a_connection_was_off_is_confirmed_first(loft: Town) -> None:
    switch_off(loft)
    loft.connections["loft-airbnb"]["enabled"] = True
    loft.show(loft_airbnb=airbnb(ANNA, OWNERS))
    loft.apply()
    loft.sync()
    assert loft.states()["HMBENN2345"] == "missing"
    assert loft.nights("loft") == ALL
    loft.sync(minutes=30)
    assert loft.states()["HMBENN2345"] == "cancelled"
    assert loft.nights("loft") == ALL - nights("2026-12-10", 2)


def test_an_address_that_answers_with_an_empty_calendar_at_first_is_believed_and_frees_nothing(
    loft: Town,
) -> None:
    loft.connections["loft-airbnb"]["url"] = "elsewhere.ics"
    loft.calendars["elsewhere"] = airbnb()
    loft.apply()
    loft.sync()
    assert loft.log()["loft-airbnb"]["verdict"] == "accepted"
    assert loft.nights("loft") == ALL


def test_the_files_of_a_listing_that_is_taken_away_go(loft: Town) -> None:
    del loft.listings["villa"], loft.connections["villa-booking-com"]
    loft.apply(prune=True)
    loft.sync()
    assert not [name for name in loft.files() if "villa" in name]
    manifest = (loft.home.feeds / "manifest.json").read_text()
    assert "villa" not in manifest


def test_the_files_of_a_listing_that_is_switched_off_go_and_come_back(loft: Town) -> None:
    before = loft.files()
    loft.listing("villa", enabled=False)
    loft.apply()
    loft.sync()
    assert not [name for name in loft.files() if "villa" in name]
    loft.listing("villa", enabled=True)
    loft.apply()
    loft.sync()
    assert {name: octets for name, (octets, _) in loft.files().items()} == {
        name: octets for name, (octets, _) in before.items()
    }
