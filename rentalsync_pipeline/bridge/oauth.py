"""`/api/oauth`: how an account comes to let us in."""

from __future__ import annotations

import secrets
from datetime import datetime
from html import escape
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, Field

from rentalsync_pipeline.bridge.auth import Admin, Reader
from rentalsync_pipeline.bridge.context import Bridge, Here
from rentalsync_pipeline.bridge.errors import Refused, responses
from rentalsync_pipeline.bridge.expected import Sent
from rentalsync_pipeline.bridge.schemas import shown, taken
from rentalsync_pipeline.channels.wire.response import FetchError
from rentalsync_pipeline.core.secret import Secret
from rentalsync_pipeline.operations.configuring import agreeing
from rentalsync_pipeline.operations.configuring.adopting import adopt

router = APIRouter(
    prefix="/api/oauth", tags=["OAuth Configuration"], responses=responses(400, 401, 403, 404, 422, 429)
)
_ONWARD = '<!doctype html><meta http-equiv="refresh" content="0; url={0}"><a href="{0}">Access granted</a>'
"""A redirect would still count as the vendor's doing, for which a browser sends no cookie of ours."""
Which = Annotated[
    str | None, Query(description="The id of the account, where there are several.", max_length=64)
]


class OAuthStatus(BaseModel):
    """How it stands with the access to an account."""

    model_config = shown(
        {"configured": True, "valid": True, "expires_at": "2025-01-24T18:00:00Z", "client_id": "abc123..."}
    )

    configured: bool
    valid: bool
    expires_at: datetime | None
    client_id: str | None


class Credentials(BaseModel):
    """A client and its secret, or an API key. They go in and never come out."""

    model_config = taken(
        {"client_id": "your_cloudbeds_client_id", "client_secret": "your_cloudbeds_client_secret"}
    )

    client_id: str | None = Field(default=None, min_length=1, max_length=500)
    client_secret: str | None = Field(default=None, min_length=1, max_length=500)
    api_key: str | None = Field(default=None, min_length=1, max_length=500)


class Configured(BaseModel):
    """`pending_token`: a person has yet to agree at `/api/oauth/authorize`."""

    model_config = shown({"message": "OAuth credentials updated successfully", "status": "pending_token"})

    message: str
    status: Literal["pending_token", "connected"]


class Refreshed(BaseModel):
    """A token is there."""

    model_config = shown({"message": "Token refreshed successfully", "expires_at": "2025-01-24T18:00:00Z"})

    message: str
    expires_at: datetime | None


@router.get("/status")
def oauth_status(here: Here, _caller: Reader, connection: Which = None) -> OAuthStatus:
    """Of the account named, or of all: they are valid if each is."""
    found = agreeing.consents(here.control, here.now(), connection)
    expiring = (each.expires for each in found)
    return OAuthStatus(
        configured=bool(found),
        valid=bool(found) and all(each.valid for each in found),
        expires_at=min(filter(None, expiring), default=None),
        client_id=next((each.client_id for each in found if each.client_id), None),
    )


@router.post("/configure")
def oauth_configure(body: Credentials, here: Here, caller: Admin, connection: Which = None) -> Configured:
    """Set or replace the credentials of an account; with a key its rooms become listings, disabled ones."""
    given = {name: Secret(value) for name, value in body.model_dump().items() if value is not None}
    if given.keys() not in ({"client_id", "client_secret"}, {"api_key"}):
        raise Refused(400, "Invalid client_id or client_secret", "give both, or an api_key alone")
    name = agreeing.set_credentials(here.control, connection, given, caller.who, here.now())
    if "api_key" in given and (failure := adopt(here.control, name, caller.who, here.now())):
        raise Refused(400, "Invalid api_key", failure.message)
    return Configured(
        message="OAuth credentials updated successfully",
        status="connected" if "api_key" in given else "pending_token",
    )


@router.get("/authorize", status_code=307, response_class=RedirectResponse)
def oauth_authorize(
    request: Request, here: Here, caller: Admin, connection: Which = None
) -> RedirectResponse:
    """To the page of the vendor, where a person agrees."""
    account = agreeing.account(here.control, connection)
    redirect = str(request.url_for("oauth_callback"))
    return RedirectResponse(away(here, Sent(account.id, redirect, caller.who)))


def away(here: Bridge, sent: Sent) -> str:
    """Where to send a person who is to agree, and is expected back."""
    account, state = agreeing.account(here.control, sent.connection), secrets.token_urlsafe(24)
    here.consents.expect(state, sent, here.now())
    return agreeing.authorise_url(here.control, account, sent.redirect, state)


@router.get("/callback", response_model=Refreshed)
def oauth_callback(
    here: Here,
    code: Annotated[str, Query(max_length=2000)],
    state: Annotated[str, Query(max_length=200)],
) -> Refreshed | HTMLResponse:
    """Back from there. The state is the proof: an admin's browser was sent away with it, minutes ago."""
    expected = here.consents.take(state, here.now())
    if expected is None:
        raise Refused(400, "This answer belongs to no question", "start again at /api/oauth/authorize")
    account = agreeing.account(here.control, expected.connection)
    try:
        agreeing.exchange(here.control, account, code, expected.redirect, expected.who, here.now())
    except FetchError as error:
        raise Refused(400, "The account does not let us in", error.failure.message) from None
    adopt(here.control, account.id, expected.who, here.now())
    if expected.onward:
        return HTMLResponse(_ONWARD.format(escape(expected.onward)))
    return _refreshed(here, account.id, "Access granted")


@router.post("/refresh")
def oauth_refresh(here: Here, _caller: Admin, connection: Which = None) -> Refreshed:
    """Renew the token of an account now."""
    account = agreeing.account(here.control, connection)
    try:
        agreeing.refresh(here.control, account, here.now())
    except FetchError as error:
        raise Refused(
            401, "Invalid refresh token, re-authentication required", error.failure.message
        ) from None
    return _refreshed(here, account.id, "Token refreshed successfully")


def _refreshed(here: Bridge, connection: str, message: str) -> Refreshed:
    (consent,) = agreeing.consents(here.control, here.now(), connection)
    return Refreshed(message=message, expires_at=consent.expires)
