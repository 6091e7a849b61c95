"""Connections that are added, changed and taken away over HTTP: the YAML's rows, and no night freed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from rentalsync_pipeline.control.written.merge import Action
from rentalsync_pipeline.core.access import Role
from rentalsync_pipeline_tests.bridge.jwts import SWITCHED_ON, present_jwt
from rentalsync_pipeline_tests.bridge.served import Served, serving
from rentalsync_pipeline_tests.operations.dialects import airbnb, reservation
from rentalsync_pipeline_tests.operations.town import Town, nights

PATH = "/api/v1/channel-connections"
CANARY = "canary-of-a-secret"
VRBO = {
    "id": "loft-vrbo",
    "channel": "ical",
    "listing": "loft",
    "url": f"https://calendars.example.com/{CANARY}.ics",
    "interval": "30m",
    "absence": {"misses": 3, "minutes": 60, "quarantine_hours": 12},
}
HOTEL = {
    "id": "hotel",
    "channel": "cloudbeds",
    "credentials": {"api_key": CANARY},
    "listings": {"1-0": "loft"},
}


@pytest.fixture
def served(town: Town) -> Iterator[Served]:
    """A loft with a guest at Airbnb, and an admin with a JWT."""
    town.connect("loft-airbnb", airbnb(reservation("HMAAAAAAA1", "2026-12-01", 3)))
    town.apply()
    town.sync()
    with serving(town, SWITCHED_ON) as served:
        present_jwt(served, Role.ADMIN)
        yield served


def test_a_connection_is_what_the_yaml_would_have_made_of_it(served: Served) -> None:
    made = served.ask("POST", PATH, 201, json=VRBO).json()
    assert {name: made[name] for name in VRBO.keys() - {"url"}} == {
        name: value for name, value in VRBO.items() if name != "url"
    }
    assert (made["host"], made["freshness"]) == ("calendars.example.com", "never")
    control = served.town.stores.control
    assert control.url_of("loft-vrbo").reveal() == VRBO["url"]
    by_api = {each.id: each for each in control.portfolio().connections}["loft-vrbo"]
    served.town.connections["loft-vrbo"] = {name: value for name, value in VRBO.items() if name != "id"}
    assert served.town.apply().counts.keys() <= {Action.DRIFT}
    by_file = {each.id: each for each in control.portfolio().connections}["loft-vrbo"]
    assert by_api == by_file


def test_what_is_changed_here_is_drift_to_the_file_and_stands(served: Served) -> None:
    served.ask("PUT", f"{PATH}/loft-airbnb", json={"interval": "1h"})
    served.ask("POST", PATH, 201, json=HOTEL)
    plan = served.town.apply()
    assert set(plan.ids(Action.DRIFT, "connections")) == {"hotel", "loft-airbnb"}
    assert served.get(f"{PATH}/loft-airbnb").json()["interval"] == "60m"
    assert CANARY not in repr(plan.changes)


def test_a_change_keeps_what_is_not_spoken_of(served: Served) -> None:
    served.ask("POST", PATH, 201, json=HOTEL)
    before = served.get(f"{PATH}/hotel").json()
    after = served.ask("PUT", f"{PATH}/hotel", json={"imports": "nothing", "listings": {}}).json()
    assert after == before | {"imports": "nothing", "listings": {}}
    control = served.town.stores.control
    assert control.credentials_of("hotel")["api_key"].reveal() == CANARY
    served.ask("PUT", f"{PATH}/hotel", json={"credentials": {"api_key": "another"}})
    assert control.credentials_of("hotel")["api_key"].reveal() == "another"
    before = served.get(f"{PATH}/loft-airbnb").json()
    assert served.ask("PUT", f"{PATH}/loft-airbnb", json={}).json() == before
    served.ask("PUT", f"{PATH}/attic", 404, json={})


@pytest.mark.parametrize("how", ["deleted", "disabled"])
def test_no_night_is_freed_by_it(served: Served, how: str) -> None:
    town = served.town
    taken = nights("2026-12-01", 3)
    assert town.nights("loft") == taken
    if how == "deleted":
        served.ask("DELETE", f"{PATH}/loft-airbnb", 204)
        served.get(f"{PATH}/loft-airbnb", 404)
        served.ask("DELETE", f"{PATH}/loft-airbnb", 404)
    else:
        off = served.ask("PUT", f"{PATH}/loft-airbnb", json={"enabled": False}).json()
        assert (off["enabled"], off["freshness"]) == (False, "off")
    for _ in range(4):
        town.sync(minutes=60)
        assert town.nights("loft") == taken
    assert set(town.states().values()) == {"orphaned"}


def test_what_another_connection_refers_to_stays(served: Served) -> None:
    served.ask("POST", PATH, 201, json=VRBO | {"imports": ["loft-airbnb"]})
    answer = served.ask("DELETE", f"{PATH}/loft-airbnb", 409).json()
    assert answer == {"error": "loft-vrbo imports loft-airbnb: change that first"}


@pytest.mark.parametrize(
    ("wrong", "status", "said"),
    [
        ({"id": "loft-airbnb"}, 409, "in use"),
        ({"id": "No Slug"}, 422, "can't be an id"),
        ({"channel": "airbandb"}, 422, "is no channel"),
        ({"listing": "loftt"}, 422, "no listing"),
        ({"listing": None}, 422, "a calendar of no listing"),
        ({"url": None}, 422, "points nowhere"),
        ({"url": "file:///etc/passwd"}, 422, "this machine"),
        ({"url": "/etc/passwd"}, 422, "this machine"),
        ({"url": "${HOME}"}, 422, "this machine"),
        ({"webhook_secret": "${HOME}"}, 422, "this machine"),
        ({"url": None, "credentials": {"api_key": "${HOME}"}, "channel": "cloudbeds"}, 422, ""),
        ({"interval": "soon"}, 422, "duration"),
        ({"imports": ["attic"]}, 422, "attic"),
        ({"absence": {"misses": 0}}, 422, "too small"),
        ({"base_url": "http://127.0.0.1:1"}, 422, "base_url"),
        ({"isActive": False}, 422, "isActive"),
        ({"enabled": "yes"}, 422, "enabled"),
    ],
    ids=str,
)
def test_what_would_be_wrong_in_the_file_is_wrong_here(
    served: Served, wrong: dict[str, Any], status: int, said: str
) -> None:
    answer = served.ask("POST", PATH, status, json=VRBO | wrong)
    assert said in answer.text
    assert CANARY not in answer.text
    assert served.get(PATH).json()["total"] == 1


def test_credentials_go_in_and_never_come_out(served: Served) -> None:
    answers = [
        served.ask("POST", PATH, 201, json=VRBO),
        served.ask("POST", PATH, 201, json=HOTEL),
        served.ask("PUT", f"{PATH}/hotel", json={"credentials": {"api_key": CANARY * 2}}),
        served.ask("PUT", f"{PATH}/hotel", json={"webhook_secret": CANARY}),
        served.ask("PUT", f"{PATH}/hotel", 422, json={"url": f"https://example.com/{CANARY}"}),
        served.ask("PUT", f"{PATH}/hotel", 422, json={CANARY: 1, "credentials": {"api_key": 7}}),
        served.get(PATH),
        served.get(f"{PATH}/hotel"),
    ]
    assert not [answer.text for answer in answers if CANARY in answer.text]
    assert CANARY.encode() not in (served.town.home.path / "control.db").read_bytes()
    served.ask("POST", f"/api/integrations/cloudbeds/webhook?key={CANARY}")
