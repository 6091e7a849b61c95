"""Questions: every connection that is due, all at once, through gates 1 and 2, into the spool.

Belongs here: who is asked and with what, and keeping the answers. Does not: how to ask (`channels`),
what an answer means (`operations.syncing.absorb`). A connection that fails never stops the others.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from rentalsync_pipeline.channels.base import Answer, Query
from rentalsync_pipeline.channels.fetching import fetch_all
from rentalsync_pipeline.channels.registry import channel_of
from rentalsync_pipeline.channels.wire.transport import Transport
from rentalsync_pipeline.control.state import ConnectionState, Request
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.control.written.variables import MissingVariable
from rentalsync_pipeline.core.portfolio import Connection, Portfolio, Settings
from rentalsync_pipeline.core.verdict import Failure, Reason, Verdict
from rentalsync_pipeline.operations import interruptible
from rentalsync_pipeline.operations.asking import answer, asked_for
from rentalsync_pipeline.operations.progress import Progress, silent
from rentalsync_pipeline.operations.standpoint import Standpoint, standpoints
from rentalsync_pipeline.operations.stores import Run, Scope, Stores
from rentalsync_pipeline.operations.syncing.doubting import decided
from rentalsync_pipeline.operations.syncing.questions import Questions
from rentalsync_pipeline.operations.tracing import answered, traced
from rentalsync_pipeline.warehouse.spool import Spooled

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
GRACE = timedelta(seconds=30)
"""A schedule that ticks a moment early must not make a connection wait for the tick after."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A connection whose answer could not be used."""

    connection: str
    channel: str
    failure: Failure


@dataclass(frozen=True, slots=True)
class Ingested:
    """What came of asking. `postponed` were due, but the budget was spent before their turn."""

    asked: int
    failed: tuple[Trouble, ...]
    unchanged: int
    postponed: tuple[str, ...]


@traced("fetch", step="ask")
def ingest(stores: Stores, run: Run, progress: Progress = silent) -> Ingested:
    """Ask all connections in the run's scope and spool what they answer."""
    portfolio = stores.control.portfolio()
    states = stores.control.states()
    points = standpoints(portfolio)
    waiting = _taken(stores.control, run)
    wanted = {*decided(waiting), *asked_for(waiting, portfolio)}
    asked = due(portfolio, states, run.scope, run.now, wanted)
    chosen = {connection.id: points[connection.id] for connection in asked if connection.id in points}
    known = comparable(stores, states, points, run.now)
    spooled: list[Spooled] = []
    failed: dict[str, Trouble] = {}
    left = dict.fromkeys(chosen, 1)
    to_come = len(chosen)

    def keep(answer: Answer) -> None:
        nonlocal to_come
        connection = chosen[answer.connection].connection
        entry = entry_of(run, connection, answer, known.get(connection.id))
        entry = replace(entry, fetch_id=f"{len(spooled):08x}{entry.fetch_id[8:]}")
        body = answer.body if entry.verdict == Verdict.ACCEPTED else None
        stores.spool.put(entry, body)
        answered(entry)
        spooled.append(entry)
        if answer.failure:
            failed[connection.id] = Trouble(connection.id, connection.channel, answer.failure)
        to_come += answer.left - left[connection.id]
        left[connection.id] = answer.left
        progress(len(spooled), len(spooled) + to_come)

    queries = list(_queries(Questions.of(stores, run.now, known, chosen), run, keep))
    unasked = interruptible.run(_fetch(queries, portfolio.settings, run, keep))
    if run.scope.is_open:
        answer(stores.control, waiting, run.now)
    return Ingested(
        asked=len({entry.connection for entry in spooled}),
        failed=tuple(failed[name] for name in sorted(failed)),
        unchanged=sum(entry.verdict == Verdict.UNCHANGED for entry in spooled),
        postponed=tuple(query.connection.id for query in unasked),
    )


def _taken(control: ControlStore, run: Run) -> list[Request]:
    """What waits. Where this sync carries it out, whoever asks from now on asks for another one."""
    waiting = control.waiting()
    if waiting and run.scope.is_open:
        control.take([request.id for request in waiting], run.now)
    return waiting


