"""Letting the past happen again, by today's rules: every sync anew, in a warehouse of its own.

Belongs here: handing the steps of a sync what they found then: clock, configuration, answers, what people
decided. Does not: the steps, which are those of every sync; what was kept of the past (`past`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from rentalsync_pipeline.calendars.completeness import restamped
from rentalsync_pipeline.channels.base import Answer
from rentalsync_pipeline.control.home import Home
from rentalsync_pipeline.core.portfolio import Portfolio
from rentalsync_pipeline.core.verdict import Failure, Reason, Verdict
from rentalsync_pipeline.operations.batching import batches
from rentalsync_pipeline.operations.chronicle import Decided, Step
from rentalsync_pipeline.operations.progress import Progress, silent
from rentalsync_pipeline.operations.reading import Row
from rentalsync_pipeline.operations.replaying.past import Past, PastRun
from rentalsync_pipeline.operations.replaying.past_control import PastControl
from rentalsync_pipeline.operations.standpoint import standpoints
from rentalsync_pipeline.operations.stores import Run, Stores
from rentalsync_pipeline.operations.syncing import doubting, settle
from rentalsync_pipeline.operations.syncing.absorb import absorb
from rentalsync_pipeline.operations.syncing.ingest import comparable, entry_of
from rentalsync_pipeline.operations.syncing.match import match
from rentalsync_pipeline.operations.syncing.publish import REBUILD, publish, rebuild
from rentalsync_pipeline.publishing.store import FeedStore
from rentalsync_pipeline.warehouse.bodies import Bodies
from rentalsync_pipeline.warehouse.moments import aware
from rentalsync_pipeline.warehouse.spool import Spool
from rentalsync_pipeline.warehouse.warehouse import Warehouse

_AT_ONCE = 200
"""Runs whose answers are held in memory."""

_STEPS: Mapping[Step, Callable[[Stores, Run], object]] = {
    Step.ABSORB: absorb,
    Step.MATCH: match,
    Step.PUBLISH: publish,
}


@contextmanager
def rerun(
    past: Past, runs: Sequence[PastRun], bodies: Bodies, secret: bytes, progress: Progress = silent
) -> Iterator[Warehouse]:
    """Let these runs, the first ones of a past, happen again; gives the warehouse that they come to."""
    with TemporaryDirectory(prefix="rentalsync-") as folder, Warehouse.open(Path(":memory:")) as warehouse:
        home, control = Home(Path(folder)), PastControl(secret)
        spool, kept, feeds = Spool(home.spool), Bodies(home.bodies), FeedStore(home.path / "feeds")
        stores = Stores(home, control, spool, kept, feeds, opened=warehouse)
        again = _Again(stores, control, warehouse, past, bodies)
        done = 0
        for batch in batches(runs, _AT_ONCE):
            answers = past.answers(batch)
            for run in batch:
                again.happen(run, answers.get(run.id, ()))
                done += 1
                progress(done, len(runs))
        yield warehouse


class _Again:
    """One past that happens again, run by run."""

    def __init__(
        self, stores: Stores, control: PastControl, warehouse: Warehouse, past: Past, bodies: Bodies
    ) -> None:
        self._stores, self._control, self._warehouse, self._bodies = stores, control, warehouse, bodies
        self._names = past.connection_names()
        self._said: dict[str, str] = {}
        """The content that each connection's last accepted answer had: what a 304 refers to."""
        self._stamped: set[str] = set()
        """Contents whose channel writes the moment of the answer."""

    def happen(self, past: PastRun, answers: Iterable[Row]) -> None:
        run = Run(past.id, past.now, "a replay", fixed=True)
        self._control.standing = past.portfolio
        rebuilt = [decided.subject for decided in past.decisions if decided.kind == REBUILD]
        for decided in past.decisions:
            if decided.kind != REBUILD:
                self._ask(decided, run)
        if rebuilt:
            rebuild(self._stores, run, rebuilt)
            return
        self._spool(run, past.portfolio, answers)
        for step, take in _STEPS.items():
            if step in past.steps:
                take(self._stores, run)

    def _ask(self, decided: Decided, run: Run) -> None:
        """Ask for what a person had asked for, unless there is nothing here that it could be about."""
        asked = _meant(self._warehouse, decided)
        if asked:
            self._control.ask(decided.kind, *asked, "a person", run.now)

    def _spool(self, run: Run, portfolio: Portfolio, answers: Iterable[Row]) -> None:
        connections = {connection.id: connection for connection in portfolio.connections}
        known = comparable(self._stores, self._control.states(), standpoints(portfolio), run.now)
        names = self._names[run.id]
        for row in answers:
            name = names.get(row["connection"], row["connection"])
            if name not in connections:
                continue
            answer, made = _part(name, row) if connections[name].is_account else self._answer(name, row)
            entry = entry_of(run, connections[name], answer, known.get(name))
            if not connections[name].is_account:
                known.pop(name, None)  # A second answer is equal to the first, or new.
            entry = replace(entry, fetch_id=row["fetch_id"], as_of=aware(row["as_of"]))
            body = self._body(answer.content, made) if entry.verdict == Verdict.ACCEPTED else None
            self._stores.spool.put(replace(entry, size=len(body or b"")), body)

    def _answer(self, name: str, row: Row) -> tuple[Answer, datetime | None]:
        """What the connection answered, and the moment that stood in it."""
        content, made = row["content"], row["made"]
        if row["verdict"] == Verdict.UNCHANGED:
            content = content or self._said.get(name)
            made = row["started"] if content in self._stamped else None
        if row["verdict"] == Verdict.ACCEPTED:
            self._said[name] = content
        if made and content:
            self._stamped.add(content)
        failure = None if content else Failure(Reason(row["reason"]), row["detail"] or "")
        moments = aware(row["started"]), aware(row["ended"])
        answer = Answer(name, *moments, content=content, failure=failure, http_status=row["http_status"])
        return answer, made and aware(made)

    def _body(self, content: str | None, made: datetime | None) -> bytes:
        body = self._bodies.read(content or "")
        if body is None:
            raise LookupError(f"the body {content} is not kept any more")
        return restamped(body, made) if made else body


def _part(name: str, row: Row) -> tuple[Answer, None]:
    """What an account answered: nothing new where it has no body, and no moment within."""
    failed = row["verdict"] == Verdict.FAILED
    failure = Failure(Reason(row["reason"]), row["detail"] or "") if failed else None
    answer = Answer(
        name,
        aware(row["started"]),
        aware(row["ended"]),
        content=row["content"],
        not_modified=row["verdict"] == Verdict.UNCHANGED,
        failure=failure,
        http_status=row["http_status"],
        partial=True,
    )
    return answer, None


def _meant(warehouse: Warehouse, decided: Decided) -> tuple[str, Mapping[str, object]] | None:
    """Subject and payload of the request, with the numbers that quarantines and conflicts have here."""
    if decided.kind in doubting.REQUESTS:
        quarantine = warehouse.value("quarantine_of", connection=decided.subject)
        return (decided.subject, {"quarantine": quarantine}) if quarantine else None
    if decided.kind in settle.REQUESTS:
        pair = {"stay": decided.subject, "other": decided.payload["other"]}
        conflict = warehouse.value("conflict_of", **pair)
        return (str(conflict), {}) if conflict else None
    return decided.subject, decided.payload
