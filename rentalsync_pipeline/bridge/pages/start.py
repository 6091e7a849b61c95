"""The start page: how it stands."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from rentalsync_pipeline.bridge.pages.frame import Reading
from rentalsync_pipeline.operations.watching.overview import overview
from rentalsync_pipeline.operations.watching.status import status

router = APIRouter()


@router.get("/")
def start(page: Reading) -> Response:
    """Freshness, troubles, what comes next."""
    control, now = page.here.control, page.here.now()
    return page.show("start.html", overview=overview(control, now), status=status(control, now))
