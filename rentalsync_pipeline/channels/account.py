"""A channel that is an account: its API is asked for bookings, the same way for every kind of them.

Belongs here: what a channel with an API says of itself, in a few verbs and tables. Does not: any single
channel (a file each), the order of asking (`errands`), how answers are kept (`kept`), HTTP (`session`), what
becomes of bookings (`operations`).

An answer of an account is *partial*: it speaks of the records that it holds, and of those that it names as
absent, and of nothing else. Nothing is ever concluded from a record that a page lacks: it is asked for by its
id. Records are kept as they were sent, but for card data and other secrets, which are dropped first.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from rentalsync_pipeline.channels import errands, kept
from rentalsync_pipeline.channels.base import Answer, Query, ReadContext
from rentalsync_pipeline.channels.windows import Tide, Window
from rentalsync_pipeline.channels.wire.auth import CodeFlow
from rentalsync_pipeline.channels.wire.session import Api, Record, Session
from rentalsync_pipeline.channels.wire.transport import Transport
from rentalsync_pipeline.core.model import Booking, Reading


@dataclass(frozen=True, slots=True)
class Unit:
    """Something of an account that can be a listing of ours.

    The id of a room of a property is `property/room`: what has no room yet belongs to `property`.
    """

    id: str
    name: str
    timezone: str | None = None


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
class AccountChannel:
    """A `Channel` whose connections are accounts; it differs from others by this table alone.

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
    id_of: Callable[[Record], str]
    """The id of a record, by which `booking` asks for it; raises as `bookings_of` does."""
    bookings_of: Callable[[Record, ReadContext], Iterable[Booking]]
    listings: Callable[[Session], Awaitable[Sequence[Unit]]]
    """Every unit of the account, properties and their rooms."""
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
    deadline: float = 180.0
    """Seconds for one answer, all its pages and its questions by id."""

    def recognises(self, url: str) -> bool:
        """An account has no address to paste."""
        return False

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

    async def fetch(self, query: Query, transport: Transport) -> AsyncIterator[Answer]:
        """One answer an errand: what changed, then each window that is due, then what is missing."""
        async for answer in errands.run(self, query, transport):
            yield answer

    def read(self, body: bytes, context: ReadContext) -> Reading:
        """Make bookings of the records that were kept (gate 3)."""
        return kept.read(self, body, context)

    def cite(self, body: bytes, key: str, _nights: tuple[date, date], context: ReadContext) -> bytes | None:
        """The record of which a booking was made, as it is kept."""
        return kept.cite(self, body, key, context)
