"""The control store as the steps of a past sync find it: in memory, with the configuration of that moment.

Belongs here: what those steps ask of it. Does not: anything else of a control store; what stood in it when
(`past`).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from rentalsync_pipeline.control.state import ConnectionState, Request
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.core.portfolio import Portfolio


class PastControl(ControlStore):
    """States and requests begin empty, and become what the steps make of them."""

    def __init__(self, secret: bytes) -> None:
        self.standing = Portfolio()
        """The configuration of the moment; whoever lets the past happen changes it."""
        self._secret = secret
        self._states: dict[str, ConnectionState] = {}
        self._requests: dict[int, Request] = {}

    def portfolio(self, env: Mapping[str, str] = os.environ) -> Portfolio:
        """What was configured then: the environment of today doesn't matter."""
        return self.standing

    def feed_secret(self) -> bytes:
        """The one of the home, so that feeds and stays have the names that they had."""
        return self._secret

    def states(self) -> dict[str, ConnectionState]:
        """How it stood with each connection."""
        return dict(self._states)

    def save_states(self, states: Iterable[ConnectionState]) -> None:
        """Put states in place of what they were."""
        self._states |= {state.connection: state for state in states}

    def ask(
        self, kind: str, subject: str, payload: Mapping[str, object], asked_by: str, now: datetime
    ) -> int:
        """Queue what a person had asked for."""
        number = len(self._requests) + 1
        self._requests[number] = Request(number, kind, subject, asked_by, now, payload)
        return number

    def waiting(self) -> list[Request]:
        """What no step has carried out."""
        return [request for request in self._requests.values() if request.done_at is None]

    def finish(self, request: int, outcome: str, now: datetime) -> None:
        """Note that a step has."""
        self._requests[request] = replace(self._requests[request], done_at=now, outcome=outcome)
