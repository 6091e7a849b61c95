"""Google's Calendar API v3 (developers.google.com/calendar/api): events, and what changed since a sync token.

The calendars hold what owners noted there: the blocks that were made at the channel `google`. A token that is
too old is a 410, after which a client begins anew. Only the grant by refresh token is played.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import ClassVar
from urllib.parse import unquote

from rentalsync_pipeline_tests.simulators.messages import Asked, Record, Reply, moment
from rentalsync_pipeline_tests.simulators.people import hexadecimal
from rentalsync_pipeline_tests.simulators.server import Simulator
from rentalsync_pipeline_tests.simulators.tokens import Tokens
from rentalsync_pipeline_tests.simulators.units import utc
from rentalsync_pipeline_tests.simulators.world import Block, World

KEPT = timedelta(days=30)
"""How long a sync token is good here; the documents only say that it ends."""
_MOMENT = "%Y-%m-%dT%H:%M:%S.000Z"


class GoogleCalendar(Simulator):
    """An account with a calendar for every listing of a world."""

    base = "/calendar/v3"

    def __init__(self, world: World, **options: Callable[[], float]) -> None:
        super().__init__(world, **options)
        self.client = {"client_id": "demo.apps.example", "client_secret": hexadecimal("google")}
        self.refresh_token = f"1//{hexadecimal('google refresh')}"
        self.tokens = Tokens("ya29", timedelta(hours=1))

    def calendar_id(self, listing: str) -> str:
        return f"{listing}@group.calendar.example"

    def refusal(self, asked: Asked) -> Reply | None:
        if asked.path == "/token" or self.tokens.valid(asked.bearer, self.now):
            return None
        return failed(401, "authError", "Invalid Credentials")

    def token(self, asked: Asked) -> Reply:
        wanted = self.client | {"grant_type": "refresh_token", "refresh_token": self.refresh_token}
        if wanted != {name: asked.form.get(name) for name in wanted}:
            return Reply.json({"error": "invalid_grant", "error_description": "Bad Request"}, 400)
        token = self.tokens.new(self.now)
        return Reply.json({"access_token": token, "expires_in": 3599, "token_type": "Bearer"})

    def calendar(self, asked: Asked, number: str) -> Reply:
        listing = self._listing(number)
        if not listing:
            return failed(404, "notFound", "Not Found")
        zone = self.world.listings[listing].timezone
        return Reply.json(
            {"kind": "calendar#calendar", "id": unquote(number), "summary": listing, "timeZone": zone}
        )

    def calendars(self, asked: Asked) -> Reply:
        rows = [
            {"kind": "calendar#calendarListEntry", "id": self.calendar_id(slug), "summary": slug}
            | {"timeZone": listing.timezone, "accessRole": "reader"}
            for slug, listing in self.world.listings.items()
        ]
        return Reply.json({"kind": "calendar#calendarList", "items": rows})

    def one_event(self, asked: Asked, number: str, event: str) -> Reply:
        for block in self.world.blocks(lifted=True):
            found = self.event(block)
            if (block.channel, block.listing) == ("google", self._listing(number)) and found["id"] == event:
                return Reply.json(found)
        return failed(404, "notFound", "Not Found")

    def events(self, asked: Asked, number: str) -> Reply:
        listing, token = self._listing(number), asked.get("syncToken")
        if not listing:
            return failed(404, "notFound", "Not Found")
        if token and moment(token) < self.now - KEPT:
            return failed(410, "fullSyncRequired", "Sync token is no longer valid, a full sync is required.")
        rows = [
            self.event(block)
            for block in self.world.blocks(lifted=True)
            if (block.channel, block.listing) == ("google", listing) and _wanted(asked, block)
        ]
        first = asked.number("pageToken", 0)
        page = self.faults.page(asked, rows, first, asked.number("maxResults", 250, 2500))
        place = (
            {"nextPageToken": str(first + page.size)}
            if page.more
            else {"nextSyncToken": self.now.isoformat()}
        )
        zone = self.world.listings[listing].timezone
        head = {"kind": "calendar#events", "summary": listing, "timeZone": zone}
        return Reply.json(head | place | {"items": list(page.rows)})

    def _listing(self, number: str) -> str | None:
        return {self.calendar_id(each): each for each in self.world.listings}.get(unquote(number))

    def event(self, block: Block) -> Record:
        """An event that is gone has its id and its status, and no more."""
        number = hexadecimal("google", block.number)[:26]
        if block.deleted:
            return {"kind": "calendar#event", "id": number, "status": "cancelled"}
        return {
            "kind": "calendar#event",
            "id": number,
            "status": "confirmed",
            "created": utc(block.made, _MOMENT),
            "updated": utc(block.changed, _MOMENT),
            "summary": "Owner",
            "start": {"date": str(block.first)},
            "end": {"date": str(block.end)},
            "iCalUID": f"{number}@google.com",
            "sequence": 0,
            "eventType": "default",
        }

    routes: ClassVar = {
        "GET /users/me/calendarList": calendars,
        "GET /calendars/{number}": calendar,
        "GET /calendars/{number}/events": events,
        "GET /calendars/{number}/events/{event}": one_event,
    }
    elsewhere: ClassVar = {"POST /token": token}


def failed(status: int, reason: str, message: str) -> Reply:
    error = {"domain": "global", "reason": reason, "message": message}
    return Reply.json({"error": {"errors": [error], "code": status, "message": message}}, status)


def _wanted(asked: Asked, block: Block) -> bool:
    """Since a sync token all that changed, gone or not; else what is there, within the bounds of time."""
    if asked.get("syncToken"):
        return block.changed > moment(asked.get("syncToken"))
    ends_in_time = str(block.end) > asked.get("timeMin")[:10]
    begins_in_time = not asked.get("timeMax") or str(block.first) < asked.get("timeMax")[:10]
    return (not block.deleted or asked.asks_for("showDeleted")) and ends_in_time and begins_in_time
