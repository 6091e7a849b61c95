"""Access to an account for a while.

Belongs here: the value that channels obtain and the control store keeps. Does not: obtaining it
(`channels.auth`), sealing it (`control.tokens`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from rentalsync_pipeline.core.secret import Secret

MARGIN = timedelta(minutes=1)
"""A token that runs out within it is renewed first: a question takes up to a minute."""


@dataclass(frozen=True, slots=True)
class Token:
    """Access for a while, and, where the server gives one, what renews it."""

    access: Secret
    expires: datetime | None = None
    """`None`: it lasts until it is refused."""
    refresh: Secret | None = None
    grant: str = ""
    """Digest of the credentials that it came from: with others, it is forgotten."""

    def lasts(self, now: datetime) -> bool:
        """Whether it can be used for a question that is asked now."""
        return self.expires is None or now + MARGIN < self.expires
