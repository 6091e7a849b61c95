"""What people and webhooks ask for, queued for the next sync: releases, resolutions, syncs, rebuilds.

Belongs here: the queue. Does not: what each kind means (the operations). A request is waiting until it is
done, taken or not: one that a dying sync had taken is still there.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import Connection, RowMapping, delete, insert, select, true, update

from rentalsync_pipeline.control.audit import Change
from rentalsync_pipeline.control.chain import Entry, Fields
from rentalsync_pipeline.control.schema import RequestRow, table_of
from rentalsync_pipeline.control.state import Request


class Requests:
    """The queue, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ask(
        self, kind: str, subject: str, payload: Mapping[str, object], asked_by: str, now: datetime
    ) -> int:
        """Queue a request and return its id; `payload` is JSON and must hold no secret."""
        row = {
            "kind": kind,
            "subject": subject,
            "payload": dict(payload),
            "asked_by": asked_by,
            "asked_at": now,
        }
        return self._connection.execute(insert(RequestRow).values(row).returning(RequestRow.id)).scalar_one()

    def ask_once(self, kind: str, subject: str, asked_by: str, now: datetime) -> int:
        """Queue a request unless the same waits; returns its id.

        One that a sync has begun with counts no more: it may have been carried out before this moment.
        """
        same = select(RequestRow.id).where(
            RequestRow.kind == kind,
            RequestRow.subject == subject,
            RequestRow.done_at.is_(None),
            RequestRow.taken_at.is_(None),
        )
        waiting = self._connection.execute(same).scalar()
        return waiting or self.ask(kind, subject, {}, asked_by, now)

    def waiting(self) -> list[Request]:
        """All that is not done yet, oldest first."""
        query = select(table_of(RequestRow)).where(RequestRow.done_at.is_(None)).order_by(RequestRow.id)
        return [_request(row) for row in self._connection.execute(query).mappings()]

    def last(self, kinds: Collection[str], most: int, about: str) -> list[Request]:
        """The last ones of these kinds, about one subject or all, done or not, newest first."""
        rows = table_of(RequestRow)
        subject = rows.c.subject == about if about else true()
        query = select(rows).where(rows.c.kind.in_(kinds), subject).order_by(rows.c.id.desc()).limit(most)
        return [_request(row) for row in self._connection.execute(query).mappings()]

    def take(self, ids: Collection[int], now: datetime) -> None:
        """Note that a sync has begun with them."""
        self._connection.execute(update(RequestRow).where(RequestRow.id.in_(ids)).values(taken_at=now))

    def finish(self, request: int, outcome: str, now: datetime) -> None:
        """Note what came of one; what is done stays done."""
        self._connection.execute(
            update(RequestRow)
            .where(RequestRow.id == request, RequestRow.done_at.is_(None))
            .values(done_at=now, outcome=outcome)
        )

    def forget(self, kind: str, before: datetime) -> None:
        """Delete the requests of a kind that were done before that moment."""
        done = RequestRow.done_at < before
        self._connection.execute(delete(RequestRow).where(RequestRow.kind == kind, done))


def decide(change: Change, kind: str, subject: str, payload: Mapping[str, object], told: Fields) -> int:
    """Queue what a person decided, and write it into the audit log, which tells `told` of it."""
    change.note([Entry(kind, subject, new=told or None)])
    return Requests(change.connection).ask(kind, subject, payload, change.who, change.now)


def _request(row: RowMapping) -> Request:
    return Request(**{**row, "payload": MappingProxyType(row["payload"])})
