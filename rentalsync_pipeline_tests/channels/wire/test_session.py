"""Asking an API: who is told the key, how often, and what becomes of a stale token."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request as Received
from werkzeug import Response as Sent

from rentalsync_pipeline.channels.wire.auth import Basic, CodeFlow, Tokens, client_credentials
from rentalsync_pipeline.channels.wire.pace import Pace, Rate
from rentalsync_pipeline.channels.wire.paging import Numbered
from rentalsync_pipeline.channels.wire.response import FetchError
from rentalsync_pipeline.core.secret import Secret
from rentalsync_pipeline.core.token import Token
from rentalsync_pipeline.core.verdict import Reason
from rentalsync_pipeline_tests.channels.accounts import keys, session
from rentalsync_pipeline_tests.channels.loopback import NOW, Names, Sleeper, client

pytestmark = pytest.mark.anyio

OAUTH = CodeFlow("https://vendor.example/agree", "token", ("read",))
CLIENT = {"client_id": "us", "client_secret": "client-canary", "refresh_token": "first-refresh"}


async def failing(ask: object) -> FetchError:
    with pytest.raises(FetchError) as failed:
        await ask  # type: ignore[misc]
    return failed.value


async def test_a_question_bears_the_key(tmp_path: Path, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/v1/rooms").respond_with_json({"rooms": []})
    async with client() as transport:
        asked = session(transport, keys(tmp_path), httpserver.url_for("/v1"))
        document = await asked.get("rooms", {"page": 1, "left_out": None, "id": ["a", "b"]})

    request = httpserver.log[0][0]
    assert document == {"rooms": []}
    assert request.headers["X-Api-Key"] == "canary"
    assert request.query_string == b"page=1&id=a&id=b"


async def test_a_body_is_sent_as_json_or_as_a_form(tmp_path: Path, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/ack", method="POST").respond_with_json({})
    async with client() as transport:
        asked = session(transport, keys(tmp_path), httpserver.url_for(""))
        await asked.post("ack", {"ids": ["1"]})
        await asked.post("ack", {"id": "a b"}, form=True)
        await asked.post("ack", b"<xml/>", Content_Type="text/xml")

    first, second, third = (request for request, _ in httpserver.log)
    assert (first.json, first.content_type) == ({"ids": ["1"]}, "application/json")
    assert (second.form["id"], second.content_type) == ("a b", "application/x-www-form-urlencoded")
    assert third.data == b"<xml/>"


async def test_what_may_have_been_done_is_not_sent_again(tmp_path: Path, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/ack").respond_with_data(status=500)
    async with client() as transport:
        asked = session(transport, keys(tmp_path), httpserver.url_for(""))
        error = await failing(asked.post("ack", {}))
        assert len(httpserver.log) == 1
        await failing(asked.post("ack", {}, repeatable=True))

    assert error.failure.reason is Reason.SERVER_ERROR
    assert len(httpserver.log) == 4


async def test_too_many_requests_are_waited_for_until_the_date_that_the_server_names(
    tmp_path: Path, httpserver: HTTPServer
) -> None:
    later = {"Retry-After": "Fri, 20 Nov 2026 08:00:07 GMT"}
    httpserver.expect_ordered_request("/a").respond_with_data(status=429, headers=later)
    httpserver.expect_ordered_request("/a").respond_with_json({})
    sleeper = Sleeper()
    async with client(sleeper=sleeper) as transport:
        await session(transport, keys(tmp_path), httpserver.url_for("")).get("a")

    assert sleeper.slept == [7.0]


async def test_each_account_has_a_pace_of_its_own(tmp_path: Path, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a").respond_with_json({})
    sleeper = Sleeper()
    pace = Pace(rate=1000, burst=1000, clock=lambda: 0.0)
    async with client(sleeper=sleeper, pace=pace) as transport:
        asked = session(transport, keys(tmp_path), httpserver.url_for(""), rate=Rate(2))
        for _ in range(3):
            await asked.get("a")

    assert sleeper.slept == [0.5, 1.0]


async def test_a_quota_that_is_used_up_is_left_alone(tmp_path: Path, httpserver: HTTPServer) -> None:
    left = {"X-Five-Min-Limit-Remaining": "0", "X-Five-Min-Limit-Resets-In": "120"}
    httpserver.expect_request("/a").respond_with_json({}, headers=left)
    async with client() as transport:
        asked = session(transport, keys(tmp_path), httpserver.url_for(""))
        await asked.get("a")
        error = await failing(asked.get("a"))

    assert error.failure.reason is Reason.RATE_LIMITED
    assert error.failure.retry_at == NOW + timedelta(minutes=2)
    assert len(httpserver.log) == 1


async def test_a_failure_bears_the_server_s_request_id(tmp_path: Path, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a").respond_with_data(status=404, headers={"X-Request-ID": "3f2a-77"})
    httpserver.expect_request("/b").respond_with_data(status=404, headers={"X-Request-ID": "a token: hush"})
    async with client() as transport:
        asked = session(transport, keys(tmp_path), httpserver.url_for(""))
        assert (await failing(asked.get("a"))).failure.detail == "HTTP 404, request 3f2a-77"
        assert (await failing(asked.get("b"))).failure.detail == "HTTP 404"
        assert await asked.find("a") is None


# Where a key may go


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1:1/",
        "http://[::1]/",
        "https://rebound.example/",
        "https://example.org/",
        "http://api.vendor.example/",
    ],
)
async def test_a_key_follows_no_redirect_away_from_its_channel(
    tmp_path: Path, httpserver: HTTPServer, location: str
) -> None:
    httpserver.expect_request("/a").respond_with_data(status=302, headers={"Location": location})
    names = Names({"rebound.example": ("127.0.0.1",), "example.org": ("93.184.216.34",)})
    async with client(resolver=names) as transport:
        error = await failing(session(transport, keys(tmp_path), httpserver.url_for("")).get("a"))

    assert error.failure.reason is Reason.REFUSED_ADDRESS
    assert len(httpserver.log) == 1
    assert names.asked == []


async def test_a_key_is_told_to_nobody_but_the_vendor_or_a_machine_of_ones_own(tmp_path: Path) -> None:
    names = Names({"api.vendor.example": ("127.0.0.1",)})
    async with client(allow=(), resolver=names) as transport:
        for base in ("https://evil.example", "http://192.168.1.7", "http://api.vendor.example"):
            error = await failing(session(transport, keys(tmp_path), base).get("a"))
            assert error.failure.reason is Reason.REFUSED_ADDRESS
        assert names.asked == []
        error = await failing(session(transport, keys(tmp_path), "https://api.vendor.example").get("a"))

    assert error.failure.detail == "it is not on the public internet"  # its name was rebound to loopback


async def test_a_link_to_the_next_page_stays_with_the_channel(tmp_path: Path, httpserver: HTTPServer) -> None:
    async with client() as transport:
        asked = session(transport, keys(tmp_path), httpserver.url_for(""))
        error = await failing(asked.get("https://evil.example/page/2"))

    assert error.failure.reason is Reason.REFUSED_ADDRESS


# Being let in


class Vendor:
    """Gives tokens for refresh tokens, each once, and lets in who has the last."""

    def __init__(self, server: HTTPServer) -> None:
        self.given: list[str] = []
        self.refresh = "first-refresh"
        server.expect_request("/token").respond_with_handler(self.token)
        server.expect_request("/a").respond_with_handler(self.answer)

    def token(self, request: Received) -> Sent:
        form = parse_qs(request.get_data(as_text=True))
        if form["grant_type"] == ["refresh_token"] and form["refresh_token"] != [self.refresh]:
            return Sent(json.dumps({"error": "invalid_grant"}), status=400)
        self.given.append(f"access-{len(self.given) + 1}")
        self.refresh = f"refresh-{len(self.given)}"
        answer = {"access_token": self.given[-1], "expires_in": 3600, "refresh_token": self.refresh}
        return Sent(json.dumps(answer))

    def answer(self, request: Received) -> Sent:
        last = self.given[-1] if self.given else ""
        return Sent("{}", status=200 if request.headers["Authorization"] == f"Bearer {last}" else 401)


@pytest.mark.parametrize("stale", [None, "expired", "refused"])
async def test_a_token_is_renewed_once_however_many_ask(
    tmp_path: Path, httpserver: HTTPServer, stale: str | None
) -> None:
    vendor, held = Vendor(httpserver), keys(tmp_path, CLIENT)
    if stale:
        expires = NOW - timedelta(hours=1) if stale == "expired" else NOW + timedelta(hours=1)
        held.keep(Token(Secret("old"), expires, Secret("first-refresh")))
    async with client() as transport:
        way = Tokens(("client_id", "client_secret"), OAUTH.refresh)
        sessions = [session(transport, held, httpserver.url_for(""), way) for _ in range(20)]
        await asyncio.gather(*(each.get("a") for each in sessions))

    assert vendor.given == ["access-1"]
    token = held.token()
    assert token is not None
    assert (token.access, token.refresh) == (Secret("access-1"), Secret("refresh-1"))
    assert token.expires == NOW + timedelta(hours=1)


async def test_other_credentials_forget_the_token_of_the_old_ones(tmp_path: Path) -> None:
    held = keys(tmp_path, CLIENT)
    held.keep(Token(Secret("old")))
    changed = type(held)(held.connection, {**held.credentials, "client_id": Secret("another")}, held.tokens)

    assert held.token() is not None
    assert changed.token() is None


async def test_a_refresh_token_that_is_not_taken_is_named(tmp_path: Path, httpserver: HTTPServer) -> None:
    vendor = Vendor(httpserver)
    vendor.refresh = "another"
    async with client() as transport:
        way = Tokens(("client_id", "client_secret"), OAUTH.refresh)
        asked = session(transport, keys(tmp_path, CLIENT), httpserver.url_for(""), way)
        error = await failing(asked.get("a"))

    assert error.failure.reason is Reason.UNAUTHORISED
    assert error.failure.detail == "its credentials are not taken any more"


async def test_client_credentials_become_a_token(tmp_path: Path, httpserver: HTTPServer) -> None:
    vendor, held = Vendor(httpserver), keys(tmp_path, CLIENT)
    async with client() as transport:
        way = Tokens(("client_id", "client_secret"), client_credentials("token", scope="general"))
        await session(transport, held, httpserver.url_for(""), way).get("a")

    assert vendor.given == ["access-1"]
    form = parse_qs(httpserver.log[0][0].get_data(as_text=True))
    assert form == {
        "client_id": ["us"],
        "client_secret": ["client-canary"],
        "grant_type": ["client_credentials"],
        "scope": ["general"],
    }


async def test_a_code_that_a_person_brought_becomes_a_token(tmp_path: Path, httpserver: HTTPServer) -> None:
    Vendor(httpserver)
    held = keys(tmp_path, CLIENT)
    url = OAUTH.authorise_url(held, "https://calendars.example.com/callback", "random")
    async with client() as transport:
        way = Tokens(("client_id", "client_secret"), OAUTH.refresh)
        asked = session(transport, held, httpserver.url_for(""), way)
        await OAUTH.exchange(asked, held, "a-code", "https://calendars.example.com/callback")
        await asked.get("a")

    assert url.startswith(
        "https://vendor.example/agree?response_type=code&client_id=us&redirect_uri=https%3A"
    )
    assert "state=random" in url
    assert "client-canary" not in url


async def test_a_user_and_a_password_are_basic_authorisation(tmp_path: Path, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a").respond_with_json({})
    held = keys(tmp_path, {"username": "us", "password": "pässword"})
    async with client() as transport:
        await session(transport, held, httpserver.url_for(""), Basic()).get("a")

    authorization = httpserver.log[0][0].authorization
    assert authorization is not None
    assert (authorization.username, authorization.password) == ("us", "pässword")


async def test_credentials_that_do_not_suffice_are_named(tmp_path: Path) -> None:
    async with client() as transport:
        with pytest.raises(FetchError) as failed:
            session(transport, keys(tmp_path, {"other": "x"}), "https://api.vendor.example", Basic())

    assert failed.value.failure.detail == "its credentials must have username and password"


# Pages


async def test_pages_are_asked_for_until_the_total_has_come(tmp_path: Path, httpserver: HTTPServer) -> None:
    def page(request: Received) -> Sent:
        number, size = int(request.args["page"]), int(request.args["size"])
        rows = [{"id": n} for n in range(5)][(number - 1) * size : number * size]
        return Sent(json.dumps({"data": rows, "total": "5"}))

    httpserver.expect_request("/a").respond_with_handler(page)
    async with client() as transport:
        asked = session(transport, keys(tmp_path), httpserver.url_for(""))
        paging = Numbered("data", "page", ("size", 2), total="total")
        found = await asked.pages("a", {"filter": "x"}, paging, by=lambda row: str(row["id"]))

    assert [row["id"] for row in found] == [0, 1, 2, 3, 4]
    assert len(httpserver.log) == 3
