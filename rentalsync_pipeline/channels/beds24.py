"""Beds24, by its API v2 (beds24.com/api/v2; OpenAPI description of 2026-07).

Bookings that are cancelled, and those that are over, are left out unless asked for. A booking of several
rooms is a booking for each, tied together by `masterId`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from rentalsync_pipeline.channels import fields
from rentalsync_pipeline.channels.account import AccountChannel
from rentalsync_pipeline.channels.base import ReadContext
from rentalsync_pipeline.channels.units import Unit, with_rooms
from rentalsync_pipeline.channels.verbs import Sweep, since
from rentalsync_pipeline.channels.webhooks import Webhook, told
from rentalsync_pipeline.channels.windows import Window
from rentalsync_pipeline.channels.wire.auth import Tokens, granted
from rentalsync_pipeline.channels.wire.pace import Rate
from rentalsync_pipeline.channels.wire.paging import Cursor
from rentalsync_pipeline.channels.wire.session import Api, Record, Session
from rentalsync_pipeline.channels.wire.tokens import Keys
from rentalsync_pipeline.core.model import Booking, Kind, Status
from rentalsync_pipeline.core.token import Token

STATUSES = {
    "confirmed": (Kind.RESERVATION, Status.CONFIRMED),
    "new": (Kind.RESERVATION, Status.CONFIRMED),
    "request": (Kind.TENTATIVE, Status.PENDING),
    "black": (Kind.BLOCK, Status.CONFIRMED),
    "cancelled": (Kind.RESERVATION, Status.CANCELLED),
}
INQUIRY = "inquiry"
EVERY_STATUS = {"status": (*STATUSES, INQUIRY)}
"""An inquiry may follow a request, and holds nothing then: it is asked for, to be told."""


def _next_page(document: Any) -> str | None:
    """The number in the link to the next page; whether the link repeats the question is not documented."""
    link = (document.get("pages") or {}).get("nextPageLink")
    return parse_qs(urlsplit(link).query)["page"][0] if link else None


PAGES = Cursor(items="data", param="page", mark=_next_page)


TOKEN = {"token": "access_token", "refreshToken": "refresh_token", "expiresIn": "expires_in"}
"""What this vendor calls the parts of RFC 6749 §5.1."""


async def _by_refresh_token(session: Session, keys: Keys, held: Token | None) -> Token:
    """An access token for a day; the refresh token lasts while it is used once in 30 days."""
    refresh = held.refresh if held and held.refresh else keys.credentials["refresh_token"]
    token = await granted(session, _asked(session, "authentication/token", refreshToken=refresh.reveal()))
    return replace(token, refresh=refresh)


async def _by_invite_code(session: Session, keys: Keys, held: Token | None) -> Token:
    """The first tokens for an invite code, which serves once; then those that the refresh token gives."""
    if held and held.refresh:
        return await _by_refresh_token(session, keys, held)
    code = keys.credentials["invite_code"].reveal()
    return await granted(session, _asked(session, "authentication/setup", code=code))


async def _asked(session: Session, path: str, **headers: str) -> Any:
    answer = await session.get(path, None, proven=False, **headers)
    return {usual: answer[name] for name, usual in TOKEN.items() if name in answer}


async def _listings(session: Session) -> list[Unit]:
    found = await session.pages("properties", {"includeAllRooms": "true"}, PAGES, by=fields.id_of)
    return list(with_rooms(found, "roomTypes"))


async def _changed(session: Session, moment: datetime) -> Sequence[Record]:
    return await _bookings(session, {"modifiedFrom": f"{moment:%Y-%m-%dT%H:%M:%SZ}"})


async def _window(session: Session, window: Window) -> Sequence[Record]:
    return await _bookings(session, {"departureFrom": str(window.first), "departureTo": str(window.last)})


async def _booking(session: Session, known: str) -> Record | None:
    found = await _bookings(session, {"id": known})
    return found[0] if found else None


async def _bookings(session: Session, asked: Mapping[str, str]) -> list[Record]:
    return await session.pages("bookings", {**asked, **EVERY_STATUS}, PAGES, by=fields.id_of)


def _bookings_of(record: Record, _context: ReadContext) -> Iterator[Booking]:
    if record["status"] == INQUIRY:
        return
    kind, status = STATUSES.get(record["status"], (Kind.RESERVATION, Status.CONFIRMED))
    if status is Status.CONFIRMED and record.get("subStatus") == "noShow":
        status = Status.NO_SHOW
    check_in, check_out = fields.stay(fields.day(record["arrival"]), fields.day(record["departure"]))
    source = fields.text(record.get("apiSource")) or fields.text(record.get("channel"))
    yield Booking(
        key=fields.id_of(record),
        kind=kind,
        status=status,
        check_in=check_in,
        check_out=check_out,
        uid=fields.id_of(record),
        code=fields.text(record.get("apiReference")) or fields.id_of(record),
        upstream_listing=f"{record['propertyId']}/{record['roomId']}",
        origin=fields.origin(source),
        guest_name=fields.name(record.get("firstName"), record.get("lastName")),
        phone_last4=fields.last4(record.get("mobile"), record.get("phone")),
        guests=fields.count(record.get("numAdult"), record.get("numChild")),
        notes=fields.text(record.get("comments")),
        extras=fields.extras([("source", source), ("arrival_time", record.get("arrivalTime"))]),
    )


ACCOUNT = AccountChannel(
    name="beds24",
    title="Beds24",
    color="olivedrab",
    description="Bookings, requests and closed nights of every room of an account's properties.",
    export="Settings > Marketplace > API: generate an invite code with the scopes bookings, "
    "bookings-personal and properties, and copy it",
    api=Api(
        base="https://beds24.com/api/v2",
        hosts=frozenset({"beds24.com", "api.beds24.com"}),
        auth=(
            Tokens(("refresh_token",), _by_refresh_token, name="token", prefix=""),
            Tokens(("invite_code",), _by_invite_code, name="token", prefix=""),
        ),
        rate=Rate(100 / 300, burst=20),  # 100 credits in five minutes, which others of the account share
    ),
    bookings_of=_bookings_of,
    listings=_listings,
    booking=_booking,
    changes=since(_changed),
    sweep=Sweep(_window, months=6),
    webhook=Webhook(
        date=told("timeStamp"),
        setup="Settings > Properties > Access > Booking webhook: version 2, the secret as a custom header",
    ),
)
