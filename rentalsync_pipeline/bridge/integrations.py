"""`/api/integrations`: each channel as a whole, for an integrations page.

Belongs here: these routes. Does not: who is let in (`jwts`), the form of bodies (`integration_schemas`),
connections one by one (`channel_connections`).
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from rentalsync_pipeline.bridge.context import Bridge, Here
from rentalsync_pipeline.bridge.errors import Refused, responses
from rentalsync_pipeline.bridge.integration_schemas import (
    ChannelName,
    IntegrationDetail,
    IntegrationInput,
    Integrations,
    IntegrationSchema,
    SyncAsked,
    SyncedSchema,
    SyncInput,
    TestedConnection,
    TestedIntegration,
)
from rentalsync_pipeline.bridge.jwts import Integrator, Onlooker
from rentalsync_pipeline.core.secret import Secret
from rentalsync_pipeline.operations.configuring.integrations import Told, UnfitError, configure, forms_of
from rentalsync_pipeline.operations.configuring.probing import Probe, probe
from rentalsync_pipeline.operations.configuring.properties import map_and_sync
from rentalsync_pipeline.operations.looking.sync_history import Synced, sync_history
from rentalsync_pipeline.operations.watching.integrations import (
    Integration,
    State,
    find_integration,
    integrations,
)

router = APIRouter(
    prefix="/api/integrations", tags=["Integrations"], responses=responses(401, 403, 422, 429, 503)
)
Which = Annotated[
    str | None, Query(description="One connection of the channel, instead of all.", max_length=64)
]
_RECENT = 5
"""Syncs that the overview shows of each channel."""


@router.get("/status")
def integration_status(here: Here, _caller: Onlooker) -> Integrations:
    """All channels, configured or not."""
    found = integrations(here.control, here.now())
    histories = sync_history(here.control.home, [each.channel for each in found], _RECENT)
    shown = [IntegrationSchema(**_fields(each, histories[each.channel])) for each in found]
    return Integrations(integrations=shown, total=len(shown))


@router.get("/{type}", responses=responses(404))
def get_integration(
    channel: ChannelName,
    here: Here,
    _caller: Onlooker,
    connection: Which = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> IntegrationDetail:
    """One channel, with the history of its syncs, the newest first."""
    return _detail(here, channel, connection, limit, offset)


@router.post("/{type}/configure", responses=responses(400, 404, 409))
def configure_integration(
    channel: ChannelName,
    body: IntegrationInput,
    here: Here,
    caller: Integrator,
    connection: Which = None,
) -> IntegrationDetail:
    """Set credentials, webhook URL, and whether it is asked; an account becomes a connection by them.

    Nights of what is not active any more stay until another source shows them, or a person frees them.
    """
    configure(here.control, channel, _told(body), caller.who, here.now(), connection)
    here.shelf.forget()
    return _detail(here, channel, connection)


@router.post("/{type}/test", responses=responses(404))
def ask_integration(
    channel: ChannelName, here: Here, _caller: Integrator, connection: Which = None
) -> TestedIntegration:
    """Ask the channel now, and say what it answered. Changes nothing."""
    found = find_integration(here.control, channel, here.now(), connection)
    if found.state is State.NOT_CONFIGURED:
        raise Refused(404, "Integration not configured")
    names = [each.connection.id for each in found.links]
    asked = [_tested(each) for each in probe(here.control, names, here.now)]
    failed = [each for each in asked if not each.success]
    said = "; ".join(f"{each.connection}: {each.message}" for each in failed)
    return TestedIntegration(
        success=bool(asked) and not failed,
        message=said if asked else found.note or "",
        latency_ms=max((each.latency_ms for each in asked), default=None),
        connections=asked,
    )


@router.post("/{type}/sync", status_code=202, responses=responses(400, 404, 409))
def sync_integration(
    channel: ChannelName,
    here: Here,
    caller: Integrator,
    body: SyncInput | None = None,
    connection: Which = None,
) -> SyncAsked:
    """Have the channel synced now, by the daemon; a mapping that comes along is kept first."""
    mapping = body.property_mapping if body else {}
    request = map_and_sync(here.control, channel, mapping, caller.who, here.now(), connection)
    here.shelf.forget()
    title = find_integration(here.control, channel, here.now()).title
    return SyncAsked(message=f"Sync triggered for {title}", request_id=request)


def _told(body: IntegrationInput) -> Told:
    """What stands in a body; null takes away what there was."""
    if body.api_secret and not body.api_key:
        raise UnfitError("an apiSecret without its apiKey", "give both")
    given = tuple(Secret(each) for each in (body.api_key, body.api_secret) if each)
    return Told(
        credentials=given if body.model_fields_set & {"api_key", "api_secret"} else None,
        webhook_url=(body.webhook_url or "") if "webhook_url" in body.model_fields_set else None,
        active=body.is_active,
    )


def _detail(
    here: Bridge, channel: str, connection: str | None, limit: int = 50, offset: int = 0
) -> IntegrationDetail:
    found = find_integration(here.control, channel, here.now(), connection)
    history = sync_history(here.control.home, [channel], limit + 1, offset, connection)[channel]
    return IntegrationDetail(
        **_fields(found, history[:limit]),
        has_more=len(history) > limit,
        credentials=forms_of(channel),
        property_mapping=dict(found.mapping),
        note=found.note,
    )


def _fields(its: Integration, history: list[Synced]) -> dict[str, Any]:
    return {
        "type": its.channel,
        "name": its.title,
        "status": its.state,
        "is_active": its.is_active,
        "webhook_url": its.webhook_url,
        "connections": [each.connection.id for each in its.links],
        "last_sync_at": its.last_sync,
        "last_sync_status": its.last_outcome,
        "last_error": its.trouble,
        "sync_history": [_synced(each) for each in history],
    }


def _synced(its: Synced) -> SyncedSchema:
    return SyncedSchema(
        run_id=its.run_id,
        asked_by=its.asked_by,
        started_at=its.started,
        completed_at=its.ended,
        status=its.outcome,
        bookings_created=its.created,
        bookings_updated=its.updated,
        errors=list(its.errors),
    )


def _tested(found: Probe) -> TestedConnection:
    return TestedConnection(
        connection=found.connection,
        success=found.is_well,
        message=_said(found),
        latency_ms=round(found.seconds * 1000),
    )


def _said(found: Probe) -> str:
    """What is wrong with an answer; empty where nothing is."""
    if found.failure:
        return found.failure.message
    missing = [scope.name for scope in found.scopes if not scope.granted]
    said = {"mapped, but not in the account": found.unknown, "not allowed by its credentials": missing}
    return "; ".join(f"{what}: {', '.join(names)}" for what, names in said.items() if names)
