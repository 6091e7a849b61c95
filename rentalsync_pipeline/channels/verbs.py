"""What a channel with an API says of itself: a few verbs, in one table.

Belongs here: the table, and what its verbs give. Does not: any single channel (a file each), asking by these
verbs (`errands`), reading what they gave (`kept`), which together make a `Channel` of the table (`account`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from rentalsync_pipeline.channels.base import Query, ReadContext
from rentalsync_pipeline.channels.fields import id_of
from rentalsync_pipeline.channels.units import Unit
from rentalsync_pipeline.channels.webhooks import Webhook
from rentalsync_pipeline.channels.windows import Tide, Window
from rentalsync_pipeline.channels.wire.auth import CodeFlow
from rentalsync_pipeline.channels.wire.session import Api, Record, Session
from rentalsync_pipeline.channels.wire.transport import Transport
from rentalsync_pipeline.core.model import Booking


@dataclass(frozen=True, slots=True)
class Scope:
    """Something that an account may allow or not."""

    name: str
    granted: bool
    serves: str
    """What we need it for, in a few words."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed since a cursor, and the cursor from which to ask the next time.

    `receipts` are what the channel wants acknowledged once these records are safe. A cursor and its receipts
    count from the moment at which the records that came with them are in the warehouse.
    """

    records: Sequence[Record] = ()
    cursor: str | None = None
    receipts: tuple[str, ...] = ()


NIGHTLY = Tide(near=timedelta(hours=1), all=timedelta(hours=24))


@dataclass(frozen=True, slots=True)
class Sweep:
    """How an API is asked for everything, window by window.

    `ask` gives every record whose check-out (or check-in, as `by` says) lies in the window, blocks and
    cancelled ones too where the API has them; a block may come in every window that it touches.
    `months` is the size of a window: as large as one answer can bear, 1, 2, 3, 4, 6 or 12. `tide` says how
    often windows are asked for, where the API also tells of changes; else every sync asks for all.
    """

    ask: Callable[[Session, Window], Awaitable[Sequence[Record]]]
    by: Callable[[date, date], date] = lambda _check_in, check_out: check_out
    months: int = 1
    tide: Tide = NIGHTLY


def since(
    ask: Callable[[Session, datetime], Awaitable[Sequence[Record]]],
    overlap: timedelta = timedelta(minutes=10),
) -> Callable[[Session, str | None], Awaitable[Changes]]:
    """The verb `changes` of an API that tells what changed since a moment, in UTC.

    `overlap` covers what its clock, its rounding and its own delay may hide; what comes twice
    changes nothing.
    """

    async def changes(session: Session, cursor: str | None) -> Changes:
        now = session.now.astimezone(UTC)
        moment = datetime.fromisoformat(cursor) - overlap if cursor else None
        return Changes(await ask(session, moment) if moment else (), now.isoformat())

    return changes


def by_check_in(check_in: date, _check_out: date) -> date:
    """For a `Sweep` whose windows go by check-in."""
    return check_in


@dataclass(frozen=True, slots=True)
class Verbs:
    """The table of one channel, by which alone it differs from others.

    Verbs take a `Session` and raise nothing but `FetchError`. `bookings_of` is pure: the bookings of one
    record, each with a key that lasts and with the record's id as its `uid`; what it can't read raises
    `LookupError`, `TypeError` or `ValueError`, which costs that record alone.
    """

    name: str
    title: str
    color: str
    description: str
    export: str
    api: Api
    bookings_of: Callable[[Record, ReadContext], Iterable[Booking]]
    listings: Callable[[Session], Awaitable[Sequence[Unit]]]
    """Every unit of the account, properties and their rooms."""
    id_of: Callable[[Record], str] = id_of
    """The id of a record, by which `booking` asks for it; raises as `bookings_of` does."""
    is_cancelled: Callable[[Record], bool] = lambda _: False
    """Whether a record says that it is cancelled, and nothing else: it then has no bookings."""
    booking: Callable[[Session, str], Awaitable[Record | None]] | None = None
    """One record by its id; `None` where there is none (any more). Without this verb nothing is ever
    concluded from absence."""
    changes: Callable[[Session, str | None], Awaitable[Changes]] | None = None
    """What changed since a cursor of its own making; with `None`, where to begin. `None` where the API can't
    tell: then every sync sweeps."""
    sweep: Sweep | None = None
    """`None` for a queue that tells of everything once."""
    acknowledge: Callable[[Session, Sequence[str]], Awaitable[None]] | None = None
    """Tell the channel that these are safe with us: asked only where the connection says `acknowledge: true`,
    and again until it went well."""
    scopes: Callable[[Session], Awaitable[Sequence[Scope]]] | None = None
    """What the credentials allow, for `connections test`."""
    oauth: CodeFlow | None = None
    """How a person agrees to our access in a browser, where the API has that."""
    drop: frozenset[str] = frozenset()
    """Names of fields that are dropped before a record is kept, beside those of `kept.DROPPED`."""
    webhook: Webhook = field(default_factory=Webhook)
    """How it calls us when something happens, where it does."""
    deadline: float = 180.0
    """Seconds for one answer, all its pages and its questions by id."""

    def session(self, query: Query, transport: Transport) -> Session:
        """The way to a connection's API; raises `FetchError` where its credentials don't suffice."""
        assert query.account is not None  # noqa: S101 who asks an account gives its keys
        connection = query.connection
        return Session(
            self.api,
            query.account.keys,
            transport,
            base_url=connection.base_url,
            units=sorted(connection.listings),
        )
