"""Access tokens of a vendor that lets clients log in: made, run out, renewed, revoked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rentalsync_pipeline_tests.simulators.people import hexadecimal


@dataclass
class Tokens:
    """The tokens of one kind. `lifetime` is that of each; `issued` counts them all."""

    kind: str
    lifetime: timedelta
    issued: list[datetime] = field(default_factory=list)
    _ends: dict[str, datetime] = field(default_factory=dict)

    def new(self, now: datetime) -> str:
        self.issued.append(now)
        token = f"{self.kind}_{hexadecimal(self.kind, len(self.issued))}"
        self._ends[token] = now + self.lifetime
        return token

    def valid(self, token: str, now: datetime) -> bool:
        return token in self._ends and now < self._ends[token]

    def spend(self, token: str, now: datetime) -> bool:
        """Use a token that is good for one time; whether it was good."""
        good = self.valid(token, now)
        self._ends.pop(token, None)
        return good

    def expire(self) -> None:
        """End all of them now."""
        self._ends.clear()
