"""How often one server is asked.

Belongs here: the rate limit per server. Does not: waiting (`transport`), trying again (`patience`), how
many are asked at once (`fetching`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """So many questions a second, after a burst of so many at once; in any second at the most both."""

    per_second: float
    burst: int = 1


class Pace:
    """Gives out the moments at which a server may be asked: `rate` a second, after a burst.

    The generic cell rate algorithm: all that is kept is the moment at which the next one would be due
    if no burst were allowed. Safe to share between threads, each with a loop of its own.
    """

    def __init__(self, *, rate: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._rate = Rate(rate, burst)
        self._due: dict[str, float] = {}
        self._lock = threading.Lock()

    def reserve(self, whom: str, rate: Rate | None = None) -> float:
        """Take the next moment for this server or account, and get the seconds to wait for it.

        `rate` is its own, where it has one.
        """
        now, rate = self._clock(), rate or self._rate
        with self._lock:
            due = max(self._due.get(whom, now), now)
            self._due[whom] = due + 1 / rate.per_second
        return max(0.0, due - (rate.burst - 1) / rate.per_second - now)


SHARED = Pace(rate=4, burst=8)
"""The pace of this process, whatever number of syncs it runs: 200 calendars of one channel take 50 s."""
