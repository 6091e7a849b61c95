"""How often one server is asked.

Belongs here: the rate limit per server. Does not: waiting (`transport`), trying again (`patience`), how
many are asked at once (`fetching`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Pace:
    """Gives out the moments at which a server may be asked: `rate` a second, after a burst.

    The generic cell rate algorithm: all that is kept is the moment at which the next one would be due
    if no burst were allowed. Safe to share between threads, each with a loop of its own.
    """

    def __init__(self, *, rate: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._interval = 1 / rate
        self._slack = (burst - 1) * self._interval
        self._due: dict[str, float] = {}
        self._lock = threading.Lock()

    def reserve(self, server: str) -> float:
        """Take the next moment for this server, and get the seconds to wait for it."""
        now = self._clock()
        with self._lock:
            due = max(self._due.get(server, now), now)
            self._due[server] = due + self._interval
        return max(0.0, due - self._slack - now)


SHARED = Pace(rate=4, burst=8)
"""The pace of this process, whatever number of syncs it runs: 200 calendars of one channel take 50 s."""
