"""`/api/status`: how it stands, in a few numbers."""

from __future__ import annotations

from datetime import datetime, timedelta

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from rentalsync_pipeline.bridge.auth import Reader
from rentalsync_pipeline.bridge.context import Here
from rentalsync_pipeline.bridge.errors import responses
from rentalsync_pipeline.operations.configuring.agreeing import consents
from rentalsync_pipeline.operations.watching.overview import overview

router = APIRouter(prefix="/api", tags=["Health & Status"], responses=responses(401, 403, 429))


class StatusSchema(BaseModel):
    """How it stands. `next_sync_at` is `null` where nothing is asked by itself."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "oauth_configured": True,
                "oauth_valid": True,
                "last_global_sync": "2025-01-24T12:30:00Z",
                "listings_enabled": 5,
                "total_bookings_cached": 1234,
                "sync_interval_minutes": 5,
                "next_sync_at": "2025-01-24T12:35:00Z",
            }
        }
    )

    oauth_configured: bool
    oauth_valid: bool
    last_global_sync: datetime | None
    listings_enabled: int
    total_bookings_cached: int
    sync_interval_minutes: int
    next_sync_at: datetime | None


@router.get("/status")
def status(here: Here, _caller: Reader) -> StatusSchema:
    """System status including sync information."""
    found = overview(here.control, here.now())
    accounts = consents(here.control, here.now())
    return StatusSchema(
        oauth_configured=bool(accounts),
        oauth_valid=bool(accounts) and all(account.valid for account in accounts),
        last_global_sync=found.last_sync,
        listings_enabled=found.listings_enabled,
        total_bookings_cached=found.bookings,
        sync_interval_minutes=found.interval // timedelta(minutes=1),
        next_sync_at=found.next_sync,
    )
