"""`connections test` and `discover`: asking for real, and saying what was found. Changes nothing.

Belongs here: one probe a connection. Does not: syncing (`ingest`), what a person reads (`cli`).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from rentalsync_pipeline.channels.base import AccountQuery, Query
from rentalsync_pipeline.channels.registry import accounts, channel_of
from rentalsync_pipeline.channels.units import Unit
from rentalsync_pipeline.channels.verbs import Scope
from rentalsync_pipeline.channels.wire.quota import Quota
from rentalsync_pipeline.channels.wire.response import FetchError
from rentalsync_pipeline.channels.wire.transport import Transport
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.control.written.variables import MissingVariable
from rentalsync_pipeline.core.gate import judge
from rentalsync_pipeline.core.portfolio import Connection, Settings
from rentalsync_pipeline.core.verdict import Failure, Reason
from rentalsync_pipeline.operations.standpoint import Standpoint, standpoints
from rentalsync_pipeline.operations.syncing.questions import address_of, keys_of

SKEWED = timedelta(minutes=5)
"""A clock that is further off misses changes, or sees tokens run out too late."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What came of asking one connection.

    `units` are the rooms and properties of an account, `unmapped` those of them that no listing is mapped to,
    `unknown` the ids of the mapping that the account does not have. A calendar has `events` instead.
    """

    connection: str
    channel: str
    host: str
    failure: Failure | None = None
    seconds: float = 0.0
    events: int | None = None
    units: tuple[Unit, ...] = ()
    unmapped: tuple[Unit, ...] = ()
    unknown: tuple[str, ...] = ()
    scopes: tuple[Scope, ...] = ()
    quota: Quota | None = None
    skew: timedelta | None = None

    @property
    def is_well(self) -> bool:
        """Whether a sync of it would get all that it needs."""
        return not (self.failure or self.unknown or any(not scope.granted for scope in self.scopes))

    @property
    def is_skewed(self) -> bool:
        """Whether its server's clock and ours are apart."""
        return self.skew is not None and abs(self.skew) > SKEWED


def probe(control: ControlStore, names: Collection[str], clock: Callable[[], datetime]) -> list[Probe]:
    """Ask these connections, all at once; nothing of what they answer is kept, but a renewed token."""
    portfolio = control.portfolio()
    points = standpoints(portfolio)
    chosen = [connection for connection in portfolio.connections if connection.id in names]
    return asyncio.run(_probe_all(control, chosen, points, portfolio.settings, clock))


async def _probe_all(
    control: ControlStore,
    chosen: Sequence[Connection],
    points: dict[str, Standpoint],
    settings: Settings,
    clock: Callable[[], datetime],
) -> list[Probe]:
    local = [connection.base_url for connection in chosen if connection.base_url]
    async with Transport(settings, clock=clock, local=local) as transport:
        asked = (
            _account(control, each, transport)
            if each.is_account
            else _calendar(control, points[each.id], transport)
            for each in chosen
        )
        return await asyncio.gather(*asked)


async def _account(control: ControlStore, connection: Connection, transport: Transport) -> Probe:
    probe, began = Probe(connection.id, connection.channel, connection.host), time.monotonic()
    channel = accounts()[connection.channel]
    try:
        account = AccountQuery(keys_of(control, connection.id))
        query = Query(connection, address_of(connection), transport.clock(), account=account)
        session = channel.session(query, transport)
        if channel.scopes:
            probe = replace(probe, scopes=tuple(await channel.scopes(session)))
        probe = _with_units(probe, connection, tuple(await channel.listings(session)))
        probe = replace(probe, quota=session.quota, skew=session.skew)
    except FetchError as error:
        probe = replace(probe, failure=error.failure)
    except MissingVariable as error:
        probe = replace(probe, failure=Failure(Reason.NO_SECRET, error.name))
    return replace(probe, seconds=time.monotonic() - began)


def _with_units(probe: Probe, connection: Connection, units: tuple[Unit, ...]) -> Probe:
    """Hold what an account has against its mapping; a property is only asked for where it has no rooms."""
    mapped = connection.listings.keys()
    houses = {unit.id.partition("/")[0] for unit in units if "/" in unit.id}
    return replace(
        probe,
        units=units,
        unmapped=tuple(unit for unit in units if unit.id not in mapped | houses),
        unknown=tuple(sorted(mapped - {unit.id for unit in units})),
    )


async def _calendar(control: ControlStore, point: Standpoint, transport: Transport) -> Probe:
    connection, began = point.connection, time.monotonic()
    probe = Probe(connection.id, connection.channel, connection.host)
    channel = channel_of(connection)
    try:
        url = control.url_of(connection.id)
    except MissingVariable as error:
        return replace(probe, failure=Failure(Reason.NO_SECRET, error.name))
    query = Query(connection, url, transport.clock(), folder=control.folder)
    (answer,) = [each async for each in channel.fetch(query, transport)]
    if answer.body is not None:
        reading = channel.read(answer.body, point.context(point.day(transport.clock())))
        probe = replace(probe, events=reading.events, failure=judge(reading))
    return replace(probe, failure=answer.failure or probe.failure, seconds=time.monotonic() - began)
