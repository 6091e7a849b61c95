"""`/api/listings/{id}/custom-fields`: what the owner's calendar says of a guest."""

from __future__ import annotations

from collections import Counter
from typing import Any

from fastapi import APIRouter

from rentalsync_pipeline.bridge.auth import Admin, Reader
from rentalsync_pipeline.bridge.context import Bridge, Here
from rentalsync_pipeline.bridge.errors import Refused, responses
from rentalsync_pipeline.bridge.schemas import (
    AvailableField,
    CustomFieldInput,
    CustomFields,
    CustomFieldSchema,
    CustomFieldsInput,
    CustomFieldsUpdated,
    ListingId,
)
from rentalsync_pipeline.bridge.units import listing_of, unit_of
from rentalsync_pipeline.calendars.fields import label
from rentalsync_pipeline.control.written import forms
from rentalsync_pipeline.core.portfolio import Listing
from rentalsync_pipeline.operations.configuring.configure import change_listing
from rentalsync_pipeline.operations.looking.fields import choices

router = APIRouter(
    prefix="/api/listings/{id}/custom-fields",
    tags=["Custom Fields Management"],
    responses=responses(400, 401, 403, 404, 422, 429),
)


@router.get("")
def get_custom_fields(number: ListingId, here: Here, _caller: Reader) -> CustomFields:
    """The lines of a listing, and which there could be."""
    listing = unit_of(here, number).listing
    available = [
        AvailableField(field_name=each.name, display_label=each.label, description=each.about)
        for each in choices(here.control, listing)
    ]
    return CustomFields(custom_fields=schemas(listing), available_fields=available)


@router.put("")
def put_custom_fields(
    number: ListingId, body: CustomFieldsInput, here: Here, caller: Admin
) -> CustomFieldsUpdated:
    """Put lines in the place of all that there are."""
    listing = listing_of(here, number, caller).listing
    rows = as_rows(here, listing, body.custom_fields)
    change_listing(here.control, listing.slug, {"fields": rows}, caller.who, here.now())
    return CustomFieldsUpdated(
        message="Custom fields updated successfully", custom_fields_count=len(body.custom_fields)
    )


def schemas(listing: Listing) -> list[CustomFieldSchema]:
    """The lines of a listing as the contract shows them."""
    return [
        CustomFieldSchema(
            id=place + 1,
            field_name=field.name,
            display_label=label(field),
            enabled=field.enabled,
            sort_order=place,
        )
        for place, field in enumerate(listing.fields)
    ]


def as_rows(here: Bridge, listing: Listing, asked: list[CustomFieldInput]) -> list[Any]:
    """The lines as the configuration keeps them; refuses what is no field, or stands there twice."""
    known = {choice.name for choice in choices(here.control, listing)}
    for name, count in Counter(field.field_name for field in asked).items():
        if name not in known:
            raise Refused(400, f"Unknown field '{name}'", "see available_fields")
        if count > 1:
            raise Refused(400, f"Field '{name}' is there {count} times")
    ordered = sorted(asked, key=lambda field: field.sort_order)
    return [[field.field_name, _label(field.display_label), field.enabled] for field in ordered]


def _label(given: str) -> str:
    """A label: on one line, or a line of the calendar could say that it is another."""
    return forms.text(given) if given else given
