"""An account through all steps of a sync: nothing is concluded from what a page lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from rentalsync_pipeline.channels import windows
from rentalsync_pipeline.channels.pace import Pace
from rentalsync_pipeline_tests.operations.hotel import Hotel, opened, room
from rentalsync_pipeline_tests.operations.town import Town, nights
from rentalsync_pipeline_tests.simulators.world import Status


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pace, "reserve", lambda *_: 0.0)
    monkeypatch.setattr(windows, "AHEAD", 2)
    monkeypatch.setattr(windows, "BEYOND", 2)


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


def test_a_page_that_fails_five_times_cancels_nothing(hotel: Hotel) -> None:
    for number in range(120):
        arrival = date(2026, 12, 1) + timedelta(days=number % 25)
        hotel.world.book("direct", room("house-01-a", str(arrival), 1))
    hotel.sync()
    before = hotel.records()
    hotel.cloudbeds.faults.add("server_error", on="pageNumber=2", times=None)
    hotel.sync(days=1)

    assert hotel.town.log()["hotel"]["verdict"]
    assert {key: row["state"] for key, row in hotel.records().items()} == {
        key: row["state"] for key, row in before.items()
    }


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


def test_a_room_that_is_moved_keeps_its_booking(hotel: Hotel) -> None:
    sold = hotel.world.book("airbnb", room("house-01-a", "2026-12-04", 3))
    hotel.sync()
    hotel.world.assign(sold.number, "house-01-b")
    hotel.sync()
    assert hotel.town.nights("house-01-b") == nights("2026-12-04", 3)

    hotel.sync(minutes=20)
    hotel.sync(minutes=20)
    assert hotel.town.nights("house-01-a") == set()
    assert hotel.town.nights("house-01-b") == nights("2026-12-04", 3)


def test_what_is_in_no_page_is_asked_for_by_its_id(hotel: Hotel) -> None:
    """Deleted at the vendor's: its sweep lacks it, and so does the answer about it."""
    sold = hotel.world.book("airbnb", room("house-01-a", "2026-12-04", 3))
    hotel.sync()
    hotel.cloudbeds.faults.add("empty_page", on="getReservations?", times=None)
    hotel.cloudbeds.faults.add("wrong_total", on="getReservations?", times=None, value=-1)
    hotel.sync(minutes=75)
    assert hotel.town.nights("house-01-a") == nights("2026-12-04", 3)
    assert sold
