"""What to say of trouble: each once, and once more when it is over.

Belongs here: comparing what is wrong with what was said, and the words around it. Does not: finding trouble
(`operations.watching.troubles`), sending (`operations.watching.sending`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

_MOST = 20
"""Troubles named in one message; a network that is down makes one of every connection."""


class Matter(StrEnum):
    """What kind of trouble it is."""

    STALE = "stale"
    """A connection without a good answer for too long."""
    CONFLICT = "conflict"
    """A double booking that is certain."""
    POSSIBLE_CONFLICT = "possible_conflict"
    FAILED_RUN = "failed_run"
    SHUT = "shut"
    """A listing that could be sold was closed from end to end at once."""
    UNREADABLE = "unreadable"
    """A mass of one calendar's events could not be read."""
    PERSONAL_DATA = "personal_data"
    """Events were cut to their dates, because their text named somebody."""
    DRIFT = "drift"
    """A channel wrote something that it never wrote before: it is said, and never over."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something wrong, known by its matter and subject; `text` holds no guest's data."""

    matter: Matter
    subject: str
    text: str

    @property
    def key(self) -> tuple[Matter, str]:
        """What makes it the same trouble, however its words change."""
        return self.matter, self.subject


@dataclass(frozen=True, slots=True)
class News:
    """What has not been said yet."""

    begun: tuple[Trouble, ...]
    over: tuple[Trouble, ...]

    def __bool__(self) -> bool:
        return bool(self.begun or self.over)

    @property
    def message(self) -> str:
        """A line each, what began before what is over."""
        lines = [each.text for each in self.begun] + [f"Over: {each.text}" for each in self.over]
        more = len(lines) - _MOST
        return "\n".join(lines[:_MOST] + ([f"And {more} more: see `rentalsync status`."] if more > 0 else []))


def news(standing: Iterable[Trouble], said: Iterable[Trouble]) -> News:
    """What is wrong now and was not said, and what was said and is wrong no more."""
    now = {trouble.key: trouble for trouble in standing}
    then = {trouble.key: trouble for trouble in said}
    return News(
        begun=tuple(trouble for key, trouble in now.items() if key not in then),
        over=tuple(
            trouble for key, trouble in then.items() if key not in now and trouble.matter is not Matter.DRIFT
        ),
    )


def is_mass(unread: int, events: int) -> bool:
    """Whether so many events could not be read that the calendar's form must have changed.

    One odd event is in the sync log; a tenth of a calendar, and at least three, is a producer's new way.
    """
    return unread >= 3 and unread * 10 >= events
