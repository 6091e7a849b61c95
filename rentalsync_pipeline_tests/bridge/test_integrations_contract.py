"""The *Integrations* contract, read aloud: each example of its document is sent word for word.

It gives bodies for what goes in and names for what comes out; the bodies that come out are ours.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rentalsync_pipeline.bridge.settings import BridgeSettings
from rentalsync_pipeline.channels.registry import channels
from rentalsync_pipeline.core.access import Role
from rentalsync_pipeline_tests.bridge.jwts import SWITCHED_ON, USER, present_jwt
from rentalsync_pipeline_tests.bridge.portals import ALLOWED, airbnb
from rentalsync_pipeline_tests.bridge.served import Served, serving
from rentalsync_pipeline_tests.operations.dialects import airbnb as calendar
from rentalsync_pipeline_tests.operations.dialects import reservation
from rentalsync_pipeline_tests.operations.managers import opened
from rentalsync_pipeline_tests.operations.town import Town

pytestmark = pytest.mark.usefixtures("no_waiting")

PATH = "/api/integrations"

CONFIGURE = {
    "apiKey": "your-airbnb-api-key",
    "apiSecret": "your-airbnb-secret",
    "webhookUrl": "https://your-domain.com/api/integrations/airbnb/webhook",
    "isActive": True,
}
MAPPING = {
    "airbnb-listing-12345": "local-property-uuid-1",
    "airbnb-listing-67890": "local-property-uuid-2",
}
SYNC = {"propertyMapping": MAPPING}
"""As the document writes them."""
HOMES = list(MAPPING.values())

INTEGRATION = {
    "type": "airbnb",
    "name": "Airbnb",
    "status": "not_configured",
    "isActive": False,
    "webhookUrl": None,
    "connections": [],
    "lastSyncAt": None,
    "lastSyncStatus": None,
    "lastError": None,
    "syncHistory": [],
}
SYNCED = {
    "runId": "run-1",
    "askedBy": "a test",
    "startedAt": "2026-11-20T08:15:00Z",
    "status": "success",
    "bookingsCreated": 1,
    "bookingsUpdated": 0,
    "errors": [],
}


@pytest.fixture
def served(town: Town) -> Iterator[Served]:
    """Two properties and no connection; a daemon, and an admin with a JWT."""
    town.document["settings"] = ALLOWED
    for slug in HOMES:
        town.listing(slug)
    town.apply()
    town.stores.control.record_look(town.now)
    with serving(town, SWITCHED_ON) as served:
        present_jwt(served, Role.ADMIN)
        yield served


def test_every_channel_has_a_status_before_anything_is_configured(served: Served) -> None:
    answer = served.get(f"{PATH}/status").json()
    assert [each["type"] for each in answer["integrations"]] == list(channels())
    assert answer["total"] == len(channels())
    assert answer["integrations"][0] == INTEGRATION
    detail = served.get(f"{PATH}/airbnb").json()
    assert {name: detail[name] for name in INTEGRATION} == INTEGRATION
    assert "Connect to another website" in detail["note"]
    served.get(f"{PATH}/airbandb", 404)


def test_configure_as_the_document_writes_it(served: Served) -> None:
    answer = served.ask("POST", f"{PATH}/airbnb/configure", json=CONFIGURE).json()
    wanted = {**INTEGRATION, "status": "configured", "isActive": True, "webhookUrl": CONFIGURE["webhookUrl"]}
    assert {name: answer[name] for name in wanted} == wanted
    assert served.get(f"{PATH}/airbnb").json() == answer


def test_sync_as_the_document_writes_it(served: Served) -> None:
    """Airbnb's properties are calendars: an id there is that of a connection here, which gets its listing."""
    town = served.town
    town.connect("attic-airbnb", calendar(reservation("HMAAAAAAA1", "2026-12-01", 3)))
    town.connections = dict.fromkeys(MAPPING, town.connections["attic-airbnb"])
    town.apply()
    answer = served.ask("POST", f"{PATH}/airbnb/sync", 202, json=SYNC).json()
    (request,) = town.stores.control.waiting()
    assert answer == {
        "message": "Sync triggered for Airbnb",
        "requestId": request.id,
        "syncStatus": "in_progress",
    }
    assert (request.subject, request.asked_by) == ("airbnb", f"{USER} (JWT)")
    assert served.get(f"{PATH}/airbnb").json()["propertyMapping"] == MAPPING
    assert served.ask("POST", f"{PATH}/airbnb/sync", 202).json() == answer


