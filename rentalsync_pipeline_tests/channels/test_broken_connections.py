"""Servers that go silent, drip, break off or talk nonsense: each request ends, and says how."""

from __future__ import annotations

import asyncio
import gzip

import pytest
from pytest_httpserver import HTTPServer

from rentalsync_pipeline.channels.wire.patience import TRIES
from rentalsync_pipeline.core.secret import Secret
from rentalsync_pipeline.core.verdict import Reason
from rentalsync_pipeline_tests.channels.loopback import (
    CALENDAR,
    Handler,
    asked,
    client,
    http,
    raw_server,
    reason,
)

pytestmark = pytest.mark.anyio


async def silent(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


async def dripping_body(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    await _drip(writer)


async def dripping_header(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    await _drip(writer)


async def dripping_chunks(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    await _drip(writer, b"1\r\nX\r\n")


async def endless_redirects_slowly(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(0.1)
    writer.write(http(b"", "302 Found", Location="/again"))


async def _drip(writer: asyncio.StreamWriter, drop: bytes = b"X") -> None:
    while True:
        writer.write(drop)
        await writer.drain()
        await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    "handler", [silent, dripping_body, dripping_header, dripping_chunks, endless_redirects_slowly]
)
async def test_the_deadline_holds_for_the_whole_answer(handler: Handler) -> None:
    async with raw_server(handler) as port, client() as transport, asyncio.timeout(10):
        response = await transport.get(Secret(f"http://127.0.0.1:{port}/a.ics"), deadline=0.3)

    assert reason(response) is Reason.TIMEOUT


async def test_the_deadline_holds_while_the_name_is_looked_up() -> None:
    async def unanswered(host: str, port: int) -> list[str]:
        await asyncio.Event().wait()
        return []

    async with client(resolver=unanswered) as transport, asyncio.timeout(10):
        response = await transport.get(Secret("http://slow.example/a.ics"), deadline=0.1)

    assert reason(response) is Reason.TIMEOUT


async def test_the_deadline_holds_for_all_tries_and_the_earlier_failure_tells_more() -> None:
    answers = iter([http(b"", "503 Service Unavailable")])

    async def faulty_then_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if (answer := next(answers, None)) is None:
            await silent(reader, writer)
        else:
            writer.write(answer)

    async with raw_server(faulty_then_silent) as port, client() as transport, asyncio.timeout(10):
        response = await transport.get(Secret(f"http://127.0.0.1:{port}/a.ics"), deadline=1.0)

    assert (reason(response), response.status) == (Reason.SERVER_ERROR, 503)


async def test_the_client_serves_others_after_a_deadline(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a.ics").respond_with_data(CALENDAR)
    async with raw_server(dripping_body) as port, client() as transport:
        await transport.get(Secret(f"http://127.0.0.1:{port}/a.ics"), deadline=0.1)
        response = await transport.get(Secret(httpserver.url_for("/a.ics")))

    assert response.body == CALENDAR


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"", Reason.TORN),
        (b"\x16\x03\x01\x02\x00garbage\r\n\r\n", Reason.TORN),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n" + CALENDAR, Reason.TORN),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\nBEGIN", Reason.TORN),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nBEGIN", Reason.TORN),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\n\r\n", Reason.TORN),
        (http(gzip.compress(CALENDAR)[:-5], Content_Encoding="gzip"), Reason.TORN),
        (http(CALENDAR, Content_Encoding="br"), Reason.HTTP_STATUS),
    ],
    ids=[
        "nothing",
        "not HTTP",
        "cut off",
        "a chunk cut off",
        "no chunk",
        "huge header",
        "gzip cut off",
        "br",
    ],
)
async def test_an_answer_that_is_not_whole_fails(answer: bytes, expected: Reason) -> None:
    assert reason(await asked(answer)) is expected


async def test_a_torn_answer_is_tried_again() -> None:
    response = await asked(b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n" + CALENDAR, http())

    assert response.body == CALENDAR


async def test_a_reset_connection_is_tried_again_and_then_unreachable() -> None:
    tries = 0

    async def reset(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal tries
        tries += 1
        writer.transport.abort()

    async with raw_server(reset) as port, client() as transport:
        response = await transport.get(Secret(f"http://127.0.0.1:{port}/a.ics"))

    assert reason(response) in {Reason.UNREACHABLE, Reason.TORN}  # a reset and an end look alike on loopback
    assert tries == TRIES


async def test_a_closed_port_is_unreachable() -> None:
    async with raw_server(silent) as port:
        pass
    async with client() as transport:
        response = await transport.get(Secret(f"http://127.0.0.1:{port}/a.ics"))

    assert reason(response) is Reason.UNREACHABLE


async def test_a_body_without_a_length_ends_with_its_connection() -> None:
    response = await asked(b"HTTP/1.0 200 OK\r\n\r\n" + CALENDAR)

    assert response.body == CALENDAR
