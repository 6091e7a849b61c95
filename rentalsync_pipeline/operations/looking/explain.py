"""Why a night is busy or free: from the night to the stay, its bookings, and the answers behind them.

Belongs here: putting the trail together. Does not: what it consists of (`explanation`), the rules in whose
words it is told (`core.matching`, `core.absence`).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.core.absence import AWAITED, CAUSES, Cause
from rentalsync_pipeline.core.matching import RULES, Rule
from rentalsync_pipeline.core.model import Kind
from rentalsync_pipeline.core.privacy import clean
from rentalsync_pipeline.operations.looking.explanation import Evidence, Explanation, Former, Holder, Source
from rentalsync_pipeline.operations.reading import Row, Rows, find_listing, moment, snapshot
from rentalsync_pipeline.warehouse.moments import aware


def explain(control: ControlStore, listing: str, night: date) -> Explanation:
    """Tell why a night is as it is; raises `UnknownError` for a listing there isn't."""
    find_listing(control.portfolio(), listing)
    with snapshot(control.home) as rows:
        covering = rows("read_night_stays", listing=listing, night=night)
        sources = _sources(rows, listing, night)
        formerly = tuple(_former(row) for row in rows("read_night_formerly", listing=listing, night=night))
        turned = rows("read_night_turned", listing=listing, night=night)
        doubted = rows("read_night_quarantines", listing=listing, night=night)
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
        quarantines=tuple(row["quarantine"] for row in doubted),
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
        key=row["key"],
        uid=row["uid"],
        kind=row["kind"],
        state=row["state"],
        check_in=row["check_in"],
        check_out=row["check_out"],
        rule=rule,
        why=RULES[rule],
        fields=tuple(row["fields"]),
        first_seen=aware(row["first_seen"]),
        missing_since=moment(row["missing_since"]),
        evidence=_evidence(row),
    )


def _holder(row: Row, sources: list[Source]) -> Holder:
    name = row["guest_name"] and clean(row["guest_name"])
    return Holder(
        **row | {"guest_name": name, "first_seen": aware(row["first_seen"]), "sources": tuple(sources)}
    )


def _former(row: Row) -> Former:
    cause = Cause(row["cause"]) if row["cause"] else _cause_of_change(row)
    return Former(
        listing=row["listing"],
        connection=row["connection"],
        channel=row["channel"],
        key=row["key"],
        kind=row["kind"],
        uid=row["uid"],
        code=row["code"],
        check_in=row["check_in"],
        check_out=row["check_out"],
        first_seen=aware(row["first_seen"]),
        held_until=aware(row["held_until"]),
        cause=cause,
        why=CAUSES[cause] if row["cause"] else _change(row),
        told=_evidence(row, "told_"),
        evidence=_evidence(row),
    )


def _cause_of_change(row: Row) -> Cause:
    """By which rule a night is free that a record, which lives on with other dates, held before."""
    return Cause.MOVED_AWAY if Kind(row["kind"]) in AWAITED else Cause.BLOCK_WITHDRAWN


def _change(row: Row) -> str:
    if row["kind_now"] == Kind.HORIZON:
        return "the channel shows it as the end of what it sells"
    return f"its dates changed to {row['check_in_now']} to {row['check_out_now']}"


def _evidence(row: Row, of: str = "") -> Evidence:
    return Evidence(moment(row[f"{of}asked"]), row[f"{of}run_id"], row[f"{of}body"])
