"""The style sheet, the script and the icon: files of this package, nothing from elsewhere.

Belongs here: serving them. Does not: what is in them. The version in their address lets a browser keep each
for ever.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

from fastapi import APIRouter, Response

from rentalsync_pipeline.bridge.errors import Refused

_FOLDER = Path(__file__).parent / "static"
_MEDIA = {
    "pages.css": "text/css",
    "nights.css": "text/css",
    "pages.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}

router = APIRouter()


@router.get("/static/{name}")
def file(name: str) -> Response:
    """One of the files."""
    if name not in _MEDIA:
        raise Refused(404, "Not found")
    kept = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response((_FOLDER / name).read_bytes(), headers=kept, media_type=_MEDIA[name])


@cache
def version_of(name: str) -> str:
    """What changes whenever the file does."""
    return sha256((_FOLDER / name).read_bytes()).hexdigest()[:12]
