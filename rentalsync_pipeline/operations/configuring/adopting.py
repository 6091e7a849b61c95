"""Making listings of what an account has: disabled ones, for a person to enable.

Belongs here: from units that are mapped to no listing to listings and their mapping. Does not: asking the
account (`probing`), names for them (`discovering`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from rentalsync_pipeline.channels.units import Unit
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.control.written.config import listing_row
from rentalsync_pipeline.control.written.document import CONNECTIONS, LISTINGS, MAPPED
from rentalsync_pipeline.control.written.entries import DefaultsEntry, ListingEntry
from rentalsync_pipeline.core.portfolio import Portfolio
from rentalsync_pipeline.core.verdict import Failure
from rentalsync_pipeline.operations.configuring.discovering import discovered
from rentalsync_pipeline.operations.configuring.probing import Probe, probe
from rentalsync_pipeline.operations.standpoint import standpoints

DEFAULTS = DefaultsEntry(timezone="UTC")
"""For a unit whose account tells no zone: it must be corrected before it is enabled."""


def adopt(control: ControlStore, connection: str, who: str, now: datetime) -> Failure | None:
    """Ask an account what it has, and make a disabled listing of each room that is mapped to none.

    Returns why that was not possible; then nothing is changed.
    """
    (found,) = probe(control, {connection}, lambda: now)
    if not found.failure:
        _keep(control, found, who, now)
    return found.failure


def adopt_room(control: ControlStore, connection: str, room: str, who: str, now: datetime) -> None:
    """Make a disabled listing of one room, by its id at the channel.

    The account is asked for its name and zone; where it does not answer, the id has to do.
    """
    (found,) = probe(control, {connection}, lambda: now)
    unit = next((each for each in found.units if each.id == room), Unit(room, room))
    _keep(control, replace(found, units=(unit,), unmapped=(unit,)), who, now)


def _keep(control: ControlStore, found: Probe, who: str, now: datetime) -> None:
    """Write listings for rooms that have none, and their mapping.

    A room whose house is a listing belongs to that one: its next bookings would be missing there.
    """
    portfolio, name = control.portfolio(), found.connection
    (account,) = (each for each in portfolio.connections if each.id == name)
    homeless = tuple(unit for unit in found.unmapped if account.place_of(unit.id)[1] is None)
    told = discovered(replace(found, unmapped=homeless), portfolio)
    defaults = DefaultsEntry(timezone=_zone(portfolio, name))
    new = {each["slug"]: ListingEntry(**each, enabled=False) for each in told["listings"]}
    mapping = {MAPPED + unit: slug for unit, slug in told["connections"][0]["listings"].items()}
    with control.configuring(who, now) as configuration:
        stored = configuration.stored()
        listings, connections = stored.rows(LISTINGS), stored.rows(CONNECTIONS)
        rows = {slug: listing_row(entry, defaults) for slug, entry in new.items() if slug not in listings}
        after = stored.with_rows(LISTINGS, {**listings, **rows}).with_rows(
            CONNECTIONS, {**connections, name: {**mapping, **connections[name]}}
        )
        configuration.replace(stored, after)


def _zone(portfolio: Portfolio, connection: str) -> str:
    """That in which the account is read so far."""
    point = standpoints(portfolio).get(connection)
    return point.timezone if point else str(DEFAULTS.timezone)
