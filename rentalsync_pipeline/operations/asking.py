"""Asking for a sync: a request in the control store, whoever asks, that the next sync answers.

Belongs here: the kinds of requests that a change leaves or a person makes for a sync, and whether anything
would see them.
Does not: starting it (the sensor `due`), asking the channels (`operations.syncing.ingest`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from rentalsync_pipeline.control.state import Request
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.core.portfolio import Portfolio

LISTING = "sync_listing"
CONNECTION = "sync_connection"
CHANNEL = "sync_channel"
"""Kinds of requests; their subject is the slug, the id, or the name of a channel with all its connections."""
_BY_PEOPLE = (LISTING, CONNECTION, CHANNEL)
WEBHOOK = "webhook"
"""The same for a connection that its channel has sent a webhook for."""
FREE_NIGHTS = "free_nights"
RENAME = "rename"
"""Kinds of requests that go with a change of the configuration: `operations.syncing.reconfigure` carries them
out."""

COALESCED = timedelta(seconds=2)
"""So long webhooks wait for others, as one change of a booking sends several."""
_NOTED = timedelta(seconds=30)
_ATTENTIVE = timedelta(seconds=90)
"""The sensor looks every 5 seconds and notes it every 30, to spare the disk; a busy machine may be late."""


class NobodyLooks(Exception):
    """A sync was asked for, and nothing is running that would start it."""


def ask_sync(control: ControlStore, kind: str, subject: str, asked_by: str, now: datetime) -> int:
    """Ask for a sync and return the request's id; one that waits already is not asked for twice.

    Raises `NobodyLooks` where no daemon would start it.
    """
    refuse_unheard(control, now)
    return control.ask_once(kind, subject, asked_by, now)


def refuse_unheard(control: ControlStore, now: datetime) -> None:
    """Raise `NobodyLooks` where no daemon would start what is asked for."""
    if why := unheard(control, now):
        raise NobodyLooks(why)


def unheard(control: ControlStore, now: datetime) -> str | None:
    """What to do where no daemon looks for what is due or asked for; `None` where one does."""
    last = control.last_look()
    if last is not None and now - last <= _ATTENTIVE:
        return None
    since = f"since {last:%Y-%m-%d %H:%M} UTC" if last else "yet"
    return f"no daemon has looked for work {since}: start `rentalsync up`, or run a sync by hand"


def is_ripe(waiting: Iterable[Request], now: datetime) -> bool:
    """Whether anything waits for which a sync should start now."""
    return any(request.kind != WEBHOOK or now - request.asked_at >= COALESCED for request in waiting)


def asked_for(waiting: Iterable[Request], portfolio: Portfolio) -> set[str]:
    """The connections that people want asked now; webhooks those of them that are asked by themselves."""
    wanted = {(request.kind, request.subject) for request in waiting}
    by_people = {
        connection.id
        for connection in portfolio.connections
        if {(CONNECTION, connection.id), (CHANNEL, connection.channel)} & wanted
        or any((LISTING, slug) in wanted for slug in connection.served)
    }
    return by_people | {name for name in portfolio.asked() if (WEBHOOK, name) in wanted}


def askers(waiting: Iterable[Request]) -> str:
    """Who asked for what waits, for people to read; empty where nothing does."""
    return ", ".join(sorted({request.asked_by for request in waiting}))


def answer(control: ControlStore, waiting: Iterable[Request], now: datetime) -> None:
    """Note that the channels have been asked, as far as they let us."""
    for request in waiting:
        if request.kind in {*_BY_PEOPLE, WEBHOOK}:
            control.finish(request.id, "asked", now)


def was_asked_for(control: ControlStore, now: datetime) -> bool:
    """Whether somebody had asked for the sync of that moment."""
    return any(each.done_at == now for each in control.last_requests(_BY_PEOPLE, most=100))


def note_look(control: ControlStore, now: datetime) -> None:
    """Note that something is here that starts what is asked for."""
    last = control.last_look()
    if last is None or now - last > _NOTED:
        control.record_look(now)
