"""All connections at once: bounded, each on its own, until the budget is spent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from rentalsync_pipeline.channels.base import Answer, Channel, Query
from rentalsync_pipeline.channels.calendar import CalendarChannel
from rentalsync_pipeline.channels.fetching import AT_ONCE, PER_HOST, fetch_all
from rentalsync_pipeline.channels.registry import channel_of, channels
from rentalsync_pipeline.channels.wire.transport import Transport
from rentalsync_pipeline.core.verdict import Reason
from rentalsync_pipeline_tests.channels.loopback import CALENDAR, Clock, client, http, query, raw_server

pytestmark = pytest.mark.anyio

MINUTES = timedelta(minutes=4)


async def loopback(host: str, port: int) -> Sequence[str]:
    return ("127.0.0.1",)


class Crowd:
    """A server that lets requests go in full groups only, and counts how many are there at once."""

    def __init__(self, group: int) -> None:
        self.barrier = asyncio.Barrier(group)
        self.present = self.most = 0

    async def __call__(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.present += 1
        self.most = max(self.most, self.present)
        await self.barrier.wait()
        self.present -= 1
        writer.write(http())


@pytest.mark.parametrize(
    ("hosts", "each", "at_once"), [(1, 2 * PER_HOST, PER_HOST), (8, PER_HOST, AT_ONCE)], ids=["host", "all"]
)
async def test_as_many_are_asked_at_once_as_allowed_and_no_more(hosts: int, each: int, at_once: int) -> None:
    crowd = Crowd(at_once)
    async with raw_server(crowd) as port, client(resolver=loopback) as transport, asyncio.timeout(20):
        queries = [
            query(f"http://h{host}.example:{port}/{number}.ics", connection=f"c{host}-{number}")
            for host in range(hosts)
            for number in range(each)
        ]
        done = await fetch_all(queries, channel_of, transport, budget=MINUTES)

    assert crowd.most == at_once
    assert {answer.connection for answer in done.answers} == {q.connection.id for q in queries}
    assert all(answer.body == CALENDAR for answer in done.answers)


async def test_a_slow_host_holds_up_no_other() -> None:
    finished: list[str] = []
    released = asyncio.Event()

    async def slow(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await released.wait()
        writer.write(http())

    async def quick(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(http())

    def note(answer: Answer) -> None:
        finished.append(answer.connection)
        if answer.connection == "quick-19":
            released.set()

    async with (
        raw_server(slow) as slowly,
        raw_server(quick) as quickly,
        client(resolver=loopback) as transport,
        asyncio.timeout(20),
    ):
        await fetch_all(
            [query(f"http://slow.example:{slowly}/", connection=f"slow-{n}") for n in range(20)]
            + [query(f"http://quick.example:{quickly}/", connection=f"quick-{n}") for n in range(20)],
            channel_of,
            transport,
            budget=MINUTES,
            on_answer=note,
        )

    assert len(finished) == 40


class Broken(CalendarChannel):
    """A channel with a fault, which quotes what it was given."""

    def fetch(self, query: Query, transport: Transport) -> AsyncIterator[Answer]:
        raise KeyError(query.url.reveal())


async def test_a_broken_channel_and_an_unknown_one_stop_nobody(tmp_path: Path) -> None:
    (tmp_path / "good.ics").write_bytes(CALENDAR)
    broken: Mapping[str, Channel] = {"broken": Broken("broken", "Broken", "black", "", "")}
    async with client() as transport:
        done = await fetch_all(
            [
                query("https://broken.example/?s=canary", connection="a", channel="broken"),
                query("https://broken.example/?s=canary", connection="b", channel="of-another-version"),
                query("http://[broken", connection="c"),
                query("good.ics", connection="d", folder=tmp_path),
            ],
            lambda connection: {**channels(), **broken}[connection.channel],
            transport,
            budget=MINUTES,
        )

    answers = {answer.connection: answer for answer in done.answers}
    assert answers["d"].body == CALENDAR
    assert answers["c"].failure
    for failed in (answers["a"].failure, answers["b"].failure):
        assert failed is not None
        assert (failed.reason, failed.detail) == (Reason.INTERNAL, "KeyError")


async def test_answers_are_told_as_they_come(tmp_path: Path) -> None:
    (tmp_path / "good.ics").write_bytes(CALENDAR)
    told: list[Answer] = []
    async with client() as transport:
        done = await fetch_all(
            [query(name, connection=name, folder=tmp_path) for name in ("good.ics", "missing.ics")],
            channel_of,
            transport,
            budget=MINUTES,
            on_answer=told.append,
        )

    assert tuple(told) == done.answers
    assert done.unasked == ()


async def test_once_the_budget_is_spent_nobody_else_is_asked_and_the_order_is_kept(tmp_path: Path) -> None:
    (tmp_path / "good.ics").write_bytes(CALENDAR)
    clock = Clock()
    queries = [query("good.ics", connection=f"c{number:02}", folder=tmp_path) for number in range(20)]
    async with client(clock=clock) as transport:
        done = await fetch_all(
            queries, channel_of, transport, budget=MINUTES, on_answer=lambda _: clock.advance(minutes=1)
        )

    assert PER_HOST <= len(done.answers) < 2 * PER_HOST
    assert list(done.unasked) == queries[len(done.answers) :]
    assert {answer.connection for answer in done.answers} == {
        q.connection.id for q in queries[: len(done.answers)]
    }


async def test_no_budget_asks_nobody(tmp_path: Path) -> None:
    queries = [query("good.ics", folder=tmp_path)]
    async with client() as transport:
        done = await fetch_all(queries, channel_of, transport, budget=timedelta())

    assert (done.answers, done.unasked) == ((), tuple(queries))


async def test_the_times_of_an_answer_are_those_of_the_clock() -> None:
    clock = Clock()

    async def slow(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        clock.advance(seconds=7)
        writer.write(http())

    async with raw_server(slow) as port, client(clock=clock) as transport:
        done = await fetch_all(
            [query(f"http://127.0.0.1:{port}/a.ics")], channel_of, transport, budget=MINUTES
        )

    assert done.answers[0].ended - done.answers[0].started == timedelta(seconds=7)
