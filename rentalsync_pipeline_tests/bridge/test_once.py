"""`Idempotency-Key`: a POST that is sent again has its effect once, and gets its first answer."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from threading import Event
from typing import Any

import httpx
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from rentalsync_pipeline.bridge.settings import BridgeSettings
from rentalsync_pipeline.control.answers import KEPT
from rentalsync_pipeline.core.access import Role
from rentalsync_pipeline_tests.bridge.jwts import SWITCHED_ON, present_jwt
from rentalsync_pipeline_tests.bridge.served import Served, serving
from rentalsync_pipeline_tests.operations.dialects import airbnb, reservation
from rentalsync_pipeline_tests.operations.town import Town

PATH = "/api/v1/channel-connections"
VRBO = {
    "id": "loft-vrbo",
    "channel": "ical",
    "listing": "loft",
    "url": "https://calendars.example.com/canary.ics",
}
KEY = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}
REPLAYED = "idempotency-replayed"


@pytest.fixture
def served(town: Town) -> Iterator[Served]:
    """A loft at Airbnb, a daemon that looks, and an admin with a JWT."""
    town.connect("loft-airbnb", airbnb(reservation("HMAAAAAAA1", "2026-12-01", 3)))
    town.apply()
    town.stores.control.record_look(town.now)
    with serving(town, SWITCHED_ON) as served:
        present_jwt(served, Role.ADMIN)
        yield served


def added(served: Served) -> int:
    """How often the connection was added."""
    return len(served.town.stores.control.audit.rows(subject="loft-vrbo"))


def test_the_same_again_gets_the_first_answer_and_has_no_effect(served: Served) -> None:
    first = served.ask("POST", PATH, 201, json=VRBO, headers=KEY)
    again = served.ask("POST", PATH, 201, json=VRBO, headers=KEY)
    assert REPLAYED not in first.headers
    assert again.headers[REPLAYED] == "true"
    assert again.content == first.content
    assert again.headers["content-type"] == first.headers["content-type"]
    assert added(served) == 1
    served.ask("POST", PATH, 409, json=VRBO)
    served.ask("DELETE", f"{PATH}/loft-vrbo", 204, headers=KEY)
    assert served.ask("POST", PATH, 201, json=VRBO, headers=KEY).headers[REPLAYED] == "true"


def test_a_refusal_is_given_again_too(served: Served) -> None:
    served.ask("POST", PATH, 201, json=VRBO)
    refused = served.ask("POST", PATH, 409, json=VRBO, headers=KEY)
    served.ask("DELETE", f"{PATH}/loft-vrbo", 204)
    again = served.ask("POST", PATH, 409, json=VRBO, headers=KEY)
    assert (again.headers[REPLAYED], again.json()) == ("true", refused.json())


def test_what_is_not_understood_is_refused_again(served: Served) -> None:
    first, again = (served.ask("POST", PATH, 422, json={"id": "x"}, headers=KEY) for _ in range(2))
    assert (REPLAYED in first.headers, again.headers[REPLAYED]) == (False, "true")
    assert again.json() == first.json()


@pytest.mark.parametrize(
    ("path", "body"),
    [(PATH, VRBO | {"interval": "1h"}), (f"{PATH}?about=nothing", VRBO)],
    ids=["another body", "another query"],
)
def test_another_request_with_the_same_key_is_refused(
    served: Served, path: str, body: dict[str, Any]
) -> None:
    served.ask("POST", PATH, 201, json=VRBO, headers=KEY)
    refused = served.ask("POST", path, 422, json=body, headers=KEY)
    assert refused.json() == {
        "error": "Another request was sent with this Idempotency-Key",
        "detail": "give each its own",
    }


def test_a_key_counts_for_its_caller_and_its_path(served: Served) -> None:
    sync = f"{PATH}/loft-airbnb/sync"
    served.ask("POST", sync, 202, headers=KEY)
    assert REPLAYED not in served.ask("POST", PATH, 201, json=VRBO, headers=KEY).headers
    present_jwt(served, Role.OPERATOR)
    assert REPLAYED not in served.ask("POST", sync, 202, headers=KEY).headers
    assert REPLAYED in served.ask("POST", sync, 202, headers=KEY).headers


def test_an_answer_is_given_to_nobody_who_may_not_ask(served: Served) -> None:
    served.ask("POST", PATH, 201, json=VRBO, headers=KEY)
    present_jwt(served, Role.READ)
    served.ask("POST", PATH, 403, json=VRBO, headers=KEY)
    del served.client.headers["Authorization"]
    served.ask("POST", PATH, 401, json=VRBO, headers=KEY)


def test_two_tokens_of_one_name_are_two_callers(town: Town) -> None:
    town.listing("loft")
    town.apply()
    town.stores.control.record_look(town.now)
    with serving(town, BridgeSettings()) as served:
        for _ in range(2):
            served.present(Role.OPERATOR)
            assert REPLAYED not in served.ask("POST", "/api/listings/1/sync", 202, headers=KEY).headers


def test_a_failure_of_ours_may_be_tried_again(served: Served) -> None:
    sync = f"{PATH}/loft-airbnb/sync"
    served.town.now += timedelta(minutes=5)
    served.ask("POST", sync, 503, headers=KEY)
    served.town.stores.control.record_look(served.town.now)
    assert REPLAYED not in served.ask("POST", sync, 202, headers=KEY).headers


def test_a_fault_may_be_tried_again(served: Served) -> None:
    sync = f"{PATH}/loft-airbnb/sync"
    with closing(sqlite3.connect(served.town.home.path / "control.db")) as database:
        database.execute(
            "CREATE TRIGGER full BEFORE INSERT ON requests BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
        served.ask("POST", sync, 500, headers=KEY)
        database.execute("DROP TRIGGER full")
    assert REPLAYED not in served.ask("POST", sync, 202, headers=KEY).headers


def test_after_a_day_a_key_is_new(served: Served) -> None:
    served.ask("POST", PATH, 201, json=VRBO, headers=KEY)
    served.town.now += KEPT
    present_jwt(served, Role.ADMIN)
    served.ask("POST", PATH, 409, json=VRBO, headers=KEY)


@pytest.mark.parametrize("key", ["", "k" * 256])
def test_a_key_that_is_none_is_refused(served: Served, key: str) -> None:
    refused = served.ask("POST", PATH, 400, json=VRBO, headers={"Idempotency-Key": key})
    assert "1 to 255 characters" in refused.json()["error"]
    assert added(served) == 0


def test_a_body_that_is_too_large_is_refused_with_a_key_as_without(served: Served) -> None:
    served.ask("POST", PATH, 413, content=b"x" * 2_000_001, headers=KEY)


def test_who_asks_while_it_is_worked_on_is_sent_away_for_a_moment(town: Town, httpserver: HTTPServer) -> None:
    asked, let_go = Event(), Event()

    def slow(_: Request) -> Response:
        asked.set()
        assert let_go.wait(20)
        return Response(airbnb(reservation("HMAAAAAAA1", "2026-12-01", 3)))

    httpserver.expect_request("/a.ics").respond_with_handler(slow)
    town.document["settings"] = {"allow_private": ["127.0.0.1"]}
    town.connect("loft-airbnb", None, url=httpserver.url_for("/a.ics"))
    town.apply()
    with serving(town, SWITCHED_ON) as served, ThreadPoolExecutor(1) as pool:
        present_jwt(served, Role.ADMIN)
        first = pool.submit(served.ask, "POST", f"{PATH}/loft-airbnb/test", headers=KEY)
        assert asked.wait(20)
        refused = httpx.post(f"{served.url}{PATH}/loft-airbnb/test", headers={**served.client.headers, **KEY})
        let_go.set()
        assert (refused.status_code, refused.headers["Retry-After"]) == (409, "1")
        answer = first.result()
        again = served.ask("POST", f"{PATH}/loft-airbnb/test", headers=KEY)
    assert (answer.json()["ok"], again.content) == (True, answer.content)
    assert len(httpserver.log) == 1


def test_of_many_at_once_one_has_an_effect(served: Served) -> None:
    headers = {**served.client.headers, **KEY}

    def add(_: int) -> httpx.Response:
        return httpx.post(f"{served.url}{PATH}", json=VRBO, headers=headers)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(add, range(16)))
    done = [answer for answer in answers if answer.status_code == 201]
    assert len([answer for answer in done if REPLAYED not in answer.headers]) == 1
    assert {answer.content for answer in done} == {done[0].content}
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert added(served) == 1


def test_what_is_kept_of_an_answer_shows_no_secret(served: Served) -> None:
    served.ask("POST", PATH, 201, json=VRBO, headers=KEY)
    kept = (served.town.home.path / "control.db").read_bytes()
    wal = served.town.home.path / "control.db-wal"
    kept += wal.read_bytes() if wal.exists() else b""
    assert b"canary" not in kept
    assert KEY["Idempotency-Key"].encode() not in kept


def test_every_post_of_somebody_recognised_takes_a_key(served: Served) -> None:
    document = served.get("/openapi.json").json()
    posts = {path: each["post"] for path, each in document["paths"].items() if "post" in each}
    offering = {
        path
        for path, post in posts.items()
        if any(parameter["name"] == "Idempotency-Key" for parameter in post.get("parameters", []))
    }
    assert offering == {path for path in posts if not path.endswith("/webhook")}
    for path in offering:
        address = path.replace("{id}", "99").replace("{type}", "nothing")
        key = {"Idempotency-Key": path}
        _as_admin(served, posts[path])
        first = served.client.post(address, json={}, headers=key)
        assert first.status_code < 500, path
        assert REPLAYED in served.client.post(address, json={}, headers=key).headers, path


def _as_admin(served: Served, post: dict[str, Any]) -> None:
    if "JWT" in str(post["security"]):
        present_jwt(served, Role.ADMIN)
    else:
        served.present(Role.ADMIN)
