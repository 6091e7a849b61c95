"""What one fetch of an account asks, errand by errand, each an answer of its own.

Belongs here: the order of errands, asking again, and asking for what is missing by its id. Does not: what a
channel's verbs ask (its own file), what an answer means for history (`operations`).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial

from rentalsync_pipeline.channels import kept
from rentalsync_pipeline.channels.base import Answer, Known, Query, Validators
from rentalsync_pipeline.channels.verbs import Verbs
from rentalsync_pipeline.channels.windows import Tide, Window, due
from rentalsync_pipeline.channels.wire.response import FetchError
from rentalsync_pipeline.channels.wire.session import Record, Session
from rentalsync_pipeline.channels.wire.transport import Transport
from rentalsync_pipeline.core.verdict import Failure, Reason

ALWAYS = Tide(timedelta(), timedelta())

MOST = 50
"""Records that one errand asks for by their ids; the others stay as they are until a later one."""

PATIENCE = timedelta(seconds=30)
"""What errands have brought is told of at least as often, so that a fetch can be ended in between."""

PASSING = frozenset({Reason.INCOMPLETE, Reason.TORN, Reason.SERVER_ERROR})
"""Failures after which an errand is asked once more, whole."""

ITS_OWN = frozenset({Reason.INCOMPLETE, Reason.TORN, Reason.HTTP_STATUS, Reason.NOT_FOUND, Reason.TOO_LARGE})
"""Failures that say nothing of the next errand; after any other, there is none."""

ABOUT_ONE = frozenset({Reason.UNAUTHORISED, Reason.REFUSED, Reason.HTTP_STATUS})
"""Failures that a question by id may have without there being anything wrong with the others."""


@dataclass(slots=True)
class Said:
    """What an errand has brought: records by their ids, and of the ids that were asked for those without."""

    records: dict[str, Record] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)
    unanswered: dict[str, str] = field(default_factory=dict)
    cursor: str | None = None

    @property
    def is_nothing(self) -> bool:
        """Whether it speaks of no record at all."""
        return not (self.records or self.absent or self.unanswered)


@dataclass(frozen=True, slots=True)
class Errand:
    """One answer's worth of asking."""

    ask: Callable[[Session], Awaitable[Said]]
    window: str | None = None


async def run(channel: Verbs, query: Query, transport: Transport) -> AsyncIterator[Answer]:
    """Do the errands of one fetch, one after the other: nobody's account is asked twice at a time.

    Those that bring nothing are told of together, with the next that does: mostly a fetch is one answer. What
    failed comes last, so that how it stands with the connection is told by its trouble.
    """
    started = transport.clock()
    try:
        session = channel.session(query, transport)
    except FetchError as error:
        yield Answer(query.connection.id, started, transport.clock(), failure=error.failure, partial=True)
        return
    failed: list[Answer] = []
    told: set[str] = set()
    quiet: Answer | None = None
    errands = list(_errands(channel, query, told))
    for number, errand in enumerate(errands, 1):
        answer, said = await _answer(channel, errand, session, query)
        told.update(said.records)
        if answer.failure:
            failed.append(answer)
            if answer.failure.reason not in ITS_OWN:
                break
            continue
        quiet = _together(quiet, answer)
        if not answer.not_modified or session.now >= started + PATIENCE:
            yield replace(quiet, left=len(errands) - number + len(failed))
            quiet, started = None, session.now
    if quiet:
        yield replace(quiet, left=len(failed))
    for number, answer in enumerate(failed, 1):
        yield replace(answer, left=len(failed) - number)


def _errands(channel: Verbs, query: Query, told: Collection[str]) -> Iterator[Errand]:
    """All that is due; `told` are the ids of the records that have come by then."""
    account = query.account
    assert account is not None  # noqa: S101 `session` has looked
    if channel.changes:
        yield Errand(partial(_changes, channel, query))
    if channel.sweep:
        tide = channel.sweep.tide if channel.changes else ALWAYS
        for window in due(account.today, channel.sweep.months, account.swept, query.now, tide):
            yield Errand(partial(_window, channel, window, account.known, told), window.name)
    missing = [known for known in account.known if known.is_missing]
    if missing and channel.booking:
        yield Errand(partial(_missing, channel, missing))


def _together(quiet: Answer | None, answer: Answer) -> Answer:
    """An answer that also says what errands before it, which brought nothing, had to say."""
    if quiet is None:
        return answer
    cursor = answer.validators.cursor or quiet.validators.cursor
    windows = (*quiet.windows, *answer.windows)
    return replace(answer, windows=windows, validators=Validators(cursor=cursor))


