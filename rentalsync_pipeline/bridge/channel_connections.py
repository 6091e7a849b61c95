"""`/api/v1/channel-connections`: the links to channels, for users with a JWT. Off unless switched on.

Belongs here: these routes. Does not: who is let in (`jwts`), the form of bodies (`connection_schemas`).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from rentalsync_pipeline.bridge.connection_schemas import (
    AbsenceSchema,
    ConnectionChange,
    ConnectionId,
    Connections,
    ConnectionSchema,
    LoggedSchema,
    NewConnection,
    SyncLogs,
    Tested,
    UnitSchema,
)
from rentalsync_pipeline.bridge.context import Bridge, Here
from rentalsync_pipeline.bridge.errors import Refused, responses
from rentalsync_pipeline.bridge.jwts import AdminUser, OperatingUser, ReadingUser
from rentalsync_pipeline.bridge.schemas import SyncTriggered
from rentalsync_pipeline.channels.units import Unit
from rentalsync_pipeline.core.portfolio import AbsencePolicy
from rentalsync_pipeline.operations.asking import CONNECTION, ask_sync
from rentalsync_pipeline.operations.configuring.configure_connections import (
    add_connection,
    change_connection,
    remove_connection,
)
from rentalsync_pipeline.operations.configuring.probing import probe
from rentalsync_pipeline.operations.looking.sync_log import Logged, sync_log
from rentalsync_pipeline.operations.watching.connections import Link, find_link, links

router = APIRouter(
    prefix="/api/v1/channel-connections",
    tags=["Channel Connections"],
    responses=responses(401, 403, 422, 429, 503),
)


@router.get("")
def list_connections(here: Here, _user: ReadingUser) -> Connections:
    """All connections."""
    found = [_schema(link) for link in links(here.control, here.now())]
    return Connections(connections=found, total=len(found))


@router.get("/{id}", responses=responses(404))
def get_connection(name: ConnectionId, here: Here, _user: ReadingUser) -> ConnectionSchema:
    """One connection."""
    return _schema(find_link(here.control, name, here.now()))


@router.post("", status_code=201, responses=responses(400, 409))
def create_connection(body: NewConnection, here: Here, user: AdminUser) -> ConnectionSchema:
    """Add a connection; the next sync asks it."""
    add_connection(here.control, body.id, body.model_dump(exclude_unset=True), user.who, here.now())
    return _changed(here, body.id)


@router.put("/{id}", responses=responses(400, 404))
def update_connection(
    name: ConnectionId, body: ConnectionChange, here: Here, user: AdminUser
) -> ConnectionSchema:
    """Change a connection. One that is not enabled is not asked; its nights stay as they are."""
    change_connection(here.control, name, body.model_dump(exclude_unset=True), user.who, here.now())
    return _changed(here, name)


@router.delete("/{id}", status_code=204, responses=responses(404, 409))
def delete_connection(name: ConnectionId, here: Here, user: AdminUser) -> None:
    """Take a connection away. Its nights stay until another source shows them, or a person frees them."""
    remove_connection(here.control, name, user.who, here.now())
    here.shelf.forget()


@router.post("/{id}/test", responses=responses(404))
def ask_connection(name: ConnectionId, here: Here, _user: OperatingUser) -> Tested:
    """Ask the channel now, and say what it answered. Changes nothing."""
    find_link(here.control, name, here.now())
    (found,) = probe(here.control, {name}, here.now)
    return Tested(
        ok=found.is_well,
        message=found.failure.message if found.failure else "",
        host=found.host,
        latency_ms=round(found.seconds * 1000),
        events=found.events,
        units=[_unit(each) for each in found.units],
        unmapped=[_unit(each) for each in found.unmapped],
        unknown=list(found.unknown),
        missing_scopes=[scope.name for scope in found.scopes if not scope.granted],
    )


@router.post("/{id}/sync", status_code=202, responses=responses(404))
def sync_connection(name: ConnectionId, here: Here, user: OperatingUser) -> SyncTriggered:
    """Have the connection synced now, by the daemon."""
    if not find_link(here.control, name, here.now()).connection.enabled:
        raise Refused(404, "Connection not enabled")
    ask_sync(here.control, CONNECTION, name, user.who, here.now())
    return SyncTriggered(message=f"Sync triggered for connection '{name}'")


@router.get("/{id}/sync-logs", responses=responses(404))
def list_sync_logs(
    name: ConnectionId,
    here: Here,
    _user: ReadingUser,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> SyncLogs:
    """What came of asking it, the newest first."""
    find_link(here.control, name, here.now())
    found = sync_log(here.control.home, name, limit + 1, offset)
    return SyncLogs(sync_logs=[_log_entry(each) for each in found[:limit]], has_more=len(found) > limit)


def _changed(here: Bridge, name: str) -> ConnectionSchema:
    here.shelf.forget()
    return _schema(find_link(here.control, name, here.now()))


def _schema(link: Link) -> ConnectionSchema:
    its, status = link.connection, link.status
    return ConnectionSchema(
        id=its.id,
        channel=its.channel,
        host=its.host,
        listing=its.listing,
        listings=dict(its.listings),
        base_url=its.base_url,
        interval=duration(its.interval),
        absence=_absence(its.absence),
        imports=its.imports if isinstance(its.imports, str) else list(its.imports),
        end_is_last_night=its.end_is_last_night,
        enabled=its.enabled,
        acknowledge=its.acknowledge,
        freshness=status.freshness,
        trouble=status.message or None,
        last_ok_at=status.last_ok,
        last_attempt_at=status.last_attempt,
        next_due_at=status.next_due,
    )


def _absence(policy: AbsencePolicy) -> AbsenceSchema:
    return AbsenceSchema(
        misses=policy.misses,
        minutes=policy.wait // timedelta(minutes=1),
        quarantine_hours=policy.quarantine // timedelta(hours=1),
    )


def duration(span: timedelta) -> str:
    """As the YAML writes it."""
    minutes, rest = divmod(span, timedelta(minutes=1))
    return f"{span // timedelta(seconds=1)}s" if rest else f"{minutes}m"


def _unit(unit: Unit) -> UnitSchema:
    return UnitSchema(id=unit.id, name=unit.name)


def _log_entry(logged: Logged) -> LoggedSchema:
    return LoggedSchema(
        run_id=logged.run_id,
        started_at=logged.started,
        ended_at=logged.ended,
        status=logged.outcome,
        fetched=logged.fetched,
        created=logged.created,
        updated=logged.updated,
        cancelled=logged.cancelled,
        unchanged=logged.unchanged,
        rejected=logged.rejected,
        quarantined=logged.is_quarantined,
        error=logged.error,
    )
