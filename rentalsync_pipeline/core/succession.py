"""Whether a record that appeared is the one that vanished, under another id.

Belongs here: the rule that links the two. Does not: identity within one answer (`calendars.dialects`).
Booking.com makes its UID from the start date and clips the start of running closures, so that the id of
one and the same occupation changes every midnight; Vrbo's changes with the dates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rentalsync_pipeline.core.absence import AWAITED
from rentalsync_pipeline.core.model import Kind


@dataclass(frozen=True, slots=True)
class Trace:
    """What of a record tells whether it is another's successor."""

    key: str
    kind: Kind
    check_in: date
    check_out: date
    code: str | None = None
    guest_name: str | None = None


def successors(vanished: Sequence[Trace], appeared: Sequence[Trace]) -> dict[str, str]:
    """Pair records of one connection and listing: the key that vanished to the key that took its place.

    Each is used once; the pair that shares most nights goes first, equal ones by date, so that the
    result does not depend on the order given.
    """
    pairs = sorted(
        (-_shared(old, new), old.check_in, new.check_in, old.key, new.key)
        for old in vanished
        for new in appeared
        if _may_succeed(old, new)
    )
    linked: dict[str, str] = {}
    taken: set[str] = set()
    for *_, old_key, new_key in pairs:
        if old_key not in linked and new_key not in taken:
            linked[old_key] = new_key
            taken.add(new_key)
    return linked


def _may_succeed(old: Trace, new: Trace) -> bool:
    if _shared(old, new) <= 0 or (old.kind in AWAITED) != (new.kind in AWAITED):
        return False
    if old.kind not in AWAITED:
        return True
    if old.code or new.code:
        return old.code == new.code
    same_end = old.check_in == new.check_in or old.check_out == new.check_out
    return same_end and old.guest_name is not None and old.guest_name == new.guest_name


def _shared(old: Trace, new: Trace) -> int:
    return (min(old.check_out, new.check_out) - max(old.check_in, new.check_in)).days
