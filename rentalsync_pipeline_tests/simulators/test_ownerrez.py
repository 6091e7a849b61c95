"""The simulator of OwnerRez against api.ownerrez.com/help/v2."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from rentalsync_pipeline_tests.simulators.conftest import Calling
from rentalsync_pipeline_tests.simulators.ownerrez import OwnerRez
from rentalsync_pipeline_tests.simulators.stays import day, stay
from rentalsync_pipeline_tests.simulators.world import Status, World

A, B = "house-01-a", "house-01-b"
EVER = "2000-01-01T00:00:00Z"


@pytest.fixture
def ownerrez(world: World) -> OwnerRez:
    return OwnerRez(world)


@pytest.fixture
def api(ownerrez: OwnerRez, calling: Calling) -> Iterator[httpx.Client]:
    with calling(ownerrez, Authorization=f"Bearer {ownerrez.token}") as client:
        yield client


def bookings(api: httpx.Client, **params: Any) -> Any:
    return api.get("bookings", params={"since_utc": EVER} | params).json()["items"]


def test_a_token_opens_as_bearer_or_with_the_address(calling: Calling, ownerrez: OwnerRez) -> None:
    """*Authentication*: Basic with e-mail address and token, or bearer; a User-Agent is asked for."""
    with calling(ownerrez) as client:
        assert client.get("users/me").status_code == 401
        assert client.get("users/me", auth=(ownerrez.user, ownerrez.token)).is_success
        bearer = {"Authorization": f"Bearer {ownerrez.token}"}
        assert client.get("users/me", headers=bearer).is_success
        assert client.get("users/me", headers=bearer | {"User-Agent": ""}).status_code == 403


def test_bookings_are_asked_for_by_property_or_by_moment(api: httpx.Client, world: World) -> None:
    """*GET /bookings*: property_ids or since_utc is required."""
    world.book("airbnb", stay(A, 3, 2))
    world.now += timedelta(hours=1)
    world.book("vrbo", stay(B, 3, 2))
    refused = api.get("bookings")
    assert (refused.status_code, refused.json()["status"]) == (400, 400)
    assert len(bookings(api)) == 2
    (row,) = bookings(api, since_utc="2026-11-20T08:30:00Z")
    by_property = api.get("bookings", params={"property_ids": row["property_id"]}).json()["items"]
    assert by_property == [row]
    assert bookings(api, **{"from": str(day(6))}) == []


def test_pages_lead_to_the_next_one(api: httpx.Client, world: World) -> None:
    """*Paging*: limit, offset, next_page_url."""
    for number in range(120):
        world.book("airbnb", stay(A, number, 1))
    first = api.get("bookings", params={"since_utc": EVER}).json()
    assert len(first["items"]) == 100
    last = api.get(first["next_page_url"]).json()
    assert (len(last["items"]), last["offset"], last["next_page_url"]) == (20, 100, None)


def test_blocks_are_bookings_without_a_guest(api: httpx.Client, world: World) -> None:
    """*Booking*: type, is_block, status; the guest on request only."""
    booking = world.book("vrbo", stay(A, 3, 2))
    world.book("airbnb", stay(A, 7, 2), status=Status.INQUIRY)
    world.book("airbnb", stay(A, 9, 2), status=Status.CANCELLED)
    world.block("direct", B, day(1), day(4))
    block, active, cancelled = bookings(api, include_guest="true")
    assert (block["type"], block["is_block"], "guest" in block) == ("block", True, False)
    assert (active["status"], active["platform_reservation_number"]) == ("active", booking.code)
    assert active["guest"]["first_name"] == booking.guest.first
    assert "guest" not in bookings(api)[1]
    assert [row["id"] for row in bookings(api, status="canceled")] == [cancelled["id"]]
    assert api.get(f"bookings/{cancelled['id']}").json()["canceled_utc"] == "2026-11-20T08:00:00Z"
    assert api.get("bookings/1").status_code == 404


def test_properties_have_their_zone(api: httpx.Client) -> None:
    """*GET /properties*."""
    assert api.get("properties").json()["items"][0]["time_zone"] == "Europe/Rome"


def test_three_hundred_in_five_minutes_are_answered(ownerrez: OwnerRez) -> None:
    """*Rate limits*: 300 requests in five minutes from one address."""
    waits = [ownerrez.limits.take(number / 2) for number in range(301)]
    assert waits[:300] == [None] * 300
    assert waits[300] == 150
