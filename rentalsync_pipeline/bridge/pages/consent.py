"""Agreeing to our access to an account, on the page of its vendor."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import RedirectResponse

from rentalsync_pipeline.bridge.expected import Sent
from rentalsync_pipeline.bridge.oauth import away
from rentalsync_pipeline.bridge.pages.frame import Changing

router = APIRouter(prefix="/integrations/{name}/agree")


@router.get("")
def agree(page: Changing, name: str) -> RedirectResponse:
    """There; the answer comes to `/api/oauth/callback`, which leads back to the connection."""
    url = page.request.url
    root = page.url("").removesuffix("/admin")
    callback = f"{url.scheme}://{url.netloc}{root}/api/oauth/callback"
    return RedirectResponse(
        away(page.here, Sent(name, callback, page.by, page.url(f"/integrations/{name}"))), 303
    )
