"""The app of the pages: its routers, its errors, and the headers that keep a browser strict.

Belongs here: which pages are on. Does not: any page. It is an app of its own, mounted in that of the HTTP
side: so its errors are pages, and none of it is in the OpenAPI document.
"""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import MutableHeaders, State
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rentalsync_pipeline.bridge import errors
from rentalsync_pipeline.bridge.pages import (
    board,
    configuring,
    conflicts,
    connect,
    consent,
    fields,
    history,
    integrations,
    listing,
    listings,
    login,
    mapping,
    night,
    quarantine,
    start,
    static,
    versions,
    webhooks,
)
from rentalsync_pipeline.bridge.pages.frame import Page, stranger, visit
from rentalsync_pipeline.bridge.pages.sessions import Sessions
from rentalsync_pipeline.control.vault import Vault

PLACE = "/admin"

ROUTERS = (
    static.router,
    login.router,
    start.router,
    connect.router,
    integrations.router,
    configuring.router,
    consent.router,
    mapping.router,
    webhooks.router,
    history.router,
    board.router,
    listings.router,
    listing.router,
    fields.router,
    versions.router,
    night.router,
    quarantine.router,
    conflicts.router,
)

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; "
    "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'",
    "X-Frame-Options": "SAMEORIGIN",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Home Assistant shows us in a frame of its own origin. With no referrer a browser would hide `Origin`."""

doors = APIRouter(include_in_schema=False)


@doors.get("/")
@doors.get(PLACE)
def door(request: Request) -> RedirectResponse:
    """To the start page."""
    return RedirectResponse(f"{request.scope.get('root_path', '')}{PLACE}/", 303)


def create(state: State, vault: Vault) -> FastAPI:
    """The pages of an app with that state; `vault` seals the cookies of browsers."""
    state.sessions = Sessions(vault)
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.state = state
    app.add_middleware(_Strictness)
    errors.install(app, _as_page)
    for router in ROUTERS:
        app.include_router(router)
    return app


class _Strictness:
    """Middleware that adds the headers to whatever has none of that name."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def strictly(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, strictly)


def _as_page(request: Request, error: Exception) -> Response:
    """The form of an error for people; whoever has to sign in is led there, and back."""
    told, page = errors.described(error), _visitor(request)
    if told.status != 401:
        return page.show("error.html", told.status, error=told)
    url = request.url
    path = f"{url.path}?{url.query}".removeprefix(page.url("")) if request.method == "GET" else "/"
    return page.go(f"/login?next={quote(path.rstrip('?'))}")


def _visitor(request: Request) -> Page:
    """Whoever looks; nobody in particular where finding that out is what failed."""
    try:
        return visit(request)
    except errors.Refused:
        return stranger(request)