async def _answer(channel: Verbs, errand: Errand, session: Session, query: Query) -> tuple[Answer, Said]:
    """What comes of an errand, kept in its form, and as it was said."""
    started = session.now
    said, body = Said(), None
    failure: Failure | None = None
    status: int | None = 200
    try:
        async with asyncio.timeout(channel.deadline):
            said = await _twice(errand.ask, session)
    except TimeoutError:
        failure = Failure(Reason.TIMEOUT, f"no whole answer in {channel.deadline:g} s")
    except FetchError as error:
        failure, status = error.failure, error.status
    if failure is None and not said.is_nothing:
        body = kept.write(said.records, said.absent, said.unanswered, channel.drop)
    answer = Answer(
        connection=query.connection.id,
        started=started,
        ended=session.now,
        body=body,
        content=None if body is None else kept.digest(body),
        not_modified=failure is None and body is None,
        failure=failure,
        http_status=status,
        validators=Validators(cursor=said.cursor),
        windows=(errand.window,) if errand.window else (),
        partial=True,
    )
    return answer, said


async def _twice(ask: Callable[[Session], Awaitable[Said]], session: Session) -> Said:
    try:
        return await ask(session)
    except FetchError as error:
        if error.failure.reason not in PASSING:
            raise
    return await ask(session)


async def _changes(channel: Verbs, query: Query, session: Session) -> Said:
    """What changed since the cursor; before, what was received safely with it is acknowledged."""
    assert channel.changes is not None  # noqa: S101 the errand is planned only where it is
    mark = json.loads(query.validators.cursor or "{}")
    if channel.acknowledge and query.connection.acknowledge and mark.get("receipts"):
        await channel.acknowledge(session, mark["receipts"])
    changes = await channel.changes(session, mark.get("at"))
    cursor = json.dumps({"at": changes.cursor, "receipts": changes.receipts})
    return Said(_by_id(channel, changes.records), cursor=cursor)


async def _window(
    channel: Verbs,
    window: Window,
    known: Sequence[Known],
    told: Collection[str],
    session: Session,
) -> Said:
    """Everything in a window, and of what should be in it but is not, what its id leads to.

    A record with several rooms lies in the window of the last of them; `known` is in order of time. One that
    another window of this fetch has `told` of has moved there.
    """
    sweep = channel.sweep
    assert sweep is not None  # noqa: S101 the errand is planned only where it is
    said = Said(_by_id(channel, await sweep.ask(session, window)))
    if channel.booking:
        latest = {each.id: sweep.by(each.check_in, each.check_out) for each in known}
        lacking = (
            {number for number, day in latest.items() if day in window} - said.records.keys() - set(told)
        )
        await _ask_by_id(channel, session, said, (each for each in known if each.id in lacking))
    return said


async def _missing(channel: Verbs, missing: Iterable[Known], session: Session) -> Said:
    said = Said()
    await _ask_by_id(channel, session, said, missing)
    return said


async def _ask_by_id(channel: Verbs, session: Session, said: Said, wanted: Iterable[Known]) -> None:
    """Ask for each by its id, those that begin first before the others.

    "There is none" counts only while its listing still answers: a property that has withdrawn its consent
    has cancelled nothing.
    """
    assert channel.booking is not None  # noqa: S101 callers have looked
    for known in sorted({each.id: each for each in wanted}.values(), key=lambda each: each.check_in)[:MOST]:
        try:
            record = await channel.booking(session, known.id)
        except FetchError as error:
            if error.failure.reason not in ABOUT_ONE:
                raise
            said.unanswered[known.id] = "asked for by its id, the channel refuses to answer"
            continue
        if record is not None:
            said.records[known.id] = record
            continue
        units = await session.once("units", partial(_units, channel, session))
        if units & {known.unit, known.unit.partition("/")[0]}:
            said.absent.append(known.id)
        else:
            said.unanswered[known.id] = "its listing does not answer any more"


async def _units(channel: Verbs, session: Session) -> set[str]:
    return {unit.id for unit in await channel.listings(session)}


def _by_id(channel: Verbs, records: Iterable[Record]) -> dict[str, Record]:
    """Records by their ids; what has none can't be told from others, and is kept by its place."""
    found = {}
    for place, record in enumerate(records):
        try:
            found[channel.id_of(record)] = record
        except kept.POISON:
            found[f"?{place}"] = record
    return found
