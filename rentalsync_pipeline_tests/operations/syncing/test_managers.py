"""What every channel manager must be good for, each asked at its own API."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from rentalsync_pipeline.channels.wire import patience
from rentalsync_pipeline_tests.operations.dialects import airbnb, reservation
from rentalsync_pipeline_tests.operations.hotel import room
from rentalsync_pipeline_tests.operations.managers import MANAGERS, Office, opened
from rentalsync_pipeline_tests.operations.town import Town, nights
from rentalsync_pipeline_tests.simulators.world import Status

pytestmark = pytest.mark.usefixtures("no_waiting")


@pytest.fixture(params=MANAGERS)
def office(request: pytest.FixtureRequest, town: Town) -> Iterator[Office]:
    with opened(town, request.param) as office:
        yield office


def test_a_sale_a_move_and_a_cancellation_each_show_within_one_sync(office: Office) -> None:
    """A move gives its old nights up only when they were missed twice."""
    office.sync()
    sold = office.world.book("airbnb", room("house-01-a", "2026-12-04", 3))
    office.sync()
    assert office.nights() == nights("2026-12-04", 3)
    assert [event.summary for event in office.town.events("house-01-a")] == [sold.guest.name]

    office.world.move(sold.number, date(2026, 12, 6), date(2026, 12, 9))
    office.sync()
    assert office.nights() >= nights("2026-12-06", 3)
    office.sync(minutes=35)
    office.sync(minutes=35)
    assert office.nights() == nights("2026-12-06", 3)

    office.world.cancel(sold.number)
    office.sync()
    assert office.nights() == set()
    assert office.leaks() == set()
    assert office.holding(sold.code) == {sold.code}


def test_what_was_sold_before_the_first_sync_is_found(office: Office) -> None:
    """More than a page of it, cancelled ones and two rooms of one booking among them."""
    for number in range(102):
        arrival = str(date(2026, 12, 1) + timedelta(days=number % 30))
        status = Status.CANCELLED if number > 1 else Status.CONFIRMED
        office.world.book("booking_com", room("house-01-b", arrival, 1), status=status)
    office.world.book("direct", room("house-01-a", "2026-12-24", 2), room("house-01-b", "2026-12-25", 2))
    office.sync()
    assert office.nights("house-01-b") == nights("2026-12-01", 2) | nights("2026-12-25", 2)
    assert office.nights("house-01-a") == nights("2026-12-24", 2)


def test_owners_blocks_requests_and_inquiries_are_what_they_are(office: Office) -> None:
    office.world.block("direct", "house-01-a", date(2026, 12, 24), date(2026, 12, 27))
    office.world.book("vrbo", room("house-01-b", "2026-12-04", 2), status=Status.REQUEST)
    office.world.book("vrbo", room("house-01-b", "2026-12-10", 2), status=Status.INQUIRY)
    office.world.book("vrbo", room("house-01-b", "2026-12-20", 2), status=Status.NO_SHOW)
    office.sync()
    requested = nights("2026-12-04", 2) if office.manager.requests else set()
    assert office.nights("house-01-a") == (nights("2026-12-24", 3) if office.manager.blocks else set())
    assert office.nights("house-01-b") == requested | nights("2026-12-20", 2)


def test_the_stay_that_airbnb_announced_gets_its_guests_name(office: Office) -> None:
    sold = office.world.book("airbnb", room("house-01-a", "2026-12-04", 3))
    calendar = airbnb(reservation(sold.code, date(2026, 12, 4), 3))
    office.town.connect("ota", calendar, channel="airbnb", listing="house-01-a")
    office.town.apply()
    office.sync()
    (event,) = office.town.events("house-01-a")
    assert event.summary == sold.guest.name
    assert office.town.table("FROM conflicts") == []


FAULTS = ("server_error", "torn", "empty_page", "poison")


@pytest.mark.parametrize(
    ("channel", "fault"), [(name, FAULTS[place % len(FAULTS)]) for place, name in enumerate(MANAGERS)]
)
def test_an_answer_with_a_fault_cancels_nothing(
    town: Town, channel: str, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each fault at two vendors."""
    monkeypatch.setattr(patience, "BACKOFF", 0.0)
    with opened(town, channel) as office:
        for number in range(3):
            office.world.book("direct", room("house-01-a", f"2026-12-{4 + 5 * number:02}", 2))
        office.sync()
        before = office.nights()
        assert len(before) == 6
        office.api.faults.add(
            fault, on="bookings" if "bookings" in _last(office) else "reservations", times=None
        )
        for _ in range(2):
            office.sync(minutes=35)
            assert office.nights() == before


def _last(office: Office) -> str:
    return str(office.api.asked[-1].target)
