"""Why a night is busy or free, as values.

Belongs here: what `explain` answers, from the night down to the bytes. Does not: finding it out (`explain`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from rentalsync_pipeline.core.absence import Cause
from rentalsync_pipeline.core.matching import Rule


@dataclass(frozen=True, slots=True)
class Evidence:
    """The answer that brought something: when it was asked for, in which run, and the digest of its body.

    `asked` and `body` are `None` where no answer did it, but a change of the configuration.
    """

    asked: datetime | None
    run_id: str | None
    body: str | None
    event: str | None = None
    """Of the body, what the channel wrote of this very booking: guests' data, cited only where its owner asks
    (`citing`). `None` where it isn't cited, or retention has taken the body."""
    is_kept: bool = True
    """Whether the body is still there."""


@dataclass(frozen=True, slots=True)
class Source:
    """One booking behind a stay, and why it belongs to it."""

    connection: str
    channel: str
    key: str
    """By which it is known within its connection."""
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
    missing_since: datetime | None
    """Since when good answers lack it, where they do."""
    evidence: Evidence
    """The last answer in which it held the night."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A stay that holds the night; `listing` may be a relative. `uid` is that of its event in every feed."""

    uid: str
    listing: str
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

    listing: str
    connection: str
    channel: str
    key: str
    kind: str
    uid: str | None
    code: str | None
    check_in: date
    check_out: date
    first_seen: datetime
    held_until: datetime
    cause: Cause
    """The rule. Where it didn't end but changed, `why` says to what."""
    why: str
    told: Evidence
    """The last answer in which it held the night."""
    evidence: Evidence
    """The answer that ended or changed it."""


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
    quarantines: tuple[int, ...]
    """Ids of those that stand and whose answer has lost a booking of this night."""
    formerly: tuple[Former, ...]
    beyond: tuple[str, ...]
