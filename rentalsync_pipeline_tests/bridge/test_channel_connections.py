"""The channel connections (phase 4 of the channel manager), route by route, against live answers.

Its document gives no bodies, so these are ours: the keys of `connections:` in the YAML.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rentalsync_pipeline.core.access import Role
from rentalsync_pipeline_tests.bridge.jwts import SWITCHED_ON, USER, present_jwt
from rentalsync_pipeline_tests.bridge.served import Served, serving
from rentalsync_pipeline_tests.operations.dialects import airbnb, reservation
from rentalsync_pipeline_tests.operations.hotel import opened
from rentalsync_pipeline_tests.operations.town import Town

PATH = "/api/v1/channel-connections"
LOFT = {
    "id": "loft-airbnb",
    "channel": "airbnb",
    "host": "file",
    "listing": "loft",
    "listings": {},
    "base_url": None,
    "interval": "15m",
    "absence": {"misses": 2, "minutes": 30, "quarantine_hours": 24},
    "imports": "auto",
    "end_is_last_night": False,
    "enabled": True,
    "acknowledge": False,
    "freshness": "ok",
    "trouble": None,
    "last_ok_at": "2026-11-20T08:15:00Z",
    "last_attempt_at": "2026-11-20T08:15:00Z",
    "next_due_at": "2026-11-20T08:30:00Z",
}
FIRST = {
    "run_id": "run-1",
    "started_at": "2026-11-20T08:15:00Z",
    "status": "success",
    "fetched": 2,
    "created": 2,
    "updated": 0,
    "cancelled": 0,
    "unchanged": 0,
    "rejected": 0,
    "quarantined": False,
    "error": None,
}


@pytest.fixture
def served(town: Town) -> Iterator[Served]:
    """A loft with two guests at Airbnb, and an operator with a JWT."""
    guests = reservation("HMAAAAAAA1", "2026-12-01", 3), reservation("HMAAAAAAA2", "2026-12-10", 2)
    town.connect("loft-airbnb", airbnb(*guests))
    town.apply()
    town.sync()
    with serving(town, SWITCHED_ON) as served:
        present_jwt(served, Role.OPERATOR)
        yield served


ROUTES = (
    ("POST", ""),
    ("GET", ""),
    ("GET", "/loft-airbnb"),
    ("PUT", "/loft-airbnb"),
    ("DELETE", "/loft-airbnb"),
    ("POST", "/loft-airbnb/test"),
    ("POST", "/loft-airbnb/sync"),
    ("GET", "/loft-airbnb/sync-logs"),
)
"""The eight of the document."""


@pytest.mark.parametrize(("method", "below"), ROUTES)
def test_switched_off_there_is_nothing(closed: Served, method: str, below: str) -> None:
    present_jwt(closed, Role.ADMIN)
    assert closed.ask(method, f"{PATH}{below}", 404).json() == {"error": "Not Found"}
    for document in ("/openapi.json", "/api/openapi.json"):
        assert "channel-connections" not in closed.get(document).text


@pytest.mark.parametrize(("method", "below"), ROUTES)
def test_switched_on_each_is_documented_and_wants_a_jwt(served: Served, method: str, below: str) -> None:
    paths = served.get("/openapi.json").json()["paths"]
    operation = paths[f"{PATH}{below}".replace("loft-airbnb", "{id}")][method.lower()]
    assert operation["security"] == [{"JWT": []}]
    del served.client.headers["Authorization"]
    for wrong in (
        {"Authorization": "Bearer not.a.jwt"},
        {"Authorization": "Basic YTpi"},
        {"X-Ingress-User": "a"},
    ):
        answer = served.ask(method, f"{PATH}{below}", 401, headers=wrong)
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_all_connections_and_one(served: Served) -> None:
    assert served.get(PATH).json() == {"connections": [LOFT], "total": 1}
    assert served.get(f"{PATH}/loft-airbnb").json() == LOFT
    assert served.get(f"{PATH}/attic", 404).json() == {"error": "Connection not found"}


def test_the_examples_of_the_document_have_the_fields_of_live_answers(served: Served) -> None:
    schemas = served.get("/openapi.json").json()["components"]["schemas"]
    served.town.stores.control.record_look(served.town.now)
    for name, answer in {
        "ConnectionSchema": served.get(f"{PATH}/loft-airbnb"),
        "Connections": served.get(PATH),
        "Tested": served.ask("POST", f"{PATH}/loft-airbnb/test"),
        "SyncTriggered": served.ask("POST", f"{PATH}/loft-airbnb/sync", 202),
        "SyncLogs": served.get(f"{PATH}/loft-airbnb/sync-logs"),
    }.items():
        given = {field for field, value in answer.json().items() if value is not None}
        assert given <= schemas[name]["example"].keys() <= answer.json().keys()  # without what is null


def test_a_test_really_asks_and_changes_nothing(served: Served) -> None:
    before = served.town.stores.control.states()
    good = served.ask("POST", f"{PATH}/loft-airbnb/test").json()
    assert (good["ok"], good["events"], good["message"], good["host"]) == (True, 2, "", "file")
    assert 0 <= good["latency_ms"] < 30_000
    (served.town.home.folder / "loft-airbnb.ics").write_text("<html>please log in</html>")
    bad = served.ask("POST", f"{PATH}/loft-airbnb/test").json()
    assert not bad["ok"]
    assert "no calendar" in bad["message"]
    assert served.town.stores.control.states() == before
    served.ask("POST", f"{PATH}/attic/test", 404)


def test_a_test_of_an_account_says_which_of_its_rooms_have_no_listing(town: Town) -> None:
    with opened(town, 2) as hotel, serving(town, SWITCHED_ON) as served:
        present_jwt(served, Role.OPERATOR)
        (account,) = [each for each in served.get(PATH).json()["connections"] if each["listings"]]
        good = served.ask("POST", f"{PATH}/{account['id']}/test").json()
        assert good["ok"]
        assert {each["id"] for each in good["units"]} >= account["listings"].keys()
        assert hotel.cloudbeds.key not in served.get(PATH).text
        hotel.cloudbeds.key = "cbat_another"
        bad = served.ask("POST", f"{PATH}/{account['id']}/test").json()
        assert not bad["ok"]
        assert "refuses access" in bad["message"]


def test_a_sync_is_asked_for_by_the_user_once(served: Served) -> None:
    served.ask("POST", f"{PATH}/loft-airbnb/sync", 503)
    served.town.stores.control.record_look(served.town.now)
    for _ in range(2):
        answer = served.ask("POST", f"{PATH}/loft-airbnb/sync", 202).json()
    assert answer == {
        "message": "Sync triggered for connection 'loft-airbnb'",
        "sync_status": "in_progress",
    }
    (request,) = served.town.stores.control.waiting()
    assert (request.kind, request.subject, request.asked_by) == (
        "sync_connection",
        "loft-airbnb",
        f"{USER} (JWT)",
    )
    served.ask("POST", f"{PATH}/attic/sync", 404)
    served.town.connections["loft-airbnb"]["enabled"] = False
    served.town.apply()
    served.ask("POST", f"{PATH}/loft-airbnb/sync", 404)


def test_the_sync_log_tells_what_came_of_each_answer(served: Served) -> None:
    town = served.town
    town.show(loft_airbnb=None)
    town.sync()
    path = f"{PATH}/loft-airbnb/sync-logs"
    answer = served.get(path).json()
    failed, first = answer["sync_logs"]
    assert first.pop("ended_at") >= first["started_at"]
    assert (first, answer["has_more"]) == (FIRST, False)
    assert (failed["run_id"], failed["status"], failed["fetched"]) == ("run-2", "error", 0)
    assert "file" in failed["error"]

    many = [reservation(f"HMAAAAAA{n:02}", f"2027-0{n}-01", 3) for n in range(1, 6)]
    town.show(loft_airbnb=airbnb(*many))
    town.sync()
    town.show(loft_airbnb=airbnb())
    town.sync()
    doubted = served.get(path).json()["sync_logs"][0]
    assert (doubted["status"], doubted["quarantined"], doubted["cancelled"]) == ("partial", True, 0)

    page = served.get(path, params={"limit": 1, "offset": 3}).json()
    assert ([each["run_id"] for each in page["sync_logs"]], page["has_more"]) == (["run-1"], False)
    page = served.get(path, params={"limit": 3}).json()
    assert (len(page["sync_logs"]), page["has_more"]) == (3, True)
    assert served.get(path, params={"offset": 9}).json() == {"sync_logs": [], "has_more": False}
    served.get(path, 422, params={"limit": 0})
    served.get(f"{PATH}/attic/sync-logs", 404)
