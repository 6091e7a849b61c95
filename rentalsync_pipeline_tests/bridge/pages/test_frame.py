"""The frame of the pages: who gets in, what a form proves, what a browser is told to refuse."""

from __future__ import annotations

import re
from datetime import timedelta
from ipaddress import ip_network

import duckdb
import httpx
import pytest
from fastapi.routing import APIRoute

from rentalsync_pipeline.bridge.auth import Failures
from rentalsync_pipeline.bridge.pages.app import ROUTERS
from rentalsync_pipeline.bridge.pages.frame import COOKIE
from rentalsync_pipeline.bridge.pages.sessions import LASTS, Session, Sessions
from rentalsync_pipeline.bridge.settings import BridgeSettings
from rentalsync_pipeline.control.vault import Vault, new_key, parse_key
from rentalsync_pipeline.core.access import Role
from rentalsync_pipeline_tests.bridge.pages.visitor import Meet
from rentalsync_pipeline_tests.bridge.served import STANDALONE, Served, serving
from rentalsync_pipeline_tests.operations.town import MORNING, Town

INGRESS = BridgeSettings(proxies=(ip_network("127.0.0.0/8"),))
BEHIND = {"X-Ingress-Path": "/api/hassio_ingress/Ab-9", "X-Remote-User-Name": "anna"}


def _cookie(answer: httpx.Response) -> str:
    return answer.headers["set-cookie"]


def test_a_stranger_is_led_to_the_login_and_back_to_where_they_wanted(meet: Meet, closed: Served) -> None:
    visitor = meet(closed)
    visitor.open("/admin/?page=2")
    assert visitor.page.url.path == "/admin/login"
    assert visitor.page.url.params["next"] == "/?page=2"
    assert "Overview" not in visitor.page.text


def test_with_a_token_one_is_in_until_one_signs_out(meet: Meet, closed: Served) -> None:
    visitor = meet(closed)
    assert visitor.sign_in(Role.READ).url.path == "/admin/"
    assert "read-desk" in visitor.page.text
    visitor.send("/admin/logout")
    visitor.open("/admin/")
    assert visitor.page.url.path == "/admin/login"


def test_whoever_is_in_goes_past_the_login(meet: Meet, standalone: Served) -> None:
    visitor = meet(standalone)
    assert visitor.open("/admin/login?next=/").url.path == "/admin/"
    assert "Sign out" not in visitor.page.text


