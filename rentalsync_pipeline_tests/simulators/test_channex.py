"""The simulator of Channex against docs.channex.io."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from rentalsync_pipeline_tests.simulators.channex import Channex
from rentalsync_pipeline_tests.simulators.conftest import Calling
from rentalsync_pipeline_tests.simulators.stays import day, stay
from rentalsync_pipeline_tests.simulators.world import Status, World

A, B = "house-01-a", "house-01-b"


@pytest.fixture
def api(world: World, calling: Calling) -> Iterator[httpx.Client]:
    channex = Channex(world)
    with calling(channex, user_api_key=channex.key) as client:
        yield client


def test_a_key_opens(api: httpx.Client) -> None:
    """*Authentication*: header user-api-key; *Errors*."""
    assert api.get("properties").json()["meta"] == {"page": 1, "total": 2, "limit": 10}
    refused = api.get("properties", headers={"user-api-key": "wrong"})
    assert (refused.status_code, refused.json()["errors"]["code"]) == (401, "unauthorized")


def test_pages_hold_ten_unless_asked_and_a_hundred_at_most(api: httpx.Client, world: World) -> None:
    """*Pagination*: pagination[page], pagination[limit]."""
    for number in range(120):
        world.book("airbnb", stay(A, number, 1))
    assert len(api.get("bookings").json()["data"]) == 10
    last = api.get("bookings", params={"pagination[limit]": 500, "pagination[page]": 2}).json()
    assert (len(last["data"]), last["meta"]["limit"], last["meta"]["total"]) == (20, 100, 120)


def test_a_booking_names_its_channel_and_its_rooms(api: httpx.Client, world: World) -> None:
    """*Bookings collection*: unique_id, rooms with days of their own; one that is not mapped has no type."""
    booking = world.book("booking_com", stay(A, 3, 2), stay(None, 4, 3))
    (row,) = api.get("bookings").json()["data"]
    attributes = row["attributes"]
    assert attributes["unique_id"] == f"BDC-{booking.code}"
    assert (attributes["arrival_date"], attributes["departure_date"]) == (str(day(3)), str(day(7)))
    types = {each["id"] for each in api.get("room_types").json()["data"]}
    first, second = attributes["rooms"]
    assert first["room_type_id"] in types
    assert (second["room_type_id"], second["checkin_date"]) == (None, str(day(4)))
    assert api.get(f"bookings/{row['id']}").json()["data"] == row
    assert api.get("bookings/none").status_code == 404


def test_bookings_are_found_since_a_moment(api: httpx.Client, world: World) -> None:
    """*Bookings collection*: filter[inserted_at][gte], filter[arrival_date][gte]; a naive UTC moment."""
    world.book("airbnb", stay(A, 3, 2))
    gone = world.book("airbnb", stay(B, 9, 2))
    world.now += timedelta(hours=1)
    world.cancel(gone.number)
    (row,) = api.get("bookings", params={"filter[inserted_at][gte]": "2026-11-20T08:30:00"}).json()["data"]
    assert row["attributes"]["status"] == "cancelled"
    assert row["attributes"]["inserted_at"] == "2026-11-20T09:00:00.000000"
    assert len(api.get("bookings", params={"filter[arrival_date][gte]": str(day(9))}).json()["data"]) == 1


def test_revisions_wait_until_they_are_acknowledged(api: httpx.Client, world: World) -> None:
    """*Booking revisions feed*, *Acknowledge booking revision*."""
    booking = world.book("airbnb", stay(A, 3, 2))
    world.book("vrbo", stay(A, 8, 2), status=Status.REQUEST)
    world.now += timedelta(hours=1)
    world.move(booking.number, day(4), day(6))
    first, second = api.get("booking_revisions/feed").json()["data"]
    assert [each["attributes"]["status"] for each in (first, second)] == ["new", "modified"]
    assert api.post(f"booking_revisions/{first['id']}/ack").is_success
    assert api.get("booking_revisions/feed").json()["data"] == [second]
