"""Answers that are expected from a browser that was sent away.

Belongs here: keeping what each state stands for, once and for minutes. Does not: what
it stands for (`oauth`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

_WHILE = timedelta(minutes=10)
"""So long a person may take to log in there and agree."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A person who was sent to a vendor's page: about which account, and where they come back to.

    `onward` is the page that they are to see then; empty for whoever wants an answer for machines.
    """

    connection: str
    redirect: str
    who: str
    onward: str = ""


class Expected:
    """States that we gave out; each is good for one answer."""

    def __init__(self) -> None:
        self._states: dict[str, tuple[Sent, datetime]] = {}
        self._lock = Lock()

    def expect(self, state: str, meaning: Sent, now: datetime) -> None:
        """Remember a state, and forget those that nobody came back with."""
        with self._lock:
            self._states = {each: kept for each, kept in self._states.items() if now < kept[1]}
            self._states[state] = (meaning, now + _WHILE)

    def take(self, state: str, now: datetime) -> Sent | None:
        """What a state stands for; `None` where it was never given out, was used, or is too old."""
        with self._lock:
            meaning, until = self._states.pop(state, (None, now))
        return meaning if now < until else None
