"""What the tests of the channels share: a clock that stands still, loopback servers, a client for them."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from rentalsync_pipeline.channels.base import Answer, Query
from rentalsync_pipeline.channels.wire.guard import Resolver
from rentalsync_pipeline.channels.wire.pace import Pace
from rentalsync_pipeline.channels.wire.response import Response
from rentalsync_pipeline.channels.wire.transport import Transport
from rentalsync_pipeline.core.portfolio import Connection, Settings
from rentalsync_pipeline.core.secret import Secret
from rentalsync_pipeline.core.verdict import Reason

CALENDAR = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Rooms 1.0//EN\r\n"
    b"BEGIN:VEVENT\r\nUID:7d1f@example.org\r\nDTSTAMP:20261120T070000Z\r\n"
    b"DTSTART;VALUE=DATE:20261204\r\nDTEND;VALUE=DATE:20261208\r\nSUMMARY:Booked\r\nEND:VEVENT\r\n"
    b"END:VCALENDAR\r\n"
)
USER_AGENT = "RentalSync test (Ferienhäuser Kröger)"
NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Clock:
    """A wall clock that only moves when it is told to."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Sleeper:
    """Remembers for how long it was asked to sleep, and doesn't."""

    slept: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        await asyncio.sleep(0)
        if seconds:
            self.slept.append(seconds)


@dataclass
class Names:
    """A resolver with a table of its own, that remembers who was asked for."""

    table: Mapping[str, Sequence[str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        return self.table.get(host, ())


def client(
    *,
    allow: Sequence[str] = ("127.0.0.1",),
    resolver: Resolver | None = None,
    sleeper: Sleeper | None = None,
    pace: Pace | None = None,
    clock: Clock | None = None,
) -> Transport:
    """A transport that may reach loopback, waits for nothing and knows no real name."""
    return Transport(
        Settings(allow_private=tuple(allow), user_agent=USER_AGENT),
        clock=clock or Clock(),
        resolver=resolver or Names(),
        sleep=sleeper or Sleeper(),
        pace=pace or Pace(rate=1000, burst=1000, clock=lambda: 0.0),
    )


def http(body: bytes = CALENDAR, status: str = "200 OK", **headers: str) -> bytes:
    """One HTTP answer as it stands on the wire; `Content_Length` and the like become header names."""
    fields = {"Content_Length": str(len(body)), "Connection": "close"} | headers
    lines = [f"HTTP/1.1 {status}", *(f"{name.replace('_', '-')}: {value}" for name, value in fields.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


def answering(*answers: bytes) -> Handler:
    """A handler that gives these answers one after the other, the last one for ever."""
    left = list(answers)

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(left.pop(0) if len(left) > 1 else left[0])
        await writer.drain()

    return answer


@asynccontextmanager
async def raw_server(handler: Handler, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A server on loopback that answers as the handler writes, byte by byte. Gives its port."""
    handlers: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        handlers.add(task)
        try:
            await reader.readuntil(b"\r\n\r\n")
            await handler(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client left: what many of these tests are about
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in handlers:
            task.cancel()
        await asyncio.gather(*handlers, return_exceptions=True)


def query(url: str, *, connection: str = "loft-ical", channel: str = "ical", **fields: Any) -> Query:
    """A question of a connection to this URL or path; `fields` are those of `Query`."""
    secret = Secret(url)
    asked = Connection(connection, channel, "0" * 64, secret.host, listing="loft")
    return Query(asked, secret, NOW, **fields)


async def only(answers: AsyncIterator[Answer]) -> Answer:
    """The answer of a channel that gives one."""
    (answer,) = [each async for each in answers]
    return answer


async def asked(*answers: bytes, sleeper: Sleeper | None = None) -> Response:
    """What becomes of one request to a server that gives these answers in turn."""
    async with raw_server(answering(*answers)) as port, client(sleeper=sleeper) as transport:
        return await transport.get(Secret(f"http://127.0.0.1:{port}/a.ics"))


def reason(outcome: Response | Answer) -> Reason | None:
    """Why it failed; `None` where it did not."""
    return outcome.failure.reason if outcome.failure else None
