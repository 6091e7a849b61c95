"""The versions of a listing's calendars, and publishing an earlier one again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import Response

from rentalsync_pipeline.bridge.pages import after
from rentalsync_pipeline.bridge.pages.frame import ByAdmin, Changing, Reading
from rentalsync_pipeline.bridge.schemas import ListingId
from rentalsync_pipeline.core.portfolio import OWNER
from rentalsync_pipeline.operations.deciding import rollbacks
from rentalsync_pipeline.operations.looking.versions import versions
from rentalsync_pipeline.operations.watching.catalogue import find_unit

router = APIRouter()

Audience = Annotated[str, Query(max_length=64)]
GivenAudience = Annotated[str, Form(max_length=64)]
_MOST = 50
"""Versions that are shown, the newest first."""


@router.get("/listings/{id}/versions")
def show(page: Reading, number: ListingId, audience: Audience = OWNER) -> Response:
    """How long each version of one of its calendars stood."""
    control, now = page.here.control, page.here.now()
    unit = find_unit(control, number, now)
    found = versions(control, unit.listing.slug)
    return page.show(
        "versions.html",
        unit=unit,
        audience=audience,
        audiences=list(dict.fromkeys(each.audience for each in found)),
        versions=[each for each in reversed(found) if each.audience == audience][:_MOST],
        rolled_back=[
            each for each in rollbacks.standing(control, unit.listing.slug) if each.audience == audience
        ],
    )


@router.get("/listings/{id}/rollback")
def preview(page: Changing, number: ListingId, audience: Audience, version: int) -> Response:
    """What publishing that version again would do."""
    control, now = page.here.control, page.here.now()
    unit = find_unit(control, number, now)
    (planned,) = rollbacks.preview(control, unit.listing.slug, audience, version, now)
    return page.show("rollback.html", unit=unit, planned=planned)


@router.post("/listings/{id}/rollback")
def roll_back(
    page: ByAdmin,
    number: ListingId,
    audience: GivenAudience,
    version: Annotated[int, Form()],
    free_nights: Annotated[bool, Form()] = False,
) -> Response:
    """Publish that version again, until somebody ends it."""
    control, now = page.here.control, page.here.now()
    unit = find_unit(control, number, now)
    rollbacks.roll_back(
        control,
        unit.listing.slug,
        audience,
        version,
        free_nights=free_nights,
        asked_by=page.by,
        now=now,
    )
    said = f"The calendar `{audience}` goes back to version {version}."
    return after.asked(page, f"/listings/{number}", said)


@router.post("/listings/{id}/rollback/end")
def end(page: ByAdmin, number: ListingId, audience: GivenAudience) -> Response:
    """Publish what is true again."""
    control, now = page.here.control, page.here.now()
    unit = find_unit(control, number, now)
    rollbacks.end(control, unit.listing.slug, audience, page.by, now)
    return after.asked(page, f"/listings/{number}", f"The calendar `{audience}` shows what is true again.")
