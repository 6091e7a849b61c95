"""Double bookings: which nights, by whom, what to do, and what people said of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import Response

from rentalsync_pipeline.bridge.pages import after, nights
from rentalsync_pipeline.bridge.pages.frame import ByOperator, Reading
from rentalsync_pipeline.core.conflicts import Certainty, Verdict
from rentalsync_pipeline.core.model import Kind
from rentalsync_pipeline.operations.deciding import last_words
from rentalsync_pipeline.operations.looking.board import Night
from rentalsync_pipeline.operations.looking.conflicts import Conflict, Side, conflicts, to_confirm
from rentalsync_pipeline.operations.syncing.settle import reopen, resolve

router = APIRouter()

_MOST = 100
"""That are shown at once, the most urgent first."""
_DRAWN = 42
"""Nights that a strip has at the most."""

SAID = {
    Verdict.ECHO: "one is a copy of the other",
    Verdict.REAL: "both are real, and it is dealt with",
    None: "what was said before is taken back",
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A double booking with its nights: for each side a strip of the same days."""

    conflict: Conflict
    strips: tuple[tuple[Side, tuple[nights.Cell, ...]], ...]


@router.get("/conflicts")
def show(page: Reading, everything: Annotated[bool, Query(alias="all")] = False) -> Response:
    """Those that are open and lie ahead, or all there ever were."""
    control, now = page.here.control, page.here.now()
    found = conflicts(control, now, resolved=everything)
    unsure = to_confirm(control, now, resolved=everything)
    return page.show(
        "conflicts.html",
        found=[_drawn(each) for each in found[:_MOST]],
        unsure=[_drawn(each) for each in unsure[:_MOST]],
        count=len(found) + len(unsure),
        everything=everything,
        keys=control.listing_keys(),
        names=control.portfolio().names(),
        kinds=nights.KINDS,
        words=last_words.on_conflicts(control, [*found, *unsure]),
        said=SAID,
    )


@router.post("/conflicts/{conflict}/resolve")
def settle(page: ByOperator, conflict: int, verdict: Annotated[Verdict, Form()]) -> Response:
    """Say what it is."""
    resolve(page.here.control, conflict, verdict, page.by, page.here.now())
    return after.asked(page, "/conflicts", f"Double booking {conflict}: {SAID[verdict]}.")


@router.post("/conflicts/{conflict}/reopen")
def take_back(page: ByOperator, conflict: int) -> Response:
    """Take back what was said."""
    reopen(page.here.control, conflict, page.by, page.here.now())
    return after.asked(page, "/conflicts", f"Double booking {conflict}: {SAID[None]}.")


def _drawn(conflict: Conflict) -> Drawn:
    sides = (conflict.first, conflict.second)
    first = max(min(side.check_in for side in sides), conflict.first_night - timedelta(days=_DRAWN // 2))
    last = max(side.check_out for side in sides)
    shown = nights.days(first, min((last - first).days, _DRAWN))
    return Drawn(conflict, tuple((side, tuple(_strip(conflict, side, shown))) for side in sides))


def _strip(conflict: Conflict, side: Side, shown: list[date]) -> Iterator[nights.Cell]:
    held = {day: _night(conflict, side, day) for day in shown if side.check_in <= day < side.check_out}
    return nights.cells(side.listing, held, shown)


def _night(conflict: Conflict, side: Side, day: date) -> Night:
    is_shared = conflict.first_night <= day <= conflict.last_night
    is_double = is_shared and conflict.certainty is not Certainty.TO_CONFIRM
    return Night(
        channel=side.channel,
        kind=Kind(side.kind),
        home=side.listing,
        begins=day == side.check_in,
        ends=day == side.check_out - timedelta(days=1),
        stays=1 + is_shared,
        contested=conflict.certainty if is_double else None,
    )
