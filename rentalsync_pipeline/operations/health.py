"""How well something is, in three steps.

Belongs here: the one scale that `status` and `doctor` share, and what a check finds. Does not: judging.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """From good to bad."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"

    @property
    def rank(self) -> int:
        """The worse, the higher."""
        return list(Level).index(self)


def worst(levels: Iterable[Level]) -> Level:
    """The level of what has these parts; nothing at all is well."""
    return max(levels, key=lambda level: level.rank, default=Level.OK)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found, and what to do about it where there is something to do."""

    level: Level
    said: str
    remedy: str = ""


def well(said: str) -> Finding:
    """Nothing to do."""
    return Finding(Level.OK, said)


def warn(said: str, remedy: str) -> Finding:
    """It works, but not as it should."""
    return Finding(Level.WARN, said, remedy)


def fail(said: str, remedy: str) -> Finding:
    """It doesn't work, or does harm."""
    return Finding(Level.FAIL, said, remedy)
