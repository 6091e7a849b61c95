"""How it stands: overall, and connection by connection.

Belongs here: judging freshness, and gathering what a host should look at. Does not: faults of the
installation (`doctor`), what a run did (`reports`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from rentalsync_pipeline.control.state import ConnectionState
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.core.conflicts import Certainty
from rentalsync_pipeline.core.portfolio import Connection, Portfolio
from rentalsync_pipeline.core.verdict import Failure, Reason
from rentalsync_pipeline.operations.deciding.rollbacks import Standing, standing
from rentalsync_pipeline.operations.health import Level, worst
from rentalsync_pipeline.operations.lock import is_held
from rentalsync_pipeline.operations.looking.conflicts import conflicts
from rentalsync_pipeline.operations.looking.exposure import Exposure, exposures
from rentalsync_pipeline.operations.looking.orphans import NightsAhead, orphaned
from rentalsync_pipeline.operations.looking.shut import Shut, shut_listings
from rentalsync_pipeline.operations.reading import snapshot


class Freshness(StrEnum):
    """How old the last good answer of a connection is, in its own intervals."""

    OK = "ok"
    LATE = "late"
    STALE = "stale"
    NEVER = "never"
    """No good answer yet."""
    OFF = "off"
    """It is not asked: it is disabled, or its listing wants no sync."""


_LATE, _STALE = 2, 4
"""From how many intervals on an answer counts as what: the objective of every connection."""
_OLD = ((_STALE, Freshness.STALE), (_LATE, Freshness.LATE))

_LEVELS = {
    Freshness.OK: Level.OK,
    Freshness.OFF: Level.OK,
    Freshness.LATE: Level.WARN,
    Freshness.STALE: Level.FAIL,
    Freshness.NEVER: Level.FAIL,
}

_NOTEWORTHY = ("count_conflicts", "report_unmapped", "read_shut", "read_rollbacks")
"""What of the snapshot is a warning, where there is any."""


@dataclass(frozen=True, slots=True)
class ConnectionStatus:
    """One connection. `message` says what is wrong with its last answer and what to do; else it is empty.

    One that fails is a warning at once, and worse when it has been silent for long.
    """

    connection: str
    channel: str
    host: str
    listings: tuple[str, ...]
    level: Level
    freshness: Freshness
    verdict: str | None
    message: str
    failures: int
    last_ok: datetime | None
    late_at: datetime | None
    """When the last good answer is late, or was."""
    stale_at: datetime | None
    last_change: datetime | None
    last_attempt: datetime | None
    next_due: datetime | None


@dataclass(frozen=True, slots=True)
class Unmapped:
    """A room that a channel tells of and no listing is mapped to."""

    connection: str
    upstream_listing: str
    bookings: int


@dataclass(frozen=True, slots=True)
class Status:
    """A whole home. `last_sync` and `last_apply` are `None` before the first time."""

    level: Level
    is_syncing: bool
    last_sync: datetime | None
    last_apply: datetime | None
    listings: int
    connections: tuple[ConnectionStatus, ...]
    certain_conflicts: int
    possible_conflicts: int
    unmapped: tuple[Unmapped, ...]
    orphaned: tuple[NightsAhead, ...]
    shut: tuple[Shut, ...]
    exposures: tuple[Exposure, ...]
    rolled_back: tuple[Standing, ...]
    """Feeds that show what they showed at another moment, until a person ends that."""


def status(control: ControlStore, now: datetime) -> Status:
    """How it stands at `now`."""
    portfolio = control.portfolio()
    connections = standings_of(portfolio, control.states(), now)
    certainties = [conflict.certainty for conflict in conflicts(control, now)]
    with snapshot(control.home) as rows:
        unmapped = tuple(Unmapped(**row) for row in rows("report_unmapped", today=now.date()))
    last_sync = control.last_sync()
    shut, rolled_back = shut_listings(control.home), tuple(standing(control))
    noteworthy = (certainties, unmapped, shut, rolled_back)
    return Status(
        level=_level_of(connections, last_sync, is_noteworthy=any(noteworthy)),
        is_syncing=is_held(control.home.lock),
        last_sync=last_sync,
        last_apply=control.last_apply(),
        listings=len(portfolio.listings),
        connections=connections,
        certain_conflicts=certainties.count(Certainty.CERTAIN),
        possible_conflicts=certainties.count(Certainty.POSSIBLE),
        unmapped=unmapped,
        orphaned=tuple(orphaned(control, now)),
        shut=shut,
        exposures=exposures(control.home),
        rolled_back=rolled_back,
    )


def standings(control: ControlStore, now: datetime) -> tuple[ConnectionStatus, ...]:
    """How it stands with each connection, trouble first."""
    return standings_of(control.portfolio(), control.states(), now)


def standings_of(
    portfolio: Portfolio, states: dict[str, ConnectionState], now: datetime
) -> tuple[ConnectionStatus, ...]:
    """The same, for whoever has read the portfolio already."""
    asked = portfolio.asked()
    found = (
        _connection(each, states.get(each.id), now, is_asked=each.id in asked)
        for each in portfolio.connections
    )
    return tuple(sorted(found, key=lambda connection: (-connection.level.rank, connection.connection)))


def overall(control: ControlStore, now: datetime) -> Level:
    """The `level` of the status by itself, for whoever shows it with everything else."""
    with snapshot(control.home) as rows:
        noteworthy = [rows(query, today=now.date()) for query in _NOTEWORTHY]
    return _level_of(standings(control, now), control.last_sync(), is_noteworthy=any(noteworthy))


def is_overdue(connection: ConnectionStatus) -> bool:
    """Whether its good answer is so long in coming that somebody should be told."""
    if connection.freshness is Freshness.NEVER:
        return connection.failures >= _STALE
    return connection.freshness is Freshness.STALE


def freshness(last_ok: datetime | None, interval: timedelta, now: datetime) -> Freshness:
    """How old a good answer is, for a connection that is asked once an interval."""
    if last_ok is None:
        return Freshness.NEVER
    intervals = (now - last_ok) / interval
    return next((old for limit, old in _OLD if intervals >= limit), Freshness.OK)


def _level_of(
    connections: tuple[ConnectionStatus, ...], last_sync: datetime | None, *, is_noteworthy: bool
) -> Level:
    """It fails when an answer is stale, nothing answers, or nothing was ever asked; the rest is a warning.

    A connection that never answered was there from the start for its owner to see.
    """
    levels = {connection.level for connection in connections}
    is_stale = any(connection.freshness is Freshness.STALE for connection in connections)
    if last_sync is None or is_stale or levels == {Level.FAIL}:
        return Level.FAIL
    return Level.WARN if is_noteworthy or levels - {Level.OK} else Level.OK


def _connection(
    connection: Connection, known: ConnectionState | None, now: datetime, *, is_asked: bool
) -> ConnectionStatus:
    state = known or ConnectionState(connection.id)
    fresh = freshness(state.last_ok, connection.interval, now) if is_asked else Freshness.OFF
    due = max(filter(None, (state.next_due, state.not_before, state.opened_until)), default=None)
    return ConnectionStatus(
        connection=connection.id,
        channel=connection.channel,
        host=connection.host,
        listings=tuple(sorted(connection.served)),
        level=worst((_LEVELS[fresh], Level.WARN if state.failures else Level.OK)),
        freshness=fresh,
        verdict=state.last_verdict,
        message=_message(state),
        failures=state.failures,
        last_ok=state.last_ok,
        late_at=state.last_ok + _LATE * connection.interval if state.last_ok else None,
        stale_at=state.last_ok + _STALE * connection.interval if state.last_ok else None,
        last_change=state.last_change,
        last_attempt=state.last_attempt,
        next_due=due if is_asked else None,
    )


def _message(state: ConnectionState) -> str:
    return Failure(Reason(state.last_reason), state.last_detail or "").message if state.last_reason else ""
