"""From the spool into the warehouse: what each answer means for the bookings of its connection.

Belongs here: the order in which reading (gate 3), the set-based statements and the pure rules take turns.
Does not: the rules (`core`), the statements (`warehouse/queries`).
DuckDB finds what needs a decision, Python decides about those few, DuckDB writes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, groupby
from operator import itemgetter

from rentalsync_pipeline.control.state import ConnectionState
from rentalsync_pipeline.core.absence import Absent, fate
from rentalsync_pipeline.core.model import Kind
from rentalsync_pipeline.core.succession import Trace, successors
from rentalsync_pipeline.core.verdict import Verdict
from rentalsync_pipeline.operations.chronicle import Step, begin, take_step
from rentalsync_pipeline.operations.progress import Progress, silent
from rentalsync_pipeline.operations.standpoint import Standpoint, standpoints
from rentalsync_pipeline.operations.stores import Run, Stores
from rentalsync_pipeline.operations.syncing import rows
from rentalsync_pipeline.operations.syncing.doubting import (
    RELEASED,
    Rulings,
    doubt,
    hold_rulings,
    note_decisions,
    with_verdict,
)
from rentalsync_pipeline.operations.syncing.drift import learn_shapes
from rentalsync_pipeline.operations.syncing.judging import Judged, judge_answers
from rentalsync_pipeline.operations.syncing.reconfigure import note_configuration
from rentalsync_pipeline.operations.syncing.remember import distrust, remember
from rentalsync_pipeline.operations.tracing import span, traced
from rentalsync_pipeline.warehouse import tables
from rentalsync_pipeline.warehouse.moments import aware, utc
from rentalsync_pipeline.warehouse.spool import Spooled
from rentalsync_pipeline.warehouse.warehouse import Warehouse

_AT_ONCE = 1000
"""Bodies read in one transaction: bounds the memory of a first load."""


@traced("model", step="bookings")
def absorb(stores: Stores, run: Run, progress: Progress = silent) -> None:
    """Take every waiting answer, of this run and of runs that died, into the warehouse."""
    portfolio = stores.control.portfolio()
    with stores.warehouse() as warehouse:
        begin(warehouse, portfolio, run)
        take_step(warehouse, run, Step.ABSORB)
        note_configuration(stores, warehouse, portfolio, run)
        points, states = standpoints(portfolio), stores.control.states()
        note_decisions(stores, warehouse, points, run)
        spooled = sorted(stores.spool.waiting(), key=lambda entry: not entry.fetch_id.startswith(RELEASED))
        waiting = _unknown(stores, warehouse, spooled)
        done = 0
        for batch in _batches(waiting):
            states |= _absorb_batch(stores, warehouse, points, states, run, batch)
            done += len(batch)
            progress(done, len(waiting))
        stores.spool.clear(spooled)


def _unknown(stores: Stores, warehouse: Warehouse, spooled: list[Spooled]) -> list[Spooled]:
    """Leave out what a killed run had committed but not cleared, and maybe not remembered either."""
    if not spooled:
        return []
    warehouse.stage("spooled", tables.SPOOLED, [(entry.fetch_id,) for entry in spooled])
    held = {row["fetch_id"] for row in warehouse.rows("fetched")}
    distrust(stores, {entry.connection for entry in spooled if entry.fetch_id in held})
    return [entry for entry in spooled if entry.fetch_id not in held]


def _batches(waiting: Sequence[Spooled]) -> Iterator[list[Spooled]]:
    """Cut the queue so that no batch holds two answers of one connection: the second needs the first."""
    batch: dict[str, Spooled] = {}
    bodies = 0
    for entry in waiting:
        if entry.connection in batch or bodies == _AT_ONCE:
            yield list(batch.values())
            batch, bodies = {}, 0
        batch[entry.connection] = entry
        bodies += entry.verdict == Verdict.ACCEPTED
    if batch:
        yield list(batch.values())


def _absorb_batch(
    stores: Stores,
    warehouse: Warehouse,
    points: Mapping[str, Standpoint],
    states: Mapping[str, ConnectionState],
    run: Run,
    batch: list[Spooled],
) -> dict[str, ConnectionState]:
    """One transaction: judge, compare, decide, write; returns the new states of those that answered.

    The body of an answer is kept before its row.
    """
    judged = judge_answers(stores, points, batch)
    for answer in judged:
        if answer.body is not None and answer.entry.content is not None:
            stores.bodies.keep(answer.entry.content, answer.body)
    with warehouse.transaction():
        _stage(warehouse, judged)
        warehouse.run("absorb_compare")
        judged, rulings = _doubt(warehouse, points, run, judged)
        _link(warehouse)
        _decide(warehouse, points, rulings)
        warehouse.run("absorb_told")
        warehouse.run("absorb_apart")
        warehouse.run("absorb_after", run_id=run.id)
        warehouse.run("absorb_moved")
        warehouse.run("bookings_replace", run_id=run.id)
        logged = [rows.logged(answer, states.get(answer.connection.id)) for answer in judged]
        warehouse.stage("logged", tables.LOGGED, logged)
        warehouse.run("absorb_record", run_id=run.id)
        learn_shapes(warehouse, judged, run)
    remembered = remember(stores, warehouse, states, judged)
    stores.spool.clear(batch)
    return remembered


@span("gate", step="plausibility")
def _doubt(
    warehouse: Warehouse, points: Mapping[str, Standpoint], run: Run, judged: Sequence[Judged]
) -> tuple[list[Judged], Rulings]:
    """Gate 4, before any linking: a doubtful answer may not give its ids to what stands."""
    rulings = doubt(warehouse, points)
    if rulings:
        hold_rulings(warehouse, rulings)
        warehouse.run("absorb_quarantine", run_id=run.id)
        warehouse.run("absorb_compare")
    return [with_verdict(answer, rulings) for answer in judged], rulings


def _link(warehouse: Warehouse) -> None:
    """Let records that changed their id keep their history."""
    links = []
    for (connection, listing), group in groupby(
        warehouse.rows("absorb_candidates"), key=itemgetter("connection", "listing")
    ):
        parts: dict[str, list[Trace]] = {"vanished": [], "appeared": []}
        for row in group:
            parts[row["part"]].append(
                Trace(
                    row["key"],
                    Kind(row["kind"]),
                    row["check_in"],
                    row["check_out"],
                    row["code"],
                    row["guest_name"],
                )
            )
        pairs = successors(parts["vanished"], parts["appeared"])
        links += [(connection, listing, old, new) for old, new in pairs.items()]
    if links:
        warehouse.stage("links", tables.LINKS, links)
        warehouse.run("absorb_link")
        warehouse.run("absorb_compare")


def _decide(warehouse: Warehouse, points: Mapping[str, Standpoint], rulings: Rulings) -> None:
    """Let the rules of absence decide about what is not in its connection's answer."""
    confirmed = {(name, key) for (name, _), ruling in rulings.items() for key in ruling.confirmed}
    fates = []
    for row in warehouse.rows("absorb_gone"):
        absent = Absent(
            kind=Kind(row["kind"]),
            check_in=row["check_in"],
            check_out=row["check_out"],
            misses=row["misses"],
            missing_since=row["missing_since"] and aware(row["missing_since"]),
            same_source=row["same_source"],
            unreadable=row["unreadable"],
            behind_tail=row["behind_tail"],
            given_up=row["given_up"],
            said_cancelled=row["said_cancelled"],
            confirmed=(row["connection"], row["key"]) in confirmed,
        )
        policy = points[row["connection"]].connection.absence
        end = fate(absent, policy, aware(row["asked"]), row["today"])
        since = end.missing_since and utc(end.missing_since)
        fates.append((row["connection"], row["key"], row["listing"], end.state, end.misses, since, end.cause))
    warehouse.stage("fates", tables.FATES, fates)


def _stage(warehouse: Warehouse, judged: Sequence[Judged]) -> None:
    """Hand the answers, and all that was read in them, to the statements."""
    usable = [rows.answer(answer) for answer in judged if answer.verdict is not Verdict.FAILED]
    warehouse.stage("answers", tables.ANSWERS, usable)
    hold_rulings(warehouse, {})
    accepted = [answer for answer in judged if answer.verdict is Verdict.ACCEPTED]
    for table, columns, translate in (
        ("incoming", tables.INCOMING, rows.bookings),
        ("rejected", tables.REJECTED, rows.rejected),
        ("unreadable", tables.UNREADABLE, rows.unreadable),
        ("absent", tables.ABSENT, rows.absent),
    ):
        warehouse.stage(table, columns, list(chain.from_iterable(map(translate, accepted))))
