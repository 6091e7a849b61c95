"""Gate 4: whether a complete answer is believed where it takes nights away.

Belongs here: what raises a doubt, and what ends one. Does not: gates 1 to 3, finding what is lost
(set-based, `warehouse/queries/absorb_doubt.sql`), keeping quarantines (`operations.syncing.doubting`).
A doubtful answer is quarantined: it may add, but never take.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from rentalsync_pipeline.core.verdict import Verdict


class Doubt(StrEnum):
    """Why a complete answer is not believed."""

    EMPTY = "empty"
    TAIL_GONE = "tail_gone"
    MASS_LOSS = "mass_loss"
    WIDESPREAD_LOSS = "widespread_loss"
    OLDER = "older"


DOUBTS: Mapping[Doubt, str] = MappingProxyType(
    {
        Doubt.EMPTY: "a calendar without any event, where there were bookings before",
        Doubt.TAIL_GONE: "it does not reach the end of the booking window, as every answer before it did",
        Doubt.MASS_LOSS: "many bookings that have yet to begin are gone at once",
        Doubt.WIDESPREAD_LOSS: "many listings of the account have lost bookings at once",
        Doubt.OLDER: "it was made before the last answer that was believed: a stale copy",
    }
)
"""Each doubt in words for a person."""


class Decision(StrEnum):
    """What a person said of a quarantine."""

    RELEASE = "release"
    """It is right: what it took is gone."""
    REJECT = "reject"
    """It is wrong: only a better answer ends it."""


class Ending(StrEnum):
    """How a quarantine ended."""

    RESTORED = "restored"
    """A later answer raised no doubt."""
    CONFIRMED = "confirmed"
    """The same was lost for the policy's time."""
    RELEASED = "released"
    """By a person."""
    ABANDONED = "abandoned"
    """Its connection was taken away."""


@dataclass(frozen=True, slots=True)
class Quarantine:
    """A doubtful answer stands."""

    since: datetime
    """When the first answer with these losses, or more of them, was asked for."""
    lost: frozenset[str] = frozenset()
    """Keys of the bookings that the last doubtful answer had lost."""
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A complete answer beside the last accepted state of its connection.

    A calendar is compared as a whole. The answer of an account is compared listing by listing, and once more
    as a whole: only then `listings` is more than none, and only what is spread over them counts.
    Blocks don't count as bookings: they come and go by the dozen (measured: 61, 121 and 91 blocked nights of
    three listings withdrawn by one answer, rightly). A booking counts as lost when the answer holds neither
    its id nor any of its nights: Booking.com writes adjacent stays as one event or as two within hours,
    under other ids and over the same nights.
    """

    events: int
    """What the answer holds, of whatever kind."""
    known: int
    """Occupations of any kind that stood and had not ended."""
    future: int
    """Bookings that stood, were in the last accepted answer and had not begun."""
    lost: frozenset[str] = frozenset()
    """Keys of those of them that are lost."""
    tail_before: bool = False
    """The last accepted answer ended in the rolling tail that its producer always writes (Booking.com)."""
    tail_now: bool = False
    made: datetime | None = None
    """The moment of the answer by its producer's clock, where that is written."""
    made_before: datetime | None = None
    """The same of the last accepted answer."""
    listings: int = 0
    """Of an account as a whole: how many the channel tells of, by its own ids."""
    listings_losing: int = 0
    """Those of them that have lost a booking."""
    quarantine: Quarantine | None = None
    """The one that stood before this answer."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What becomes of a complete answer.

    `quarantine` stands from now on; `ending` tells how the one that stood ended. `confirmed` are keys of
    bookings that are gone for certain: nothing more to wait for.
    """

    verdict: Verdict
    doubts: tuple[Doubt, ...] = ()
    quarantine: Quarantine | None = None
    ending: Ending | None = None
    confirmed: frozenset[str] = frozenset()

    @property
    def is_proven(self) -> bool:
        """Whether time or a person has confirmed all that the answer takes."""
        return self.ending in (Ending.CONFIRMED, Ending.RELEASED)


def doubts(beside: Comparison) -> tuple[Doubt, ...]:
    """What speaks against believing an answer; nothing, for nearly all.

    Measured on 26,441 fetches of five Booking.com rooms: the tail was absent in three, and these were the
    partial and empty ones. Of 180 answers that rightly lost bookings (two rooms, ten months; three Airbnb
    listings, six months) 177 lost one, three lost two (of 9, 21 and 30), none lost more.
    """
    return tuple(doubt for doubt, holds in _DOUBTFUL.items() if holds(beside))


def rule(beside: Comparison, asked: datetime, confirm_after: timedelta) -> Ruling:
    """Decide about an answer that was asked for at `asked`.

    A quarantine ends when an answer raises no doubt, when all answers for `confirm_after` were doubtful and
    none lost more than the one before, or when a person releases it. Losing more begins anew. The outages
    that were measured lasted 0.8 to 3.7 hours.
    """
    held, found = beside.quarantine, doubts(beside)
    if not found:
        return Ruling(Verdict.ACCEPTED, ending=Ending.RESTORED if held else None)
    if held is None or not beside.lost <= held.lost:
        decision = held.decision if held and held.decision is Decision.REJECT else None
        return Ruling(Verdict.QUARANTINED, found, Quarantine(asked, beside.lost, decision))
    if ending := _ending(held, asked, confirm_after):
        return Ruling(Verdict.ACCEPTED, found, ending=ending, confirmed=beside.lost)
    return Ruling(Verdict.QUARANTINED, found, Quarantine(held.since, beside.lost, held.decision))


def _ending(held: Quarantine, asked: datetime, confirm_after: timedelta) -> Ending | None:
    if held.decision is Decision.RELEASE:
        return Ending.RELEASED
    if held.decision is None and asked - held.since >= confirm_after:
        return Ending.CONFIRMED
    return None


def _mass_loss(beside: Comparison) -> bool:
    lost = len(beside.lost)
    is_many = lost >= 3 or (lost >= 2 and lost * 10 >= beside.future * 3)
    return not beside.listings and (is_many or _unrestored(beside))


def _widespread_loss(beside: Comparison) -> bool:
    """Of a few listings, one or two that lose a guest are already more than 5 %: they are no sign."""
    losing = beside.listings_losing
    is_wide = losing >= 20 or (losing >= 3 and losing * 20 >= beside.listings)
    return beside.listings > 0 and (is_wide or _unrestored(beside))


def _unrestored(beside: Comparison) -> bool:
    """What was held back is still lost, though time has made it fewer: stays begin and leave the count."""
    held = beside.quarantine
    return held is not None and len(beside.lost & held.lost) >= 2


def _older(beside: Comparison) -> bool:
    return beside.made is not None and beside.made_before is not None and beside.made < beside.made_before


_DOUBTFUL: Mapping[Doubt, Callable[[Comparison], bool]] = MappingProxyType(
    {
        Doubt.EMPTY: lambda beside: beside.events == 0 and beside.known > 0,
        Doubt.TAIL_GONE: lambda beside: beside.tail_before and not beside.tail_now,
        Doubt.MASS_LOSS: _mass_loss,
        Doubt.WIDESPREAD_LOSS: _widespread_loss,
        Doubt.OLDER: _older,
    }
)
