"""What an intruder tries: other paths, methods, headers and names, and requests that do not end.

Sent as bytes, as clients put right what an intruder writes wrong.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_network
from itertools import repeat
from urllib.parse import urlsplit

import pytest
from uvicorn.main import main as uvicorn

from rentalsync_pipeline.automation.programs import http_program
from rentalsync_pipeline.bridge.auth import Failures
from rentalsync_pipeline.bridge.server import LARGEST_BODY, LARGEST_HEAD, SERVER, BoundedProtocol
from rentalsync_pipeline.bridge.settings import BridgeSettings
from rentalsync_pipeline.core.access import Role
from rentalsync_pipeline_tests.bridge.document import everything
from rentalsync_pipeline_tests.bridge.jwts import SWITCHED_ON
from rentalsync_pipeline_tests.bridge.served import STANDALONE, Served, serving
from rentalsync_pipeline_tests.operations.town import Town

BEHIND_A_PROXY = BridgeSettings(proxies=(ip_network("172.30.32.2"),), jwts=SWITCHED_ON.jwts)
INGRESS = BridgeSettings(proxies=(ip_network("127.0.0.1"),))
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def guarded(town: Town) -> Iterator[Served]:
    """A house whose users come through a proxy that we are not, with all routes switched on."""
    town.listing("loft", feed={"token": False})
    town.apply()
    with serving(town, BEHIND_A_PROXY) as served:
        yield served


def send(served: Served, method: str, path: str, *headers: str, host: str = "localhost") -> tuple[int, str]:
    """The status and the whole answer to a request that is sent just so."""
    lines = (f"{method} {path} HTTP/1.1", f"Host: {host}", "Connection: close", *headers, "", "")
    with _connection(served) as line:
        line.sendall("\r\n".join(lines).encode())
        answer = b"".join(iter(lambda: line.recv(65536), b"")).decode()
    return int(answer.split(" ", 2)[1]), answer


def _connection(served: Served) -> socket.socket:
    where = urlsplit(served.url)
    return socket.create_connection((str(where.hostname), where.port or 80), timeout=30)


def _paths(served: Served) -> Iterator[tuple[str, set[str]]]:
    """Every path that is served, documented or not, with its methods."""
    for path, operations in served.get("/openapi.json").json()["paths"].items():
        yield path.replace("{", "").replace("}", ""), {method.upper() for method in operations}


@pytest.mark.parametrize(
    "headers",
    [
        ("X-Ingress-User: admin",),
        ("X-Remote-User-Id: 1", "X-Forwarded-For: 172.30.32.2"),
        ("X-Ingress-User: admin", "Forwarded: for=172.30.32.2", "X-Real-IP: 172.30.32.2"),
        ("X-Ingress-User: admin", "X-Forwarded-For: 172.30.32.2, 172.30.32.2", "Via: 1.1 ingress"),
        ("Authorization: Bearer", "X-API-Key: x"),
        ("Authorization: Basic YWRtaW46YWRtaW4=",),
        ("Cookie: session=admin", "X-Ingress-Path: /"),
    ],
)
def test_no_header_makes_somebody_of_a_stranger(guarded: Served, headers: tuple[str, ...]) -> None:
    assert send(guarded, "GET", "/api/status", *headers)[0] == 401


def test_of_two_tokens_the_first_counts(guarded: Served) -> None:
    guarded.present(Role.READ)
    good = f"Authorization: {guarded.client.headers['Authorization']}"
    assert send(guarded, "GET", "/api/status", good, "Authorization: Bearer wrong")[0] == 200
    assert send(guarded, "GET", "/api/status", "Authorization: Bearer wrong", good)[0] == 401


@pytest.mark.parametrize(
    "path",
    [
        "//api/status",
        "/api//status",
        "/api/status/",
        "/API/STATUS",
        "/api/./status",
        "/api/status;x=.ics",
        "/health/../api/status",
        "/ical/../api/status",
        "/ical/%2e%2e/api/status",
        "/ical/..%2f..%2fapi%2fstatus",
        "/ical//loft.ics",
        "/ical/..%2f..%2f..%2f..%2fetc%2fpasswd",
        "/ical/..%2fcontrol.db.ics",
        "/ical/loft.ics/",
        "/ical/loft%00.ics",
        "/ical/%ff%fe.ics",
        "/private/..%2f..%2frentalsync.yaml",
        "/api/docs/..%2fauth.py",
        "/api/docs/swagger-ui.css.gz",
    ],
)
def test_no_path_leads_around(guarded: Served, path: str) -> None:
    status, answer = send(guarded, "GET", path)
    assert status == 404
    assert "location:" not in answer.lower()


def test_a_whole_address_leads_nowhere_else(guarded: Served) -> None:
    assert send(guarded, "GET", "http://169.254.169.254/api/status")[0] == 401


def test_a_method_that_is_none_of_a_routes_is_no_way_in(guarded: Served) -> None:
    for path, methods in _paths(guarded):
        for method in {"HEAD", "OPTIONS", "TRACE", "PATCH"} - methods:
            status, answer = send(guarded, method, path, "X-HTTP-Method-Override: GET")
            may_answer = path == "/health" or path.startswith("/ical/")
            assert status in ({200, 204, 404, 405} if may_answer else {405}), f"{method} {path}: {status}"
            opened = "access-control-allow" in answer.lower()
            assert opened == (path.startswith("/ical/") and status != 405), f"{method} {path}"


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_no_header_changes_a_method(guarded: Served, header: str) -> None:
    guarded.present(Role.ADMIN)
    token = f"Authorization: {guarded.client.headers['Authorization']}"
    assert send(guarded, "GET", "/api/listings/1?_method=PUT", token, f"{header}: PUT")[0] == 200


def test_only_calendars_answer_to_pages_of_other_sites(guarded: Served) -> None:
    guarded.present(Role.ADMIN)
    token = f"Authorization: {guarded.client.headers['Authorization']}"
    for path, methods in _paths(guarded):
        if "GET" in methods and not path.startswith("/ical/"):
            answer = send(guarded, "GET", path, token, "Origin: https://evil.example")[1]
            assert "access-control-allow" not in answer.lower(), path


def test_with_feeds_only_there_is_nothing_else_to_attack(town: Town) -> None:
    documented = json.loads(everything())["paths"]
    pages = ("/", "/admin", "/admin/", "/admin/login", "/api/docs", "/docs", "/openapi.json")
    with serving(town, replace(SWITCHED_ON, feeds_only=True, standalone=True)) as served:
        for path in (*documented, *pages):
            status = send(served, "GET", path.replace("{", "").replace("}", ""))[0]
            assert status == (200 if path == "/health" else 404), path


def test_nothing_is_spoken_but_http(guarded: Served) -> None:
    upgrade = "Upgrade: websocket", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13"
    for path in ("/api/status", "/ical/loft.ics", "/nowhere"):
        assert send(guarded, "GET", path, "Connection: Upgrade", *upgrade)[0] == 403


def test_a_page_of_another_site_reaches_nothing_although_its_name_leads_here(town: Town) -> None:
    with serving(town) as served:
        for host in ("evil.example", "evil.example:8000", "127.0.0.1.evil.example", "[::1"):
            assert send(served, "GET", "/api/status", host=host)[0] == 403
        for host in ("127.0.0.1:8000", "localhost", "[::1]:8000", "nas", "nas.local", "192.168.1.5"):
            assert send(served, "GET", "/api/status", host=host)[0] == 200


@pytest.mark.parametrize("settings", [STANDALONE, INGRESS], ids=["standalone", "ingress"])
def test_another_port_of_this_machine_may_look_and_no_more(town: Town, settings: BridgeSettings) -> None:
    user, site = "X-Remote-User-Name: anna", "Sec-Fetch-Site: same-site"
    with serving(town, settings) as served:
        assert send(served, "GET", "/api/status", user, site)[0] == 200
        assert send(served, "POST", "/api/oauth/refresh", user, site)[0] == 403
        assert send(served, "POST", "/api/oauth/refresh", user, "Sec-Fetch-Site: cross-site")[0] == 403


def test_a_form_of_another_site_is_no_body(town: Town) -> None:
    body = '{"client_id": "a", "client_secret": "b"}'
    with serving(town) as served:
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", None):
            headers = {"Content-Type": kind} if kind else {}
            served.ask("POST", "/api/oauth/configure", 422, content=body, headers=headers)


def test_a_user_of_the_ingress_takes_no_other_name(town: Town) -> None:
    town.listing("loft")
    town.apply()
    town.stores.control.record_look(town.now)
    both = {"X-Ingress-User": "somebody else", "X-Remote-User-Name": "Jürgen".encode() + b"x" * 5_000}
    with serving(town, INGRESS) as served:
        served.ask("POST", "/api/listings/1/sync", 202, headers=both)
    (request,) = town.stores.control.waiting()
    assert request.asked_by == f"Jürgen{'x' * 94} (Ingress)"


@pytest.mark.parametrize(
    "start",
    [
        "GET /health HTTP/1.1\r\nHost: x\r\nA: ",
        "GET /health?",
        "GET ",
        "POST /api/oauth/refresh HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: ",
    ],
    ids=["header", "query", "path", "trailer"],
)
def test_what_has_no_end_is_hung_up_on(guarded: Served, start: str) -> None:
    endless = repeat(b"a" * LARGEST_HEAD, 200)
    with _connection(guarded) as line, pytest.raises(OSError, match=r"reset|pipe"):
        line.sendall(b"".join([start.encode(), *endless]))


@pytest.mark.parametrize("is_chunked", [True, False])
def test_a_body_that_is_too_large_is_told_so_and_kept_nowhere(guarded: Served, is_chunked: bool) -> None:
    guarded.present(Role.ADMIN)
    body = b'{"client_id": "' + b"a" * LARGEST_BODY + b'"}'
    content = iter([body]) if is_chunked else body
    answer = guarded.ask("POST", "/api/oauth/configure", 413, content=content, headers=JSON)
    assert answer.json() == {"error": "Request body too large"}


def test_a_body_that_is_nested_without_end_is_no_fault(guarded: Served) -> None:
    guarded.present(Role.ADMIN)
    guarded.ask("POST", "/api/oauth/configure", 400, content=b"[" * 1_000_000, headers=JSON)


def test_who_forges_webhooks_keeps_nobody_out_who_has_a_token(guarded: Served) -> None:
    forged = [send(guarded, "POST", "/api/integrations/airbnb/webhook?key=guess")[0] for _ in range(11)]
    assert forged == [401] * Failures.LIMIT + [429]
    guarded.present(Role.READ)
    guarded.get("/api/status")


def test_who_has_a_whole_network_is_counted_as_one(town: Town) -> None:
    failures = Failures()
    for number in range(Failures.LIMIT):
        failures.add(f"2001:db8:0:1::{number:x}", town.now)
    assert failures.wait("2001:db8:0:1:ffff::1", town.now)
    assert not failures.wait("2001:db8:0:2::1", town.now)


def test_the_server_of_up_is_told_the_same_as_that_of_serve() -> None:
    program, *words = http_program("127.0.0.1", 8000).command
    assert program == "uvicorn"
    told = uvicorn.make_context(program, words).params
    http = f"{BoundedProtocol.__module__}:{BoundedProtocol.__qualname__}"
    assert {name: told[name] for name in SERVER} == SERVER | {"http": http}
