"""Quarantines for a person: which stand, what each would change, and what to do about it.

Belongs here: reading them, and asking the next sync to carry out a decision. Does not: gate 4 itself
(`core.plausibility`, `doubting`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from rentalsync_pipeline.channels.registry import channel_of
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.core.model import Kind, Reading, Status
from rentalsync_pipeline.core.plausibility import DOUBTS, Decision, Doubt, Ending
from rentalsync_pipeline.core.portfolio import Connection
from rentalsync_pipeline.operations.reading import Row, Rows, UnknownError, moment, snapshot
from rentalsync_pipeline.operations.standpoint import standpoints
from rentalsync_pipeline.operations.syncing.doubting import request_of
from rentalsync_pipeline.warehouse.bodies import Bodies
from rentalsync_pipeline.warehouse.moments import aware


@dataclass(frozen=True, slots=True)
class Lost:
    """A booking that the doubtful answer does not hold."""

    listing: str | None
    kind: str
    code: str | None
    check_in: date
    check_out: date


@dataclass(frozen=True, slots=True)
class Held:
    """A quarantine. `doubts` are in words; `asked` is the moment of the last doubtful answer."""

    id: int
    connection: str
    upstream_listing: str | None
    """The channel's id of the listing that it is about; `None` for a calendar or an account as a whole."""
    channel: str
    since: datetime
    asked: datetime
    doubts: tuple[str, ...]
    lost: tuple[Lost, ...]
    decision: Decision | None
    resolved: datetime | None
    ending: Ending | None


@dataclass(frozen=True, slots=True)
class Change:
    """Nights that a release would take from the connection, both ends included.

    They become free, unless they are held by others that show them, too.
    """

    listing: str
    first_night: date
    last_night: date
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A quarantine with what its release would change; `None` where its body is not kept any more."""

    quarantine: Held
    changes: tuple[Change, ...] | None


def quarantines(control: ControlStore, *, resolved: bool = False) -> list[Held]:
    """Those that stand, the newest first; `resolved` ones, too."""
    with snapshot(control.home) as rows:
        return [_held(rows, row) for row in rows("read_quarantines", resolved=resolved)]


def show(control: ControlStore, quarantine: int, now: datetime) -> Shown:
    """What the release of a quarantine would change, night by night; raises `UnknownError`."""
    with snapshot(control.home) as rows:
        known = {row["quarantine"]: row for row in rows("read_quarantines", resolved=True)}
        if quarantine not in known:
            raise UnknownError(f"there is no quarantine {quarantine}; see `rentalsync quarantine list --all`")
        row = known[quarantine]
        return Shown(_held(rows, row), _changes(control, rows, row, now))


def decide(
    control: ControlStore, held: Held, decision: Decision, asked_by: str, now: datetime, why: str = ""
) -> None:
    """Ask the next sync to release or reject a quarantine; one that follows it is not meant.

    `why` is a person's own words, kept beside the decision for others to read; as they may speak
    of guests, they are not in the audit log.
    """
    payload = {"quarantine": held.id, **({"why": why} if why else {})}
    told = {"quarantine": str(held.id)}
    control.decide(request_of(decision), held.connection, payload, told, asked_by, now)


def standing(control: ControlStore, which: int | str) -> Held:
    """The quarantine of that number or connection; raises `UnknownError` where not just one such stands."""
    found = [each for each in quarantines(control) if which in (each.id, str(each.id), each.connection)]
    if len(found) > 1:
        numbers = ", ".join(str(each.id) for each in found)
        raise UnknownError(f"{which} has several quarantines: name one by its number ({numbers})")
    if not found:
        raise UnknownError(f"no quarantine {which} stands; `rentalsync quarantine list` shows those that do")
    return found[0]


def _held(rows: Rows, row: Row) -> Held:
    lost = rows("read_lost", connection=row["connection"], keys=row["lost"])
    return Held(
        id=row["quarantine"],
        connection=row["connection"],
        upstream_listing=row["upstream_listing"] or None,
        channel=row["channel"],
        since=aware(row["since"]),
        asked=aware(row["asked"]),
        doubts=tuple(DOUBTS[Doubt(doubt)] for doubt in row["doubts"]),
        lost=tuple(Lost(**each) for each in lost),
        decision=Decision(row["decision"]) if row["decision"] else None,
        resolved=moment(row["resolved"]),
        ending=Ending(row["ending"]) if row["ending"] else None,
    )


def _changes(control: ControlStore, rows: Rows, row: Row, now: datetime) -> tuple[Change, ...] | None:
    point = standpoints(control.portfolio()).get(row["connection"])
    body = Bodies(control.home.bodies).read(row["content"])
    if point is None or body is None:
        return None
    reading = channel_of(point.connection).read(body, point.context(point.day(now)))
    told = _told(point.connection, reading)
    held = rows(
        "read_held",
        connection=row["connection"],
        upstream_listing=row["upstream_listing"],
        # What a partial answer doesn't speak of stays as it is.
        keys=row["lost"] if reading.partial else None,
        today=now.date(),
    )
    return tuple(_ranges([each for each in held if each["night"] not in told[each["listing"]]]))


def _told(connection: Connection, reading: Reading) -> dict[str, set[date]]:
    """The nights that an answer holds, by listing."""
    told = defaultdict[str, set[date]](set)
    for booking in reading.bookings:
        if booking.kind is not Kind.HORIZON and booking.status is not Status.CANCELLED:
            nights = (booking.check_in + timedelta(days=n) for n in range(min(booking.nights, 1500)))
            told[connection.place_of(booking.upstream_listing)[1] or ""].update(nights)
    return told


def _ranges(nights: list[Row]) -> Iterator[Change]:
    """Neighbouring nights of a listing that the same others hold, as one."""

    def island(numbered: tuple[int, Row]) -> tuple[str, date, tuple[str, ...]]:
        number, row = numbered
        return row["listing"], row["night"] - timedelta(days=number), tuple(row["others"] or ())

    for (listing, _, others), group in groupby(enumerate(nights), key=island):
        run = [row["night"] for _, row in group]
        yield Change(listing, run[0], run[-1], others)
