"""The simulator of Hostaway against api.hostaway.com/documentation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from rentalsync_pipeline_tests.simulators.conftest import Calling
from rentalsync_pipeline_tests.simulators.hostaway import Hostaway
from rentalsync_pipeline_tests.simulators.stays import day, stay
from rentalsync_pipeline_tests.simulators.world import Status, World

A, B = "house-01-a", "house-01-b"


@pytest.fixture
def hostaway(world: World) -> Hostaway:
    return Hostaway(world)


@pytest.fixture
def api(hostaway: Hostaway, calling: Calling, world: World) -> Iterator[httpx.Client]:
    with calling(hostaway, Authorization=f"Bearer {hostaway.tokens.new(world.now)}") as client:
        yield client


def test_client_credentials_give_a_token_of_24_months(
    calling: Calling, hostaway: Hostaway, world: World
) -> None:
    """*Authentication*: form, `scope=general`; "Time to live … is 24 months". An expired one is a 403."""
    with calling(hostaway) as client:
        form = hostaway.client | {"grant_type": "client_credentials", "scope": "general"}
        token = client.post("accessTokens", data=form).json()
        assert token["token_type"] == "Bearer"
        assert client.post("accessTokens", data=form | {"scope": ""}).status_code == 401
        bearer = {"Authorization": f"Bearer {token['access_token']}"}
        assert client.get("listings", headers=bearer).is_success
        world.now += timedelta(seconds=token["expires_in"])
        assert client.get("listings", headers=bearer).status_code == 403


def test_reservations_are_paged_by_the_last_id(api: httpx.Client, world: World) -> None:
    """*Retrieve a reservations list*: limit, afterId; *Pagination*: the envelope."""
    for number in range(130):
        world.book("airbnb", stay(A, number, 1))
    first = api.get("reservations").json()
    assert (first["status"], first["count"], first["totalPages"]) == ("success", 130, 2)
    last = first["result"][-1]["id"]
    rest = api.get("reservations", params={"afterId": last, "limit": 500}).json()["result"]
    assert len(first["result"]) == 100
    assert len(rest) == 30
    assert min(row["id"] for row in rest) > last


def test_a_reservation_has_the_code_of_its_channel_and_days_without_time(
    api: httpx.Client, world: World
) -> None:
    """*The reservation object*; an owner's stay is a reservation of that status."""
    booking = world.book("airbnb", stay(A, 3, 2))
    world.block("direct", B, day(1), day(4))
    block, row = api.get("reservations").json()["result"]
    assert (row["confirmationCode"], row["channelName"]) == (booking.code, "airbnbOfficial")
    assert (row["arrivalDate"], row["departureDate"], row["nights"]) == (str(day(3)), str(day(5)), 2)
    assert block["status"] == "ownerStay"
    assert api.get(f"reservations/{row['id']}").json()["result"] == row
    assert api.get("reservations/7").status_code == 404


def test_reservations_are_found_by_day_of_their_last_change(api: httpx.Client, world: World) -> None:
    """*Retrieve a reservations list*: latestActivityStart is a date; *Reservation statuses*."""
    world.book("vrbo", stay(A, 3, 2), status=Status.REQUEST)
    gone = world.book("booking_com", stay(A, 9, 2))
    world.now += timedelta(days=1)
    world.cancel(gone.number)
    (row,) = api.get("reservations", params={"latestActivityStart": str(day(1))}).json()["result"]
    assert (row["status"], row["cancellationDate"]) == ("cancelled", "2026-11-21 08:00:00")
    (row,) = api.get("reservations", params={"arrivalEndDate": str(day(5))}).json()["result"]
    assert row["status"] == "pending"


def test_listings_have_their_zone_and_hours(api: httpx.Client) -> None:
    """*The listing object*: timeZoneName; hours are numbers."""
    listings = api.get("listings", params={"limit": 3}).json()["result"]
    assert [row["id"] for row in listings] == [40161, 40162, 40163]
    assert (listings[0]["timeZoneName"], listings[0]["checkInTimeStart"]) == ("Europe/Rome", 15)


def test_sixteen_requests_in_ten_seconds_are_one_too_many(calling: Calling, world: World) -> None:
    """*Rate limits*: 15 requests in 10 seconds from one address."""
    ticks = iter([*(number / 10 for number in range(16)), 10.0, 10.1])
    hostaway = Hostaway(world, ticks=lambda: next(ticks))
    with calling(hostaway, Authorization=f"Bearer {hostaway.tokens.new(world.now)}") as api:
        answers = [api.get("listings").status_code for _ in range(18)]
    assert answers == [200] * 15 + [429] + [200] * 2
