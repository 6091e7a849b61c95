"""The start page: how it stands, what needs somebody, what comes next."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from rentalsync_pipeline.bridge.pages.frame import Reading
from rentalsync_pipeline.bridge.pages.words import matters, standing_of
from rentalsync_pipeline.operations.watching.overview import overview
from rentalsync_pipeline.operations.watching.status import status

router = APIRouter()

_MOST = 20
"""Rows of a list on this page; what is worst comes first, and all of it has a page of its own."""


@router.get("/")
def start(page: Reading) -> Response:
    """Freshness, troubles, what was asked for."""
    control, now = page.here.control, page.here.now()
    found = status(control, now)
    known = matters(found)
    return page.show(
        "start.html",
        overview=overview(control, now),
        status=found,
        matters=known[:_MOST],
        more_matters=len(known) - _MOST,
        connections=[(each, standing_of(each)) for each in found.connections[:_MOST]],
        more_connections=len(found.connections) - _MOST,
        waiting=control.waiting()[:_MOST],
    )
