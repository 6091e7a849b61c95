"""Asking every connection that is due, all at once and within bounds.

Belongs here: how many are asked at a time, in which order, until when. Does not: which are due and what
becomes of the answers (`operations`), a single request (`transport`).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import timedelta

from rentalsync_pipeline.channels.base import Answer, Channel, Query
from rentalsync_pipeline.channels.wire.transport import Transport
from rentalsync_pipeline.core.portfolio import Connection
from rentalsync_pipeline.core.verdict import Failure, Reason

AT_ONCE = 16
PER_HOST = 4

ChannelOf = Callable[[Connection], Channel]
"""How the channel of a connection is found (`registry.channel_of`)."""


@dataclass(frozen=True, slots=True)
class Round:
    """What came of asking: answers as they came, and those whose turn never did, host by host."""

    answers: tuple[Answer, ...]
    unasked: tuple[Query, ...]


async def fetch_all(
    queries: Sequence[Query],
    channel_of: ChannelOf,
    transport: Transport,
    *,
    budget: timedelta,
    on_answer: Callable[[Answer], None] = lambda _: None,
) -> Round:
    """Ask in the order given, at most 16 at once and 4 of one host; the slow ones hold up no other host.

    Nobody is asked any more once the budget is spent by the transport's clock; what was asked by then is
    still waited for, each within its deadline; an account's other answers are left to the next sync. A
    failing connection never stops the others.
    """
    waiting: dict[str, deque[Query]] = {}
    for query in queries:
        waiting.setdefault(query.url.host, deque()).append(query)
    answers: list[Answer] = []
    room = asyncio.Semaphore(AT_ONCE)
    end = transport.clock() + budget

    async def serve(queue: deque[Query]) -> None:
        while queue:
            async with room:
                if not queue or transport.clock() >= end:
                    return
                async with aclosing(_ask(queue.popleft(), channel_of, transport)) as asked:
                    async for answer in asked:
                        answers.append(answer)
                        on_answer(answer)
                        if transport.clock() >= end:
                            break

    async with asyncio.TaskGroup() as group:
        for queue in waiting.values():
            for _ in range(min(PER_HOST, len(queue))):
                group.create_task(serve(queue))
    return Round(tuple(answers), tuple(query for queue in waiting.values() for query in queue))


async def _ask(query: Query, channel_of: ChannelOf, transport: Transport) -> AsyncGenerator[Answer, None]:
    started = transport.clock()
    try:
        async for answer in channel_of(query.connection).fetch(query, transport):
            yield answer
    except Exception as error:  # whatever a channel gets wrong is its own connection's trouble
        # The type only: the text of an exception may quote what it was given.
        failure = Failure(Reason.INTERNAL, type(error).__name__)
        yield Answer(query.connection.id, started, transport.clock(), failure=failure)
