"""The listings at a glance, and whether each is published."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Query
from fastapi.responses import Response

from rentalsync_pipeline.bridge.pages import after
from rentalsync_pipeline.bridge.pages.finding import ONLY, Search
from rentalsync_pipeline.bridge.pages.frame import ByAdmin, ByOperator, Reading
from rentalsync_pipeline.bridge.pages.words import standing_of_listing
from rentalsync_pipeline.bridge.schemas import ListingId
from rentalsync_pipeline.operations.asking import LISTING, ask_sync
from rentalsync_pipeline.operations.configuring.configure import change_listing
from rentalsync_pipeline.operations.watching.catalogue import catalogue, find_unit

router = APIRouter()

ROWS = 50
"""Listings on one page."""


@router.get("/listings")
def show(page: Reading, asked: Annotated[Search, Query()]) -> Response:
    """All, or those that were asked for."""
    found = asked.pick(catalogue(page.here.control, page.here.now()))
    return page.show(
        "listings.html",
        asked=asked,
        only=[(each, words) for each, (words, _) in ONLY.items()],
        units=[(unit, standing_of_listing(unit)) for unit in asked.of(found, ROWS)],
        count=len(found),
        around=asked.around("/listings", len(found), ROWS),
    )


@router.post("/listings/{id}/enable")
def enable(page: ByAdmin, number: ListingId, enabled: Annotated[bool, Form()]) -> Response:
    """Publish its calendars, or take them away."""
    here = page.here
    unit = find_unit(here.control, number, here.now())
    changes: dict[str, Any] = {"enabled": enabled}
    change_listing(
        here.control, unit.listing.slug, changes, page.by, here.now(), limit=here.settings.max_listings
    )
    said = "will be published" if enabled else "will not be published any more"
    return after.changed(page, f"/listings/{number}", f"{unit.listing.name} {said}.", unit.listing.slug)


@router.post("/listings/{id}/sync")
def sync(page: ByOperator, number: ListingId) -> Response:
    """Ask its channels now."""
    control, now = page.here.control, page.here.now()
    unit = find_unit(control, number, now)
    ask_sync(control, LISTING, unit.listing.slug, page.by, now)
    return page.go(f"/listings/{number}", f"The channels of {unit.listing.name} are asked within seconds.")
