"""Judged answers as rows of the temporary tables, in the order of `warehouse.tables`.

Belongs here: nothing but that translation.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from rentalsync_pipeline.control.state import ConnectionState
from rentalsync_pipeline.operations.syncing.judging import Judged
from rentalsync_pipeline.warehouse.moments import utc

Row = tuple[object, ...]


def answer(judged: Judged) -> Row:
    """A row of `answers`."""
    entry, reading = judged.entry, judged.reading
    return (
        entry.connection,
        entry.fetch_id,
        judged.verdict,
        utc(judged.asked),
        judged.today,
        entry.source,
        reading.events,
        reading.made and utc(reading.made),
        reading.tail_is_sure,
        judged.connection.absence.is_at_once,
        entry.partial,
    )


def bookings(judged: Judged) -> Iterator[Row]:
    """Rows of `incoming`: a booking each, with the listing that it is mapped to."""
    connection = judged.connection
    for booking in judged.reading.bookings:
        unit, listing = connection.place_of(booking.upstream_listing)
        yield (
            connection.id,
            booking.key,
            listing,
            connection.channel,
            connection.source,
            unit,
            booking.kind,
            booking.status,
            booking.check_in,
            booking.check_out,
            booking.uid,
            booking.code,
            booking.origin,
            booking.own,
            booking.guest_name,
            booking.phone_last4,
            booking.guests,
            booking.url,
            booking.notes,
            _json(booking.extras),
        )


def rejected(judged: Judged) -> Iterator[Row]:
    """Rows of `rejected`: an event each that could not be read."""
    for event in judged.reading.rejected:
        yield (judged.entry.fetch_id, judged.connection.id, event.uid, event.line, event.reason)


def unreadable(judged: Judged) -> Iterator[Row]:
    """Rows of `unreadable`: UIDs that are in the answer although their events could not be read, or none."""
    for event in judged.reading.rejected:
        yield (judged.connection.id, event.uid)


def absent(judged: Judged) -> Iterator[Row]:
    """Rows of `absent`: records of which the channel says that there is none, or that they are cancelled."""
    for uids, is_cancelled in ((judged.reading.absent, False), (judged.reading.cancelled, True)):
        yield from ((judged.connection.id, uid, is_cancelled) for uid in uids)


def logged(judged: Judged, before: ConnectionState | None) -> Row:
    """A row of `logged`: what the sync log says of the answer, and why the one before had failed."""
    entry = judged.entry
    return (
        entry.fetch_id,
        entry.connection,
        entry.channel,
        utc(entry.started),
        utc(entry.ended),
        judged.verdict,
        judged.failure.reason if judged.failure else None,
        judged.failure.detail if judged.failure else None,
        entry.http_status,
        entry.size,
        entry.content,
        judged.reading.dialect if judged.body is not None else None,
        judged.reading.made and utc(judged.reading.made),
        judged.reading.has_tail if judged.body is not None else None,
        judged.reading.events,
        len(judged.reading.rejected),
        utc(entry.as_of),
        before.last_reason if before else None,
    )


def _json(extras: Mapping[str, str]) -> str | None:
    return json.dumps(dict(extras), sort_keys=True, ensure_ascii=False) if extras else None
