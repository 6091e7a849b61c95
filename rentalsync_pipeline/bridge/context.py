"""What every route is handed: the stores of one home, and the clock.

Belongs here: `Bridge`, and how a route gets it. Does not: who calls (`auth`), any route.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, cast

from fastapi import Depends, Request

from rentalsync_pipeline.bridge.expected import Expected
from rentalsync_pipeline.bridge.settings import BridgeSettings
from rentalsync_pipeline.bridge.shelf import Shelf
from rentalsync_pipeline.control.store import ControlStore


@dataclass(frozen=True, slots=True)
class Bridge:
    """One server's stores; `feeds` is where feeds are published."""

    control: ControlStore
    feeds: str
    shelf: Shelf
    settings: BridgeSettings
    now: Callable[[], datetime]
    consents: Expected = field(default_factory=Expected)
    """Browsers that were sent to a vendor's page: the account, and where they come back to."""


def bridge_of(request: Request) -> Bridge:
    """The stores that the app was made with."""
    return cast("Bridge", request.app.state.bridge)


Here = Annotated[Bridge, Depends(bridge_of)]
