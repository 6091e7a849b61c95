"""The simulator of Guesty against open-api-docs.guesty.com."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from rentalsync_pipeline_tests.simulators.conftest import Calling
from rentalsync_pipeline_tests.simulators.guesty import Guesty
from rentalsync_pipeline_tests.simulators.stays import day, stay
from rentalsync_pipeline_tests.simulators.world import World

A = "house-01-a"


@pytest.fixture
def guesty(world: World) -> Guesty:
    return Guesty(world)


@pytest.fixture
def api(guesty: Guesty, calling: Calling, world: World) -> Iterator[httpx.Client]:
    with calling(guesty, Authorization=f"Bearer {guesty.tokens.new(world.now)}") as client:
        yield client


def test_a_key_gets_five_tokens_a_day(calling: Calling, guesty: Guesty, world: World) -> None:
    """*Authentication*: POST /oauth2/token, scope open-api, 24 hours; five tokens in 24 hours for a key."""
    form = guesty.client | {"grant_type": "client_credentials", "scope": "open-api"}
    with calling(guesty) as client:
        address = str(client.base_url).replace("/v1/", "/oauth2/token")
        answers = [client.post(address, data=form) for _ in range(6)]
        assert [each.status_code for each in answers] == [200] * 5 + [429]
        assert client.post(address, data=form | {"client_secret": "x"}).status_code == 401
        bearer = {"Authorization": f"Bearer {answers[0].json()['access_token']}"}
        assert client.get("listings", headers=bearer).is_success
        world.now += timedelta(hours=24)
        assert client.get("listings", headers=bearer).status_code == 401
        assert client.post(address, data=form).is_success


def test_every_answer_tells_what_is_left(api: httpx.Client) -> None:
    """*Rate Limits*: 15 a second, 120 a minute, 5,000 an hour, in headers."""
    headers = api.get("listings").headers
    assert (headers["X-RateLimit-Limit-Second"], headers["X-RateLimit-Remaining-Hour"]) == ("15", "4999")
    assert headers["X-RateLimit-Remaining-Minute"] == "119"


def test_too_many_in_a_minute_wait_for_as_long_as_told(calling: Calling, world: World) -> None:
    """*Rate Limits*: the next request waits for the seconds in `Retry-After`."""
    ticks = iter([number / 4 for number in range(121)] + [60.5])
    guesty = Guesty(world, ticks=lambda: next(ticks))
    with calling(guesty, Authorization=f"Bearer {guesty.tokens.new(world.now)}") as api:
        answers = [api.get("listings") for _ in range(122)]
    assert [each.status_code for each in answers[119:]] == [200, 429, 200]
    assert answers[120].headers["Retry-After"] == "31"


def test_reservations_are_filtered_sorted_and_paged(api: httpx.Client, world: World) -> None:
    """*Reservations*: filters as JSON, limit at most 100, skip, sort, fields."""
    for number in range(120):
        world.book("airbnb", stay(A, number, 1))
    world.now += timedelta(hours=1)
    world.cancel(1001)
    first = api.get("reservations", params={"limit": 500, "sort": "_id", "fields": "status"}).json()
    assert (len(first["results"]), first["count"], first["limit"]) == (100, 120, 100)
    assert set(first["results"][0]) == {"_id", "status"}
    assert len(api.get("reservations", params={"skip": 110}).json()["results"]) == 10
    since = [{"field": "lastUpdatedAt", "operator": "$gte", "value": "2026-11-20T09:00:00.000Z"}]
    (row,) = api.get("reservations", params={"filters": json.dumps(since)}).json()["results"]
    assert row["status"] == "canceled"
    assert api.get("reservations", params={"filters": "{}"}).status_code == 400


def test_a_reservation_has_its_days_beside_its_instants(api: httpx.Client, world: World) -> None:
    """*Reservations*: checkInDateLocalized, checkOutDateLocalized; listings have a time zone."""
    booking = world.book("airbnb", stay(A, 3, 2))
    (row,) = api.get("reservations").json()["results"]
    assert (row["checkInDateLocalized"], row["checkOutDateLocalized"]) == (str(day(3)), str(day(5)))
    assert row["confirmationCode"] == booking.code
    listing = api.get("listings", params={"limit": 1}).json()["results"][0]
    assert (row["listingId"], listing["timezone"]) == (listing["_id"], "Europe/Rome")
    assert api.get(f"reservations/{row['_id']}").json() == row
    assert api.get("reservations/none").status_code == 404
