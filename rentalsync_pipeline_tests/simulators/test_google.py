"""The simulator of Google's Calendar API against developers.google.com/calendar/api."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from rentalsync_pipeline_tests.simulators.conftest import Calling
from rentalsync_pipeline_tests.simulators.google import GoogleCalendar
from rentalsync_pipeline_tests.simulators.stays import day
from rentalsync_pipeline_tests.simulators.world import World

A = "house-01-a"
EVENTS = "calendars/house-01-a%40group.calendar.example/events"


@pytest.fixture
def google(world: World) -> GoogleCalendar:
    return GoogleCalendar(world)


@pytest.fixture
def api(google: GoogleCalendar, calling: Calling, world: World) -> Iterator[httpx.Client]:
    with calling(google, Authorization=f"Bearer {google.tokens.new(world.now)}") as client:
        yield client


def events(api: httpx.Client, **params: Any) -> Any:
    return api.get(EVENTS, params=params).json()


def test_a_refresh_token_gives_access_for_an_hour(
    calling: Calling, google: GoogleCalendar, world: World
) -> None:
    """*Using OAuth 2.0*: POST /token; *Handle API errors*, 401."""
    form = google.client | {"grant_type": "refresh_token", "refresh_token": google.refresh_token}
    with calling(google) as client:
        address = str(client.base_url).replace("/calendar/v3/", "/token")
        token = client.post(address, data=form).json()["access_token"]
        assert client.post(address, data=form | {"refresh_token": "x"}).json()["error"] == "invalid_grant"
        bearer = {"Authorization": f"Bearer {token}"}
        assert client.get(EVENTS, headers=bearer).is_success
        world.now += timedelta(hours=1)
        refused = client.get(EVENTS, headers=bearer)
        assert (refused.status_code, refused.json()["error"]["errors"][0]["reason"]) == (401, "authError")


def test_a_calendar_tells_its_zone(api: httpx.Client) -> None:
    """*Calendars: get*."""
    assert api.get(EVENTS.removesuffix("/events")).json()["timeZone"] == "Europe/Rome"
    assert api.get("calendars/none").status_code == 404
    assert api.get("calendars/none/events").status_code == 404


def test_events_last_whole_days_and_their_end_is_exclusive(api: httpx.Client, world: World) -> None:
    """*Events*: start.date, end.date; timeMin, timeMax bound them."""
    world.block("google", A, day(3), day(6))
    world.block("airbnb", A, day(8), day(9))
    (event,) = events(api)["items"]
    assert (event["start"], event["end"]) == ({"date": str(day(3))}, {"date": str(day(6))})
    assert events(api, timeMin=f"{day(6)}T00:00:00Z")["items"] == []
    assert events(api, timeMax=f"{day(3)}T00:00:00Z")["items"] == []


def test_a_sync_token_gives_what_changed_and_what_is_gone(api: httpx.Client, world: World) -> None:
    """*Synchronize resources efficiently*: nextSyncToken; a deleted event has its id and its status."""
    block = world.block("google", A, day(3), day(6))
    world.block("google", A, day(9), day(11))
    first = events(api)
    world.now += timedelta(minutes=30)
    assert events(api, syncToken=first["nextSyncToken"])["items"] == []
    world.unblock(block.number)
    (gone,) = events(api, syncToken=first["nextSyncToken"])["items"]
    assert gone == {"kind": "calendar#event", "id": first["items"][0]["id"], "status": "cancelled"}
    assert len(events(api)["items"]) == 1


def test_an_old_sync_token_is_gone(api: httpx.Client, google: GoogleCalendar, world: World) -> None:
    """*Synchronize resources efficiently*: 410, and a full sync."""
    token = events(api)["nextSyncToken"]
    world.now += timedelta(days=31)
    bearer = {"Authorization": f"Bearer {google.tokens.new(world.now)}"}
    refused = api.get(EVENTS, params={"syncToken": token}, headers=bearer)
    assert (refused.status_code, refused.json()["error"]["code"]) == (410, 410)


def test_pages_lead_to_the_next_one_and_the_last_to_the_next_time(api: httpx.Client, world: World) -> None:
    """*Events: list*: maxResults, default 250; pageToken; nextSyncToken on the last page only."""
    for number in range(300):
        world.block("google", A, day(number), day(number + 1))
    first = events(api)
    assert (len(first["items"]), "nextSyncToken" in first) == (250, False)
    last = events(api, pageToken=first["nextPageToken"])
    assert (len(last["items"]), "nextSyncToken" in last) == (50, True)
