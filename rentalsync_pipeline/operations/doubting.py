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
    Ending,
    Quarantine,
    Ruling,
    rule,
)
from rentalsync_pipeline.core.verdict import Failure, Reason, Verdict
from rentalsync_pipeline.operations.chronicle import Decided, keep_decisions
from rentalsync_pipeline.operations.judging import Judged
from rentalsync_pipeline.operations.reading import Row, moment
from rentalsync_pipeline.operations.standpoint import Standpoint
from rentalsync_pipeline.operations.stores import Run, Stores
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

Rulings = Mapping[str, Ruling]
"""By connection; one without a ruling has raised no doubt and had no quarantine."""


def doubt(warehouse: Warehouse, points: Mapping[str, Standpoint]) -> Rulings:
    """Rule about the answers of this round that give any reason to."""
    return {
        row["connection"]: rule(
            _comparison(row), aware(row["asked"]), points[row["connection"]].connection.absence.quarantine
        )
        for row in warehouse.rows("absorb_doubt")
    }


def with_verdict(answer: Judged, rulings: Rulings) -> Judged:
    """The answer as it was ruled about."""
    ruling = rulings.get(answer.connection.id)
    if ruling is None or ruling.verdict is Verdict.ACCEPTED:
        return answer
    why = Failure(Reason.DOUBTFUL, "; ".join(DOUBTS[each] for each in ruling.doubts))
    return replace(answer, verdict=ruling.verdict, failure=why)


def is_proven(answer: Judged, rulings: Rulings) -> bool:
    """Whether time or a person has confirmed all that it takes."""
    ruling = rulings.get(answer.connection.id)
    return ruling is not None and ruling.ending in (Ending.CONFIRMED, Ending.RELEASED)


def keep_quarantines(warehouse: Warehouse, rulings: Rulings, run: Run) -> None:
    """Begin, continue and end quarantines."""
    if rulings:
        warehouse.stage("rulings", tables.RULINGS, [_ruled(name, each) for name, each in rulings.items()])
        warehouse.run("absorb_quarantine", run_id=run.id)


def note_decisions(stores: Stores, warehouse: Warehouse, points: Mapping[str, Standpoint], run: Run) -> None:
    """Note what people decided, and put the answers that they released back into the spool.

    What was released is accepted as it is kept; what the connection answers now comes after that.
    """
    asked = [request for request in stores.control.waiting() if request.kind in REQUESTS]
    if not asked:
        return
    held = {row["connection"]: row for row in warehouse.rows("quarantines_held")}
    meant = [request for request in asked if _is_meant(request, held)]
    decided = {held[request.subject]["quarantine"]: REQUESTS[request.kind] for request in meant}
    with warehouse.transaction():
        keep_decisions(warehouse, run, (Decided(each.kind, each.subject) for each in meant))
        warehouse.stage("decided", tables.DECIDED, list(decided.items()))
        warehouse.run("quarantines_decide", run_id=run.id)
    for row in held.values():
        if decided.get(row["quarantine"]) is Decision.RELEASE and row["connection"] in points:
            _spool_again(stores, row, points[row["connection"]], run)
    for request in asked:
        stores.control.finish(request.id, "noted" if request in meant else "it had ended", run.now)


def decided(requests: Sequence[Request]) -> frozenset[str]:
    """The connections about whose quarantines somebody has decided since the last sync."""
    return frozenset(request.subject for request in requests if request.kind in REQUESTS)


def _is_meant(request: Request, held: Mapping[str, Row]) -> bool:
    """Whether the quarantine that was decided about still stands."""
    standing = held.get(request.subject)
    return standing is not None and request.payload["quarantine"] == standing["quarantine"]


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
        quarantine=_quarantine(row),
    )


def _quarantine(row: Row) -> Quarantine | None:
    if row["since"] is None:
        return None
    decision = Decision(row["decision"]) if row["decision"] else None
    return Quarantine(aware(row["since"]), frozenset(row["lost_before"]), decision)


def _ruled(connection: str, ruling: Ruling) -> tuple[object, ...]:
    stands = ruling.quarantine
    return (
        connection,
        ruling.ending,
        stands and utc(stands.since),
        sorted(stands.lost) if stands else [],
        list(ruling.doubts),
        stands and stands.decision,
    )
