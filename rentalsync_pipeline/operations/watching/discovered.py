"""Rooms that syncs have met and no listing is mapped to: listings that could be.

Belongs here: showing each like a listing that is not enabled. Does not: making one of it
(`configuring.adopting`), what an account has beyond rooms with bookings (`configuring.probing`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from itertools import chain

from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.core.portfolio import Listing, Portfolio
from rentalsync_pipeline.operations.configuring.discovering import slug_for
from rentalsync_pipeline.operations.reading import UnknownError, snapshot
from rentalsync_pipeline.operations.standpoint import standpoints
from rentalsync_pipeline.operations.watching.catalogue import Unit, catalogue, find_unit
from rentalsync_pipeline.operations.watching.status import Unmapped, standings

_FIRST = 1_000_000_000
"""Rooms are numbered from here on, up to what 31 bits hold; listings are counted from 1."""


def discovered(control: ControlStore, now: datetime) -> list[Unit]:
    """Every such room, by account."""
    portfolio = control.portfolio()
    standing = {each.connection: each for each in standings(control, now)}
    zones = {name: point.timezone for name, point in standpoints(portfolio).items()}

    def unit(name: str, room: str, bookings: int) -> Unit:
        its = standing[name]
        return Unit(
            id=number_of(name, room),
            listing=Listing(slug_for(room, ()), room, zones[name], enabled=False),
            upstream=room,
            url=None,
            synced=its.last_ok,
            freshness=its.freshness,
            trouble=f"{name}: {its.message}" if its.message else None,
            channels=(its.channel,),
            bookings=bookings,
            conflicts=0,
            room=(name, room),
        )

    with snapshot(control.home) as rows:
        told = [Unmapped(**row) for row in rows("report_unmapped", today=now.date())]
    return [unit(*room, bookings) for room, bookings in _homeless(portfolio, told).items()]


def _homeless(portfolio: Portfolio, told: Iterable[Unmapped]) -> dict[tuple[str, str], int]:
    """Rooms that are still mapped to nothing, with their bookings.

    A booking that its house has yet to give a room belongs to the house, which is none of its rooms.
    """
    accounts = {each.id: each for each in portfolio.connections if each.is_account and each.served}
    rooms = {
        (each.connection, each.upstream_listing): each.bookings
        for each in told
        if each.connection in accounts
    }
    mapped = ((name, room) for name, each in accounts.items() for room in each.listings)
    houses = {(name, room.partition("/")[0]) for name, room in chain(rooms, mapped) if "/" in room}
    return {
        (name, room): bookings
        for (name, room), bookings in rooms.items()
        if accounts[name].place_of(room)[1] is None and (name, room) not in houses
    }


def find_any(control: ControlStore, number: int, now: datetime) -> Unit:
    """The listing of that number, or the room, or the listing that it has become; raises `UnknownError`."""
    if number < _FIRST:
        return find_unit(control, number, now)
    for unit in discovered(control, now):
        if unit.id == number:
            return unit
    for each in control.portfolio().connections:
        for room, slug in each.listings.items():
            if number_of(each.id, room) == number:
                return next(unit for unit in catalogue(control, now) if unit.listing.slug == slug)
    raise UnknownError("Listing not found")


def number_of(connection: str, room: str) -> int:
    """The number by which a room goes while it is no listing; it is kept nowhere, and always the same."""
    digest = hashlib.sha256(f"{connection}\0{room}".encode()).digest()
    return _FIRST + int.from_bytes(digest[:8]) % _FIRST
