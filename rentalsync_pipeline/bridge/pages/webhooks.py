"""Where the channel of a connection is to call, and the secret that we make for that."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from rentalsync_pipeline.bridge.pages.frame import ByAdmin
from rentalsync_pipeline.operations.configuring.webhooks import NotOursError, rotate
from rentalsync_pipeline.operations.health import Level

router = APIRouter(prefix="/integrations/{name}/webhook")


@router.post("/secret")
def renew(page: ByAdmin, name: str) -> Response:
    """Make a new secret; the one before counts on until the next."""
    try:
        rotate(page.here.control, name, page.by, page.here.now())
    except NotOursError as error:
        return page.go(f"/integrations/{name}", f"Not made: {error}.", Level.FAIL)
    return page.go(f"/integrations/{name}", "There is a new secret: give the new address to the channel.")
