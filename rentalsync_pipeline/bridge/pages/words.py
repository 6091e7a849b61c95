"""How it stands, in the words and colours of the pages.

Belongs here: from states to a look and a word. Does not: judging (`operations.watching`), templates. A look
is one of the levels, or `off` where nothing is expected.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from rentalsync_pipeline.core.verdict import Verdict
from rentalsync_pipeline.operations.health import Level
from rentalsync_pipeline.operations.looking.sync_log import Outcome
from rentalsync_pipeline.operations.watching.catalogue import Unit
from rentalsync_pipeline.operations.watching.status import ConnectionStatus, Freshness, Status

OFF = "off"
_FROM_BAD_TO_GOOD = (Level.FAIL, Level.WARN, Level.OK, OFF)

HOME = {Level.OK: "All is well", Level.WARN: "Needs a look", Level.FAIL: "Needs you now"}
FRESH: dict[Freshness, tuple[str, str]] = {
    Freshness.OK: (Level.OK, "Connected"),
    Freshness.LATE: (Level.WARN, "Late"),
    Freshness.STALE: (Level.FAIL, "Stale"),
    Freshness.NEVER: (OFF, "Not asked yet"),
    Freshness.OFF: (OFF, "Off"),
}
OUTCOMES: dict[Outcome, tuple[str, str]] = {
    Outcome.SUCCESS: (Level.OK, "Success"),
    Outcome.PARTIAL: (Level.WARN, "Partial"),
    Outcome.ERROR: (Level.FAIL, "Error"),
}


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that somebody should look at, and the page where that is done."""

    look: str
    what: str
    words: str
    path: str


def standing_of(status: ConnectionStatus) -> tuple[str, str]:
    """The look and the word for a connection; what is wrong now goes before how long ago it was well."""
    if status.freshness is Freshness.OFF:
        return FRESH[Freshness.OFF]
    if status.verdict == Verdict.QUARANTINED:
        return Level.WARN, "Quarantined"
    return (Level.FAIL, "Error") if status.failures else FRESH[status.freshness]


def standing_of_listing(unit: Unit) -> tuple[str, str]:
    """The look and the word for a listing, by the connection that is worst off."""
    if unit.trouble is None:
        return FRESH[unit.freshness]
    is_blind = unit.freshness in {Freshness.STALE, Freshness.NEVER}
    return (Level.FAIL, "No answer") if is_blind else (Level.WARN, "Trouble")


def matters(found: Status) -> list[Matter]:
    """What somebody should look at, the worst first."""
    known = chain(_double_bookings(found), _connections(found), _listings(found))
    return sorted(known, key=lambda each: _FROM_BAD_TO_GOOD.index(each.look))


def _double_bookings(found: Status) -> Iterator[Matter]:
    if found.certain_conflicts:
        yield Matter(Level.FAIL, "Double bookings", f"{found.certain_conflicts} certain", "/conflicts")
    if found.possible_conflicts:
        words = f"{found.possible_conflicts} possible: say what they are"
        yield Matter(Level.WARN, "Double bookings", words, "/conflicts")


def _connections(found: Status) -> Iterator[Matter]:
    for each in found.connections:
        if each.message and each.freshness is not Freshness.OFF:
            yield Matter(
                standing_of(each)[0], each.connection, each.message, f"/integrations/{each.connection}"
            )
    for each_room in found.unmapped:
        words = (
            f"tells of room {each_room.upstream_listing} ({each_room.bookings} bookings), which is no listing"
        )
        yield Matter(Level.WARN, each_room.connection, words, f"/integrations/{each_room.connection}/mapping")


def _listings(found: Status) -> Iterator[Matter]:
    for shut in found.shut:
        yield Matter(
            Level.WARN, shut.listing, shut.words.removeprefix(f"{shut.listing}: "), f"/board?q={shut.listing}"
        )
    for back in found.rolled_back:
        words = f"its calendar for {back.audience} is rolled back to {back.moment:%Y-%m-%d %H:%M} UTC"
        yield Matter(Level.WARN, back.listing, words, f"/listings?q={back.listing}")
    for gone in found.orphaned:
        words = f"{gone.nights} nights of {gone.connection}, which is gone, stay busy for now"
        yield Matter(OFF, gone.listing, words, f"/board?q={gone.listing}")
