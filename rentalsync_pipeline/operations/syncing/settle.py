"""What people say of double bookings: asking for it, and writing it down.

Belongs here: the requests of `conflicts resolve` and `reopen`. Does not: what follows from them
(`warehouse/queries/match_originals.sql`), reading the ledger (`operations.looking.conflicts`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import chain
from types import MappingProxyType

from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.core.conflicts import Verdict
from rentalsync_pipeline.operations.chronicle import Decided, keep_decisions
from rentalsync_pipeline.operations.looking.conflicts import Conflict, conflicts, to_confirm
from rentalsync_pipeline.operations.reading import UnknownError
from rentalsync_pipeline.operations.stores import Run, Stores
from rentalsync_pipeline.warehouse import tables
from rentalsync_pipeline.warehouse.moments import utc
from rentalsync_pipeline.warehouse.warehouse import Warehouse

REQUESTS: Mapping[str, Verdict | None] = MappingProxyType(
    {"conflict_echo": Verdict.ECHO, "conflict_real": Verdict.REAL, "conflict_open": None}
)
"""Kinds of requests in the control store, with what they say; their subject is the id of the conflict. The
last takes back what was said."""

_RESOLUTIONS = {
    Verdict.ECHO: "a person said that one is a copy of the other",
    Verdict.REAL: "a person said that both are real, and dealt with it",
    None: None,
}


class UnresolvableError(ValueError):
    """What was said can't be true of that conflict."""


def resolve(control: ControlStore, conflict: int, verdict: Verdict, asked_by: str, now: datetime) -> None:
    """Ask the next sync to take it as that person says.

    Raises `UnknownError` where there is no such conflict, `UnresolvableError` for two reservations that
    are said to be one: they never merge, one has to be cancelled at its channel.
    """
    known = _find(control, conflict, now)
    if verdict is Verdict.ECHO and not known.may_be_echo:
        raise UnresolvableError(
            f"conflict {conflict} is of two reservations that their own channels sold, so neither is a copy: "
            "cancel one at its channel, or say `--real` when it is dealt with"
        )
    control.decide(_kind_of(verdict), str(conflict), {}, {}, asked_by, now)


def reopen(control: ControlStore, conflict: int, asked_by: str, now: datetime) -> None:
    """Ask the next sync to forget what people said of it, as if nobody had.

    Raises `UnknownError` where there is no such conflict, `UnresolvableError` where nobody has said anything.
    """
    said = {request.subject for request in control.waiting() if request.kind in REQUESTS}
    if _find(control, conflict, now).verdict is None and str(conflict) not in said:
        raise UnresolvableError(f"nobody has said what conflict {conflict} is: there is nothing to take back")
    control.decide(_kind_of(None), str(conflict), {}, {}, asked_by, now)


def settle(stores: Stores, warehouse: Warehouse, run: Run) -> None:
    """Write down what people have said since the last sync; of two words about one conflict, the last."""
    said = [request for request in stores.control.waiting() if request.kind in REQUESTS]
    if not said:
        return
    verdicts = {int(request.subject): REQUESTS[request.kind] for request in said}
    settlements = [(conflict, verdict, _RESOLUTIONS[verdict]) for conflict, verdict in verdicts.items()]
    with warehouse.transaction():
        warehouse.stage("settlements", tables.SETTLEMENTS, settlements)
        keep_decisions(warehouse, run, _decided(warehouse))
        warehouse.run("match_settle", now=utc(run.now), run_id=run.id)
    for request in said:
        stores.control.finish(request.id, "done", run.now)


def _find(control: ControlStore, conflict: int, now: datetime) -> Conflict:
    listed = (conflicts(control, now, resolved=True), to_confirm(control, now, resolved=True))
    known = {each.id: each for each in chain(*listed)}
    if conflict not in known:
        raise UnknownError(f"there is no conflict {conflict}; `rentalsync conflicts --all` lists them")
    return known[conflict]


def _decided(warehouse: Warehouse) -> Iterator[Decided]:
    """Conflicts by their stays: their numbers are others in a replay."""
    for row in warehouse.rows("settled"):
        yield Decided(_kind_of(row["verdict"]), row["stay_a"], {"other": row["stay_b"]})


def _kind_of(verdict: str | None) -> str:
    return next(kind for kind, meant in REQUESTS.items() if meant == verdict)
