"""Reading answers and judging them: gate 3.

Belongs here: from a spooled answer to a verdict and its bookings. Does not: gates 1 and 2 (`channels`),
gate 4 (`operations.syncing.doubting`), what the bookings mean (`operations.syncing.absorb`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rentalsync_pipeline.channels.registry import channel_of
from rentalsync_pipeline.core.gate import judge
from rentalsync_pipeline.core.model import Reading
from rentalsync_pipeline.core.portfolio import Connection
from rentalsync_pipeline.core.verdict import Failure, Reason, Verdict
from rentalsync_pipeline.operations.standpoint import Standpoint
from rentalsync_pipeline.operations.stores import Stores
from rentalsync_pipeline.operations.tracing import span
from rentalsync_pipeline.warehouse.spool import Spooled

_NOTHING = Reading(())


@dataclass(frozen=True, slots=True)
class Judged:
    """A spooled answer with its verdict; `reading` is empty unless it was read."""

    entry: Spooled
    standpoint: Standpoint
    verdict: Verdict
    failure: Failure | None = None
    reading: Reading = _NOTHING
    body: bytes | None = None
    """The body to keep: accepted or not, it is what the channel said."""
    is_partly_used: bool = False
    """It is quarantined for some listings of its account, and accepted for the others."""

    @property
    def connection(self) -> Connection:
        """The connection that was asked, as it is configured now."""
        return self.standpoint.connection

    @property
    def asked(self) -> datetime:
        """When the question was put: what absences are counted by."""
        return self.entry.started

    @property
    def today(self) -> date:
        """The listing's local day on which it was asked: an answer that waited is not of a later day."""
        return self.standpoint.day(self.entry.as_of)


@span("gate", step="parse")
def judge_answers(
    stores: Stores, points: Mapping[str, Standpoint], entries: Sequence[Spooled]
) -> list[Judged]:
    """Read every answer that has a body.

    Answers of connections that are gone by now, or point elsewhere, are left out.
    """
    unread = [
        Judged(entry, points[entry.connection], Verdict(entry.verdict), _failure(entry))
        for entry in entries
        if entry.connection in points and points[entry.connection].connection.source == entry.source
    ]
    return [_judge(stores, each) if each.verdict is Verdict.ACCEPTED else each for each in unread]


def _failure(entry: Spooled) -> Failure | None:
    return Failure(Reason(entry.reason), entry.detail or "", entry.retry_at) if entry.reason else None


def _judge(stores: Stores, unread: Judged) -> Judged:
    body = stores.spool.body(unread.entry)
    reading, failure = _read(body, unread)
    failure = failure or judge(reading)
    verdict = Verdict.FAILED if failure else Verdict.ACCEPTED
    return Judged(unread.entry, unread.standpoint, verdict, failure, reading, body)


def _read(body: bytes, unread: Judged) -> tuple[Reading, Failure | None]:
    """What a body says. A reader that breaks must not stop every other connection, now and for ever."""
    context = unread.standpoint.context(unread.today)
    try:
        return channel_of(unread.connection).read(body, context), None
    except Exception as error:
        # The type only: the text of an exception may quote what a guest wrote.
        return _NOTHING, Failure(Reason.INTERNAL, type(error).__name__)
