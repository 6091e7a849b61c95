"""Gate 4 at work: answers are held against what stands, and quarantines kept.

Belongs here: carrying comparisons from DuckDB to the rules, and rulings and people's decisions back. Does
not: the rules (`core.plausibility`), what a quarantine looks like to a reader (`quarantines`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rentalsync_pipeline.control.state import Request
from rentalsync_pipeline.core.plausibility import (
    DOUBTS,
    Comparison,
    Decision,
    Quarantine,
    Ruling,
    rule,
)
from rentalsync_pipeline.core.verdict import Failure, Reason, Verdict
from rentalsync_pipeline.operations.chronicle import Decided, keep_decisions
from rentalsync_pipeline.operations.reading import Row, moment
from rentalsync_pipeline.operations.standpoint import Standpoint
from rentalsync_pipeline.operations.stores import Run, Stores
from rentalsync_pipeline.operations.syncing.judging import Judged
from rentalsync_pipeline.warehouse import tables
from rentalsync_pipeline.warehouse.moments import aware, utc
from rentalsync_pipeline.warehouse.spool import Spooled
from rentalsync_pipeline.warehouse.warehouse import Warehouse


def request_of(decision: Decision) -> str:
    """The kind of request in the control store that asks for it; its subject is a connection."""
    return f"quarantine_{decision}"


REQUESTS = {request_of(decision): decision for decision in Decision}

RELEASED = "release-"
"""How the ids of answers begin that a person released."""

Rulings = Mapping[tuple[str, str | None], Ruling]
"""By connection and upstream listing, which is empty for a calendar and `None` for an account as a whole.
What has no ruling has raised no doubt and had no quarantine."""


def doubt(warehouse: Warehouse, points: Mapping[str, Standpoint]) -> Rulings:
    """Rule about the answers of this round that give any reason to.

    What is ruled about an account as a whole leaves nothing to say of its listings, unless all is well.
    """
    rulings: dict[tuple[str, str | None], Ruling] = {}
    for row in warehouse.rows("absorb_doubt"):
        connection = row["connection"]
        of_all = rulings.get((connection, None))
        if of_all is None or (of_all.verdict is Verdict.ACCEPTED and not of_all.is_proven):
            patience = points[connection].connection.absence.quarantine
            ruling = rule(_comparison(row), aware(row["asked"]), patience)
            rulings[connection, row["upstream_listing"]] = ruling
    return rulings


def with_verdict(answer: Judged, rulings: Rulings) -> Judged:
    """The answer as it was ruled about: one that is doubted in part is quarantined, but used in part."""
    held = {
        listing: ruling
        for (connection, listing), ruling in rulings.items()
        if connection == answer.connection.id and ruling.verdict is Verdict.QUARANTINED
    }
    if not held:
        return answer
    doubts = dict.fromkeys(doubt for ruling in held.values() for doubt in ruling.doubts)
    why = "; ".join(DOUBTS[each] for each in doubts)
    is_partly_used = all(held)  # neither a calendar nor a whole account is among them
    if is_partly_used:
        why = f"of {len(held)} of its listings: {why}"
    failure = Failure(Reason.DOUBTFUL, why)
    return replace(answer, verdict=Verdict.QUARANTINED, failure=failure, is_partly_used=is_partly_used)


def hold_rulings(warehouse: Warehouse, rulings: Rulings) -> None:
    """Hand the rulings to the statements."""
    warehouse.stage("rulings", tables.RULINGS, [_ruled(*named, each) for named, each in rulings.items()])


def note_decisions(stores: Stores, warehouse: Warehouse, points: Mapping[str, Standpoint], run: Run) -> None:
    """Note what people decided, and put the answers that they released back into the spool.

    What was released is accepted as it is kept; what the connection answers now comes after that.
    """
    asked = [request for request in stores.control.waiting() if request.kind in REQUESTS]
    if not asked:
        return
    held = {row["quarantine"]: row for row in warehouse.rows("quarantines_held")}
    meant = [request for request in asked if request.payload["quarantine"] in held]
    decided = {request.payload["quarantine"]: REQUESTS[request.kind] for request in meant}
    with warehouse.transaction():
        keep_decisions(warehouse, run, (_decided(each, held) for each in meant))
        warehouse.stage("decided", tables.DECIDED, list(decided.items()))
        warehouse.run("quarantines_decide", run_id=run.id)
    for number, row in held.items():
        if decided.get(number) is Decision.RELEASE and row["connection"] in points:
            _spool_again(stores, row, points[row["connection"]], run)
    for request in asked:
        stores.control.finish(request.id, "noted" if request in meant else "it had ended", run.now)


def _decided(request: Request, held: Mapping[object, Row]) -> Decided:
    """The decision by what the quarantine is about, as its number may be another in a replay."""
    about = held[request.payload["quarantine"]]["upstream_listing"]
    return Decided(request.kind, request.subject, {"upstream_listing": about})


def decided(requests: Sequence[Request]) -> frozenset[str]:
    """The connections about whose quarantines somebody has decided since the last sync."""
    return frozenset(request.subject for request in requests if request.kind in REQUESTS)


def _spool_again(stores: Stores, row: Row, point: Standpoint, run: Run) -> None:
    """Have a kept answer judged once more, unless a run that died has begun it; its id tells that."""
    fetch_id = f"{RELEASED}{row['quarantine']}"
    body = stores.bodies.read(row["content"])
    if body is None or fetch_id in {entry.fetch_id for entry in stores.spool.waiting()}:
        return
    entry = Spooled(
        fetch_id=fetch_id,
        run_id=run.id,
        connection=row["connection"],
        channel=point.connection.channel,
        source=point.connection.source,
        as_of=run.now,
        started=run.now,
        ended=run.now,
        verdict=Verdict.ACCEPTED,
        content=row["content"],
        size=len(body),
        partial=point.connection.is_account,
    )
    stores.spool.put(entry, body)


def _comparison(row: Row) -> Comparison:
    return Comparison(
        events=row["events"],
        known=row["known"],
        future=row["future"],
        lost=frozenset(row["lost"]),
        tail_before=row["tail_before"],
        tail_now=row["tail_now"],
        made=moment(row["made"]),
        made_before=moment(row["made_before"]),
        listings=row["listings"],
        listings_losing=row["listings_losing"],
        quarantine=_quarantine(row),
    )


def _quarantine(row: Row) -> Quarantine | None:
    if row["since"] is None:
        return None
    decision = Decision(row["decision"]) if row["decision"] else None
    return Quarantine(aware(row["since"]), frozenset(row["lost_before"]), decision)


def _ruled(connection: str, upstream_listing: str | None, ruling: Ruling) -> tuple[object, ...]:
    stands = ruling.quarantine
    return (
        connection,
        upstream_listing,
        ruling.verdict,
        ruling.is_proven,
        ruling.ending,
        stands and utc(stands.since),
        sorted(stands.lost) if stands else [],
        list(ruling.doubts),
        stands and stands.decision,
    )
