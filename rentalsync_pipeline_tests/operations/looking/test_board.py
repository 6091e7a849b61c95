"""The board tells every night's holder, and nothing of a free one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from rentalsync_pipeline.core.conflicts import Certainty
from rentalsync_pipeline.core.model import Kind
from rentalsync_pipeline.operations.looking.board import Night, board
from rentalsync_pipeline.operations.watching.catalogue import catalogue
from rentalsync_pipeline.operations.watching.status import Freshness
from rentalsync_pipeline_tests.operations.dialects import (
    airbnb,
    block,
    booking_com,
    closed,
    reservation,
    tail,
    vrbo,
)
from rentalsync_pipeline_tests.operations.town import Town

FIRST = date(2026, 12, 1)


def lane(town: Town, listing: str = "loft", *, nights: int = 30) -> Mapping[date, Night]:
    return board(town.home, [listing], FIRST, nights).get(listing, {})


def day(number: int) -> date:
    return FIRST.replace(day=number)


def test_before_the_first_sync_the_board_is_empty(town: Town) -> None:
    town.connect("loft-airbnb", airbnb())
    town.apply()
    assert board(town.home, ["loft"], FIRST, 30) == {}


def test_a_night_tells_who_sold_it_as_what_and_where_the_stay_begins(town: Town) -> None:
    town.connect("loft-airbnb", airbnb(reservation("HMANNA2345", "2026-12-03", 2), block("2026-12-10", 1)))
    town.apply()
    town.sync()
    held = lane(town)
    assert list(held) == [day(3), day(4), day(10)]
    assert held[day(3)] == Night("airbnb", Kind.RESERVATION, "loft", True, False, 1, None)
    assert (held[day(4)].begins, held[day(4)].ends) == (False, True)
    assert held[day(10)].kind is Kind.BLOCK


def test_only_the_nights_that_are_asked_for_are_told(town: Town) -> None:
    town.connect("loft-airbnb", airbnb(reservation("HMANNA2345", "2026-11-29", 10)))
    town.apply()
    town.sync()
    assert list(lane(town, nights=3)) == [day(1), day(2), day(3)]
    assert not any(night.begins for night in lane(town).values())
    assert lane(town, "no-such-listing") == {}


def test_a_night_that_is_sold_twice_is_contested_and_told_by_whom_was_known_first(town: Town) -> None:
    town.connect("loft-airbnb", airbnb(reservation("HMANNA2345", "2026-12-03", 3)))
    town.connect("loft-fewo-direkt", vrbo())
    town.apply()
    town.sync()
    town.show(loft_fewo_direkt=vrbo(reservation("ben", "2026-12-05", 2, "Ben")))
    town.sync()
    held = lane(town)
    assert [held[day(n)].contested for n in (4, 5, 6)] == [None, Certainty.CERTAIN, None]
    assert (held[day(5)].channel, held[day(5)].stays, held[day(6)].channel) == ("airbnb", 2, "fewo_direkt")
    (unit,) = catalogue(town.stores.control, town.now)
    assert (unit.conflicts, unit.channels) == (1, ("airbnb", "fewo_direkt"))


def test_what_is_not_sold_yet_holds_nothing(town: Town) -> None:
    town.connect(
        "loft-booking-com", booking_com(closed("2026-12-05", 2), tail("2026-12-20", date(2028, 5, 20)))
    )
    town.apply()
    town.sync()
    assert (lane(town)[day(5)].kind, lane(town)[day(5)].stays) == (Kind.UNKNOWN, 1)
    assert (lane(town)[day(20)].kind, lane(town)[day(20)].stays) == (Kind.HORIZON, 0)


def test_the_night_of_a_room_is_held_by_its_house(town: Town) -> None:
    town.listing("villa", rooms=["room"])
    town.listing("room")
    town.connect("villa-airbnb", airbnb(reservation("HMANNA2345", "2026-12-03", 1)))
    town.connect("room-fewo-direkt", vrbo())
    town.apply()
    town.sync()
    assert lane(town, "room")[day(3)].home == "villa"


def test_a_listing_is_as_fresh_as_the_connection_that_is_worst_off(town: Town) -> None:
    town.connect("loft-airbnb", airbnb())
    town.connect("loft-fewo-direkt")
    town.listing("barn")
    town.apply()
    town.sync()
    found = {unit.listing.slug: unit.freshness for unit in catalogue(town.stores.control, town.now)}
    assert found == {"loft": Freshness.NEVER, "barn": Freshness.OFF}


def test_a_connection_that_is_switched_off_does_not_make_its_listing_look_old(town: Town) -> None:
    town.connect("loft-airbnb", airbnb())
    town.connect("loft-fewo-direkt", enabled=False)
    town.apply()
    town.sync()
    (unit,) = catalogue(town.stores.control, town.now)
    assert (unit.freshness, unit.synced) == (Freshness.OK, town.now)
