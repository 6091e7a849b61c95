"""`/api/integrations/{type}/webhook`: channels call here when something happens. The proof alone lets in.

Belongs here: the route. Does not: whether a proof holds (`channels.wire.proofs`), what follows
(`operations.receiving`). What is answered to a wrong proof says nothing of what there is.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel

from rentalsync_pipeline.bridge.auth import Door, note_failure, refuse_pressed
from rentalsync_pipeline.bridge.context import Here
from rentalsync_pipeline.bridge.errors import Refused, responses
from rentalsync_pipeline.bridge.integration_schemas import ChannelName
from rentalsync_pipeline.bridge.schemas import shown
from rentalsync_pipeline.channels.wire.proofs import Message
from rentalsync_pipeline.operations.receiving import UnprovenError, receive

_ANY_BODY: dict[str, Any] = {
    "requestBody": {
        "description": "Whatever the channel sends. Nothing of it is used but to tell one from another.",
        "content": {"application/json": {"schema": {"example": {"event": "reservation.created"}}}},
    }
}

router = APIRouter(prefix="/api/integrations", tags=["Integrations"])


class Taken(BaseModel):
    """`repeated`: this webhook had been taken in before."""

    model_config = shown({"status": "accepted"})

    status: Literal["accepted", "repeated"]


def _refuse_pressed(request: Request) -> None:
    refuse_pressed(request, Door.WEBHOOKS)


async def _raw_body(request: Request) -> bytes:
    """The bytes as they came: a proof is about these, and no other spelling of the same."""
    return await request.body()


@router.post(
    "/{type}/webhook",
    responses=responses(401, 404, 413, 422, 429),
    openapi_extra=_ANY_BODY,
    dependencies=[Depends(_refuse_pressed)],
)
def receive_webhook(
    channel: ChannelName,
    request: Request,
    here: Here,
    body: Annotated[bytes, Depends(_raw_body)],
    connection: Annotated[str | None, Query(max_length=64, description="The id of the connection.")] = None,
    key: Annotated[str, Query(max_length=500, description="The secret, where nothing is signed.")] = "",
) -> Taken:
    """Have the connections asked that this is for, within seconds."""
    message = Message(dict(request.headers), body, key)
    try:
        is_new = receive(here.control, channel, connection, message, here.now())
    except UnprovenError:
        note_failure(request, Door.WEBHOOKS)
        raise Refused(401, "Not recognised", "the proof is missing or wrong, or too old") from None
    return Taken(status="accepted" if is_new else "repeated")
