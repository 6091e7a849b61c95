"""How often a vendor may be asked: so many requests within so many seconds, several windows at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass
class Limits:
    """`windows` are numbers of requests by their seconds."""

    windows: Mapping[float, int]
    _taken: list[float] = field(default_factory=list)

    def take(self, tick: float) -> float | None:
        """Count a request; where it is one too many, don't, and give the seconds after which one is free."""
        waits = [self._wait(seconds, count, tick) for seconds, count in self.windows.items()]
        if any(waits):
            return max(waits)
        self._taken.append(tick)
        return None

    def left(self, seconds: float, tick: float) -> int:
        """How many more a window has."""
        return self.windows[seconds] - len(self._within(seconds, tick))

    def resets_in(self, seconds: float, tick: float) -> float:
        """When a window is empty again."""
        return max((taken + seconds - tick for taken in self._within(seconds, tick)), default=0)

    def _wait(self, seconds: float, count: int, tick: float) -> float:
        within = self._within(seconds, tick)
        return within[-count] + seconds - tick if len(within) >= count else 0

    def _within(self, seconds: float, tick: float) -> list[float]:
        return [taken for taken in self._taken if taken > tick - seconds]
