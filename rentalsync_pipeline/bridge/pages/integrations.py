"""Integrations: a card for each connection, and a page of its own, with its test and its sync."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from rentalsync_pipeline.bridge.channel_connections import duration
from rentalsync_pipeline.bridge.pages.credentials import forms_of
from rentalsync_pipeline.bridge.pages.frame import ByOperator, Page, Reading
from rentalsync_pipeline.bridge.pages.words import OUTCOMES, standing_of
from rentalsync_pipeline.channels.registry import channels, webhook_of
from rentalsync_pipeline.control.state import Request
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.core.access import Role
from rentalsync_pipeline.core.portfolio import Connection
from rentalsync_pipeline.operations.asking import CONNECTION, NobodyLooks, ask_sync
from rentalsync_pipeline.operations.configuring.agreeing import consents
from rentalsync_pipeline.operations.configuring.probing import Probe, probe
from rentalsync_pipeline.operations.configuring.webhooks import Reception, receptions, whole_address
from rentalsync_pipeline.operations.health import Level
from rentalsync_pipeline.operations.lock import is_held
from rentalsync_pipeline.operations.looking.orphans import held
from rentalsync_pipeline.operations.looking.sync_log import sync_log
from rentalsync_pipeline.operations.watching.connections import Link, find_link, links

router = APIRouter(prefix="/integrations")

_CARDS = 60
_LATEST = 5


@router.get("")
def cards(
    page: Reading,
    wanted: Annotated[str, Query(alias="q", max_length=100)] = "",
    skipped: Annotated[int, Query(alias="from", ge=0, le=1_000_000)] = 0,
) -> Response:
    """All connections, trouble first, or those in whose id, channel or listings a word is found."""
    found = [each for each in links(page.here.control, page.here.now()) if _is_about(each, wanted.lower())]
    found.sort(key=lambda each: (-each.status.level.rank, each.connection.id))
    shown = found[skipped : skipped + _CARDS]
    return page.show(
        "integrations.html",
        cards=[(each, standing_of(each.status)) for each in shown],
        total=len(found),
        channels=channels(),
        wanted=wanted,
        later=_from(wanted, skipped - _CARDS) if skipped else "",
        earlier=_from(wanted, skipped + _CARDS) if len(found) > skipped + _CARDS else "",
    )


@router.get("/{name}")
def connection(page: Reading, name: str) -> Response:
    """One connection."""
    return show(page, name)


@router.post("/{name}/test")
def test(page: ByOperator, name: str) -> Response:
    """Ask the channel now, and say what it answered."""
    find_link(page.here.control, name, page.here.now())
    (found,) = probe(page.here.control, {name}, page.here.now)
    return show(page, name, found)


@router.post("/{name}/sync")
def sync(page: ByOperator, name: str) -> Response:
    """Have the daemon ask it now."""
    find_link(page.here.control, name, page.here.now())
    try:
        ask_sync(page.here.control, CONNECTION, name, page.by, page.here.now())
    except NobodyLooks as error:
        return page.go(f"/integrations/{name}", f"Not asked: {error}.", Level.FAIL)
    return page.go(f"/integrations/{name}", "Asked for: the sync starts within seconds.")


def show(page: Page, name: str, tested: Probe | None = None) -> Response:
    """The page of a connection, with what a test found just now."""
    control, now = page.here.control, page.here.now()
    link = find_link(control, name, now)
    its = link.connection
    return page.show(
        "integration.html",
        its=its,
        status=link.status,
        standing=standing_of(link.status),
        channel=channels()[its.channel],
        interval=duration(its.interval),
        forms=forms_of(its.channel) if its.is_account else [],
        listings=control.portfolio().names(),
        asked=_asked(control, name),
        log=sync_log(control.home, name, _LATEST),
        outcomes=OUTCOMES,
        consent=next(iter(consents(control, now, name)), None),
        webhook=_webhook(page, its),
        held=sum(each.nights for each in held(control, {name}, now)),
        tested=tested,
    )


def _asked(control: ControlStore, name: str) -> tuple[Request, str] | None:
    """What was asked for last, and how far it is: a sync has asked the channel before it has published."""
    asked = next(iter(control.last_requests({CONNECTION}, 1, name)), None)
    if asked is None:
        return None
    if asked.done_at is None:
        return asked, "waiting"
    is_this_one = asked.done_at == control.last_sync()
    return asked, "running" if is_this_one and is_held(control.home.lock) else "done"


def _webhook(page: Page, its: Connection) -> tuple[Reception, str, bool] | None:
    """Where its channel can call, for who may see the secret in that, and whether the channel makes it."""
    if not page.allows(Role.ADMIN):
        return None
    control = page.here.control
    found = next(each for each in receptions(control) if each.connection == its.id)
    return found, whole_address(control, found), webhook_of(its.channel).proof.is_theirs


def _is_about(link: Link, wanted: str) -> bool:
    its = link.connection
    words = (its.id, its.channel, channels()[its.channel].title, *its.served)
    return any(wanted in word.lower() for word in words)


def _from(wanted: str, skipped: int) -> str:
    return f"/integrations?q={wanted}&from={max(skipped, 0)}"
