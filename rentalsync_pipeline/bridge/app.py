"""The app: routers, errors and authentication put together.

Belongs here: which routers are on. Does not: any route.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from operator import attrgetter

from fastapi import APIRouter, FastAPI

from rentalsync_pipeline import __version__
from rentalsync_pipeline.bridge import (
    bookings,
    calendars,
    channel_connections,
    custom_fields,
    errors,
    health,
    integrations,
    listings,
    metrics,
    oauth,
    once,
    openapi,
    status,
    webhooks,
)
from rentalsync_pipeline.bridge.auth import Door, Failures
from rentalsync_pipeline.bridge.context import Bridge
from rentalsync_pipeline.bridge.ingress import IngressPath
from rentalsync_pipeline.bridge.jwts import Jwts
from rentalsync_pipeline.bridge.pages import app as pages
from rentalsync_pipeline.bridge.server import BoundedBody, settle
from rentalsync_pipeline.bridge.settings import BridgeSettings
from rentalsync_pipeline.bridge.shelf import Shelf
from rentalsync_pipeline.control.home import Home, find_feeds, find_home
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.control.vault import Vault


def create_app(
    home: Home, feeds: str, settings: BridgeSettings, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> FastAPI:
    """The app of one home; `feeds` is where feeds are published. It opens the control store until it ends."""
    control = ControlStore.open(home)

    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        yield
        control.close()

    app = FastAPI(
        title="RentalSync Bridge",
        version=__version__,
        lifespan=life,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=attrgetter("name"),  # what generated clients call a route
        redirect_slashes=False,  # the way back would lead to whatever the caller named as our host
    )
    app.state.bridge = Bridge(control, feeds, Shelf(control, feeds, now), settings, now)
    app.state.failures = {door: Failures() for door in Door}
    app.state.jwts = Jwts(settings.jwts) if settings.jwts else None
    app.add_middleware(IngressPath, settings=settings)
    once.install(app, control.answers)
    app.add_middleware(BoundedBody)
    errors.install(app, errors.as_json)
    for router in _routers(settings):
        app.include_router(router)
    if not settings.feeds_only:
        app.include_router(pages.doors)
        app.mount(pages.PLACE, pages.create(app.state, Vault.of(home)))
    return app


def served() -> FastAPI:
    """The app that the environment describes, for an ASGI server: `uvicorn --factory …bridge.app:served`.

    What the server must be told besides is in `server.SERVER`.
    """
    home = find_home()
    app = create_app(home, find_feeds(home), BridgeSettings.of(os.environ))
    settle()
    return app


def _routers(settings: BridgeSettings) -> Iterator[APIRouter]:
    yield health.router
    yield calendars.router
    if not settings.feeds_only:
        yield openapi.router
        yield status.router
        yield metrics.router
        yield oauth.router
        yield listings.router
        yield custom_fields.router
        yield bookings.router
        yield integrations.router
        yield webhooks.router
        if settings.channel_manager:
            yield channel_connections.router
