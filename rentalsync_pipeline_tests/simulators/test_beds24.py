"""The simulator of Beds24 against its OpenAPI description and wiki.beds24.com."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from rentalsync_pipeline_tests.simulators.beds24 import Beds24
from rentalsync_pipeline_tests.simulators.conftest import Calling
from rentalsync_pipeline_tests.simulators.documents import undocumented
from rentalsync_pipeline_tests.simulators.stays import day, stay
from rentalsync_pipeline_tests.simulators.world import Status, World

A, B = "house-01-a", "house-01-b"


@pytest.fixture
def beds24(world: World) -> Beds24:
    return Beds24(world)


@pytest.fixture
def api(beds24: Beds24, calling: Calling, world: World) -> Iterator[httpx.Client]:
    with calling(beds24, token=beds24.tokens.new(world.now)) as client:
        yield client


def bookings(api: httpx.Client, **params: Any) -> Any:
    answer = api.get("bookings", params=params).json()
    assert (answer["success"], answer["type"], answer["count"]) == (True, "booking", len(answer["data"]))
    return answer["data"]


def test_an_invitation_becomes_tokens_once(calling: Calling, beds24: Beds24, world: World) -> None:
    """/authentication/setup, /authentication/token, /authentication/details: all in headers."""
    code = beds24.invitations.new(world.now)
    with calling(beds24) as client:
        tokens = client.get("authentication/setup", headers={"code": code}).json()
        assert set(tokens) == {"token", "expiresIn", "refreshToken"}
        refused = client.get("authentication/setup", headers={"code": code})
        assert (refused.status_code, refused.json()["success"]) == (400, False)
        world.now += timedelta(seconds=tokens["expiresIn"])
        assert client.get("bookings", headers={"token": tokens["token"]}).status_code == 401
        details = client.get("authentication/details", headers={"token": tokens["token"]}).json()
        assert details == {"validToken": False}
        renew = {"refreshToken": tokens["refreshToken"]}
        token = client.get("authentication/token", headers=renew).json()["token"]
        assert client.get("bookings", headers={"token": token}).is_success


def test_credits_are_counted_over_five_minutes(calling: Calling, world: World) -> None:
    """Headers X-FiveMinCreditLimit…: 100 credits in five minutes."""
    ticks = iter([*range(101), 300.5])
    beds24 = Beds24(world, ticks=lambda: float(next(ticks)))
    with calling(beds24, token=beds24.tokens.new(world.now)) as api:
        answers = [api.get("bookings") for _ in range(102)]
    assert [each.status_code for each in answers[98:]] == [200, 200, 429, 200]
    assert answers[0].headers["X-FiveMinCreditLimit-Remaining"] == "99"
    assert answers[100].headers["X-FiveMinCreditLimit-ResetsIn"] == "299"


def test_cancelled_and_past_bookings_are_left_out_unless_asked_for(api: httpx.Client, world: World) -> None:
    """/bookings: "By default only upcoming bookings will be returned"; `status` defaults to the others."""
    world.book("airbnb", stay(A, -9, 2))
    ahead = world.book("airbnb", stay(A, 3, 2))
    gone = world.book("airbnb", stay(A, 7, 2), status=Status.CANCELLED)
    world.block("direct", B, day(1), day(4))
    assert [row["status"] for row in bookings(api)] == ["black", "confirmed"]
    assert bookings(api)[1]["apiReference"] == ahead.code
    cancelled = bookings(api, status=["cancelled", "confirmed"])
    assert [row["apiReference"] for row in cancelled] == [ahead.code, gone.code]
    assert len(bookings(api, modifiedFrom="2026-11-20T00:00:00")) == 3, "when dated, the past is told of, too"
    assert bookings(api, modifiedFrom="2026-11-20T08:00:01") == []


def test_rooms_of_one_booking_are_bookings_with_one_master(api: httpx.Client, world: World) -> None:
    """/bookings: masterId is the first booking of a group, null for one that is in none."""
    world.book("booking_com", stay(A, 3, 2), stay(B, 3, 2))
    first, second = bookings(api)
    assert second["masterId"] == first["id"]
    assert bookings(api, id=first["id"]) == [first]
    assert bookings(api, roomId=[second["roomId"]]) == [second]


def test_a_booking_is_what_the_description_says(api: httpx.Client, world: World) -> None:
    """/bookings and /properties: their fields."""
    world.book("booking_com", stay(A, 3, 2), note="Late", status=Status.NO_SHOW)
    (row,) = bookings(api)
    assert undocumented("beds24-v2.yaml", "/bookings", row) == set()
    assert (row["subStatus"], row["bookingTime"]) == ("noShow", "2026-11-20T08:00:00Z")
    properties = api.get("properties").json()["data"]
    assert [len(each["roomTypes"]) for each in properties] == [2, 2]
    assert undocumented("beds24-v2.yaml", "/properties", properties) == set()


def test_pages_say_whether_there_is_another(api: httpx.Client, world: World) -> None:
    """/bookings: pages.nextPageExists, pages.nextPageLink."""
    for number in range(120):
        world.book("airbnb", stay(A, number, 1))
    first = api.get("bookings").json()
    assert (first["count"], first["pages"]["nextPageExists"]) == (100, True)
    assert "page=2" in first["pages"]["nextPageLink"]
    last = api.get("bookings", params={"page": 2}).json()
    assert (last["count"], last["pages"]) == (20, {"nextPageExists": False, "nextPageLink": None})
