"""One listing: its calendars and their addresses, the lines of its owner's calendar, what changed lately."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from rentalsync_pipeline.bridge.pages import after
from rentalsync_pipeline.bridge.pages.frame import ByAdmin, Reading
from rentalsync_pipeline.bridge.pages.words import standing_of
from rentalsync_pipeline.bridge.schemas import ListingId
from rentalsync_pipeline.calendars.fields import label
from rentalsync_pipeline.operations.deciding import last_words, rollbacks
from rentalsync_pipeline.operations.looking.fields import choices
from rentalsync_pipeline.operations.looking.history import changes
from rentalsync_pipeline.operations.looking.listings import listings
from rentalsync_pipeline.operations.watching.catalogue import find_unit
from rentalsync_pipeline.operations.watching.status import standings

router = APIRouter()

LATELY = timedelta(days=30)
_MOST = 15
"""Changes that are shown."""
OVERLAPS = ((7, "7 days"), (30, "30 days"), (1, "1 day"), (0, "not at all: one got out"))
"""For how many days the old addresses may go on working."""


@router.get("/listings/{id}")
def show(page: Reading, number: ListingId) -> Response:
    """All that can be seen and done about it."""
    control, now = page.here.control, page.here.now()
    unit = find_unit(control, number, now)
    listing = unit.listing
    (its,) = (each for each in listings(control, page.here.feeds) if each.slug == listing.slug)
    shown = {field.name for field in listing.fields}
    offered = [each for each in choices(control, listing) if each.name not in shown]
    return page.show(
        "listing.html",
        unit=unit,
        its=its,
        connections=[
            (each, standing_of(each))
            for each in standings(control, now)
            if each.connection in its.connections
        ],
        overlaps=OVERLAPS,
        labels=[(field, label(field)) for field in listing.fields],
        choices=[("", "–")] + [(each.name, f"{each.label or each.name} – {each.about}") for each in offered],
        changes=changes(control, now - LATELY, listing.slug)[:_MOST],
        lately=LATELY,
        rolled_back=rollbacks.standing(control, listing.slug),
        waiting=last_words.waiting(control, listing.slug),
    )


@router.post("/listings/{id}/rotate")
def rotate(page: ByAdmin, number: ListingId, overlap: Annotated[int, Form(ge=0, le=365)]) -> Response:
    """Give every calendar of it a new address."""
    control, now = page.here.control, page.here.now()
    slug = find_unit(control, number, now).listing.slug
    control.rotate(slug, page.by, now, now + timedelta(days=overlap) if overlap else None)
    said = "The calendars have new addresses: give them to whoever subscribed."
    return after.changed(page, f"/listings/{number}", said, slug)
