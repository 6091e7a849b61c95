"""The simulator of Hospitable against its OpenAPI description and developer.hospitable.com."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from rentalsync_pipeline_tests.simulators.conftest import Calling
from rentalsync_pipeline_tests.simulators.documents import undocumented
from rentalsync_pipeline_tests.simulators.hospitable import Hospitable
from rentalsync_pipeline_tests.simulators.stays import day, stay
from rentalsync_pipeline_tests.simulators.world import Status, World

A, B = "house-01-a", "house-01-b"


@pytest.fixture
def api(world: World, calling: Calling) -> Iterator[httpx.Client]:
    hospitable = Hospitable(world)
    with calling(hospitable, Authorization=f"Bearer {hospitable.key}") as client:
        yield client


def reservations(api: httpx.Client, **params: Any) -> Any:
    everywhere = [each["id"] for each in api.get("properties").json()["data"]]
    return api.get("reservations", params={"properties[]": everywhere} | params).json()


def test_nobody_comes_in_without_a_token(api: httpx.Client) -> None:
    """*Authentication*: a personal access token as bearer."""
    assert api.get("user").json()["data"]["email"] == "host@example.org"
    refused = api.get("user", headers={"Authorization": "Bearer pat_wrong"})
    assert (refused.status_code, refused.json()) == (401, {"message": "Unauthenticated."})


def test_the_properties_must_be_named(api: httpx.Client) -> None:
    """GET /reservations: `properties[]` is required; 400."""
    assert api.get("reservations").status_code == 400


def test_without_a_date_only_the_next_two_weeks_are_told_of(api: httpx.Client, world: World) -> None:
    """GET /reservations: "We will default to reservations with check-in dates in the next 2 weeks"."""
    for arrival in (-3, 5, 20):
        world.book("airbnb", stay(A, arrival, 4))
    assert reservations(api)["meta"]["total"] == 1
    assert reservations(api, date_query="checkin")["meta"]["total"] == 3
    assert reservations(api, start_date=str(day(1)), date_query="checkout")["meta"]["total"] == 3
    assert reservations(api, start_date=str(day(0)), end_date=str(day(6)))["meta"]["total"] == 1


def test_pages_hold_ten_unless_asked_and_a_hundred_at_most(api: httpx.Client, world: World) -> None:
    """GET /reservations: per_page default 10, maximum 100; links and meta."""
    for number in range(120):
        world.book("airbnb", stay(A, number, 1))
    first = reservations(api, date_query="checkin")
    assert (len(first["data"]), first["meta"]["last_page"]) == (10, 12)
    last = reservations(api, date_query="checkin", per_page=500, page=2)
    assert (len(last["data"]), last["meta"]["per_page"], last["links"]["next"]) == (20, 100, None)


def test_a_reservation_is_what_the_description_says(api: httpx.Client, world: World) -> None:
    """GET /reservations: fields; days carry the offset of the property; guests only when included."""
    booking = world.book("vrbo", stay(A, 3, 2), status=Status.REQUEST)
    world.book("airbnb", stay(B, 3, 2), status=Status.INQUIRY)
    (row,) = reservations(api, include="guest,properties")["data"]
    assert undocumented("hospitable-v2.json", "/reservations", row) == set()
    assert (row["platform"], row["platform_id"]) == ("homeaway", booking.code)
    assert row["arrival_date"] == f"{day(3)}T00:00:00+01:00"
    assert row["reservation_status"]["current"]["category"] == "request"
    assert row["properties"][0]["timezone"] == "+0100"
    assert "guest" not in reservations(api)["data"][0]
    assert reservations(api, platform_id="none")["data"] == []
    assert api.get(f"reservations/{row['id']}").json()["data"]["platform_id"] == booking.code
    assert api.get("reservations/none").status_code == 404
