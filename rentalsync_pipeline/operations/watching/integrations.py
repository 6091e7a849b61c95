"""Channels as integrations: each as a whole, with how it stands, whether or not it has a connection yet.

Belongs here: putting together what the stores know of a channel; no secret. Does not: changing it
(`configuring.integrations`), what its syncs did (`looking.sync_history`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rentalsync_pipeline.channels.registry import channels, titles, ways
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.core import portfolio as core
from rentalsync_pipeline.core.verdict import Verdict
from rentalsync_pipeline.operations.looking.sync_log import Outcome
from rentalsync_pipeline.operations.reading import UnknownError
from rentalsync_pipeline.operations.watching.connections import Link, links
from rentalsync_pipeline.operations.watching.status import ConnectionStatus

_NOTHING = core.Integration(active=False)
_OUTCOMES = {Verdict.FAILED: Outcome.ERROR, Verdict.QUARANTINED: Outcome.PARTIAL}


class State(StrEnum):
    """How it stands with a channel."""

    NOT_CONFIGURED = "not_configured"
    CONFIGURED = "configured"
    """Nothing was asked yet, or nothing is to be asked."""
    CONNECTED = "connected"
    ERROR = "error"
    """The last answer of a connection could not be used."""


@dataclass(frozen=True, slots=True)
class Integration:
    """A channel. `trouble` says what is wrong with its last answers and what to do."""

    channel: str
    title: str
    state: State
    is_active: bool
    webhook_url: str | None
    links: tuple[Link, ...]
    last_sync: datetime | None
    last_outcome: Outcome | None
    trouble: str | None

    @property
    def note(self) -> str | None:
        """What is still to be done before anything of it can be asked."""
        its, way = channels()[self.channel], ways()[self.channel]
        if any(each.connection.served for each in self.links):
            return None
        if self.links:
            return "nothing is asked before `propertyMapping` maps it to a listing"
        if not way.calendar:
            return f"give credentials ({its.export})"
        calendar = f"give a calendar's address as an id in `propertyMapping` ({its.export})"
        return (
            f"{calendar}, or credentials"
            if way.credentials
            else f"no key lets us in at {its.title}: {calendar}"
        )

    @property
    def mapping(self) -> Mapping[str, str]:
        """What is a listing of ours: rooms of accounts by their ids there, calendars by their connections."""
        pairs = (
            {each.connection.id: each.connection.listing}
            if each.connection.listing
            else each.connection.listings
            for each in self.links
        )
        return {upstream: slug for each in pairs for upstream, slug in each.items()}


def integrations(control: ControlStore, now: datetime) -> list[Integration]:
    """All channels, by their names."""
    kept, known = control.portfolio().integrations, links(control, now)
    return [
        _integration(name, title, tuple(each for each in known if each.connection.channel == name), kept)
        for name, title in titles().items()
    ]


def find_integration(
    control: ControlStore, channel: str, now: datetime, connection: str | None = None
) -> Integration:
    """A channel, with one of its connections or all; raises `UnknownError`."""
    if channel not in titles():
        raise UnknownError("Integration not found")
    known = [each for each in links(control, now) if each.connection.channel == channel]
    chosen = [each for each in known if connection in (None, each.connection.id)]
    if connection and not chosen:
        raise UnknownError(f"{titles()[channel]} has no connection of that id")
    return _integration(channel, titles()[channel], tuple(chosen), control.portfolio().integrations)


def _integration(
    channel: str, title: str, found: tuple[Link, ...], kept: Mapping[str, core.Integration]
) -> Integration:
    asked = [each.status for each in found if each.connection.enabled]
    outcomes = {_OUTCOMES.get(Verdict(each.verdict), Outcome.SUCCESS) for each in asked if each.verdict}
    of_channel = kept.get(channel, _NOTHING)
    return Integration(
        channel=channel,
        title=title,
        state=_state(asked, outcomes, is_known=bool(found) or channel in kept),
        is_active=bool(asked) if found else of_channel.active,
        webhook_url=of_channel.webhook_url,
        links=found,
        last_sync=max((each.last_attempt for each in asked if each.last_attempt), default=None),
        last_outcome=next(iter(outcomes), None) if len(outcomes) < 2 else Outcome.PARTIAL,
        trouble="; ".join(f"{each.connection}: {each.message}" for each in asked if each.message) or None,
    )


def _state(asked: list[ConnectionStatus], outcomes: set[Outcome], *, is_known: bool) -> State:
    if Outcome.ERROR in outcomes:
        return State.ERROR
    if outcomes:
        return State.CONNECTED
    return State.CONFIGURED if is_known else State.NOT_CONFIGURED
