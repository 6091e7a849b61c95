"""The simulator of Lodgify against docs.lodgify.com (API v2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from rentalsync_pipeline_tests.simulators.conftest import Calling
from rentalsync_pipeline_tests.simulators.lodgify import Lodgify
from rentalsync_pipeline_tests.simulators.stays import day, stay
from rentalsync_pipeline_tests.simulators.world import Status, World

A = "house-01-a"


@pytest.fixture
def api(world: World, calling: Calling) -> Iterator[httpx.Client]:
    lodgify = Lodgify(world)
    with calling(lodgify, X_ApiKey=lodgify.key) as client:
        yield client


def bookings(api: httpx.Client, **params: Any) -> Any:
    return api.get("reservations/bookings", params=params).json()["items"]


def test_a_key_opens(api: httpx.Client) -> None:
    """*Authentication*: header X-ApiKey."""
    assert api.get("properties", params={"size": 1}).json()["items"][0]["id"] == 10_001
    assert api.get("properties", headers={"X-ApiKey": "wrong"}).status_code == 401


def test_a_hundred_a_minute_are_answered(calling: Calling, world: World) -> None:
    """Not documented; users report about 100 a minute, then 429."""
    ticks = iter([number / 2 for number in range(101)])
    lodgify = Lodgify(world, ticks=lambda: next(ticks))
    with calling(lodgify, X_ApiKey=lodgify.key) as api:
        assert [api.get("properties").status_code for _ in range(101)] == [200] * 100 + [429]


def test_a_filter_says_which_stays_and_upcoming_is_the_usual_one(api: httpx.Client, world: World) -> None:
    """*List bookings*: stayFilter Upcoming, Current, Historic, All."""
    for arrival in (-9, -1, 5):
        world.book("airbnb", stay(A, arrival, 3))
    assert [row["arrival"] for row in bookings(api)] == [str(day(5))]
    assert [row["arrival"] for row in bookings(api, stayFilter="Current")] == [str(day(-1))]
    assert [row["arrival"] for row in bookings(api, stayFilter="Historic")] == [str(day(-9))]
    assert len(bookings(api, stayFilter="All")) == 3
    assert api.get("reservations/bookings", params={"stayFilter": "Some"}).status_code == 400


def test_pages_hold_fifty_and_the_count_is_told_on_request(api: httpx.Client, world: World) -> None:
    """*List bookings*: page, size, includeCount."""
    for number in range(60):
        world.book("airbnb", stay(A, number + 1, 1))
    first = api.get("reservations/bookings", params={"size": 500}).json()
    assert (first["count"], len(first["items"])) == (None, 50)
    last = api.get("reservations/bookings", params={"page": 2, "includeCount": "true"}).json()
    assert (last["count"], len(last["items"])) == (60, 10)


def test_a_booking_has_its_code_and_its_moments(api: httpx.Client, world: World) -> None:
    """*Booking*: source, source_text; Tentative for a request, Declined for one that is cancelled."""
    gone = world.book("airbnb", stay(A, 3, 2))
    world.book("vrbo", stay(A, 9, 2), status=Status.REQUEST)
    world.now += timedelta(hours=1)
    world.cancel(gone.number)
    cancelled, request = bookings(api)
    assert (cancelled["source"], cancelled["source_text"]) == ("AirbnbIntegration", gone.code)
    assert (cancelled["status"], cancelled["canceled_at"]) == ("Declined", "2026-11-20T09:00:00+00:00")
    assert request["status"] == "Tentative"
    assert bookings(api, updatedSince="2026-11-20T08:30:00Z") == [cancelled]
    assert api.get(f"reservations/bookings/{cancelled['id']}").json() == cancelled
    assert api.get("reservations/bookings/1").status_code == 404
