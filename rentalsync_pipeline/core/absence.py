"""What it means that a record is not in an answer any more.

Belongs here: the states of a booking's life and the one table of ways in which nights become free.
Does not: finding out what is absent (set-based, `warehouse/queries`), asking (`operations`).
Only an accepted answer may be held against a booking: a failed one never counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from rentalsync_pipeline.core.model import Kind
from rentalsync_pipeline.core.portfolio import AbsencePolicy


class State(StrEnum):
    """The life of a booking as its connection tells it."""

    PRESENT = "present"
    MISSING = "missing"
    """Not in the last good answer, not yet believed to be gone: still published."""
    ORPHANED = "orphaned"
    """Its connection was taken away or points elsewhere: still published."""
    COMPLETED = "completed"
    """Left the calendar while it ran or after its end, as stays do: still published."""
    CANCELLED = "cancelled"
    RELEASED = "released"
    """A block, or an orphan, that holds its nights no longer."""


OCCUPYING = (State.PRESENT, State.MISSING, State.ORPHANED, State.COMPLETED)
"""The states in which a booking holds its nights."""


class Cause(StrEnum):
    """Why a booking ceased to hold its nights. There is no other way for a night to become free."""

    SAID_CANCELLED = "said_cancelled"
    CONFIRMED_ABSENT = "confirmed_absent"
    MOVED_AWAY = "moved_away"
    BLOCK_WITHDRAWN = "block_withdrawn"
    SHOWN_ELSEWHERE = "shown_elsewhere"
    FREED_BY_PERSON = "freed_by_person"


CAUSES: dict[Cause, str] = {
    Cause.SAID_CANCELLED: "the channel says that it is cancelled",
    Cause.CONFIRMED_ABSENT: "it was missing from enough good answers for long enough",
    Cause.MOVED_AWAY: "the reservation moved to other dates or another room, and enough good answers said so",
    Cause.BLOCK_WITHDRAWN: "the block is not in the last good answer",
    Cause.SHOWN_ELSEWHERE: "its connection is gone, and another one shows the same nights",
    Cause.FREED_BY_PERSON: "its connection is gone, and a person let its nights go",
}
"""Each cause in words for `explain`."""

AWAITED = frozenset({Kind.RESERVATION, Kind.TENTATIVE})
"""Kinds with identity, whose absence must be confirmed. The others follow the accepted answer."""


@dataclass(frozen=True, slots=True)
class Absent:
    """A booking that a good answer does not hold.

    `given_up` tells of nights that a reservation left when its dates or its room changed: nobody is there in
    them. `confirmed` is true when a quarantine ended because this loss lasted.
    `same_source` is false when the connection points elsewhere than when the booking was last read;
    `unreadable` is true when an event with its UID was there but could not be read; `behind_tail` when the
    answer has a tail that reaches over its nights. `said_cancelled`: the answer says so, and no more of it.
    """

    kind: Kind
    check_in: date
    check_out: date
    misses: int = 0
    missing_since: datetime | None = None
    same_source: bool = True
    unreadable: bool = False
    behind_tail: bool = False
    given_up: bool = False
    confirmed: bool = False
    said_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of it."""

    state: State
    misses: int = 0
    missing_since: datetime | None = None
    cause: Cause | None = None


def fate(absent: Absent, policy: AbsencePolicy, asked: datetime, today: date) -> Fate:
    """Decide about one absent booking, by an answer that was asked for at `asked`.

    Airbnb drops a reservation the day after its check-out and Booking.com on the day itself, so what has
    begun is complete, never cancelled (measured, 432 of 442 reservations). Channels write adjacent closures
    as one event: what the tail has swallowed is as taken as it was, though it can't be told apart any more.
    """
    if absent.unreadable or not absent.same_source:
        return Fate(State.PRESENT if absent.unreadable else State.ORPHANED)
    if absent.said_cancelled:
        return Fate(State.CANCELLED, cause=Cause.SAID_CANCELLED)
    if absent.check_out <= today or _has_begun(absent, today):
        return Fate(State.COMPLETED)
    if absent.kind not in AWAITED:
        swallowed = absent.behind_tail and absent.kind is not Kind.HORIZON
        return Fate(State.PRESENT) if swallowed else Fate(State.RELEASED, cause=Cause.BLOCK_WITHDRAWN)
    since = absent.missing_since or asked
    misses = absent.misses + 1
    if not absent.confirmed and (misses < policy.misses or asked - since < policy.wait):
        return Fate(State.MISSING, misses, since)
    cause = Cause.MOVED_AWAY if absent.given_up else Cause.CONFIRMED_ABSENT
    return Fate(State.CANCELLED, misses, since, cause)


def _has_begun(absent: Absent, today: date) -> bool:
    return absent.kind in AWAITED and absent.check_in <= today and not absent.given_up


SOON = timedelta(minutes=5)
"""After a first loss: early enough to see a glitch pass."""


def ask_again(losses: Iterable[datetime], policy: AbsencePolicy, asked: datetime) -> datetime | None:
    """When to ask again after an answer of `asked`, to confirm what has been lost since `losses`.

    Once soon and once when the policy's wait is over, so that a true cancellation frees its nights quickly;
    `None` where both have been.
    """
    moments = (since + after for since in losses for after in (SOON, policy.wait))
    return min((moment for moment in moments if moment > asked), default=None)
