"""What a feed shows that is rolled back: an earlier version, and beside it what must not be sold since.

Belongs here: bringing the two together, without I/O. Does not: which feeds are rolled back (`pinning`).
A night that is taken now is never free in such a feed, unless a person let go of the very stay that holds it,
as it stood when they did.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from rentalsync_pipeline.calendars.writer import FeedEvent
from rentalsync_pipeline.core.nightset import NightSet, between, ranges
from rentalsync_pipeline.publishing.names import stay_uid


def let_go(stay: str, check_in: date, check_out: date) -> str:
    """A stay as it stands: with other nights it is not the one that was let go."""
    return f"{stay} {check_in} {check_out}"


@dataclass(frozen=True, slots=True)
class Pinned:
    """The events of the version that stands again, and the stays that are let go."""

    events: tuple[FeedEvent, ...]
    let_go: frozenset[str]
    secret: bytes = field(repr=False)

    def over(self, present: Iterable[FeedEvent]) -> list[FeedEvent]:
        """The pinned events, and of the present ones the nights that these lack, in the order of nights."""
        held: NightSet = 0
        for event in self.events:
            held |= between(event.check_in, event.check_out)
        beside = [part for event in present for part in self._rest(event, held)]
        return sorted([*self.events, *beside], key=lambda event: (event.check_in, event.check_out, event.uid))

    def _rest(self, event: FeedEvent, held: NightSet) -> Iterator[FeedEvent]:
        """What is left of a present event: the first part keeps its name, unless a pinned one bears it."""
        if let_go(event.uid, event.check_in, event.check_out) in self.let_go:
            return
        names: Sequence[str] = () if event.uid in {each.uid for each in self.events} else (event.uid,)
        rest = between(event.check_in, event.check_out) & ~held
        for number, (first, end) in enumerate(ranges(rest)):
            uid = names[number] if number < len(names) else self._name(event.uid, number)
            yield replace(event, uid=uid, check_in=first, check_out=end)

    def _name(self, uid: str, number: int) -> str:
        return stay_uid(self.secret, "beside", f"{uid} {number}")
