"""What servers say of how often they may still be asked.

Belongs here: the headers of all vendors, as one table. Does not: waiting (`transport`), what a connection
tells its user (`operations`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

SOONEST = datetime(2020, 1, 1, tzinfo=UTC).timestamp()
"""Numbers above are moments in seconds since 1970, numbers below are seconds from now: vendors write both."""

HEADERS = (
    ("x-five-min-limit-remaining", "x-five-min-limit-resets-in"),
    ("x-fivemincreditlimit-remaining", "x-fivemincreditlimit-resetsin"),
    ("x-ratelimit-remaining", "x-ratelimit-reset"),
    ("x-ratelimit-remaining", "x-ratelimit-retry-after"),
    ("ratelimit-remaining", "ratelimit-reset"),
    ("x-ratelimit-remaining-second", ""),
    ("x-ratelimit-remaining-minute", ""),
    ("x-ratelimit-remaining", ""),
)
"""Names of the header that counts down and of the one that tells when it begins anew: Beds24 (in two
spellings), the usual form, Smoobu, the IETF draft, Guesty (per second and minute), those that only count."""


@dataclass(frozen=True, slots=True)
class Quota:
    """How many questions are left until a moment, where the server says which."""

    left: int
    resets: datetime | None = None


def quota_of(headers: Mapping[str, str], now: datetime) -> Quota | None:
    """What an answer's headers say; the names are lower-case."""
    for counts, resets in HEADERS:
        left = _number(headers.get(counts))
        if left is not None and (not resets or resets in headers):
            return Quota(int(left), _moment(_number(headers.get(resets)), now))
    return None


def _moment(seconds: float | None, now: datetime) -> datetime | None:
    if seconds is None:
        return None
    if seconds > SOONEST:
        return min(datetime.fromtimestamp(min(seconds, 4e9), UTC), now + timedelta(days=1))
    return now + timedelta(seconds=min(seconds, 86_400))


def _number(value: str | None) -> float | None:
    try:
        number = float(value) if value is not None else None
    except ValueError:
        return None
    return number if number is not None and 0 <= number < 1e12 else None
