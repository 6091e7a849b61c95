"""Listings by their numbers, as all routes of the contract find them.

Belongs here: finding one, and making one of what has only been discovered. Does not: any route.
"""

from __future__ import annotations

from rentalsync_pipeline.bridge.context import Bridge
from rentalsync_pipeline.core.access import Caller
from rentalsync_pipeline.operations.configuring.adopting import adopt_room
from rentalsync_pipeline.operations.watching.catalogue import Unit
from rentalsync_pipeline.operations.watching.discovered import find_any


def unit_of(here: Bridge, number: int) -> Unit:
    """The listing, or the room that could be one; raises `UnknownError`."""
    return find_any(here.control, number, here.now())


def listing_of(here: Bridge, number: int, caller: Caller) -> Unit:
    """The listing, which a room becomes that somebody wants to change something of; raises `UnknownError`."""
    unit = unit_of(here, number)
    if unit.room is None:
        return unit
    adopt_room(here.control, *unit.room, caller.who, here.now())
    return unit_of(here, number)
