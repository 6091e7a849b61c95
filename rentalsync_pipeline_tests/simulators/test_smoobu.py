"""The simulator of Smoobu against docs.smoobu.com."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from rentalsync_pipeline_tests.simulators.conftest import Calling
from rentalsync_pipeline_tests.simulators.smoobu import Smoobu
from rentalsync_pipeline_tests.simulators.stays import day, stay
from rentalsync_pipeline_tests.simulators.world import Status, World

A, B = "house-01-a", "house-01-b"


@pytest.fixture
def api(world: World, calling: Calling) -> Iterator[httpx.Client]:
    smoobu = Smoobu(world)
    with calling(smoobu, Api_Key=smoobu.key) as client:
        yield client


def bookings(api: httpx.Client, **params: Any) -> Any:
    return api.get("reservations", params=params).json()["bookings"]


def test_a_key_opens_and_every_answer_tells_what_is_left(api: httpx.Client) -> None:
    """*Authentication*, *Rate limiting*: 1,000 requests a minute, told in headers."""
    answer = api.get("me")
    assert answer.json()["email"] == "host@example.org"
    assert (answer.headers["X-RateLimit-Limit"], answer.headers["X-RateLimit-Remaining"]) == ("1000", "999")
    assert api.get("me", headers={"Api-Key": "wrong"}).status_code == 401


def test_pages_hold_25_unless_asked_and_a_hundred_at_most(api: httpx.Client, world: World) -> None:
    """*Get all bookings*: page, pageSize."""
    for number in range(120):
        world.book("airbnb", stay(A, number, 1))
    page = api.get("reservations").json()
    assert (page["page_count"], page["page_size"], page["total_items"], len(page["bookings"])) == (
        5,
        25,
        120,
        25,
    )
    assert len(bookings(api, page=2, pageSize=500)) == 20


def test_cancellations_are_told_of_on_request_only(api: httpx.Client, world: World) -> None:
    """*Get all bookings*: showCancellation; `type` tells a cancellation from a changed booking."""
    gone = world.book("airbnb", stay(A, 3, 2))
    moved = world.book("airbnb", stay(A, 9, 2))
    world.now += timedelta(days=1)
    world.cancel(gone.number)
    world.move(moved.number, day(10), day(12))
    assert [row["type"] for row in bookings(api)] == ["modification of booking"]
    rows = bookings(api, showCancellation="true", modifiedFrom=str(day(1)))
    assert [row["type"] for row in rows] == ["cancellation", "modification of booking"]
    assert bookings(api, modifiedFrom=str(day(2)), showCancellation="true") == []


def test_blocks_are_bookings_of_a_channel_of_their_own(api: httpx.Client, world: World) -> None:
    """*Get all bookings*: is-blocked-booking, excludeBlocked; times are local, without a zone."""
    booking = world.book("booking_com", stay(A, 3, 2))
    world.book("airbnb", stay(A, 7, 2), status=Status.INQUIRY)
    world.block("direct", B, day(1), day(4))
    block, row = bookings(api)
    assert (block["is-blocked-booking"], block["channel"]["name"]) == (True, "Blocked channel")
    assert (row["reference-id"], row["channel"]["name"]) == (booking.code, "Booking.com")
    assert row["created-at"] == "2026-11-20 09:00"
    assert bookings(api, excludeBlocked="true") == [row]
    assert bookings(api, apartmentId=row["apartment"]["id"]) == [row]
    assert bookings(api, arrivalFrom=str(day(2))) == [row]
    assert bookings(api, **{"from": str(day(4)), "to": str(day(4))}) == [block, row]


def test_apartments_have_their_zone_in_their_details(api: httpx.Client) -> None:
    """*Get all apartments*, *Get apartment*."""
    first = api.get("apartments").json()["apartments"][0]
    assert api.get(f"apartments/{first['id']}").json()["timeZone"] == "Europe/Rome"
    assert api.get("apartments/1").status_code == 404
