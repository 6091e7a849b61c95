"""A house and its rooms: a room's stay takes the house, a stay of the house every room."""

from __future__ import annotations

from datetime import date

import pytest

from rentalsync_pipeline.operations.looking.conflicts import conflicts
from rentalsync_pipeline.operations.looking.explain import explain
from rentalsync_pipeline.operations.looking.history import changes
from rentalsync_pipeline.operations.syncing.reports import NIGHTS_AHEAD
from rentalsync_pipeline_tests.cli.shell import Shell
from rentalsync_pipeline_tests.operations.dialects import (
    Nights,
    airbnb,
    block,
    booking_com,
    closed,
    reservation,
    vrbo,
)
from rentalsync_pipeline_tests.operations.town import Row, Town, nights

ANNA = reservation("HMANNA2345", "2026-12-01", 3)
BEN = reservation("ben", "2026-12-02", 3, "Ben")
CLEO = reservation("HMCLEO2345", "2026-12-10", 2)
FAR = reservation("HMFARR2345", "2027-03-01", 1)
NONE: set[object] = set()


@pytest.fixture
def villa(town: Town) -> Town:
    """A house with two rooms, each on its own at two channels, synced before anybody booked."""
    town.listing("villa", name="Villa Aurora", rooms=["east", "west"])
    town.listing("east", name="East-Room")
    town.listing("west")
    for listing in ("villa", "east", "west"):
        town.connect(f"{listing}-airbnb", airbnb())
        town.connect(f"{listing}-booking-com", booking_com())
    town.apply()
    town.sync()
    return town


def summaries(town: Town, listing: str) -> list[str]:
    return [event.summary for event in town.events(listing)]


def rules(town: Town, connection: str) -> list[str]:
    found = town.table(f"SELECT rule FROM stay_sources WHERE connection = '{connection}'")
    return [row["rule"] for row in found]


def ledger(town: Town) -> list[Row]:
    return town.table(
        "SELECT listing, other_listing, certainty FROM conflicts WHERE resolved IS NULL ORDER BY ALL"
    )


def turned(town: Town) -> set[tuple[str, bool]]:
    """The listings with nights that the last sync turned busy or free for their owners."""
    found = changes(town.stores.control, town.now)
    return {(each.listing, each.busy) for each in found if "owner" in each.feeds}


def test_a_stay_of_a_room_takes_the_house_and_no_other_room(villa: Town) -> None:
    villa.show(east_airbnb=airbnb(ANNA))
    villa.sync()
    assert villa.nights("villa") == villa.nights("villa", "busy") == villa.nights("east") == ANNA.nights
    assert villa.nights("west") == set()
    assert summaries(villa, "villa") == ["Reserved - HMANNA2345 (East\u2011Room)"]
    assert summaries(villa, "east") == ["Reserved - HMANNA2345"]
    assert {event.summary for event in villa.events("villa", "busy")} == {"Not available"}


def test_a_stay_of_the_house_takes_every_room(villa: Town) -> None:
    villa.show(villa_airbnb=airbnb(ANNA, block("2026-12-20", 2)))
    villa.sync()
    for room in ("east", "west"):
        assert villa.nights(room) == ANNA.nights | nights("2026-12-20", 2)
        assert summaries(villa, room) == ["Reserved - HMANNA2345 (Villa Aurora)", "Blocked (Villa Aurora)"]


def test_the_channel_of_a_room_is_told_of_the_stay_for_the_house_but_not_for_the_room(villa: Town) -> None:
    """Airbnb sold the room: its calendar of the house doesn't know that."""
    villa.show(east_airbnb=airbnb(ANNA))
    villa.sync()
    assert villa.nights("east", "for-airbnb") == set()
    assert villa.nights("villa", "for-airbnb") == ANNA.nights
    assert ANNA.nights <= villa.nights("villa", "for-booking_com")


def test_what_nobody_told_of_anew_is_not_written_again(villa: Town) -> None:
    villa.show(east_airbnb=airbnb(ANNA))
    villa.sync()
    before = villa.files()
    villa.sync()
    assert villa.files() == before


def test_only_the_family_with_news_is_matched_and_published(villa: Town) -> None:
    villa.connect("loft-airbnb", airbnb(FAR))
    villa.apply()
    villa.sync()
    villa.show(west_airbnb=airbnb(ANNA))
    assert villa.sync().rendered == 8
    assert {row["listing"] for row in villa.table(f"FROM changes WHERE run_id = 'run-{villa.runs}'")} == {
        "villa",
        "west",
    }


