"""Whether and when to try again.

Belongs here: the rules of retrying and of Retry-After. Does not: the waiting itself (`transport`), the
next sync (a failed answer is asked for again by its connection's interval).
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from rentalsync_pipeline.channels.wire.response import Response
from rentalsync_pipeline.core.verdict import Reason

TRIES = 3

BACKOFF = 1.0
"""Seconds before the second try, on average; doubled for each further one."""

PATIENCE = 10.0
"""A server that asks for more seconds than this is left alone until a later sync."""

FURTHEST = timedelta(days=1)
"""No server silences a connection for longer, by mistake or on purpose."""

PASSING = frozenset(
    {Reason.TIMEOUT, Reason.UNREACHABLE, Reason.TORN, Reason.RATE_LIMITED, Reason.SERVER_ERROR}
)
"""Failures that may be over in a moment."""


UNHEARD = frozenset({Reason.UNREACHABLE, Reason.RATE_LIMITED})
"""Those after which a request was certainly not carried out."""


def pause(response: Response, attempt: int, now: datetime, *, repeatable: bool = True) -> float | None:
    """Seconds until the next try after this one (counted from 0); `None` when there should be none."""
    failure = response.failure
    if failure is None or failure.reason not in (PASSING if repeatable else UNHEARD) or attempt + 1 >= TRIES:
        return None
    jitter = random.uniform(0.5, 1.5)  # noqa: S311 spreads the load, guards nothing
    wanted = (failure.retry_at - now).total_seconds() if failure.retry_at else 0.0
    wait = max(wanted, BACKOFF * 2**attempt * jitter)
    return wait if wait <= PATIENCE else None


def retry_at(header: str | None, now: datetime) -> datetime | None:
    """The moment that a Retry-After header names, in seconds or as a date (RFC 9110 §10.2.3)."""
    if header is None:
        return None
    if header.isascii() and header.isdecimal():
        return now + min(timedelta(seconds=min(int(header), 86_400)), FURTHEST)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    return min(moment if moment.tzinfo else moment.replace(tzinfo=UTC), now + FURTHEST)
