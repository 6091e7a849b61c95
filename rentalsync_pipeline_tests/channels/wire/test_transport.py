"""One whole answer or a failure, whatever a server does: every fault against a real one on loopback."""

from __future__ import annotations

import asyncio
import gzip
from datetime import timedelta

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request as Received
from werkzeug import Response as Sent

from rentalsync_pipeline.channels.wire.pace import Pace
from rentalsync_pipeline.channels.wire.patience import TRIES
from rentalsync_pipeline.core.secret import Secret
from rentalsync_pipeline.core.verdict import Reason
from rentalsync_pipeline_tests.channels.loopback import (
    CALENDAR,
    NOW,
    USER_AGENT,
    Names,
    Sleeper,
    asked,
    client,
    http,
    raw_server,
    reason,
)

pytestmark = pytest.mark.anyio


async def test_a_request_says_who_asks_and_what_it_takes(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a.ics").respond_with_data(CALENDAR, headers={"ETag": '"v1"'})
    async with client(resolver=Names({"rooms.example": ("127.0.0.1",)})) as transport:
        response = await transport.get(
            Secret(f"http://rooms.example:{httpserver.port}/a.ics?s=1"), headers={"Accept": "text/calendar"}
        )

    received = httpserver.log[0][0].headers
    assert (response.status, response.body, response.failure) == (200, CALENDAR, None)
    assert response.headers["etag"] == '"v1"'
    assert received["Host"] == f"rooms.example:{httpserver.port}"
    assert received["User-Agent"].encode("latin-1").decode() == USER_AGENT  # HTTP servers read Latin-1
    assert received["Accept"] == "text/calendar"
    assert received["Accept-Encoding"] == "gzip"


async def test_a_compressed_answer_arrives_as_it_was_written(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a.ics").respond_with_data(
        gzip.compress(CALENDAR), headers={"Content-Encoding": "gzip"}
    )
    async with client() as transport:
        response = await transport.get(Secret(httpserver.url_for("/a.ics")))

    assert response.body == CALENDAR


async def test_a_gzip_bomb_is_too_large(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a.ics").respond_with_data(
        gzip.compress(bytes(50_000_000), compresslevel=1), headers={"Content-Encoding": "gzip"}
    )
    async with client() as transport:
        response = await transport.get(Secret(httpserver.url_for("/a.ics")))

    assert reason(response) is Reason.TOO_LARGE
    assert response.body == b""
    assert len(httpserver.log) == 1


async def test_an_endless_body_is_too_large() -> None:
    async def endless(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(bytes(65_536))
            await writer.drain()

    async with raw_server(endless) as port, client() as transport:
        response = await transport.get(Secret(f"http://127.0.0.1:{port}/a.ics"))

    assert reason(response) is Reason.TOO_LARGE


async def test_one_listing_is_not_told_the_cookies_of_another(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a.ics").respond_with_data(
        CALENDAR, headers={"Set-Cookie": "session=1; Path=/"}
    )
    async with client() as transport:
        for _ in range(2):
            await transport.get(Secret(httpserver.url_for("/a.ics")))

    assert [request.headers.get("Cookie") for request, _ in httpserver.log] == [None, None]


async def test_the_environment_sends_nobody_through_a_proxy(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    httpserver.expect_request("/a.ics").respond_with_data(CALENDAR)
    async with client() as transport:
        response = await transport.get(Secret(httpserver.url_for("/a.ics")))

    assert response.body == CALENDAR


# Conditional requests


async def test_not_modified_is_an_answer_to_a_conditional_request(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a.ics", headers={"If-None-Match": '"v1"'}).respond_with_data(status=304)
    async with client() as transport:
        response = await transport.get(
            Secret(httpserver.url_for("/a.ics")), headers={"If-None-Match": '"v1"'}
        )

    assert (response.status, response.body, response.failure) == (304, b"", None)


async def test_not_modified_without_being_asked_is_no_answer() -> None:
    response = await asked(http(b"", "304 Not Modified"))

    assert reason(response) is Reason.HTTP_STATUS


# Redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_five_redirects_are_followed_to_the_calendar(httpserver: HTTPServer, status: int) -> None:
    for step in range(5):
        httpserver.expect_request(f"/{step}").respond_with_data(
            status=status, headers={"Location": f"/{step + 1}"}
        )
    httpserver.expect_request("/5").respond_with_data(CALENDAR)
    async with client() as transport:
        response = await transport.get(Secret(httpserver.url_for("/0")))

    assert response.body == CALENDAR


async def test_a_redirect_loop_ends_after_five(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a").respond_with_data(status=302, headers={"Location": "/a"})
    async with client() as transport:
        response = await transport.get(Secret(httpserver.url_for("/a")))

    assert reason(response) is Reason.REDIRECTS
    assert len(httpserver.log) == 6


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("http://127.0.0.1:nowhere/", Reason.TORN),
        ("ftp://example.org/a.ics", Reason.REFUSED_ADDRESS),
        ("file:///etc/passwd", Reason.REFUSED_ADDRESS),
        ("http://user:pass@127.0.0.1/", Reason.REFUSED_ADDRESS),
    ],
)
async def test_a_redirect_to_nowhere_fails(location: str, expected: Reason) -> None:
    assert reason(await asked(http(b"", "302 Found", Location=location))) is expected


async def test_a_redirect_without_a_place_is_a_bad_status() -> None:
    response = await asked(http(b"", "302 Found"))

    assert (reason(response), response.status) == (Reason.HTTP_STATUS, 302)


# Trying again


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 520])
async def test_a_passing_fault_is_tried_again(httpserver: HTTPServer, status: int) -> None:
    httpserver.expect_ordered_request("/a.ics").respond_with_data(status=status)
    httpserver.expect_ordered_request("/a.ics").respond_with_data(CALENDAR)
    sleeper = Sleeper()
    async with client(sleeper=sleeper) as transport:
        response = await transport.get(Secret(httpserver.url_for("/a.ics")))

    assert response.body == CALENDAR
    assert len(sleeper.slept) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
async def test_a_lasting_fault_is_not_tried_again(httpserver: HTTPServer, status: int) -> None:
    httpserver.expect_request("/a.ics").respond_with_data("gone", status=status)
    async with client() as transport:
        response = await transport.get(Secret(httpserver.url_for("/a.ics")))

    assert response.status == status
    assert response.failure is not None
    assert response.failure.detail == f"HTTP {status}"
    assert len(httpserver.log) == 1


async def test_a_fault_that_lasts_ends_after_three_tries(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a.ics").respond_with_data(status=500)
    sleeper = Sleeper()
    async with client(sleeper=sleeper) as transport:
        response = await transport.get(Secret(httpserver.url_for("/a.ics")))

    assert (reason(response), response.status) == (Reason.SERVER_ERROR, 500)
    assert len(httpserver.log) == TRIES
    assert len(sleeper.slept) == TRIES - 1


@pytest.mark.parametrize("moment", ["8", "Fri, 20 Nov 2026 08:00:08 GMT"])
async def test_a_short_retry_after_is_honoured_in_both_forms(httpserver: HTTPServer, moment: str) -> None:
    httpserver.expect_ordered_request("/a.ics").respond_with_data(status=429, headers={"Retry-After": moment})
    httpserver.expect_ordered_request("/a.ics").respond_with_data(CALENDAR)
    sleeper = Sleeper()
    async with client(sleeper=sleeper) as transport:
        await transport.get(Secret(httpserver.url_for("/a.ics")))

    assert sleeper.slept == [8.0]


@pytest.mark.parametrize("moment", ["600", "Fri, 20 Nov 2026 08:10:00 GMT"])
async def test_a_long_retry_after_is_handed_back_instead_of_waited_for(
    httpserver: HTTPServer, moment: str
) -> None:
    httpserver.expect_request("/a.ics").respond_with_data(status=503, headers={"Retry-After": moment})
    sleeper = Sleeper()
    async with client(sleeper=sleeper) as transport:
        response = await transport.get(Secret(httpserver.url_for("/a.ics")))

    assert response.failure is not None
    assert response.failure.retry_at == NOW + timedelta(minutes=10)
    assert sleeper.slept == []
    assert len(httpserver.log) == 1


async def test_each_request_waits_for_its_turn_at_that_server(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a.ics").respond_with_data(CALENDAR)
    sleeper = Sleeper()
    pace = Pace(rate=2, burst=2, clock=lambda: 0.0)
    for _ in range(2):  # the pace outlives the client, as it outlives a sync
        async with client(sleeper=sleeper, pace=pace) as transport:
            for _ in range(2):
                await transport.get(Secret(httpserver.url_for("/a.ics")))

    assert sleeper.slept == [0.5, 1.0]


async def test_what_a_calendar_calls_itself_does_not_matter(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a.ics").respond_with_data(CALENDAR, content_type="text/html")
    async with client() as transport:
        response = await transport.get(Secret(httpserver.url_for("/a.ics")))

    assert response.body == CALENDAR


async def test_many_requests_share_one_client(httpserver: HTTPServer) -> None:
    def echo(request: Received) -> Sent:
        return Sent(request.query_string)

    httpserver.expect_request("/a.ics").respond_with_handler(echo)
    async with client() as transport:
        responses = await asyncio.gather(
            *(transport.get(Secret(httpserver.url_for(f"/a.ics?{number}"))) for number in range(40))
        )

    assert [response.body for response in responses] == [str(number).encode() for number in range(40)]
