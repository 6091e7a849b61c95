"""The calendars themselves, for calendar programs.

Belongs here: what such programs need of HTTP. Does not: what is in a calendar, or who may have it (whoever
knows its name). Nothing is negotiated and nothing compressed: Google sends no Accept, Outlook refuses gzip.
"""

from __future__ import annotations

from datetime import UTC
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from rentalsync_pipeline.bridge.context import Bridge, Here
from rentalsync_pipeline.bridge.shelf import Edition
from rentalsync_pipeline.publishing.bucket import CACHE_CONTROL, MEDIA_TYPES

router = APIRouter(tags=["iCal Feeds"])

_OPEN = {"Access-Control-Allow-Origin": "*", "X-Robots-Tag": "noindex"}
_PREFLIGHT = {
    **_OPEN,
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since",
    "Access-Control-Max-Age": "86400",
}
_CALENDAR = {"text/calendar": {"schema": {"type": "string"}, "example": "BEGIN:VCALENDAR\r\n…"}}
_NO_CALENDAR = {"text/plain": {"schema": {"type": "string"}, "example": "Calendar not found or not enabled"}}


_DOCUMENTED: dict[int | str, dict[str, Any]] = {
    200: {"content": _CALENDAR, "description": "The calendar"},
    304: {"description": "It is as the caller knows it"},
    404: {"content": _NO_CALENDAR, "description": "Unknown, not enabled, or withdrawn"},
}


@router.get("/ical/{listing}/{room}.ics", response_class=Response, responses=_DOCUMENTED)
@router.head("/ical/{listing}/{room}.ics", include_in_schema=False)
def room_calendar(listing: str, room: str, request: Request, here: Here) -> Response:
    """The calendar of a room, behind the slug of its house."""
    return _answer(f"{listing}/{room}", request, here)


@router.get("/ical/{slug}.ics", response_class=Response, responses=_DOCUMENTED)
@router.head("/ical/{slug}.ics", include_in_schema=False)
@router.get("/public/{slug}.ics", include_in_schema=False)
@router.head("/public/{slug}.ics", include_in_schema=False)
@router.get("/private/{slug}.ics", include_in_schema=False)
@router.head("/private/{slug}.ics", include_in_schema=False)
def calendar(slug: str, request: Request, here: Here) -> Response:
    """The calendar of that name. `public/` and `private/` are where `rentalsync listings` says it lies."""
    return _answer(slug, request, here)


def _answer(name: str, request: Request, here: Bridge) -> Response:
    edition = here.shelf.look(name)
    if edition is None:
        return _none()
    if _is_known(edition, request):
        return Response(status_code=304, headers=_headers(edition, edition.etag))
    if request.method == "HEAD":
        size = {"Content-Length": str(edition.size)}
        return Response(headers=_headers(edition, edition.etag) | size, media_type=MEDIA_TYPES["ics"])
    read = here.shelf.read(edition)
    if read is None:
        return _none()
    data, etag = read
    return Response(data, headers=_headers(edition, etag), media_type=MEDIA_TYPES["ics"])


@router.options("/ical/{listing}/{room}.ics", include_in_schema=False)
@router.options("/ical/{slug}.ics", include_in_schema=False)
@router.options("/public/{slug}.ics", include_in_schema=False)
@router.options("/private/{slug}.ics", include_in_schema=False)
def preflight() -> Response:
    """What a page of another site may ask."""
    return Response(status_code=204, headers=_PREFLIGHT)


@router.get("/robots.txt", include_in_schema=False)
def robots() -> PlainTextResponse:
    """Google Calendar obeys it and fetches nothing that it forbids; the header keeps calendars unlisted."""
    return PlainTextResponse("User-agent: *\nAllow: /\n")


def _none() -> Response:
    return PlainTextResponse("Calendar not found or not enabled", 404, _OPEN)


def _headers(edition: Edition, etag: str) -> dict[str, str]:
    return {
        **_OPEN,
        "ETag": etag,
        "Last-Modified": format_datetime(edition.modified.astimezone(UTC), usegmt=True),
        "Cache-Control": CACHE_CONTROL,
        "Content-Disposition": _disposition(edition.address.slug, edition.address.title),
    }


def _disposition(slug: str, title: str) -> str:
    """How a browser names the file: after the slug, and in letters of its own where the title has such.

    RFC 6266 section 4.3: the second form is for those who understand it, whatever its letters.
    """
    plain = f'inline; filename="{slug}.ics"'
    return plain if title.isascii() else f"{plain}; filename*=UTF-8''{quote(title, safe='')}.ics"


def _is_known(edition: Edition, request: Request) -> bool:
    """Whether the caller has this version: RFC 9110 section 13.2.2, the date only where no ETag is given."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return not known.isdisjoint({"*", edition.etag})
    try:
        since = parsedate_to_datetime(request.headers["if-modified-since"])
        return edition.modified.replace(microsecond=0) <= since
    except (KeyError, ValueError, TypeError):
        return False