@pytest.mark.parametrize("back", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_the_login_leads_nowhere_else(standalone: Served, back: str) -> None:
    answer = standalone.get("/admin/login", 303, params={"next": back}, follow_redirects=False)
    assert answer.headers["location"].startswith("/admin/")


def test_a_session_ends_with_its_time_or_with_its_token(meet: Meet, closed: Served) -> None:
    visitor = meet(closed)
    visitor.sign_in(Role.READ)
    (token,) = closed.town.stores.control.tokens.all()
    closed.town.stores.control.tokens.revoke(token.id, "a test", closed.town.now)
    assert visitor.open("/admin/").url.path == "/admin/login"
    visitor.sign_in(Role.READ)
    closed.town.now += LASTS
    assert visitor.open("/admin/").url.path == "/admin/login"


def test_wrong_tokens_are_tried_as_often_as_anywhere(meet: Meet, closed: Served) -> None:
    visitor = meet(closed)
    visitor.open("/admin/login")
    for _ in range(Failures.LIMIT):
        assert "not known" in visitor.send("/admin/login", 401, token="rsync_wrong").text
    assert "wait a minute" in visitor.send("/admin/login", 429, token="rsync_wrong").text
    assert "rsync_wrong" not in visitor.page.text


def test_the_cookie_is_for_the_browser_and_these_pages_alone(closed: Served) -> None:
    cookie = _cookie(closed.get("/admin/login"))
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Path=/admin;" in cookie
    assert "Secure" not in cookie
    closed.client.cookies.clear()
    behind_tls = closed.get("/admin/login", headers={"X-Forwarded-Proto": "https"})
    assert "Secure" in _cookie(behind_tls)


def test_the_cookie_shows_no_token_and_is_made_by_nobody_else() -> None:
    ours, theirs = (Sessions(Vault([parse_key(new_key(), "a test")])) for _ in range(2))
    session = ours.begin(MORNING, "rsync_secret")
    cookie = ours.write(session)
    assert "rsync" not in cookie
    assert "rsync" not in repr(session)
    assert ours.read(cookie, MORNING) == session
    assert ours.read(cookie, MORNING + LASTS) is None
    assert theirs.read(cookie, MORNING) is None
    for damaged in ("", "x", cookie[:-4], cookie[:-4] + "AAA=", "AAAA" * 20):
        assert ours.read(damaged, MORNING) is None


def test_a_message_is_cut_to_what_a_cookie_holds() -> None:
    sessions = Sessions(Vault([parse_key(new_key(), "a test")]))
    cookie = sessions.write(Session("proof", MORNING + LASTS, "t" * 100, said="ü" * 9_000))
    assert len(cookie) < 3_800
    assert sessions.read(cookie, MORNING)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_a_form_that_another_site_sends_is_refused(
    meet: Meet, closed: Served, headers: dict[str, str]
) -> None:
    visitor = meet(closed)
    visitor.sign_in(Role.ADMIN)
    visitor.client.headers.update(headers)
    assert "another web site" in visitor.send("/admin/logout", 403).text


def test_a_form_of_ours_is_known_by_its_host_where_the_browser_says_no_more(
    meet: Meet, closed: Served
) -> None:
    visitor = meet(closed)
    visitor.sign_in(Role.ADMIN)
    visitor.client.headers["Origin"] = closed.url
    visitor.send("/admin/logout")
    visitor.client.headers.update({"Origin": "https://ha.example", "X-Forwarded-Host": "ha.example"})
    visitor.sign_in(Role.ADMIN)


def test_a_form_without_the_proof_of_this_very_browser_is_refused(meet: Meet, closed: Served) -> None:
    anna, eve = meet(closed), meet(closed)
    anna.sign_in(Role.ADMIN)
    eve.sign_in(Role.ADMIN)
    (_, theirs) = eve.forms()[0]
    assert "too old" in anna.send("/admin/logout", 403, proof=theirs["proof"]).text
    assert "too old" in anna.client.post("/admin/logout").text


def test_whatever_changes_something_wants_the_proof(closed: Served, meet: Meet) -> None:
    visitor = meet(closed)
    visitor.sign_in(Role.ADMIN)
    routes = (each for router in ROUTERS for each in router.routes if isinstance(each, APIRoute))
    posts = [each.path for each in routes if "POST" in (each.methods or ())]
    assert len(posts) > 20
    for path in posts:
        answer = visitor.client.post("/admin" + re.sub(r"\{.*?\}", "1", path))
        assert (answer.status_code, "too old" in answer.text) == (403, True), path


def test_who_comes_from_another_site_is_told_so_on_a_page(standalone: Served) -> None:
    answer = standalone.get("/admin/", 403, headers={"Sec-Fetch-Site": "cross-site"})
    assert "another web site" in answer.text
    assert answer.headers["content-type"].startswith("text/html")


def test_a_snapshot_of_another_version_is_told_on_a_page(town: Town, meet: Meet) -> None:
    town.listing("loft")
    town.apply()
    town.sync()
    with duckdb.connect(str(town.home.snapshot)) as snapshot:
        snapshot.execute("DROP TABLE making")
    with serving(town) as served:
        assert "the next" in meet(served).open("/admin/", 503).text


def test_every_page_is_strict_with_the_browser(standalone: Served) -> None:
    for path, status in (("/admin/", 200), ("/admin/none", 404)):
        answer = standalone.get(path, status)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-frame-options"] == "SAMEORIGIN"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "<script>" not in answer.text
        assert "style=" not in answer.text
        assert "onclick" not in answer.text


def test_what_never_changes_is_kept_by_the_browser(closed: Served) -> None:
    for name in ("pages.css", "pages.js", "icon.svg"):
        assert "immutable" in closed.get(f"/admin/static/{name}").headers["cache-control"]
    closed.get("/admin/static/app.py", 404)
    closed.get("/admin/static/..%2Fapp.py", 404)


def test_behind_the_ingress_every_address_leads_back_through_it(town: Town) -> None:
    with serving(town, INGRESS) as served:
        door = served.get("/", 303, headers=BEHIND, follow_redirects=False)
        assert door.headers["location"] == "/api/hassio_ingress/Ab-9/admin/"
        page = served.get("/admin/", headers=BEHIND)
        assert "anna" in page.text
        assert "Path=/api/hassio_ingress/Ab-9/admin;" in _cookie(page)
        assert 'href="/admin' not in page.text
        assert 'href="/api/hassio_ingress/Ab-9/admin/static/pages.css' in page.text
        assert 'aria-current="page">Overview' in page.text
        served.get("/admin/static/pages.css", headers=BEHIND)
        refused = served.get("/admin/", 303, headers={"X-Ingress-Path": "/x"}, follow_redirects=False)
        assert refused.headers["location"].startswith("/x/admin/login")


def test_where_only_calendars_are_served_there_is_no_page(town: Town) -> None:
    with serving(town, BridgeSettings(feeds_only=True)) as served:
        served.get("/", 404)
        served.get("/admin/", 404)
        served.get("/admin/static/pages.css", 404)


def test_pages_are_in_no_document(standalone: Served) -> None:
    assert not [path for path in standalone.get("/openapi.json").json()["paths"] if "admin" in path]


def test_a_message_is_told_once(meet: Meet, town: Town) -> None:
    with serving(town, STANDALONE) as served:
        visitor = meet(served)
        visitor.open("/admin/")
        sessions = served.app.state.sessions
        session = sessions.begin(town.now)
        said = Session(session.proof, town.now + timedelta(hours=1), said="Nights are <b>free</b>")
        visitor.client.cookies.clear()
        visitor.client.cookies.set(COOKIE, sessions.write(said))
        assert "Nights are &lt;b&gt;free" in visitor.open("/admin/").text
        visitor.client.cookies.clear()