def test_what_the_house_imported_of_a_room_is_an_echo_and_takes_no_other_room(villa: Town) -> None:
    villa.show(east_airbnb=airbnb(ANNA))
    villa.sync()
    before = villa.files()
    villa.show(
        villa_booking_com=booking_com(closed("2026-12-01", 3)), villa_airbnb=airbnb(block("2026-12-01", 3))
    )
    villa.sync(minutes=120)
    assert villa.files() == before
    assert rules(villa, "villa-booking-com") == rules(villa, "villa-airbnb") == ["same_nights"]
    villa.show(east_airbnb=airbnb(ANNA.cancelled))
    villa.sync()
    assert villa.nights("villa") == set()


def test_what_a_room_imported_of_the_house_is_an_echo(villa: Town) -> None:
    villa.show(villa_airbnb=airbnb(ANNA, CLEO))
    villa.sync()
    before = villa.files()
    villa.show(
        east_airbnb=airbnb(block("2026-11-30", 5)), west_booking_com=booking_com(closed("2026-12-01", 3))
    )
    villa.sync(minutes=120)
    assert villa.files() == before
    assert ledger(villa) == []


def test_our_own_feed_of_the_house_that_comes_back_is_an_echo(villa: Town) -> None:
    villa.show(east_airbnb=airbnb(ANNA))
    villa.sync()
    path = villa.path("villa", "for-airbnb")
    assert path
    villa.connect("villa-ical", path.read_text(encoding="utf-8"))
    villa.apply()
    villa.sync()
    assert rules(villa, "villa-ical") == ["own_uid"]
    assert villa.nights("west") == set()


def test_a_house_and_its_room_sold_for_one_night_are_a_double_booking(villa: Town) -> None:
    villa.connect("villa-fewo-direkt", vrbo())
    villa.apply()
    villa.sync()
    villa.show(east_airbnb=airbnb(ANNA))
    villa.sync()
    villa.show(villa_fewo_direkt=vrbo(BEN))
    villa.sync()
    assert ledger(villa) == [{"listing": "east", "other_listing": "villa", "certainty": "certain"}]
    (found,) = conflicts(villa.stores.control, villa.now)
    assert (found.first.listing, found.second.listing) == ("east", "villa")
    assert found.words.startswith("east / villa has a certain double booking of 2 nights from 2026-12-02: ")
    assert villa.nights("villa") == villa.nights("east") == ANNA.nights | BEN.nights
    assert villa.nights("west") == BEN.nights
    villa.show(villa_fewo_direkt=vrbo(BEN.cancelled))
    villa.sync()
    assert ledger(villa) == []


@pytest.mark.parametrize(("shown", "certainty"), [(closed("2026-12-02", 3), "possible"), (None, None)])
def test_a_closure_of_the_house_in_the_same_sync_is_possibly_double(
    villa: Town, shown: Nights | None, certainty: str | None
) -> None:
    villa.show(east_airbnb=airbnb(ANNA), villa_booking_com=booking_com(*([shown] if shown else [])))
    villa.sync()
    assert [row["certainty"] for row in ledger(villa)] == ([certainty] if certainty else [])


def test_two_rooms_that_are_sold_for_one_night_are_none(villa: Town) -> None:
    villa.show(east_airbnb=airbnb(ANNA), west_airbnb=airbnb(ANNA.moved("2026-12-02")))
    villa.sync()
    assert ledger(villa) == []
    assert villa.nights("villa") == nights("2026-12-01", 4)
    assert len(villa.events("villa")) == 2


def test_the_night_is_explained_by_whose_stay_takes_it(villa: Town) -> None:
    villa.show(east_airbnb=airbnb(ANNA))
    villa.sync()
    told = explain(villa.stores.control, "villa", ANNA.first)
    assert told.busy
    assert told.since == villa.now
    assert [(stay.listing, stay.sources[0].connection) for stay in told.stays] == [("east", "east-airbnb")]
    assert not explain(villa.stores.control, "west", ANNA.first).busy
    said = Shell(villa.home.path)("explain", "villa", str(ANNA.first)).stdout
    assert "Taken by east: Airbnb's reservation HMANNA2345, 2026-12-01 to 2026-12-04, holds it." in said
    villa.show(east_airbnb=airbnb(ANNA.cancelled))
    villa.sync()
    (former,) = explain(villa.stores.control, "villa", ANNA.first).formerly
    assert (former.listing, former.connection) == ("east", "east-airbnb")
    assert turned(villa) == {("villa", False), ("east", False)}


