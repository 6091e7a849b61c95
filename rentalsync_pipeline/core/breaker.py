"""When a connection that fails and fails is left alone for a while.

Belongs here: that one rule, a circuit breaker. Does not: keeping its state (`operations.syncing.remember`), a
server's own wish to be left alone (Retry-After, `channels.patience`).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from rentalsync_pipeline.core.verdict import Reason

LIMIT = 5
"""Failures one after the other that open it."""

LONGEST = timedelta(hours=1)
"""It is then tried again: one good answer closes it."""

MENDED_HERE = frozenset({Reason.NO_SECRET, Reason.FILE_MISSING})
"""What asks no server; the sync after its mending should see it."""


def opened_until(failures: int, reason: Reason, asked: datetime, interval: timedelta) -> datetime | None:
    """Until when not to ask again after so many failures, the last of them at `asked`; `None` while closed.

    Each failure after the fifth doubles the wait, beginning with two intervals: a server in trouble, or one
    that has revoked a key, is not helped by being asked as often as ever.
    """
    if failures < LIMIT or reason in MENDED_HERE:
        return None
    doublings = min(failures - LIMIT + 1, 16)
    return asked + min(interval * (1 << doublings), LONGEST)
