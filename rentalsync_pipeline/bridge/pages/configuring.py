"""Changing a connection, and taking it away. What is secret is only ever written, never shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from rentalsync_pipeline.bridge.channel_connections import duration
from rentalsync_pipeline.bridge.pages.credentials import given_in
from rentalsync_pipeline.bridge.pages.frame import ByAdmin, Given
from rentalsync_pipeline.control.written.problems import WrongValueError
from rentalsync_pipeline.core.portfolio import Connection
from rentalsync_pipeline.operations.configuring.configure_connections import (
    change_connection,
    remove_connection,
)
from rentalsync_pipeline.operations.health import Level
from rentalsync_pipeline.operations.watching.connections import find_link

router = APIRouter(prefix="/integrations")


@router.post("/{name}/settings")
def change(page: ByAdmin, name: str, form: Given) -> Response:
    """Keep what was filled in; an empty secret stays what it is."""
    its = find_link(page.here.control, name, page.here.now()).connection
    try:
        change_connection(page.here.control, name, _changes(its, form), page.by, page.here.now())
    except WrongValueError as error:
        return page.go(f"/integrations/{name}", f"Not kept: {error.message}; {error.remedy}.", Level.FAIL)
    page.here.shelf.forget()
    return page.go(f"/integrations/{name}", "Kept. The next sync goes by it.")


_YES = {"yes": True, "no": False}


def _changes(its: Connection, form: Mapping[str, str]) -> dict[str, Any]:
    """What is another than it was: only that is to be drift from the file."""
    are = {"enabled": its.enabled, "interval": duration(its.interval), "listing": its.listing}
    sent = {
        "enabled": _YES.get(form.get("enabled", "")),
        "interval": form.get("interval", "").strip(),
        "listing": form.get("listing"),
        "url": form.get("url", "").strip(),
        "credentials": given_in(form),
        "webhook_secret": form.get("webhook_secret", "").strip(),
    }
    return {name: value for name, value in sent.items() if value not in (are.get(name), None, "", {})}


@router.post("/{name}/remove")
def remove(page: ByAdmin, name: str) -> Response:
    """Take it away; its nights stay busy."""
    remove_connection(page.here.control, name, page.by, page.here.now())
    page.here.shelf.forget()
    return page.go("/integrations", f"{name} is gone. Its nights stay busy until another one shows them.")
