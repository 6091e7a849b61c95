"""OAuth from the first credential to a guest in a calendar, against a simulated Cloudbeds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from rentalsync_pipeline_tests.bridge.served import Served, serving
from rentalsync_pipeline_tests.operations.hotel import Hotel, opened, room
from rentalsync_pipeline_tests.operations.town import Town

pytestmark = pytest.mark.usefixtures("no_waiting")

SECRET = "canary-of-a-client-secret"


@pytest.fixture
def hotel(town: Town) -> Iterator[Hotel]:
    """An account with a client, and nobody who has agreed yet; its rooms are mapped to no listing."""
    with opened(town, 2, {"client_id": "nobody", "client_secret": "nothing"}, listings={}) as hotel:
        hotel.cloudbeds.client["client_secret"] = SECRET
        yield hotel


@pytest.fixture
def served(hotel: Hotel) -> Iterator[Served]:
    with serving(hotel.town) as served:
        yield served


def _configure(served: Served, hotel: Hotel) -> None:
    answer = served.ask("POST", "/api/oauth/configure", json=hotel.cloudbeds.client)
    assert answer.json() == {"message": "OAuth credentials updated successfully", "status": "pending_token"}


def _agree(served: Served, hotel: Hotel) -> dict[str, str]:
    """Go where a person's browser is sent, agree there, and come back with what the vendor gives."""
    sent = served.get("/api/oauth/authorize", 307).headers["Location"]
    asked = {name: values[0] for name, values in parse_qs(urlsplit(sent).query).items()}
    assert urlsplit(sent).hostname == "hotels.cloudbeds.com"
    assert asked["client_id"] == hotel.cloudbeds.client["client_id"]
    assert asked["redirect_uri"] == f"{served.url}/api/oauth/callback"
    hotel.world.now = served.town.now
    return {"state": asked["state"], "code": hotel.cloudbeds.codes.new(hotel.cloudbeds.now)}


@pytest.mark.slow
def test_the_whole_way_from_a_client_to_a_calendar(served: Served, hotel: Hotel) -> None:
    _configure(served, hotel)
    before = served.get("/api/oauth/status").json()
    assert before == {
        "configured": True,
        "valid": False,
        "expires_at": None,
        "client_id": hotel.cloudbeds.client["client_id"],
    }
    granted = served.get("/api/oauth/callback", params=_agree(served, hotel)).json()
    expires = (served.town.now + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert granted == {"message": "Access granted", "expires_at": expires}
    assert served.get("/api/oauth/status").json() == before | {"valid": True, "expires_at": expires}
    status = served.get("/api/status").json()
    assert (status["oauth_configured"], status["oauth_valid"]) == (True, True)

    found = served.get("/api/listings", params={"enabled": "false"}).json()["listings"]
    rooms = [each for each in found if "/" in each["cloudbeds_id"]]
    assert len(rooms) == 2
    slug = next(iter(hotel.world.listings))
    hotel.world.book("cloudbeds", room(slug, "2026-12-20", 3))
    for each in rooms:
        served.ask("POST", f"/api/listings/{each['id']}/enable", json={"enabled": True})
    hotel.sync()
    assert served.get("/api/status").json()["total_bookings_cached"] == 1


def test_a_token_is_renewed_and_when_it_can_not_be_a_person_is_asked_for(
    served: Served, hotel: Hotel
) -> None:
    _configure(served, hotel)
    again = served.ask("POST", "/api/oauth/refresh", 401).json()
    assert again["error"] == "Invalid refresh token, re-authentication required"
    served.get("/api/oauth/callback", params=_agree(served, hotel))
    served.town.now += timedelta(hours=1)
    hotel.world.now = served.town.now
    renewed = served.ask("POST", "/api/oauth/refresh").json()
    expires = (served.town.now + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert renewed == {"message": "Token refreshed successfully", "expires_at": expires}
    hotel.cloudbeds.client["client_secret"] = "changed"
    served.ask("POST", "/api/oauth/refresh", 401)


def test_an_answer_that_belongs_to_no_question_is_refused(served: Served, hotel: Hotel) -> None:
    _configure(served, hotel)
    answer = _agree(served, hotel)
    served.get("/api/oauth/callback", 400, params=answer | {"state": "guessed"})
    served.get("/api/oauth/callback", 400, params=answer | {"code": "guessed"})
    served.get("/api/oauth/callback", 400, params=answer)  # a state is good for one answer
    late = _agree(served, hotel)
    served.town.now += timedelta(minutes=11)
    served.get("/api/oauth/callback", 400, params=late)


def test_credentials_that_are_none_are_refused_and_what_there_is_stays(served: Served) -> None:
    for body in ({}, {"client_id": "a"}, {"client_id": "a", "client_secret": "b", "api_key": "c"}):
        answer = served.ask("POST", "/api/oauth/configure", 400, json=body).json()
        assert answer["error"] == "Invalid client_id or client_secret"
    assert served.get("/api/oauth/status").json()["client_id"] == "nobody"
    served.get("/api/oauth/authorize", 404, params={"connection": "motel"})


def test_a_key_needs_no_consent_and_brings_the_rooms_along(served: Served, hotel: Hotel) -> None:
    answer = served.ask("POST", "/api/oauth/configure", json={"api_key": hotel.cloudbeds.key}).json()
    assert answer["status"] == "connected"
    assert served.get("/api/oauth/status").json()["valid"]
    found = served.get("/api/listings", params={"enabled": "false"}).json()["listings"]
    assert len([each for each in found if "/" in each["cloudbeds_id"]]) == 2
    wrong = served.ask("POST", "/api/oauth/configure", 400, json={"api_key": "cbat_wrong"}).json()
    assert wrong["error"] == "Invalid api_key"
    served.ask("POST", "/api/oauth/configure", 400, json={"api_key": "no header carries é"})
    assert "client_id" in served.get("/api/oauth/authorize", 404).json()["error"]


def test_credentials_go_in_and_never_come_out(served: Served, hotel: Hotel) -> None:
    _configure(served, hotel)
    served.get("/api/oauth/callback", params=_agree(served, hotel))
    for path in ("/api/oauth/status", "/api/status", "/api/listings", "/api/openapi.json"):
        assert SECRET not in served.get(path).text
    files = [path for path in served.town.home.path.rglob("*") if path.is_file()]
    assert [path for path in files if SECRET.encode() in path.read_bytes()] == []