def test_the_board_shows_the_nights_that_relatives_take(villa: Town) -> None:
    villa.show(villa_airbnb=airbnb(ANNA), east_booking_com=booking_com(closed("2026-12-03", 1)))
    villa.sync()
    ahead = (ANNA.first - villa.today).days
    with villa.opened() as stores, stores.warehouse() as warehouse:
        board = warehouse.rows("occupancy", today=villa.today, nights=NIGHTS_AHEAD)
    shown = {row["listing"]: row["nights"][ahead : ahead + 4] for row in board}
    assert shown == {"villa": "██!·", "east": "██!·", "west": "███·"}


def test_becoming_a_room_and_ceasing_to_be_one_is_news(villa: Town) -> None:
    villa.listings["villa"]["rooms"] = ["east"]
    villa.show(villa_airbnb=airbnb(ANNA))
    villa.apply()
    villa.sync()
    assert villa.nights("west") == set()
    villa.listings["villa"]["rooms"] = ["east", "west"]
    villa.apply()
    villa.sync()
    assert villa.nights("west") == ANNA.nights
    assert turned(villa) == {("west", True)}
    villa.listings["villa"]["rooms"] = ["west"]
    villa.apply()
    villa.sync()
    assert villa.nights("east") == set()
    assert turned(villa) == {("east", False)}


def test_a_house_that_is_taken_away_leaves_its_guests_in_the_rooms(villa: Town) -> None:
    villa.show(villa_airbnb=airbnb(ANNA))
    villa.sync()
    del villa.listings["villa"], villa.connections["villa-airbnb"], villa.connections["villa-booking-com"]
    del villa.calendars["villa-airbnb"], villa.calendars["villa-booking-com"]
    villa.apply(prune=True)
    villa.sync()
    assert villa.nights("east") == villa.nights("west") == ANNA.nights
    villa.show(east_airbnb=airbnb(CLEO))
    villa.sync()
    assert villa.nights("east") == ANNA.nights | CLEO.nights


def test_a_name_that_changes_shows_at_the_relatives(villa: Town) -> None:
    villa.show(east_airbnb=airbnb(ANNA))
    villa.sync()
    villa.listings["east"]["name"] = "Rose"
    villa.apply()
    villa.sync()
    assert summaries(villa, "villa") == ["Reserved - HMANNA2345 (Rose)"]


def test_a_house_that_is_renamed_keeps_its_rooms_and_its_events(villa: Town) -> None:
    villa.show(villa_airbnb=airbnb(ANNA), east_booking_com=booking_com(closed("2026-12-03", 1)))
    villa.sync()
    (before,) = (event.uid for event in villa.events("west"))
    villa.listings = {
        "casa" if slug == "villa" else slug: row | ({"renamed_from": "villa"} if slug == "villa" else {})
        for slug, row in villa.listings.items()
    }
    for connection in villa.connections.values():
        if connection["listing"] == "villa":
            connection["listing"] = "casa"
    villa.apply()
    villa.sync()
    assert [event.uid for event in villa.events("west")] == [before]
    assert [(row["listing"], row["other_listing"]) for row in ledger(villa)] in (
        [("casa", "east")],
        [("east", "casa")],
    )


def live_on(town: Town, *sold: Nights) -> set[date]:
    """Twenty hours in which the house is sold again and again; the nights that are sold in the end."""
    for number in range(4):
        later = closed("2027-01-10", number + 1)
        town.show(villa_booking_com=booking_com(*sold, later))
        town.sync(minutes=5 * 60)
    return later.nights.union(*(each.nights for each in sold))


COPIED = closed("2026-12-01", 3)
PREPARED = airbnb(block("2026-11-29", 7))


def test_preparation_in_two_calendars_of_a_family_is_no_original_of_each_other(villa: Town) -> None:
    villa.show(villa_booking_com=booking_com(COPIED))
    villa.sync()
    villa.show(villa_airbnb=PREPARED, east_airbnb=PREPARED)
    villa.sync(minutes=60)
    villa.show(west_airbnb=airbnb(block("2026-11-30", 5)))
    assert live_on(villa, COPIED) == villa.nights("villa") == villa.nights("east") == villa.nights("west")


def test_preparation_in_the_first_answers_of_a_family_is_nobodys_block(town: Town) -> None:
    town.listing("villa", rooms=["east", "west"])
    town.connect("villa-booking-com", booking_com(COPIED))
    town.connect("villa-airbnb", PREPARED)
    for room in ("east", "west"):
        town.listing(room)
        town.connect(f"{room}-airbnb", PREPARED)
    town.apply()
    town.sync()
    assert live_on(town, COPIED) == town.nights("villa") == town.nights("east") == town.nights("west")
