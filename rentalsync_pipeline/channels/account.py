"""A channel that is an account: its API is asked for bookings, the same way for every kind of them.

Belongs here: making a `Channel` of a table of verbs. Does not: the table (`verbs`), any single channel (a
file each), the order of asking (`errands`), how answers are kept (`kept`), HTTP (`session`), what becomes of
bookings (`operations`).

An answer of an account is *partial*: it speaks of the records that it holds, and of those that it names as
absent, and of nothing else. Nothing is ever concluded from a record that a page lacks: it is asked for by its
id. Records are kept as they were sent, but for card data and other secrets, which are dropped first.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date

from rentalsync_pipeline.channels import errands, kept
from rentalsync_pipeline.channels.base import Answer, Query, ReadContext
from rentalsync_pipeline.channels.verbs import Verbs
from rentalsync_pipeline.channels.wire.transport import Transport
from rentalsync_pipeline.core.model import Reading


@dataclass(frozen=True, slots=True)
class AccountChannel(Verbs):
    """A `Channel` whose connections are accounts."""

    def recognises(self, url: str) -> bool:
        """An account has no address to paste."""
        return False

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
