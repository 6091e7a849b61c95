"""Why a night is busy or free: from the night to the stay, its bookings, and the answers behind them.

Belongs here: putting the trail together. Does not: the rules in whose words it is told (`core.matching`,
`core.absence`).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.core.absence import CAUSES, Cause
from rentalsync_pipeline.core.matching import RULES, Rule
from rentalsync_pipeline.core.model import Kind
from rentalsync_pipeline.operations.reading import Row, Rows, find_listing, moment, snapshot
from rentalsync_pipeline.warehouse.moments import aware


@dataclass(frozen=True, slots=True)
class Evidence:
    """The answer that brought something: when it was asked for, in which run, and the digest of its body.

    `asked` and `body` are `None` where no answer did it, but a change of the configuration.
    """

    asked: datetime | None
    run_id: str | None
    body: str | None


@dataclass(frozen=True, slots=True)
class Source:
    """One booking behind a stay, and why it belongs to it."""

    connection: str
    channel: str
    uid: str | None
    """As the channel wrote it."""
    kind: str
    state: str
    check_in: date
    check_out: date
    rule: Rule
    why: str
    fields: tuple[str, ...]
    """Of the stay's fields, those that this booking gave."""
    first_seen: datetime
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Holder:
    """A stay that holds the night. `uid` is the one of its event in every feed."""

    uid: str
    kind: str
    status: str
    channel: str
    code: str | None
    guest_name: str | None
    check_in: date
    check_out: date
    first_seen: datetime
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Former:
    """A booking that held the night once, and why it does no longer."""

    connection: str
    channel: str
    kind: str
    uid: str | None
    code: str | None
    check_in: date
    check_out: date
    first_seen: datetime
    held_until: datetime
    cause: Cause | None
    """`None` where it didn't end but changed: `why` says to what."""
    why: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Explanation:
    """One night of one listing.

    `since` is the moment of the sync that turned it so; `None` for a night that has always been free.
    `beyond` names the connections whose channel doesn't sell the night yet, which holds nothing.
    """

    listing: str
    night: date
    busy: bool
    since: datetime | None
    stays: tuple[Holder, ...]
    conflicts: tuple[int, ...]
    """Ids of the open conflicts about it."""
    formerly: tuple[Former, ...]
    beyond: tuple[str, ...]


def explain(control: ControlStore, listing: str, night: date) -> Explanation:
    """Tell why a night is as it is; raises `UnknownError` for a listing there isn't."""
    find_listing(control.portfolio(), listing)
    with snapshot(control.home) as rows:
        covering = rows("read_night_stays", listing=listing, night=night)
        sources = _sources(rows, listing, night)
        formerly = tuple(_former(row) for row in rows("read_night_formerly", listing=listing, night=night))
        turned = rows("read_night_turned", listing=listing, night=night)
        contested = rows("read_night_conflicts", listing=listing, night=night)
    stays = tuple(_holder(row, sources[row["uid"]]) for row in covering if row["kind"] != Kind.HORIZON)
    tails = (sources[row["uid"]] for row in covering if row["kind"] == Kind.HORIZON)
    return Explanation(
        listing=listing,
        night=night,
        busy=bool(stays),
        since=_since(stays, turned),
        stays=stays,
        conflicts=tuple(row["conflict"] for row in contested),
        formerly=formerly,
        beyond=tuple(sorted({source.connection for tail in tails for source in tail})),
    )


def _since(stays: tuple[Holder, ...], turned: list[Row]) -> datetime | None:
    """By the night-level history; nights that had passed when they were first told of are not in it."""
    if turned and turned[0]["busy"] == bool(stays):
        return aware(turned[0]["changed"])
    return min((stay.first_seen for stay in stays), default=None)


def _sources(rows: Rows, listing: str, night: date) -> dict[str, list[Source]]:
    """The bookings of every stay that covers the night, by its UID."""
    sources: dict[str, list[Source]] = defaultdict(list)
    for row in rows("read_night_sources", listing=listing, night=night):
        sources[row["stay"]].append(_source(row))
    return sources


def _source(row: Row) -> Source:
    rule = Rule(row["rule"])
    return Source(
        connection=row["connection"],
        channel=row["channel"],
        uid=row["uid"],
        kind=row["kind"],
        state=row["state"],
        check_in=row["check_in"],
        check_out=row["check_out"],
        rule=rule,
        why=RULES[rule],
        fields=tuple(row["fields"]),
        first_seen=aware(row["first_seen"]),
        evidence=_evidence(row),
    )


def _holder(row: Row, sources: list[Source]) -> Holder:
    return Holder(**row | {"first_seen": aware(row["first_seen"]), "sources": tuple(sources)})


def _former(row: Row) -> Former:
    cause = Cause(row["cause"]) if row["cause"] else None
    return Former(
        connection=row["connection"],
        channel=row["channel"],
        kind=row["kind"],
        uid=row["uid"],
        code=row["code"],
        check_in=row["check_in"],
        check_out=row["check_out"],
        first_seen=aware(row["first_seen"]),
        held_until=aware(row["held_until"]),
        cause=cause,
        why=CAUSES[cause] if cause else _change(row),
        evidence=_evidence(row),
    )


def _change(row: Row) -> str:
    if row["kind_now"] == Kind.HORIZON:
        return "the channel shows it as the end of what it sells"
    return f"its dates changed to {row['check_in_now']} to {row['check_out_now']}"


def _evidence(row: Row) -> Evidence:
    return Evidence(moment(row["asked"]), row["run_id"], row["body"])
