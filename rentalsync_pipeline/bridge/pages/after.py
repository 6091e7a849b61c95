"""What a page says after a form was sent: what was asked for, and when it will be done.

Belongs here: the words that all forms share. Does not: what they ask for (the pages).
"""

from __future__ import annotations

from contextlib import suppress

from fastapi.responses import Response

from rentalsync_pipeline.bridge.pages.frame import Page
from rentalsync_pipeline.operations.asking import LISTING, NobodyLooks, ask_sync, refuse_unheard
from rentalsync_pipeline.operations.health import Level


def asked(page: Page, back: str, said: str) -> Response:
    """Something waits for the next sync: say so, and whether one is to come by itself."""
    try:
        refuse_unheard(page.here.control, page.here.now())
    except NobodyLooks as error:
        return page.go(back, f"{said} It is done with the next sync, but {error}.", Level.WARN)
    return page.go(back, f"{said} It is done with the next sync, which starts within seconds.")


def changed(page: Page, back: str, said: str, slug: str) -> Response:
    """The configuration of a listing is another one: ask for the sync that publishes it, and say so."""
    page.here.shelf.forget()
    with suppress(NobodyLooks):  # then it waits, and that is said
        ask_sync(page.here.control, LISTING, slug, page.by, page.here.now())
    return asked(page, back, said)
