"""An account through all steps of a sync: nothing is concluded from what a page lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from rentalsync_pipeline.operations.replaying.replay import Rules, replay
from rentalsync_pipeline.operations.syncing.ingest import ingest
from rentalsync_pipeline_tests.operations.dialects import airbnb, reservation
from rentalsync_pipeline_tests.operations.hotel import Hotel, opened, room
from rentalsync_pipeline_tests.operations.town import Town, nights
from rentalsync_pipeline_tests.simulators.world import Status

pytestmark = pytest.mark.usefixtures("no_waiting")


@pytest.fixture
def hotel(town: Town) -> Iterator[Hotel]:
    with opened(town) as hotel:
        yield hotel


def test_what_an_account_has_sold_is_published_by_room(hotel: Hotel) -> None:
    hotel.world.book("airbnb", room("house-01-a", "2026-12-04", 3), room("house-01-b", "2026-12-05", 2))
    hotel.world.block("cloudbeds", "house-02-a", date(2026, 12, 24), date(2026, 12, 27))
    hotel.sync()

    assert hotel.town.nights("house-01-a") == nights("2026-12-04", 3)
    assert hotel.town.nights("house-01-b") == nights("2026-12-05", 2)
    assert hotel.town.nights("house-02-a") == nights("2026-12-24", 3)
    assert hotel.town.nights("house-02-b") == set()


def test_two_hundred_and_fifty_reservations_arrive_whole(hotel: Hotel) -> None:
    """Three pages of one window, of all sorts."""
    first = date(2026, 12, 1)
    sorts = (Status.CONFIRMED, Status.REQUEST, Status.CANCELLED)
    for number in range(250):
        slug = f"house-0{1 + number % 2}-{'ab'[number // 2 % 2]}"
        arrival = str(first + timedelta(days=number % 25))
        rooms = [room(None if number == 7 else slug, arrival, 1)]
        if number == 9:
            rooms.append(room("house-02-a", arrival, 2))
        hotel.world.book("direct", *rooms, house=slug[:8], status=sorts[number % 3])
    hotel.sync()

    records = hotel.records()
    assert len(records) == 251
    pages = [target for target in hotel.asked("getReservations") if "checkOutFrom=2026-12-01" in target]
    assert [page.partition("pageNumber=")[2][:1] for page in pages] == ["1", "2", "3"]
    assert Counter(row["state"] for row in records.values()) == {"present": 168, "cancelled": 83}
    unassigned = [row for row in records.values() if row["listing"] is None]
    assert [row["upstream_listing"] for row in unassigned] == ["310047"]


def test_a_page_that_fails_five_times_changes_and_cancels_nothing(hotel: Hotel) -> None:
    for number in range(120):
        arrival = date(2026, 12, 1) + timedelta(days=number % 25)
        hotel.world.book("direct", room("house-01-a", str(arrival), 1))
    hotel.sync()
    before, published = hotel.records(), hotel.town.files()
    hotel.cloudbeds.faults.add("server_error", on="pageNumber=2", times=5)
    hotel.cloudbeds.faults.add("server_error", on="pageNumber=2", times=1)
    hotel.sync(days=1)

    assert hotel.failed() == ["server_error"]
    assert hotel.records() == before
    assert hotel.town.files() == published

    hotel.sync()
    assert hotel.failed() == []


def test_a_sale_is_published_by_the_next_sync_without_a_sweep(hotel: Hotel) -> None:
    hotel.sync()
    hotel.world.book("airbnb", room("house-01-a", "2026-12-04", 3))
    hotel.sync()

    assert hotel.town.nights("house-01-a") == nights("2026-12-04", 3)
    assert hotel.asked("getReservations") == []
    assert len(hotel.asked("getReservationsWithRateDetails")) == 1


def test_a_cancellation_is_believed_at_once(hotel: Hotel) -> None:
    sold = hotel.world.book("airbnb", room("house-01-a", "2026-12-04", 3))
    hotel.sync()
    hotel.world.cancel(sold.number)
    hotel.sync()

    assert hotel.town.nights("house-01-a") == set()


@pytest.mark.parametrize("arrival", ["2026-12-04", "2026-11-19"])
def test_a_reservation_that_moves_to_another_room_leaves_the_old_one(hotel: Hotel, arrival: str) -> None:
    """Also one that has begun: its old room can be sold from today on."""
    stay = nights(arrival, 5)
    sold = hotel.world.book("airbnb", room("house-01-a", arrival, 5))
    hotel.sync()
    hotel.world.assign(sold.number, "house-01-b")
    hotel.sync()
    assert hotel.town.nights("house-01-a") == hotel.town.nights("house-01-b") == stay

    hotel.sync(minutes=20)
    hotel.sync(minutes=20)
    assert hotel.town.nights("house-01-a") == set()
    assert hotel.town.nights("house-01-b") == stay
    causes = hotel.town.table("SELECT cause FROM bookings WHERE listing = 'house-01-a'")
    assert [row["cause"] for row in causes] == ["moved_away"]


def test_what_no_page_holds_is_asked_for_by_its_id_until_it_is_believed(hotel: Hotel) -> None:
    hotel.world.book("airbnb", room("house-01-a", "2026-12-14", 3))
    sold = hotel.world.book("airbnb", room("house-01-a", "2026-12-04", 3))
    hotel.sync()
    hotel.forget(sold.number)
    hotel.sync(minutes=75)

    assert hotel.states() == {"missing", "present"}
    assert hotel.town.nights("house-01-a") == nights("2026-12-04", 3) | nights("2026-12-14", 3)

    hotel.sync(minutes=6)
    assert hotel.states() == {"missing", "present"}
    hotel.sync(minutes=25)
    assert hotel.states() == {"cancelled", "present"}
    assert hotel.town.nights("house-01-a") == nights("2026-12-14", 3)


def test_a_record_that_comes_back_was_never_free(hotel: Hotel) -> None:
    hotel.world.book("airbnb", room("house-01-a", "2026-12-14", 3))
    sold = hotel.world.book("airbnb", room("house-01-a", "2026-12-04", 3))
    hotel.sync()
    versions = hotel.forget(sold.number)
    hotel.sync(minutes=75)
    assert hotel.states() == {"missing", "present"}
    hotel.world._bookings[sold.number] = versions
    hotel.sync(minutes=6)

    assert hotel.states() == {"present"}
    assert hotel.town.nights("house-01-a") == nights("2026-12-04", 3) | nights("2026-12-14", 3)


def test_an_empty_page_that_announces_more_is_no_answer(hotel: Hotel) -> None:
    hotel.world.book("airbnb", room("house-01-a", "2026-12-04", 3))
    hotel.sync()
    hotel.cloudbeds.faults.add("empty_page", on="checkOutFrom=2026-12", times=2)
    hotel.sync(minutes=75)

    assert hotel.failed() == ["incomplete"]
    assert hotel.states() == {"present"}


@pytest.mark.parametrize("fault", ["doubled", "wrong_total", "torn", "short"])
def test_pages_that_do_not_add_up_are_asked_for_again(hotel: Hotel, fault: str) -> None:
    for number in range(120):
        arrival = date(2026, 12, 1) + timedelta(days=number % 25)
        hotel.world.book("direct", room("house-01-a", str(arrival), 1))
    hotel.cloudbeds.faults.add(fault, on="pageNumber=2")
    hotel.sync()

    assert len(hotel.records()) == 120
    assert hotel.failed() == []


def test_a_property_that_withdraws_its_consent_frees_nothing(hotel: Hotel) -> None:
    hotel.world.book("airbnb", room("house-01-a", "2026-12-04", 3))
    hotel.world.block("cloudbeds", "house-01-b", date(2026, 12, 24), date(2026, 12, 27))
    hotel.sync()
    hotel.cloudbeds.lost.add("house-01")
    hotel.world.book("airbnb", room("house-02-a", "2026-12-10", 3))
    for _ in range(4):
        hotel.sync(minutes=75)

    assert hotel.town.nights("house-01-a") == nights("2026-12-04", 3)
    assert hotel.town.nights("house-01-b") == nights("2026-12-24", 3)
    assert hotel.town.nights("house-02-a") == nights("2026-12-10", 3)
    reasons = {row["reason"] for row in hotel.town.table("SELECT reason FROM rejections")}
    assert reasons == {
        "asked for by its id, the channel refuses to answer",
        "its listing does not answer any more",
    }


def test_one_poison_record_is_set_aside_and_stops_nobody(hotel: Hotel) -> None:
    first = hotel.world.book("airbnb", room("house-01-a", "2026-12-04", 3))
    hotel.sync()
    hotel.world.book("airbnb", room("house-01-b", "2026-12-10", 3))
    hotel.cloudbeds.faults.add("poison", on="getReservationsWithRateDetails")
    hotel.sync()

    (rejection,) = hotel.town.table("SELECT uid, reason FROM rejections")
    assert rejection["uid"] == f"310046/{8_176_082_000_000 + first.number}"
    assert rejection["reason"] == "it is not as its documents say (ValueError)"
    assert hotel.town.nights("house-01-a") == nights("2026-12-04", 3)
    assert hotel.town.nights("house-01-b") == nights("2026-12-10", 3)


def test_a_first_load_that_was_killed_goes_on_where_it_was(hotel: Hotel) -> None:
    hotel.world.book("airbnb", room("house-01-a", "2026-12-04", 3))
    hotel.town.ask()
    once = len(hotel.asked("getReservations"))
    hotel.sync()

    assert once == 3
    assert hotel.asked("getReservations") == []
    assert hotel.town.nights("house-01-a") == nights("2026-12-04", 3)


def test_a_room_that_is_not_assigned_occupies_its_property(town: Town) -> None:
    with opened(town) as hotel:
        town.listing("house-one")
        town.connections["hotel"]["listings"] |= {"310046": "house-one"}
        town.apply()
        sold = hotel.world.book("airbnb", room(None, "2026-12-04", 3), house="house-01")
        hotel.sync()
        assert town.nights("house-one") == nights("2026-12-04", 3)

        hotel.world.assign(sold.number, "house-01-a")
        for _ in range(3):
            hotel.sync(minutes=20)
        assert town.nights("house-01-a") == nights("2026-12-04", 3)
        assert town.nights("house-one") == set()


def test_what_was_not_mapped_is_published_once_it_is(town: Town) -> None:
    with opened(town) as hotel:
        whole = town.connections["hotel"]["listings"]
        town.connections["hotel"]["listings"] = dict(list(whole.items())[1:])
        town.apply()
        hotel.world.book("airbnb", room("house-01-a", "2026-12-04", 3))
        hotel.sync()
        assert town.nights("house-01-a") == set()

        town.connections["hotel"]["listings"] = whole
        town.apply()
        hotel.sync()
        assert town.nights("house-01-a") == nights("2026-12-04", 3)


def test_the_name_of_a_guest_lands_on_the_stay_that_another_calendar_announced(town: Town) -> None:
    with opened(town) as hotel:
        sold = hotel.world.book("airbnb", room("house-01-a", "2026-12-04", 3))
        calendar = airbnb(reservation(sold.code, "2026-12-04", 3))
        town.connect("house-airbnb", calendar, listing="house-01-a")
        town.apply()
        hotel.sync()
        (event,) = town.events("house-01-a")

    assert event.summary == sold.guest.name
    assert {row["rule"] for row in town.table("SELECT rule FROM stay_sources")} >= {"code"}


def test_a_reservation_without_a_room_takes_every_room_of_its_house_until_it_has_one(hotel: Hotel) -> None:
    """The account knows of all of it, so that none of its feeds says so."""
    town, rooms = hotel.town, ("house-01-a", "house-01-b")
    mapped = town.connections["hotel"]["listings"]
    town.listing("house-01", rooms=list(rooms))
    house = next(upstream.partition("/")[0] for upstream, slug in mapped.items() if slug == rooms[0])
    mapped[house] = "house-01"
    town.apply()
    booking = hotel.world.book("direct", room(None, "2026-12-04", 3), house="house-01")
    hotel.world.book("airbnb", room("house-01-b", "2026-12-05", 4))
    hotel.sync()

    sold, later = nights("2026-12-04", 3), nights("2026-12-05", 4)
    assert town.nights("house-01-a") == sold
    assert town.nights("house-01") == town.nights("house-01-b") == sold | later
    assert town.nights("house-01-b", "busy") == sold | later
    for listing in ("house-01", *rooms):
        assert town.nights(listing, "for-cloudbeds") == set()
    assert town.table("FROM conflicts") == []

    hotel.world.assign(booking.number, "house-01-a")
    hotel.sync()
    hotel.sync(minutes=60)
    assert town.nights("house-01-a") == sold
    assert town.nights("house-01-b") == later


def test_a_block_that_is_moved_to_an_earlier_month_is_not_missed_in_its_old_one(hotel: Hotel) -> None:
    block = hotel.world.block("cloudbeds", "house-02-a", date(2026, 12, 24), date(2026, 12, 27))
    hotel.sync()
    versions = hotel.world._blocks[block.number]
    versions.append(replace(block, first=date(2026, 11, 24), end=date(2026, 11, 27)))
    hotel.sync(minutes=75)

    assert hotel.town.nights("house-02-a") == nights("2026-11-24", 3)


@pytest.mark.slow
def test_the_life_of_an_account_can_be_replayed(hotel: Hotel) -> None:
    sold = hotel.world.book("airbnb", room("house-01-a", "2026-12-04", 3))
    hotel.world.book("airbnb", room("house-01-a", "2026-12-14", 3))
    hotel.sync()
    hotel.world.move(sold.number, date(2026, 12, 5), date(2026, 12, 9))
    hotel.sync()
    hotel.cloudbeds.faults.add("server_error", times=None)
    hotel.sync()
    hotel.cloudbeds.faults.clear()
    for _ in range(3):
        hotel.sync(minutes=40)

    town = hotel.town
    again = replay(town.stores.control, town.now, Rules.CURRENT, town.now)
    assert again.differences == ()
    assert all(feed.is_identical for feed in again.feeds)


def test_a_first_load_tells_how_far_it_is(hotel: Hotel) -> None:
    hotel.world.book("airbnb", room("house-01-a", "2026-12-04", 3))
    told = []
    run = hotel.town.begin()
    ingest(hotel.town.stores, run, lambda done, total: told.append((done, total)))

    assert told == [(1, 2), (2, 2)]


def test_a_sync_that_brings_nothing_is_one_line_of_the_log(hotel: Hotel) -> None:
    hotel.sync()
    hotel.sync(minutes=75)

    rows = hotel.town.table(f"SELECT verdict, news FROM fetches WHERE run_id = 'run-{hotel.town.runs}'")
    assert rows == [{"verdict": "unchanged", "news": False}]
