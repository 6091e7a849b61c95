"""Guesty's Open API (open-api-docs.guesty.com): reservations by filters, tokens that must be kept.

A key gets five tokens in 24 hours, each good for 24 hours. 15 requests a second, 120 a minute, 5,000 an hour,
told in headers; a 429 says in `Retry-After` when to go on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, ClassVar

from rentalsync_pipeline_tests.simulators.limits import Limits
from rentalsync_pipeline_tests.simulators.messages import Asked, Record, Reply
from rentalsync_pipeline_tests.simulators.people import hexadecimal
from rentalsync_pipeline_tests.simulators.server import Simulator, as_json
from rentalsync_pipeline_tests.simulators.tokens import Tokens
from rentalsync_pipeline_tests.simulators.units import Unit, units, utc
from rentalsync_pipeline_tests.simulators.world import Listing, Status, World

INTERVALS: Mapping[str, float] = {"Second": 1, "Minute": 60, "Hour": 3600}
TOKENS_A_DAY = 5
SOURCES = {"airbnb": "airbnb2", "booking_com": "bookingCom", "vrbo": "homeaway2", "direct": "manual"}
STATUSES = {
    Status.INQUIRY: "inquiry",
    Status.REQUEST: "reserved",
    Status.CONFIRMED: "confirmed",
    Status.NO_SHOW: "confirmed",
    Status.CANCELLED: "canceled",
}
OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "$eq": lambda value, wanted: value == wanted,
    "$ne": lambda value, wanted: value != wanted,
    "$gt": lambda value, wanted: value > wanted,
    "$gte": lambda value, wanted: value >= wanted,
    "$lt": lambda value, wanted: value < wanted,
    "$lte": lambda value, wanted: value <= wanted,
    "$in": lambda value, wanted: value in wanted,
}
_INSTANT = "%Y-%m-%dT%H:%M:%S.000Z"


class Guesty(Simulator):
    """An account with every listing of a world."""

    base = "/v1"

    def __init__(self, world: World, **options: Callable[[], float]) -> None:
        super().__init__(world, **options)
        self.client = {"client_id": "0oa-demo", "client_secret": hexadecimal("guesty")}
        self.tokens = Tokens("guesty", timedelta(hours=24))
        self.limits = Limits({1: 15, 60: 120, 3600: 5000})

    def refusal(self, asked: Asked) -> Reply | None:
        if asked.path == "/oauth2/token":
            return None
        wait = self.limits.take(asked.tick)
        if wait is not None:
            return Reply.json({"message": "Too Many Requests"}, 429, Retry_After=str(int(wait) + 1))
        return (
            None
            if self.tokens.valid(asked.bearer, self.now)
            else Reply.of(b"Unauthorized", "text/plain", 401)
        )

    def answer(self, asked: Asked) -> Reply:
        reply = super().answer(asked)
        for name, seconds in INTERVALS.items():
            left = {f"X-RateLimit-Remaining-{name}": self.limits.left(seconds, asked.tick)}
            reply = reply.with_headers({f"X-RateLimit-Limit-{name}": self.limits.windows[seconds]} | left)
        return reply

    def token(self, asked: Asked) -> Reply:
        wanted = self.client | {"grant_type": "client_credentials", "scope": "open-api"}
        if wanted != {name: asked.form.get(name) for name in wanted}:
            return Reply.json({"error": "invalid_client"}, 401)
        if sum(moment > self.now - timedelta(hours=24) for moment in self.tokens.issued) >= TOKENS_A_DAY:
            return Reply.json({"error": {"code": "TOO_MANY_REQUESTS", "message": "Too many requests"}}, 429)
        token = self.tokens.new(self.now)
        return Reply.json(
            {"token_type": "Bearer", "expires_in": 86400, "access_token": token, "scope": "open-api"}
        )

    def listings(self, asked: Asked) -> Reply:
        return self.listed(asked, [self.listing(each) for each in self.world.listings.values()])

    def reservations(self, asked: Asked) -> Reply:
        filters = as_json(asked.get("filters", "[]").encode())
        if not isinstance(filters, list):
            return Reply.json({"error": {"code": "WRONG_REQUEST_PARAMETERS", "message": "filters"}}, 400)
        rows = [
            row
            for row in map(self.record, units(self.world))
            if all(OPERATORS[each["operator"]](row[each["field"]], each["value"]) for each in filters)
        ]
        field = asked.get("sort", "_id")
        rows.sort(key=lambda row: str(row[field.lstrip("-")]), reverse=field.startswith("-"))
        return self.listed(asked, rows)

    def reservation(self, asked: Asked, number: str) -> Reply:
        for row in map(self.record, units(self.world)):
            if row["_id"] == number:
                return Reply.json(row)
        return Reply.json({"error": {"code": "NOT_FOUND", "message": "Reservation not found"}}, 404)

    def listed(self, asked: Asked, rows: list[Record]) -> Reply:
        """A page, of the `fields` that are asked for; the id is always among them."""
        limit, skip = asked.number("limit", 25, 100), asked.number("skip", 0)
        page = self.faults.page(asked, rows, skip, limit)
        fields = set(asked.get("fields").split()) | {"_id"}
        shown = [
            {name: value for name, value in row.items() if len(fields) == 1 or name in fields}
            for row in page.rows
        ]
        return Reply.json({"results": shown, "count": page.total, "limit": limit, "skip": skip})

    def listing(self, listing: Listing) -> Record:
        return {
            "_id": _id("listing", listing.number),
            "nickname": listing.slug,
            "title": listing.name,
            "timezone": listing.timezone,
            "defaultCheckInTime": "15:00",
            "defaultCheckOutTime": "11:00",
        }

    def record(self, unit: Unit) -> Record:
        """`checkIn` and `checkOut` are instants; the days stand beside them."""
        return {
            "_id": _id("reservation", unit.number),
            "listingId": _id("listing", unit.listing.number),
            "status": STATUSES[unit.status],
            "confirmationCode": unit.code or f"GY-{hexadecimal(unit.number)[:8]}",
            "checkIn": f"{unit.arrival}T15:00:00.000Z",
            "checkOut": f"{unit.departure}T11:00:00.000Z",
            "checkInDateLocalized": str(unit.arrival),
            "checkOutDateLocalized": str(unit.departure),
            "nightsCount": unit.nights,
            "guestsCount": unit.adults + unit.children,
            "guest": {
                "fullName": unit.guest.name,
                "firstName": unit.guest.first,
                "lastName": unit.guest.last,
                "phone": unit.guest.phone,
                "email": unit.guest.email,
            },
            "source": SOURCES.get(unit.channel, unit.channel),
            "createdAt": utc(unit.made, _INSTANT),
            "lastUpdatedAt": utc(unit.changed, _INSTANT),
            "note": unit.note,
        }

    routes: ClassVar = {
        "GET /listings": listings,
        "GET /reservations": reservations,
        "GET /reservations/{number}": reservation,
    }
    elsewhere: ClassVar = {"POST /oauth2/token": token}


def _id(kind: str, number: int) -> str:
    return hexadecimal(kind, number)[:24]
