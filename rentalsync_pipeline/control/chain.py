"""The chain of the audit log: each row is bound to all before it, so that none can be changed unseen.

Belongs here: the form in which a row is hashed, and finding where a log is not as it was written; pure.
Does not: keeping the rows (`audit`). The hash of a row is SHA-256 over the hash of the row before it and
the row itself, so one that is changed, removed, inserted or moved breaks the chain at its place. Who may
write all rows could make all hashes anew: against that, and against a cut end, helps only a head (the hash
of the last row) that was noted elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

ORIGIN = "0" * 64
"""What the first row takes for the hash of the one before it."""

Fields = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Entry:
    """What was done to what. `old` and `new` are fields as they may be shown: no secret, no guest."""

    action: str
    subject: str
    old: Fields | None = None
    new: Fields | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """A row of the log. `number` counts from 1, without gaps."""

    number: int
    at: datetime
    who: str
    entry: Entry
    hash: str


@dataclass(frozen=True, slots=True)
class Verified:
    """How a log was found: so many rows in order, `head` being the hash of the last of them.

    `broken` is the number of the first row that is not as it was written, and `fault` what is wrong.
    """

    rows: int
    head: str
    broken: int | None = None
    fault: str | None = None


def digest(previous: str, number: int, at: datetime, who: str, entry: Entry) -> str:
    """The hash of a row behind one of the hash `previous`."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    told = [previous, number, moment, who, entry.action, entry.subject, _plain(entry.old), _plain(entry.new)]
    return sha256(json.dumps(told, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def verify(rows: Iterable[Recorded], noted: Collection[str] = ()) -> Verified:
    """Hold a whole log, in the order of its numbers, against its hashes and against heads that were noted."""
    number, head, awaited = 0, ORIGIN, set(noted) - {ORIGIN}
    for number, row in enumerate(rows, 1):
        if row.number != number:
            return Verified(number - 1, head, number, f"row {number} is missing")
        if row.hash != digest(head, number, row.at, row.who, row.entry):
            return Verified(number - 1, head, number, f"row {number} is not what was written there")
        head = row.hash
        awaited.discard(head)
    if awaited:
        fault = f"a noted head is not there: the log was cut after row {number}, or written anew"
        return Verified(number, head, number + 1, fault)
    return Verified(number, head)


def _plain(fields: Fields | None) -> dict[str, str | None] | None:
    return None if fields is None else dict(fields)
