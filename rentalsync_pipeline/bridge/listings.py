"""`/api/listings`: which listings are published, and how."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from rentalsync_pipeline.bridge.auth import Admin, Operator, Reader
from rentalsync_pipeline.bridge.context import Bridge, Here
from rentalsync_pipeline.bridge.custom_fields import as_rows, schemas
from rentalsync_pipeline.bridge.errors import Refused, responses
from rentalsync_pipeline.bridge.schemas import (
    Enabled,
    EnableInput,
    ListingDetail,
    ListingId,
    ListingInput,
    Listings,
    ListingSchema,
    ListingState,
    Rooms,
    SyncTriggered,
    Updated,
)
from rentalsync_pipeline.bridge.units import listing_of, unit_of
from rentalsync_pipeline.calendars.writer import has_rules
from rentalsync_pipeline.core.access import Caller
from rentalsync_pipeline.core.portfolio import Style
from rentalsync_pipeline.operations.asking import LISTING, NobodyLooks, ask_sync
from rentalsync_pipeline.operations.configuring.configure import change_listing
from rentalsync_pipeline.operations.watching.catalogue import Unit, catalogue, find_unit
from rentalsync_pipeline.operations.watching.discovered import discovered

router = APIRouter(
    prefix="/api/listings", tags=["Listing Management"], responses=responses(400, 401, 403, 422, 429)
)


@router.get("")
def list_listings(here: Here, _caller: Reader, enabled: Annotated[bool | None, Query()] = None) -> Listings:
    """All listings, and rooms of accounts that could be some; or those that are enabled or not."""
    units = [*catalogue(here.control, here.now()), *discovered(here.control, here.now())]
    found = [each for each in units if enabled in (None, each.listing.enabled)]
    return Listings(listings=[ListingSchema(**_fields(each)) for each in found], total=len(found))


@router.get("/{id}", responses=responses(404))
def get_listing(number: ListingId, here: Here, _caller: Reader) -> ListingDetail:
    """One listing."""
    unit = unit_of(here, number)
    return ListingDetail(**_fields(unit), custom_fields=schemas(unit.listing))


@router.get("/{id}/rooms", responses=responses(404))
def list_rooms(number: ListingId, here: Here, _caller: Reader) -> Rooms:
    """The listings that are rooms of this one; each has a calendar of its own."""
    units = catalogue(here.control, here.now())
    slugs = unit_of(here, number).listing.rooms
    found = [each for each in units if each.listing.slug in slugs]
    return Rooms(rooms=[ListingSchema(**_fields(each)) for each in found], total=len(found))


@router.post("/{id}/enable", responses=responses(404))
def enable_listing(number: ListingId, body: EnableInput, here: Here, caller: Admin) -> Enabled:
    """Publish a listing, or take its calendars away.

    One that was not published is published with its times of day from then on, as this contract shows it.
    """
    unit = listing_of(here, number, caller)
    changes: dict[str, Any] = {"enabled": body.enabled, "sync": body.sync_enabled}
    if body.enabled and not unit.listing.enabled and has_rules(unit.listing.timezone):
        changes["style"] = str(Style.TIMED)
    if body.custom_fields is not None:
        changes["fields"] = as_rows(here, unit.listing, body.custom_fields)
    unit = _change(here, unit, changes, caller)
    word = "enabled" if body.enabled else "disabled"
    triggered = _triggered(here, unit, caller)
    return Enabled(message=f"Listing {word} successfully", ical_url=unit.url, sync_triggered=triggered)


@router.put("/{id}", responses=responses(404, 409))
def update_listing(number: ListingId, body: ListingInput, here: Here, caller: Admin) -> Updated:
    """Change a listing."""
    unit = listing_of(here, number, caller)
    given = {
        "enabled": body.enabled,
        "sync": body.sync_enabled,
        "timezone": body.timezone,
        "name": body.name,
    }
    changes = {name: value for name, value in given.items() if value is not None}
    unit = _change(here, unit, changes, caller, new_slug=body.ical_url_slug)
    _triggered(here, unit, caller)
    its = unit.listing
    state = ListingState(id=unit.id, enabled=its.enabled, sync_enabled=its.sync, timezone=its.timezone)
    return Updated(message="Listing updated successfully", listing=state)


@router.post("/{id}/sync", status_code=202, responses=responses(404, 503))
def sync_listing(number: ListingId, here: Here, caller: Operator) -> SyncTriggered:
    """Ask the channels of a listing now."""
    units = {unit.id: unit for unit in catalogue(here.control, here.now())}
    if number not in units or not units[number].listing.enabled:
        raise Refused(404, "Listing not found or not enabled")
    its = units[number].listing
    ask_sync(here.control, LISTING, its.slug, caller.who, here.now())
    return SyncTriggered(message=f"Sync triggered for listing '{its.name}'")


def _change(
    here: Bridge, unit: Unit, changes: dict[str, Any], caller: Caller, new_slug: str | None = None
) -> Unit:
    change_listing(
        here.control,
        unit.listing.slug,
        changes,
        caller.who,
        here.now(),
        new_slug=new_slug,
        limit=here.settings.max_listings,
    )
    here.shelf.forget()
    return find_unit(here.control, unit.id, here.now())


def _triggered(here: Bridge, unit: Unit, caller: Caller) -> bool:
    """Ask for the sync that publishes what was changed; False where nothing would start it."""
    try:
        ask_sync(here.control, LISTING, unit.listing.slug, caller.who, here.now())
    except NobodyLooks:
        return False
    return True


def _fields(unit: Unit) -> dict[str, Any]:
    its = unit.listing
    return {
        "id": unit.id,
        "cloudbeds_id": unit.upstream,
        "name": its.name,
        "enabled": its.enabled,
        "ical_url": unit.url,
        "ical_url_slug": its.slug,
        "timezone": its.timezone,
        "sync_enabled": its.sync,
        "last_sync_at": unit.synced,
        "last_sync_error": unit.trouble,
        "bookings_count": unit.bookings,
    }
