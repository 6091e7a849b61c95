"""The bodies of the bridge's contract, each with its example.

Belongs here: form alone; the names are those of the contract. Does not: what fills them (the routers).
What comes in is strict: a key that isn't known, or text where a number belongs, is refused and no guess.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from rentalsync_pipeline.operations.looking.bookings import GuestStatus

ListingId = Annotated[int, Path(alias="id", description="Listing ID")]


def shown(example: dict[str, Any]) -> ConfigDict:
    """A body that goes out, with its example in the documentation."""
    return ConfigDict(json_schema_extra={"example": example})


def taken(example: dict[str, Any]) -> ConfigDict:
    """A body that comes in."""
    return ConfigDict(extra="forbid", strict=True, json_schema_extra={"example": example})


_PHONE = {
    "field_name": "guest_phone_last4",
    "display_label": "Phone (Last 4)",
    "enabled": True,
    "sort_order": 0,
}
_NOTES = {
    "field_name": "booking_notes",
    "display_label": "Special Requests",
    "enabled": True,
    "sort_order": 1,
}
_UNIT: dict[str, Any] = {
    "id": 1,
    "cloudbeds_id": "12345",
    "name": "Downtown Loft",
    "enabled": True,
    "ical_url": "https://homeassistant.local:8099/ical/downtown-loft.ics",
    "ical_url_slug": "downtown-loft",
    "timezone": "America/New_York",
    "sync_enabled": True,
    "last_sync_at": "2025-01-24T12:30:00Z",
    "last_sync_error": None,
    "bookings_count": 45,
}


_STATE = {"id": 1, "enabled": True, "sync_enabled": True, "timezone": "America/New_York"}
_AVAILABLE = {
    "field_name": "guest_phone_last4",
    "display_label": "Phone (Last 4)",
    "description": "Last 4 digits of guest phone number",
}
_BOOKING: dict[str, Any] = {
    "id": 1,
    "cloudbeds_booking_id": "RES123456",
    "guest_name": "John Doe",
    "guest_phone_last4": "5678",
    "check_in_date": "2025-02-01T15:00:00-05:00",
    "check_out_date": "2025-02-05T11:00:00-05:00",
    "status": "confirmed",
    "custom_data": {"booking_notes": "Late arrival expected"},
    "last_fetched_at": "2025-01-24T12:30:00Z",
}


class CustomFieldSchema(BaseModel):
    """A line of the owner's calendar. `id` is its place, counted from 1."""

    model_config = shown({"id": 1, **_PHONE})

    id: int
    field_name: str
    display_label: str
    enabled: bool
    sort_order: int


class CustomFieldInput(BaseModel):
    """A line as it is asked for; an `id` is read over, so that what was answered can be sent back."""

    model_config = taken(_PHONE)

    id: int | None = None
    field_name: str = Field(min_length=1, max_length=100)
    display_label: str = Field(max_length=100)
    enabled: bool = True
    sort_order: int = Field(default=0, ge=0, le=1000)


class ListingSchema(BaseModel):
    """A listing. `ical_url` is null while it is not enabled or no public_url is configured."""

    model_config = shown(_UNIT)

    id: int
    cloudbeds_id: str
    name: str
    enabled: bool
    ical_url: str | None
    ical_url_slug: str
    timezone: str
    sync_enabled: bool
    last_sync_at: datetime | None
    last_sync_error: str | None
    bookings_count: int


class ListingDetail(ListingSchema):
    """A listing with the lines of its owner's calendar."""

    model_config = shown({**_UNIT, "custom_fields": [{"id": 1, **_PHONE}, {"id": 2, **_NOTES}]})

    custom_fields: list[CustomFieldSchema]


class Listings(BaseModel):
    """All listings that were asked for."""

    model_config = shown({"listings": [_UNIT], "total": 1})

    listings: list[ListingSchema]
    total: int


class Rooms(BaseModel):
    """The rooms of a house."""

    model_config = shown({"rooms": [_UNIT], "total": 1})

    rooms: list[ListingSchema]
    total: int


class EnableInput(BaseModel):
    """Whether a listing is published, and what its owner's calendar says."""

    model_config = taken({"enabled": True, "sync_enabled": True, "custom_fields": [_PHONE, _NOTES]})

    enabled: bool = True
    sync_enabled: bool = True
    custom_fields: list[CustomFieldInput] | None = Field(default=None, max_length=100)


class Enabled(BaseModel):
    """`sync_triggered` is false where no daemon would start one."""

    model_config = shown(
        {"message": "Listing enabled successfully", "ical_url": _UNIT["ical_url"], "sync_triggered": True}
    )

    message: str
    ical_url: str | None
    sync_triggered: bool


class ListingInput(BaseModel):
    """What is to change; what is left out stays."""

    model_config = taken({"enabled": True, "sync_enabled": True, "timezone": "America/New_York"})

    enabled: bool | None = None
    sync_enabled: bool | None = None
    timezone: str | None = Field(default=None, max_length=64)
    name: str | None = Field(default=None, max_length=200)
    ical_url_slug: str | None = Field(default=None, max_length=64)


class ListingState(BaseModel):
    """What can be changed of a listing, as it is now."""

    model_config = shown(_STATE)

    id: int
    enabled: bool
    sync_enabled: bool
    timezone: str


class Updated(BaseModel):
    """A listing was changed."""

    model_config = shown({"message": "Listing updated successfully", "listing": _STATE})

    message: str
    listing: ListingState


class SyncTriggered(BaseModel):
    """A sync was asked for; the daemon starts it within seconds."""

    model_config = shown(
        {"message": "Sync triggered for listing 'Downtown Loft'", "sync_status": "in_progress"}
    )

    message: str
    sync_status: Literal["in_progress"] = "in_progress"


class AvailableField(BaseModel):
    """A field that can be shown."""

    model_config = shown(_AVAILABLE)

    field_name: str
    display_label: str
    description: str


class CustomFields(BaseModel):
    """The lines of a listing, and which there could be."""

    model_config = shown({"custom_fields": [{"id": 1, **_PHONE}], "available_fields": [_AVAILABLE]})

    custom_fields: list[CustomFieldSchema]
    available_fields: list[AvailableField]


class CustomFieldsInput(BaseModel):
    """All lines: those that are left out go."""

    model_config = taken({"custom_fields": [_PHONE, {**_NOTES, "display_label": "Notes"}]})

    custom_fields: list[CustomFieldInput] = Field(max_length=100)


class CustomFieldsUpdated(BaseModel):
    """The lines were changed."""

    model_config = shown({"message": "Custom fields updated successfully", "custom_fields_count": 2})

    message: str
    custom_fields_count: int


class BookingSchema(BaseModel):
    """A guest's stay. `cloudbeds_booking_id` is the code that its channel gave it."""

    model_config = shown(_BOOKING)

    id: int
    cloudbeds_booking_id: str
    guest_name: str | None
    guest_phone_last4: str | None
    check_in_date: datetime
    check_out_date: datetime
    status: GuestStatus
    custom_data: dict[str, str]
    last_fetched_at: datetime


class Bookings(BaseModel):
    """The stays that were asked for."""

    model_config = shown({"bookings": [_BOOKING], "total": 1})

    bookings: list[BookingSchema]
    total: int
