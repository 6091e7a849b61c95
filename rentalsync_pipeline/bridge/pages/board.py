"""The occupancy board: listings by nights."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BeforeValidator

from rentalsync_pipeline.bridge.pages import nights
from rentalsync_pipeline.bridge.pages.finding import ONLY, Search
from rentalsync_pipeline.bridge.pages.frame import Reading
from rentalsync_pipeline.bridge.pages.words import standing_of_listing
from rentalsync_pipeline.operations.looking.board import Board, board
from rentalsync_pipeline.operations.watching.catalogue import Unit, catalogue

router = APIRouter()

NIGHTS = 60
"""That are shown."""
_STEP = timedelta(days=30)
LANES = 25
"""Listings on one page."""
_FAR = 3650
"""Days around now within which a board may start."""


class BoardSearch(Search):
    """A search of listings, and the first night that is shown."""

    start: Annotated[date | None, BeforeValidator(lambda given: given or None)] = None


@dataclass(frozen=True, slots=True)
class Lane:
    """A listing and its nights; `today` is by its own clock."""

    unit: Unit
    standing: tuple[str, str]
    today: date
    cells: tuple[nights.Cell, ...]


@router.get("/board")
def show(page: Reading, asked: Annotated[BoardSearch, Query()]) -> Response:
    """Who holds which nights."""
    control, now = page.here.control, page.here.now()
    first = _near(asked.start or now.date(), now.date())
    shown = nights.days(first, NIGHTS)
    found = asked.pick(catalogue(control, now))
    some = asked.of(found, LANES)
    held = board(control.home, [unit.listing.slug for unit in some], first, NIGHTS)
    return page.show(
        "board.html",
        asked=asked,
        only=[(each, words) for each, (words, _) in ONLY.items()],
        days=shown,
        months=[(month, len(list(of))) for month, of in groupby(shown, lambda day: f"{day:%B %Y}")],
        lanes=[_lane(unit, held, shown, now) for unit in some],
        legend=nights.legend(night for each in held.values() for night in each.values()),
        count=len(found),
        around=asked.around("/board", len(found), LANES),
        earlier=asked.to("/board", start=first - _STEP),
        later=asked.to("/board", start=first + _STEP),
    )


def _lane(unit: Unit, held: Board, shown: list[date], now: datetime) -> Lane:
    slug = unit.listing.slug
    today = now.astimezone(ZoneInfo(unit.listing.timezone)).date()
    return Lane(unit, standing_of_listing(unit), today, tuple(nights.cells(slug, held.get(slug, {}), shown)))


def _near(start: date, today: date) -> date:
    """A start that can be shown, whatever was asked for."""
    return today + timedelta(days=max(-_FAR, min(_FAR, (start - today).days)))
