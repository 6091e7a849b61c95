"""Signing in with a token, and out again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import Response
from fastapi.security import HTTPAuthorizationCredentials

from rentalsync_pipeline.bridge.auth import bearer_of, owner_of
from rentalsync_pipeline.bridge.errors import Refused
from rentalsync_pipeline.bridge.pages.frame import Sender, Visitor, sessions_of

router = APIRouter()
Back = Annotated[str, Query(alias="next", max_length=500)]


@router.get("/login")
def form(page: Visitor, back: Back = "/") -> Response:
    """The form; whoever is in already goes on."""
    return page.go(_ours(back)) if page.caller else page.show("login.html", back=back, error=None)


@router.post("/login")
def sign_in(page: Sender, token: Annotated[str, Form(max_length=500)] = "", back: Back = "/") -> Response:
    """Keep the token in the browser's sealed cookie; tried too often, it is refused unread."""
    presented = HTTPAuthorizationCredentials(scheme="Bearer", credentials=token.strip())
    try:
        bearer_of(page.request, presented, lambda given: owner_of(page.here, given), "try it again")
    except Refused as error:
        return page.show("login.html", error.status, back=back, error=error)
    session = sessions_of(page.request).begin(page.here.now(), presented.credentials)
    return page.start(session, _ours(back))


@router.post("/logout")
def sign_out(page: Sender) -> Response:
    """Forget the token."""
    session = sessions_of(page.request).begin(page.here.now())
    return page.start(session, "/login")


def _ours(path: str) -> str:
    """A path below ours, whatever was asked for: it is put behind the root path, never followed as it is."""
    return path if path.startswith("/") else "/"
