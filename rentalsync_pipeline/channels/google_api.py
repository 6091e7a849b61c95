"""Google Calendar, by its API v3 (developers.google.com/calendar/api): where owners note what they keep.

Google Vacation Rentals has no bookings to fetch: it lists homes, and sends the guest elsewhere to book.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote, urljoin

from rentalsync_pipeline.channels import fields
from rentalsync_pipeline.channels.account import AccountChannel
from rentalsync_pipeline.channels.base import ReadContext
from rentalsync_pipeline.channels.units import Unit
from rentalsync_pipeline.channels.verbs import Changes, Sweep
from rentalsync_pipeline.channels.webhooks import Webhook, header
from rentalsync_pipeline.channels.windows import Window
from rentalsync_pipeline.channels.wire.auth import CodeFlow, Tokens
from rentalsync_pipeline.channels.wire.paging import Cursor, records_at
from rentalsync_pipeline.channels.wire.proofs import SharedSecret
from rentalsync_pipeline.channels.wire.response import FetchError
from rentalsync_pipeline.channels.wire.session import Api, Params, Record, Session
from rentalsync_pipeline.channels.wire.tokens import Keys
from rentalsync_pipeline.core.model import Booking, Kind, Status
from rentalsync_pipeline.core.token import Token

BASE = "https://www.googleapis.com/calendar/v3"
TOKENS = "https://oauth2.googleapis.com"
GONE = 410
"""The status by which a sync token is said to be too old."""

CANCELLED, FREE = "cancelled", "transparent"
CALENDARS = Cursor(items="items", param="pageToken", size=("maxResults", 250), mark="nextPageToken")
EVENTS_AT_ONCE = 2500


async def _refresh(session: Session, keys: Keys, held: Token | None) -> Token:
    server = TOKENS if session.base == BASE else session.base
    flow = CodeFlow(page="https://accounts.google.com/o/oauth2/v2/auth", path=urljoin(server, "/token"))
    return await flow.refresh(session, keys, held)


async def _listings(session: Session) -> list[Unit]:
    found = await session.pages("users/me/calendarList", {}, CALENDARS, by=lambda each: str(each["id"]))
    return [
        Unit(str(each["id"]), fields.text(each.get("summary")) or str(each["id"]), each.get("timeZone"))
        for each in found
    ]


async def _changes(session: Session, cursor: str | None) -> Changes:
    """Calendar by calendar, what changed since its token; without one that is still good, what is ahead."""
    marks: dict[str, str] = json.loads(cursor or "{}")
    records: list[Record] = []
    after: dict[str, str] = {}
    for calendar in session.units:
        try:
            found, mark = await _events(session, calendar, _from_mark(session, marks.get(calendar)))
        except FetchError as error:
            if error.status != GONE:
                raise
            found, mark = await _events(session, calendar, _from_mark(session, None))
        records += found
        after |= {calendar: mark} if mark else {}
    return Changes(records, json.dumps(after))


def _from_mark(session: Session, mark: str | None) -> Params:
    return {"syncToken": mark} if mark else {"timeMin": _instant(session.now.date() - timedelta(days=1))}


async def _window(session: Session, window: Window) -> list[Record]:
    """Whatever touches the window."""
    bounds = {"timeMin": _instant(window.first), "timeMax": _instant(window.last + timedelta(days=1))}
    return [each for unit in session.units for each in (await _events(session, unit, bounds))[0]]


async def _booking(session: Session, known: str) -> Record | None:
    calendar, _, event = known.rpartition("/")
    found = await session.find(f"{_path(calendar)}/{quote(event, safe='')}")
    return found and {"calendar": calendar, **found}


async def _events(session: Session, calendar: str, asked: Params) -> tuple[list[Record], str | None]:
    """Events, those that repeat one by one, and the token that stands at the end of the last page."""
    found: list[Record] = []
    page: Any = None
    while True:
        turn = {"singleEvents": "true", "maxResults": EVENTS_AT_ONCE, "pageToken": page}
        document = await session.get(_path(calendar), {**asked, **turn})
        found += ({"calendar": calendar, **event} for event in records_at(document, "items"))
        page = document.get("nextPageToken")
        if not page:
            return found, document.get("nextSyncToken")


def _path(calendar: str) -> str:
    return f"calendars/{quote(calendar, safe='')}/events"


def _instant(day: date) -> str:
    return f"{day}T00:00:00Z"


def _id_of(record: Record) -> str:
    return f"{record['calendar']}/{record['id']}"


def _is_cancelled(record: Record) -> bool:
    """Of an event that is gone, no more than its id is sure to come."""
    return bool(record["status"] == CANCELLED)


def _bookings_of(record: Record, context: ReadContext) -> Iterator[Booking]:
    """As of this calendar over iCal: nobody says what holds the nights. An event that is free is none."""
    if record.get("transparency") == FREE:
        return
    zone = context.zone_of(record["calendar"])
    check_in, check_out = _day(record["start"], zone), _day(record["end"], zone)
    yield Booking(
        key=_id_of(record),
        kind=Kind.TENTATIVE if record["status"] == "tentative" else Kind.UNKNOWN,
        status=Status.CONFIRMED,
        check_in=check_in,
        check_out=max(check_out, check_in + timedelta(days=1)),
        uid=_id_of(record),
        upstream_listing=record["calendar"],
    )


def _day(moment: Record, zone: str) -> date:
    return fields.day(moment["date"]) if "date" in moment else fields.day_at(moment["dateTime"], zone)


ACCOUNT = AccountChannel(
    name="google",
    title="Google Calendar",
    color="slategray",
    description="The busy events of every calendar that is mapped, recurring ones included.",
    export="console.cloud.google.com > APIs & Services > Credentials: make an OAuth client and copy it",
    api=Api(
        base=BASE,
        hosts=frozenset({"www.googleapis.com", "oauth2.googleapis.com"}),
        auth=(Tokens(("client_id", "client_secret", "refresh_token"), _refresh),),
    ),
    id_of=_id_of,
    bookings_of=_bookings_of,
    is_cancelled=_is_cancelled,
    listings=_listings,
    booking=_booking,
    changes=_changes,
    sweep=Sweep(_window, months=12),
    webhook=Webhook(
        proof=SharedSecret("X-Goog-Channel-Token"),
        id=header("x-goog-channel-id", "x-goog-message-number"),
        setup="`POST /calendars/{id}/events/watch` of its API, the secret as the channel's `token`",
    ),
)
