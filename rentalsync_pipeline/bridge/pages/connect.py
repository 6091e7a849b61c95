"""Adding a connection: the address of a calendar is pasted, or the credentials of an account are given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from fastapi import APIRouter
from fastapi.responses import Response

from rentalsync_pipeline.bridge.errors import Refused
from rentalsync_pipeline.bridge.pages.credentials import forms_of, given_in
from rentalsync_pipeline.bridge.pages.frame import ByAdmin, Changing, Given, Page
from rentalsync_pipeline.channels.registry import accounts
from rentalsync_pipeline.control.written.problems import WrongValueError
from rentalsync_pipeline.operations.configuring.configure import TooManyListings
from rentalsync_pipeline.operations.configuring.configure_connections import ConnectionTaken, add_connection
from rentalsync_pipeline.operations.configuring.pasting import NewListing, paste

router = APIRouter(prefix="/connect")


@router.get("")
def choose(page: Changing) -> Response:
    """Paste an address, or choose a channel."""
    return _show(page)


@router.get("/{channel}")
def account(page: Changing, channel: str) -> Response:
    """The credentials that a channel wants."""
    return _show_account(page, channel)


@router.post("")
def paste_calendar(page: ByAdmin, form: Given) -> Response:
    """Connect the calendar at an address."""
    given = {name: form.get(name, "").strip() for name in ("url", "listing", "name", "timezone")}
    listing = given["listing"] or NewListing(given["name"], given["timezone"])
    control, limit = page.here.control, page.here.settings.max_listings
    try:
        name = paste(control, given["url"], listing, page.by, page.here.now(), limit=limit)
    except WrongValueError as error:
        return _show(page, f"{error.message}; {error.remedy}", given)
    except TooManyListings as error:
        return _show(page, str(error), given)
    page.here.shelf.forget()
    return page.go(f"/integrations/{name}", "Connected. Test it, or sync it now; else it is asked when due.")


@router.post("/{channel}")
def add_account(page: ByAdmin, channel: str, form: Given) -> Response:
    """Connect an account; which rooms are listings is said next."""
    name = form.get("id", "").strip()
    try:
        given = {"channel": channel, "credentials": given_in(form)}
        add_connection(page.here.control, name, given, page.by, page.here.now())
    except WrongValueError as error:
        return _show_account(page, channel, f"{error.message}; {error.remedy}", name)
    except ConnectionTaken as error:
        return _show_account(page, channel, str(error), name)
    return page.go(f"/integrations/{name}/mapping", "Kept. Ask for its rooms, to see whether it lets us in.")


def _show(page: Page, wrong: str = "", given: Mapping[str, str] | None = None) -> Response:
    listings = page.here.control.portfolio().listings
    zones = Counter(each.timezone for each in listings)
    usual = {"listing": "", "name": "", "timezone": max(zones, key=zones.__getitem__, default="")}
    return page.show(
        "connect.html",
        422 if wrong else 200,
        wrong=wrong,
        given={**usual, **(given or {})},
        listings=[("", "A new listing"), *((each.slug, each.name) for each in listings)],
        accounts=accounts(),
    )


def _show_account(page: Page, channel: str, wrong: str = "", name: str = "") -> Response:
    if channel not in accounts():
        raise Refused(404, "No such account")
    return page.show(
        "connect_account.html",
        422 if wrong else 200,
        wrong=wrong,
        name=name or channel.replace("_", "-"),
        channel=accounts()[channel],
        forms=forms_of(channel),
    )
