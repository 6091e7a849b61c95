"""Asking every connection that is due, all at once and within bounds.

Belongs here: how many are asked at a time, in which order, until when. Does not: which are due and what
becomes of the answers (`operations`), a single request (`transport`).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from rentalsync_pipeline.channels.base import Answer, Channel, Query
from rentalsync_pipeline.channels.transport import Transport
from rentalsync_pipeline.core.verdict import Failure, Reason

AT_ONCE = 16
PER_HOST = 4


@dataclass(frozen=True, slots=True)
class Round:
    """What came of asking: answers as they came, and those whose turn never did, host by host."""

    answers: tuple[Answer, ...]
    unasked: tuple[Query, ...]


async def fetch_all(
    queries: Sequence[Query],
    channels: Mapping[str, Channel],
    transport: Transport,
    *,
    budget: timedelta,
    on_answer: Callable[[Answer], None] = lambda _: None,
) -> Round:
    """Ask in the order given, at most 16 at once and 4 of one host; the slow ones hold up no other host.

    Nobody is asked any more once the budget is spent by the transport's clock; who was asked by then is
    still waited for, each within its deadline. A failing connection never stops the others.
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
                answer = await _ask(queue.popleft(), channels, transport)
            answers.append(answer)
            on_answer(answer)

    async with asyncio.TaskGroup() as group:
        for queue in waiting.values():
            for _ in range(min(PER_HOST, len(queue))):
                group.create_task(serve(queue))
    return Round(tuple(answers), tuple(query for queue in waiting.values() for query in queue))


async def _ask(query: Query, channels: Mapping[str, Channel], transport: Transport) -> Answer:
    started = transport.clock()
    try:
        return await channels[query.connection.channel].fetch(query, transport)
    except Exception as error:  # whatever a channel gets wrong is its own connection's trouble
        # The type only: the text of an exception may quote what it was given.
        failure = Failure(Reason.INTERNAL, type(error).__name__)
        return Answer(query.connection.id, started, transport.clock(), failure=failure)
