"""History: what came of asking, connection by connection, the newest first."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from rentalsync_pipeline.bridge.pages.frame import Reading
from rentalsync_pipeline.bridge.pages.words import OUTCOMES
from rentalsync_pipeline.operations.looking.sync_log import sync_log
from rentalsync_pipeline.operations.reading import find_connection

router = APIRouter()

_ROWS = 50


@router.get("/history")
def history(
    page: Reading,
    connection: Annotated[str, Query(max_length=64)] = "",
    skipped: Annotated[int, Query(alias="from", ge=0, le=1_000_000)] = 0,
) -> Response:
    """A page of the log, of one connection or all."""
    control = page.here.control
    portfolio = control.portfolio()
    chosen = find_connection(portfolio, connection) if connection else None
    found = sync_log(control.home, chosen, _ROWS + 1, skipped)
    return page.show(
        "history.html",
        log=found[:_ROWS],
        connection=connection,
        connections=[each.id for each in portfolio.connections],
        outcomes=OUTCOMES,
        later=_from(connection, skipped - _ROWS) if skipped else "",
        earlier=_from(connection, skipped + _ROWS) if len(found) > _ROWS else "",
    )


def _from(connection: str, skipped: int) -> str:
    return f"/history?connection={connection}&from={max(skipped, 0)}"