def test_test_as_the_document_writes_it(served: Served) -> None:
    served.ask("POST", f"{PATH}/airbnb/test", 404)
    served.ask("POST", f"{PATH}/airbnb/configure", json=CONFIGURE)
    answer = served.ask("POST", f"{PATH}/airbnb/test").json()
    assert "no key lets us in at Airbnb" in answer.pop("message")
    assert answer == {"success": False, "latencyMs": None, "connections": []}


def test_bookingcom_is_booking_com(served: Served) -> None:
    answer = served.ask("POST", f"{PATH}/bookingcom/configure", json={"isActive": False}).json()
    assert answer["type"] == "booking_com"
    assert served.get(f"{PATH}/booking_com").json() == answer
    served.ask("POST", f"{PATH}/bookingcom/sync", 409)


def test_a_channel_of_calendars_from_not_configured_to_connected_and_back(served: Served) -> None:
    def status() -> str:
        return str(served.get(f"{PATH}/airbnb").json()["status"])

    seen = [status()]
    served.ask("POST", f"{PATH}/airbnb/configure", json=CONFIGURE)
    seen.append(status())
    with airbnb(served) as portal:
        taken = portal.sell(0, 3, 2)
        mapping = dict(zip(portal.addresses, HOMES, strict=True))
        for _ in range(2):  # the second time they are there
            served.ask("POST", f"{PATH}/airbnb/sync", 202, json={"propertyMapping": mapping})
        seen.append(status())
        portal.sync()
        seen.append(status())
        assert served.town.nights(HOMES[0]) >= taken
        portal.calendars.faults.add("server_error", times=None, value=404)
        portal.sync()
        seen.append(status())
        portal.calendars.faults.clear()
        portal.sync()
        seen.append(status())
    assert seen == ["not_configured", "configured", "configured", "connected", "error", "connected"]
    history = served.get(f"{PATH}/airbnb").json()["syncHistory"]
    assert [each["status"] for each in history] == ["success", "error", "success"]
    first = history[-1]
    assert first.pop("completedAt") >= first["startedAt"]
    assert first | {"bookingsCreated": 1} == SYNCED
    assert [each.split(":")[0] for each in history[1]["errors"]] == [f"{slug}-airbnb" for slug in HOMES]


@pytest.mark.parametrize("channel", ["hospitable", "hostaway"])
def test_an_account_from_a_wrong_key_to_the_right_one_and_back(served: Served, channel: str) -> None:
    town = served.town
    with opened(
        town, channel, credentials={"token": "old", "client_id": "old", "client_secret": "old"}
    ) as office:
        assert served.get(f"{PATH}/{channel}").json()["status"] == "configured"
        office.sync()
        refused = served.get(f"{PATH}/{channel}").json()
        assert (refused["status"], refused["lastSyncStatus"]) == ("error", "error")
        assert "office: " in refused["lastError"]

        key, *secret = office.manager.credentials(office.api).values()
        given = {"apiKey": key, **({"apiSecret": secret[0]} if secret else {})}
        served.ask("POST", f"{PATH}/{channel}/configure", json=given)
        tested = served.ask("POST", f"{PATH}/{channel}/test").json()
        assert (tested["success"], tested["message"]) == (True, "")
        assert tested["latencyMs"] == tested["connections"][0]["latencyMs"]
        town.stores.control.record_look(town.now)
        served.ask("POST", f"{PATH}/{channel}/sync", 202)
        office.sync()
        well = served.get(f"{PATH}/{channel}").json()
        assert (well["status"], well["lastError"]) == ("connected", None)
        assert well["syncHistory"][0]["status"] == "success"


def test_who_is_let_in(served: Served) -> None:
    """A user's JWT or a token of ours, to look with any role, to do anything as an admin."""
    with serving(served.town, BridgeSettings()) as without_jwts:
        for here in (served, without_jwts):
            for role in Role:
                here.present(role)
                here.get(f"{PATH}/status")
                here.ask("POST", f"{PATH}/airbnb/configure", 200 if role is Role.ADMIN else 403, json={})
        present_jwt(served, Role.OPERATOR)
        served.get(f"{PATH}/status")
        served.ask("POST", f"{PATH}/airbnb/sync", 403)
        present_jwt(without_jwts, Role.ADMIN)
        without_jwts.get(f"{PATH}/status", 401)
        del without_jwts.client.headers["Authorization"]
        without_jwts.get(f"{PATH}/status", 401)
