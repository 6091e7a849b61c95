"""Who may do what over HTTP.

Belongs here: the roles and their order. Does not: finding out who somebody is (`bridge.auth`), storing
tokens (`control.tokens`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """From little to much; each may do what those before it may."""

    READ = "read"
    """See everything that is shown, guests' names included."""
    OPERATOR = "operator"
    """Start syncs, decide about quarantines and double bookings."""
    ADMIN = "admin"
    """Change the configuration and credentials."""

    def allows(self, needed: Role) -> bool:
        """Whether it is that role or a higher one."""
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(needed)


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who was recognised, and in which way, unless the name says it."""

    name: str
    role: Role
    way: str = ""

    @property
    def who(self) -> str:
        """What requests and the audit log show: `anna (token 3)`."""
        return f"{self.name} ({self.way})" if self.way else self.name
