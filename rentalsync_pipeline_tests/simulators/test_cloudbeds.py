"""The simulator of Cloudbeds against the documents of developers.cloudbeds.com (PMS API v1.3)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from rentalsync_pipeline_tests.simulators.cloudbeds import Cloudbeds
from rentalsync_pipeline_tests.simulators.conftest import Calling
from rentalsync_pipeline_tests.simulators.documents import undocumented
from rentalsync_pipeline_tests.simulators.stays import day, stay
from rentalsync_pipeline_tests.simulators.world import Status, World, village

A, B = "house-01-a", "house-01-b"
DENIED = {
    "error": "access_denied",
    "message": "The resource owner or authorization server denied the request.",
}


@pytest.fixture
def cloudbeds(world: World) -> Cloudbeds:
    return Cloudbeds(world)


@pytest.fixture
def api(cloudbeds: Cloudbeds, calling: Calling) -> Iterator[httpx.Client]:
    with calling(cloudbeds, x_api_key=cloudbeds.key) as client:
        yield client


def data(response: httpx.Response) -> Any:
    answer = response.json()
    assert (response.status_code, answer["success"]) == (200, True)
    return answer["data"]


def test_a_key_is_taken_in_either_header_and_nobody_comes_in_without(
    cloudbeds: Cloudbeds, calling: Calling
) -> None:
    """API reference, *Authentication*; *Common API errors & How to handle*, 401."""
    with calling(cloudbeds) as client:
        assert client.get("getHotels", headers={"x-api-key": cloudbeds.key}).status_code == 200
        assert client.get("getHotels", headers={"Authorization": f"Bearer {cloudbeds.key}"}).is_success
        for headers in ({}, {"x-api-key": "cbat_wrong"}):
            refused = client.get("getHotels", headers=headers)
            assert (refused.status_code, refused.json()) == (401, DENIED)


def test_a_missing_scope_refuses_the_call_that_needs_it(api: httpx.Client, cloudbeds: Cloudbeds) -> None:
    """Every method names its scope; getRoomBlocks needs `read:roomblock`."""
    cloudbeds.scopes.discard("read:roomblock")
    assert api.get("getRoomBlocks", params={"propertyID": "310046"}).status_code == 401
    assert api.get("getHotels").is_success


def test_a_property_that_is_lost_is_named_in_a_200(api: httpx.Client, cloudbeds: Cloudbeds) -> None:
    """*Common API errors & How to handle*: HTTP 200 with `success: false`."""
    cloudbeds.lost.add("house-01")
    refused = api.get("getReservations", params={"propertyID": "310046"})
    assert refused.status_code == 200
    assert refused.json() == {
        "success": False,
        "message": "None of the included property id's match the access_token user's property id",
    }
    assert len(data(api.get("getHotels"))) == 1


def test_tokens_are_refreshed_once_and_expire_after_eight_hours(
    cloudbeds: Cloudbeds, calling: Calling, world: World
) -> None:
    """Method access_token; a refresh token is replaced by the one that comes with the new access token."""
    code = cloudbeds.codes.new(world.now)
    with calling(cloudbeds) as client:

        def token(**form: str) -> httpx.Response:
            return client.post("access_token", data=cloudbeds.client | form)

        first = token(grant_type="authorization_code", code=code).json()
        assert set(first) == {"access_token", "token_type", "expires_in", "refresh_token", "resources"}
        assert first["resources"][0] == {"type": "property", "id": "310046"}
        bearer = {"Authorization": f"Bearer {first['access_token']}"}
        assert client.get("getHotels", headers=bearer).is_success
        world.now += timedelta(seconds=first["expires_in"])
        assert client.get("getHotels", headers=bearer).status_code == 401
        again = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
        assert token(**again).json()["refresh_token"] != first["refresh_token"]
        refused = token(**again)
        assert (refused.status_code, refused.json()["error"]) == (401, "invalid_request")
        assert token(grant_type="authorization_code", code=code).json()["error"] == "server_error"
        key = token(
            grant_type="urn:ietf:params:oauth:grant-type:api-key", code=cloudbeds.codes.new(world.now)
        )
        assert key.json() == {"access_token": cloudbeds.key}


def test_the_address_of_an_account_is_told(api: httpx.Client) -> None:
    """Method oauth/metadata: `success` is a text there."""
    answer = api.get("oauth/metadata").json()
    assert answer == {"success": "true", "data": {"api": {"url": str(api.base_url).rstrip("/")}}}


def test_reservations_come_by_the_hundred_at_most(api: httpx.Client, world: World) -> None:
    """Method getReservations: pageSize "Max = 100", default 100; `count` of the page, `total` of all."""
    for number in range(250):
        world.book("booking_com", stay(A, number, 1))
    pages = [
        api.get("getReservations", params={"pageNumber": page, "pageSize": 500}).json()
        for page in (1, 2, 3, 4)
    ]
    assert [page["count"] for page in pages] == [100, 100, 50, 0]
    assert {page["total"] for page in pages} == {250}
    assert len({row["reservationID"] for page in pages for row in page["data"]}) == 250
    assert len(data(api.get("getReservations", params={"pageSize": 7}))) == 7


def test_hotels_and_rooms_come_by_twenty(calling: Calling, world: World) -> None:
    """Methods getHotels and getRooms: pageSize default 20."""
    cloudbeds = Cloudbeds(World(village(30), world.now))
    with calling(cloudbeds, x_api_key=cloudbeds.key) as api:
        for method in ("getHotels", "getRooms"):
            first = api.get(method).json()
            assert (len(first["data"]), first["total"]) == (20, 30)


def test_rooms_stand_within_their_properties(api: httpx.Client, world: World) -> None:
    """Method getRooms: with dates, only those that nobody has then."""
    rooms = data(api.get("getRooms", params={"propertyIDs": "310046"}))
    assert [(each["propertyID"], [room["roomID"] for room in each["rooms"]]) for each in rooms] == [
        ("310046", ["601917-0", "601917-1"])
    ]
    world.book("airbnb", stay(A, 3, 2))
    dates = {"propertyIDs": "310046", "startDate": str(day(3)), "endDate": str(day(4))}
    (free,) = data(api.get("getRooms", params=dates))
    assert [room["roomName"] for room in free["rooms"]] == ["House 01 B"]


def test_a_reservation_is_what_the_documents_say(api: httpx.Client, world: World) -> None:
    """The fields of the four methods that tell of what is taken."""
    booking = world.book("airbnb", stay(A, 3, 2), stay(None, 3, 3), note="Late arrival")
    world.block("direct", B, day(1), day(3))
    everything = {"includeGuestsDetails": "true", "includeCustomFields": "true", "includeAllRooms": "true"}
    (listed,) = data(api.get("getReservations", params=everything))
    (rated,) = data(api.get("getReservationsWithRateDetails", params=everything))
    alone = data(api.get("getReservation", params={"reservationID": listed["reservationID"]}))
    blocks = data(api.get("getRoomBlocks", params={"propertyID": "310046", "endDate": str(day(10))}))
    for method, record in (
        ("getReservations", listed),
        ("getReservationsWithRateDetails", rated),
        ("getReservation", alone),
        ("getRoomBlocks", blocks),
    ):
        assert undocumented("cloudbeds-pms-v1.3.yaml", f"/{method}", record) <= {"cardsOnFile"}
    assert listed["thirdPartyIdentifier"] == rated["sourceReservationID"] == booking.code
    assert listed["guestList"] == rated["guestList"] == alone["guestList"]
    assert [room["roomID"] for room in listed["rooms"]] == ["601917-0", None]
    assert [len(alone["assigned"]), len(alone["unassigned"])] == [1, 1]
    number = listed["reservationID"]
    assert [room["subReservationID"] for room in rated["rooms"]] == [number, f"{number}-2"]
    assert (listed["startDate"], listed["endDate"]) == (str(day(3)), str(day(6)))


def test_statuses_follow_the_calendar_and_are_spelt_in_two_ways(api: httpx.Client, world: World) -> None:
    """Method getReservations: `canceled` of a reservation, `cancelled` of a room."""
    here = world.book("direct", stay(A, 0, 2))
    world.book("direct", stay(A, 9, 2), status=Status.REQUEST)
    world.book("direct", stay(A, 12, 2), status=Status.NO_SHOW)
    world.book("direct", stay(A, 15, 2), status=Status.INQUIRY)
    world.book("direct", stay(A, 18, 2), status=Status.CANCELLED)
    rows = data(api.get("getReservations", params={"includeAllRooms": "1"}))
    assert [(row["status"], row["rooms"][0]["roomStatus"]) for row in rows] == [
        ("checked_in", "in_house"),
        ("not_confirmed", "not_checked_in"),
        ("no_show", "not_checked_in"),
        ("canceled", "cancelled"),
    ]
    world.now += timedelta(days=2)
    (gone,) = data(api.get("getReservations", params={"status": "checked_out"}))
    assert gone["reservationID"].endswith(str(here.number))


def test_what_changed_since_is_asked_by_the_property_s_clock(api: httpx.Client, world: World) -> None:
    """modifiedFrom is a date and time; *Date and Time Formats* gives its form, and no zone."""
    booking = world.book("airbnb", stay(A, 3, 2))
    world.now += timedelta(hours=2)
    world.move(booking.number, day(4), day(6))

    def since(moment: str, method: str = "getReservations") -> int:
        return len(data(api.get(method, params={"modifiedFrom": moment})))

    assert since("2026-11-20 11:00:00") == since("2026-11-20 11:00:00", "getReservationsWithRateDetails") == 1
    assert since("2026-11-20 11:00:01") == 0
    (row,) = data(api.get("getReservationsWithRateDetails"))
    assert (row["dateModified"], row["dateModifiedUTC"]) == ("2026-11-20 11:00:00", "2026-11-20 10:00:00")
    assert (
        api.get("getReservations", params={"modifiedFrom": "2026-11-20T11:00:00Z"}).json()["success"] is False
    )


def test_deleted_reservations_are_told_of_on_request_only(api: httpx.Client, world: World) -> None:
    """Method getReservationsWithRateDetails: includeDeleted, excludeStatuses, reservationID."""
    world.book("airbnb", stay(A, 3, 2))
    gone = world.book("direct", stay(A, 8, 2))
    world.change(gone.number, deleted=True)
    method = "getReservationsWithRateDetails"
    assert len(data(api.get(method))) == 1
    kept, deleted = data(api.get(method, params={"includeDeleted": "true"}))
    assert (kept["isDeleted"], deleted["isDeleted"]) == (False, True)
    assert data(api.get(method, params={"excludeStatuses": "confirmed,no_show"})) == []
    one = {"reservationID": f"{kept['reservationID']},17"}
    assert data(api.get(method, params=one)) == [kept]
    assert api.get("getReservation", params={"reservationID": deleted["reservationID"]}).json() == {
        "success": False,
        "message": "Reservation not found",
    }


def test_blocks_come_in_windows_of_35_days(api: httpx.Client, world: World) -> None:
    """Method getRoomBlocks: "Date range must be 35 days or less", both days default to today."""
    world.block("direct", A, day(40), day(42))

    def blocks(first: int, last: int) -> httpx.Response:
        window = {"startDate": str(day(first)), "endDate": str(day(last))}
        return api.get("getRoomBlocks", params={"propertyID": "310046"} | window)

    assert blocks(0, 36).json()["success"] is False
    assert data(blocks(0, 35))["roomBlocks"] == []
    (block,) = data(blocks(35, 70))["roomBlocks"]
    assert (block["startDate"], block["endDate"]) == (str(day(40)), str(day(41)))
    assert data(api.get("getRoomBlocks", params={"propertyID": "310046"}))["roomBlocks"] == []
    asked_of_all = api.get("getRoomBlocks").json()
    assert asked_of_all["message"] == 'Please specify "propertyID" parameter for this call'


def test_webhooks_are_registered_listed_and_taken_back(api: httpx.Client) -> None:
    """Methods postWebhook, getWebhooks, deleteWebhook."""
    hook = {"propertyID": "310046", "object": "reservation", "action": "created"}
    number = data(api.post("postWebhook", data=hook | {"endpointUrl": "https://x.example/h"}))[
        "subscriptionID"
    ]
    (listed,) = data(api.get("getWebhooks"))
    assert listed["subscriptionData"] == {"endpoint": "https://x.example/h"}
    assert api.delete("deleteWebhook", params={"subscriptionID": number}).json() == {"success": True}
    assert data(api.get("getWebhooks")) == []
    assert api.delete("deleteWebhook", params={"subscriptionID": number}).json()["success"] is False