def due(
    portfolio: Portfolio,
    states: Mapping[str, ConnectionState],
    scope: Scope,
    now: datetime,
    wanted: Collection[str] = (),
) -> list[Connection]:
    """The connections that a sync of that scope asks, the longest overdue first.

    Those in `wanted` are due: somebody asked for them, or decided about their quarantine, and they may answer
    better by now. A channel's Retry-After is kept unless a person names the connection, and so is the pause
    after many failures.
    """
    by_themselves = portfolio.asked()

    def is_due(connection: Connection) -> bool:
        state = states.get(connection.id)
        if not connection.enabled or not _in_scope(connection, scope):
            return False
        if connection.id in scope.connections:
            return True
        if connection.id not in by_themselves and connection.id not in wanted:
            return False
        if state is None:
            return True
        if _is_left_alone(state, now):
            return False
        return not scope.due_only or connection.id in wanted or now + GRACE >= (state.next_due or _LONG_AGO)

    def since(connection: Connection) -> tuple[datetime, str]:
        state = states.get(connection.id)
        return ((state.next_due if state else None) or _LONG_AGO, connection.id)

    return sorted(filter(is_due, portfolio.connections), key=since)


def _is_left_alone(state: ConnectionState, now: datetime) -> bool:
    """Whether its server wants to be left alone, or has failed so often that it is."""
    wished = state.not_before is not None and now < state.not_before
    return wished or (state.opened_until is not None and now + GRACE < state.opened_until)


def _in_scope(connection: Connection, scope: Scope) -> bool:
    if scope.is_open:
        return True
    return connection.id in scope.connections or not connection.served.isdisjoint(scope.listings)


def _queries(questions: Questions, run: Run, keep: Callable[[Answer], None]) -> Iterator[Query]:
    """A question for each connection; a secret that can't be resolved is an answer at once."""
    for point in questions.points:
        try:
            yield questions.question_to(point)
        except MissingVariable as error:
            moment = run.clock()
            failure = Failure(Reason.NO_SECRET, error.name)
            keep(Answer(point.connection.id, moment, moment, failure=failure))


def comparable(
    stores: Stores, states: Mapping[str, ConnectionState], points: Mapping[str, Standpoint], now: datetime
) -> dict[str, ConnectionState]:
    """The states of the connections whose next answer, if it is equal to the last, says nothing new.

    It may where it is read from another standpoint, where nights depend on the day, and where an answer
    of a killed sync still waits: that one is the last, and what is known is older. An account is asked for
    what has changed, and nothing is lost when that is asked for twice.
    """
    waiting = {entry.connection for entry in stores.spool.waiting()}
    return {
        name: state
        for name, state in states.items()
        if name in points
        and (name not in waiting or points[name].connection.is_account)
        and state.source == points[name].digest
        and not (state.recurring and state.content_day != points[name].day(now))
    }


async def _fetch(
    queries: Sequence[Query], settings: Settings, run: Run, keep: Callable[[Answer], None]
) -> tuple[Query, ...]:
    local = [query.connection.base_url for query in queries if query.connection.base_url]
    async with Transport(settings, clock=run.clock, local=local) as transport:
        done = await fetch_all(queries, channel_of, transport, budget=settings.fetch_budget, on_answer=keep)
    return done.unasked


def entry_of(run: Run, connection: Connection, answer: Answer, last: ConnectionState | None) -> Spooled:
    """The facts of an answer as they are spooled; `last` is the state whose content it may be equal to."""
    failure = answer.failure
    return Spooled(
        fetch_id=uuid.uuid4().hex,
        run_id=run.id,
        connection=connection.id,
        channel=connection.channel,
        source=connection.source,
        as_of=run.now,
        started=answer.started,
        ended=answer.ended,
        verdict=_verdict(answer, last),
        reason=failure.reason if failure else None,
        detail=failure.detail if failure else None,
        retry_at=failure.retry_at if failure else None,
        http_status=answer.http_status,
        content=answer.content,
        size=len(answer.body or b""),
        etag=answer.validators.etag,
        last_modified=answer.validators.last_modified,
        cursor=answer.validators.cursor,
        windows=list(answer.windows),
        partial=answer.partial,
    )


def _verdict(answer: Answer, last: ConnectionState | None) -> Verdict:
    """What can be said without reading."""
    if answer.failure:
        return Verdict.FAILED
    equal = not answer.partial and last is not None and last.content == answer.content
    same = answer.not_modified or equal
    return Verdict.UNCHANGED if same else Verdict.ACCEPTED
