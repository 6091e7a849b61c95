"""Why a night is as it is: `explain`, as a page."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from rentalsync_pipeline.bridge.pages.frame import Reading
from rentalsync_pipeline.bridge.pages.nights import KINDS
from rentalsync_pipeline.bridge.schemas import ListingId
from rentalsync_pipeline.core.absence import State
from rentalsync_pipeline.operations.looking.explain import explain
from rentalsync_pipeline.operations.watching.catalogue import find_unit

router = APIRouter()
Night = Annotated[date, Path(ge=date(2000, 1, 1), le=date(2100, 1, 1))]

STATES = {
    State.PRESENT: "and still does",
    State.MISSING: "and no more, which has yet to be confirmed",
    State.ORPHANED: "its connection is gone, and its nights stay",
    State.COMPLETED: "it has begun, and its channel drops such stays",
}
"""How it stands with a booking behind a stay."""


@router.get("/listings/{id}/nights")
def choose(page: Reading, number: ListingId, night: Annotated[date, Query()]) -> Response:
    """To the night that was typed."""
    return page.go(f"/listings/{number}/nights/{night}")


@router.get("/listings/{id}/nights/{night}")
def show(page: Reading, number: ListingId, night: Night) -> Response:
    """The stays that hold it, what they were made from, and what held it before."""
    control = page.here.control
    unit = find_unit(control, number, page.here.now())
    found = explain(control, unit.listing.slug, night)
    return page.show("night.html", unit=unit, found=found, states=STATES, kinds=KINDS, day=timedelta(days=1))
