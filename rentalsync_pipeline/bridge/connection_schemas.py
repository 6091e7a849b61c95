"""The bodies of the channel connections, each with its example.

Belongs here: form alone; the names are the keys of `connections:` in the YAML. Does not: what fills them
(`channel_connections`). No body that goes out has a place for a URL or a credential.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import Path
from pydantic import BaseModel, Field

from rentalsync_pipeline.bridge.schemas import shown, taken
from rentalsync_pipeline.operations.looking.sync_log import Outcome
from rentalsync_pipeline.operations.watching.status import Freshness

ConnectionId = Annotated[str, Path(alias="id", description="The id of the connection, as in the YAML.")]

_ABSENCE = {"misses": 2, "minutes": 30, "quarantine_hours": 24}
_CONNECTION: dict[str, Any] = {
    "id": "downtown-loft-airbnb",
    "channel": "airbnb",
    "host": "www.airbnb.com",
    "listing": "downtown-loft",
    "listings": {},
    "base_url": None,
    "interval": "15m",
    "absence": _ABSENCE,
    "imports": "auto",
    "end_is_last_night": False,
    "enabled": True,
    "acknowledge": False,
    "freshness": "ok",
    "trouble": None,
    "last_ok_at": "2026-11-20T08:15:00Z",
    "last_attempt_at": "2026-11-20T08:15:00Z",
    "next_due_at": "2026-11-20T08:30:00Z",
}
_NEW = {
    "id": "downtown-loft-airbnb",
    "channel": "airbnb",
    "listing": "downtown-loft",
    "url": "https://www.airbnb.com/calendar/ical/12345.ics?s=secret",
}
_UNIT = {"id": "203249", "name": "Downtown Loft"}
_TESTED: dict[str, Any] = {
    "ok": True,
    "message": "",
    "host": "www.airbnb.com",
    "latency_ms": 412,
    "events": 3,
    "units": [],
    "unmapped": [],
    "unknown": [],
    "missing_scopes": [],
}
_LOGGED: dict[str, Any] = {
    "run_id": "0b9c3f6e-6f2e-4c53-a4f5-4f3c8ad1b7c2",
    "started_at": "2026-11-20T08:15:00Z",
    "ended_at": "2026-11-20T08:15:01Z",
    "status": "success",
    "fetched": 3,
    "created": 1,
    "updated": 0,
    "cancelled": 0,
    "unchanged": 2,
    "rejected": 0,
    "quarantined": False,
    "error": None,
}


class AbsenceSchema(BaseModel):
    """When what vanished counts as gone."""

    model_config = shown(_ABSENCE)

    misses: int
    minutes: int
    quarantine_hours: int


class ConnectionSchema(BaseModel):
    """A connection. Of where it points nothing is shown but the host; of its credentials nothing.

    `trouble` is what is wrong with its last answer and what to do; `last_ok_at` the last good answer.
    """

    model_config = shown(_CONNECTION)

    id: str
    channel: str
    host: str
    listing: str | None
    listings: dict[str, str]
    base_url: str | None
    interval: str
    absence: AbsenceSchema
    imports: str | list[str]
    end_is_last_night: bool
    enabled: bool
    acknowledge: bool
    freshness: Freshness
    trouble: str | None
    last_ok_at: datetime | None
    last_attempt_at: datetime | None
    next_due_at: datetime | None


class AbsenceInput(BaseModel):
    """When what vanished is to count as gone; what is left out has its default."""

    model_config = taken(_ABSENCE)

    misses: int = 2
    minutes: int = 30
    quarantine_hours: int = 24


class ConnectionChange(BaseModel):
    """What is to change; a key that is given replaces all of its own, what is left out stays.

    A calendar has `url` and `listing`, an account `credentials` and `listings`. Secrets never come out.
    """

    model_config = taken({"enabled": True, "interval": "30m"})

    listing: str | None = Field(default=None, max_length=64)
    url: str | None = Field(default=None, max_length=2000)
    credentials: dict[str, str] | None = Field(default=None, max_length=20)
    listings: dict[str, str] = Field(default_factory=dict, max_length=10_000)
    interval: str | None = Field(default=None, max_length=20)
    absence: AbsenceInput = AbsenceInput()
    imports: str | list[str] = "auto"
    end_is_last_night: bool = False
    enabled: bool = True
    acknowledge: bool = False
    webhook_secret: str | None = Field(default=None, max_length=500)


class NewConnection(ConnectionChange):
    """A connection that is to be."""

    model_config = taken(_NEW)

    id: str = Field(max_length=64)
    channel: str = Field(max_length=64)


class Connections(BaseModel):
    """All connections."""

    model_config = shown({"connections": [_CONNECTION], "total": 1})

    connections: list[ConnectionSchema]
    total: int


class UnitSchema(BaseModel):
    """A room or property of an account."""

    model_config = shown(_UNIT)

    id: str
    name: str


class Tested(BaseModel):
    """What came of asking now. `events` are those of a calendar, `units` those of an account.

    `unmapped` units have no listing; `unknown` ids are mapped, but the account does not have them;
    `missing_scopes` are what its credentials do not allow.
    """

    model_config = shown(_TESTED)

    ok: bool
    message: str
    host: str
    latency_ms: int
    events: int | None
    units: list[UnitSchema]
    unmapped: list[UnitSchema]
    unknown: list[str]
    missing_scopes: list[str]


class LoggedSchema(BaseModel):
    """What came of asking once. `run_id` is the run in Dagster.

    `partial`: some events could not be read (`rejected`), or the answer as a whole is doubted (`quarantined`)
    and takes nothing away.
    """

    model_config = shown(_LOGGED)

    run_id: str
    started_at: datetime
    ended_at: datetime
    status: Outcome
    fetched: int
    created: int
    updated: int
    cancelled: int
    unchanged: int
    rejected: int
    quarantined: bool
    error: str | None


class SyncLogs(BaseModel):
    """A page of the log; `has_more` where there are older ones."""

    model_config = shown({"sync_logs": [_LOGGED], "has_more": False})

    sync_logs: list[LoggedSchema]
    has_more: bool
