"""The bodies of the integrations, each with its example.

Belongs here: form alone; the names are those of the *Integrations* contract. Does not: what fills them
(`integrations`). No body that goes out has a place for a credential or for the address of a calendar.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import Path
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from rentalsync_pipeline.bridge.schemas import shown, taken
from rentalsync_pipeline.operations.looking.sync_log import Outcome
from rentalsync_pipeline.operations.watching.integrations import State

_ALSO = {"bookingcom": "booking_com"}
"""What the contract calls some channels in its paths."""

ChannelName = Annotated[
    str,
    Path(
        alias="type", description="A channel, as in the YAML; `bookingcom` is `booking_com`.", max_length=64
    ),
    AfterValidator(lambda name: _ALSO.get(name, name)),
]
_CAMEL = ConfigDict(alias_generator=to_camel)
_FILLED = ConfigDict(alias_generator=to_camel, validate_by_name=True)
"""Bodies that go out are filled by our names."""

_SYNCED = {
    "runId": "0b9c3f6e-6f2e-4c53-a4f5-4f3c8ad1b7c2",
    "askedBy": "the sensor `due`",
    "startedAt": "2026-11-20T08:15:00Z",
    "completedAt": "2026-11-20T08:15:01Z",
    "status": "success",
    "bookingsCreated": 2,
    "bookingsUpdated": 1,
    "errors": [],
}
_INTEGRATION: dict[str, Any] = {
    "type": "hospitable",
    "name": "Hospitable",
    "status": "connected",
    "isActive": True,
    "webhookUrl": "https://calendars.example.com/api/integrations/hospitable/webhook",
    "connections": ["hospitable"],
    "lastSyncAt": "2026-11-20T08:15:01Z",
    "lastSyncStatus": "success",
    "lastError": None,
    "syncHistory": [_SYNCED],
}
_DETAIL = {
    **_INTEGRATION,
    "hasMore": False,
    "credentials": [{"apiKey": "token"}],
    "propertyMapping": {"550e8400-e29b-41d4-a716-446655440000": "downtown-loft"},
    "note": None,
}
_TESTED = {"connection": "hospitable", "success": True, "message": "", "latencyMs": 412}


class SyncedSchema(BaseModel):
    """One sync. `runId` is the run in Dagster; `errors` say of which connection, and what to do."""

    model_config = shown(_SYNCED) | _FILLED

    run_id: str
    asked_by: str | None
    started_at: datetime
    completed_at: datetime
    status: Outcome
    bookings_created: int
    bookings_updated: int
    errors: list[str]


class IntegrationSchema(BaseModel):
    """A channel with all its connections. `lastError` is what is wrong with their last answers."""

    model_config = shown(_INTEGRATION) | _FILLED

    type: str
    name: str
    status: State
    is_active: bool
    webhook_url: str | None
    connections: list[str]
    last_sync_at: datetime | None
    last_sync_status: Outcome | None
    last_error: str | None
    sync_history: list[SyncedSchema]


class IntegrationDetail(IntegrationSchema):
    """One channel, with a page of its history.

    `credentials` are the forms that it takes them in: what `apiKey` and `apiSecret` are called there.
    `propertyMapping` goes from ids there, of calendars from the ids of their connections, to slugs. `note`
    says what is still to be done before anything can be asked.
    """

    model_config = shown(_DETAIL) | _FILLED

    has_more: bool
    credentials: list[dict[str, str]]
    property_mapping: dict[str, str]
    note: str | None


class Integrations(BaseModel):
    """All channels."""

    model_config = shown({"integrations": [_INTEGRATION], "total": 1}) | _FILLED

    integrations: list[IntegrationSchema]
    total: int


class IntegrationInput(BaseModel):
    """What is to change: what is left out stays, null takes it away. Credentials never come out."""

    model_config = (
        taken(
            {
                "apiKey": "your-airbnb-api-key",
                "apiSecret": "your-airbnb-secret",
                "webhookUrl": "https://your-domain.com/api/integrations/airbnb/webhook",
                "isActive": True,
            }
        )
        | _CAMEL
    )

    api_key: str | None = Field(default=None, min_length=1, max_length=2000)
    api_secret: str | None = Field(default=None, min_length=1, max_length=2000)
    webhook_url: str | None = Field(default=None, max_length=2000)
    is_active: bool | None = None


class SyncInput(BaseModel):
    """Ids there and the slugs, or numbers, of listings here; what is not named stays as it is."""

    model_config = (
        taken(
            {
                "propertyMapping": {
                    "airbnb-listing-12345": "local-property-uuid-1",
                    "airbnb-listing-67890": "local-property-uuid-2",
                }
            }
        )
        | _CAMEL
    )

    property_mapping: dict[str, str] = Field(default_factory=dict, max_length=10_000)


class SyncAsked(BaseModel):
    """A sync that the daemon starts; its run in Dagster bears who asked."""

    model_config = (
        shown({"message": "Sync triggered for Airbnb", "requestId": 7, "syncStatus": "in_progress"}) | _FILLED
    )

    message: str
    request_id: int
    sync_status: str = "in_progress"


class TestedConnection(BaseModel):
    """What came of asking one connection now."""

    model_config = shown(_TESTED) | _FILLED

    connection: str
    success: bool
    message: str
    latency_ms: int


class TestedIntegration(BaseModel):
    """What came of asking all connections at once; `latencyMs` is that of the slowest."""

    model_config = (
        shown({"success": True, "message": "", "latencyMs": 412, "connections": [_TESTED]}) | _FILLED
    )

    success: bool
    message: str
    latency_ms: int | None
    connections: list[TestedConnection]
