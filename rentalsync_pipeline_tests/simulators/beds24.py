"""Beds24's API v2 (beds24.com/api/v2; its OpenAPI description of 2026-07).

An invitation becomes a refresh token, that an access token of 24 hours, sent in the header `token`.
Cancelled bookings, and those that are over, are left out unless asked for. 100 credits in five minutes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import ClassVar

from rentalsync_pipeline_tests.simulators.limits import Limits
from rentalsync_pipeline_tests.simulators.messages import Asked, Record, Reply
from rentalsync_pipeline_tests.simulators.server import Simulator
from rentalsync_pipeline_tests.simulators.tokens import Tokens
from rentalsync_pipeline_tests.simulators.units import Unit, units, utc
from rentalsync_pipeline_tests.simulators.world import Listing, Status, World

CHANNELS = {"airbnb": "airbnb", "booking_com": "booking", "vrbo": "vrbo", "expedia": "expedia"}
SOURCES = {"airbnb": "Airbnb.com", "booking_com": "Booking.com", "vrbo": "VRBO", "expedia": "Expedia"}
STATUSES = {
    Status.INQUIRY: "inquiry",
    Status.REQUEST: "request",
    Status.CONFIRMED: "confirmed",
    Status.NO_SHOW: "confirmed",
    Status.CANCELLED: "cancelled",
}
USUAL = {"confirmed", "request", "new", "black", "inquiry"}
RANGES = (
    ("arrival", "arrivalFrom", "arrivalTo"),
    ("departure", "departureFrom", "departureTo"),
    ("bookingTime", "bookingTimeFrom", "bookingTimeTo"),
    ("modifiedTime", "modifiedFrom", "modifiedTo"),
)
FIVE_MINUTES, CREDITS, PAGE = 300, 100, 100
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"


class Beds24(Simulator):
    """An account with every house of a world as a property, and its listings as rooms."""

    base = "/api/v2"

    def __init__(self, world: World, **options: Callable[[], float]) -> None:
        super().__init__(world, **options)
        self.invitations = Tokens("invitation", timedelta(days=1))
        self.refreshing = Tokens("refresh", timedelta(days=30))
        self.tokens = Tokens("beds24", timedelta(hours=24))
        self.limits = Limits({FIVE_MINUTES: CREDITS})
        self.houses = sorted({listing.house for listing in world.listings.values()})

    def refusal(self, asked: Asked) -> Reply | None:
        if self.limits.take(asked.tick) is not None:
            return failed(429, "Credit limit exceeded")
        free = asked.path.endswith(("/setup", "/token", "/details"))
        known = self.tokens.valid(asked.headers.get("token", ""), self.now)
        return None if free or known else failed(401, "Token not valid")

    def answer(self, asked: Asked) -> Reply:
        reply = super().answer(asked)
        resets = int(self.limits.resets_in(FIVE_MINUTES, asked.tick))
        return reply.with_headers(
            {
                "X-FiveMinCreditLimit": CREDITS,
                "X-FiveMinCreditLimit-Remaining": self.limits.left(FIVE_MINUTES, asked.tick),
                "X-FiveMinCreditLimit-ResetsIn": resets,
                "X-RequestCost": 1,
            }
        )

    def setup(self, asked: Asked) -> Reply:
        if not self.invitations.spend(asked.headers.get("code", ""), self.now):
            return failed(400, "Code not valid")
        tokens = {"token": self.tokens.new(self.now), "refreshToken": self.refreshing.new(self.now)}
        return Reply.json(tokens | {"expiresIn": 86400})

    def token(self, asked: Asked) -> Reply:
        if not self.refreshing.valid(asked.headers.get("refreshtoken", ""), self.now):
            return failed(400, "Token not valid")
        return Reply.json({"token": self.tokens.new(self.now), "expiresIn": 86400})

    def details(self, asked: Asked) -> Reply:
        valid = self.tokens.valid(asked.headers.get("token", ""), self.now)
        scopes = ["bookings", "bookings-personal", "properties"]
        about = {"ownerId": 1, "expiresIn": 86400, "scopes": scopes, "onlyPropertyId": None}
        return Reply.json({"validToken": valid, **({"token": about} if valid else {})})

    def properties(self, asked: Asked) -> Reply:
        return self.listed(asked, "property", [self.property(house) for house in self.houses])

    def bookings(self, asked: Asked) -> Reply:
        rows = [self.record(unit, asked) for unit in units(self.world, blocks=True)]
        return self.listed(asked, "booking", [row for row in rows if self._wanted(asked, row)])

    def _wanted(self, asked: Asked, row: Record) -> bool:
        statuses = asked.names("status") | asked.names("status[]") or USUAL
        named = {
            name: asked.names(name) | asked.names(f"{name}[]") for name in ("id", "propertyId", "roomId")
        }
        over = (
            not named["id"] and not asked.names("departureFrom") and row["departure"] < str(self.now.date())
        )
        dated = any(asked.get(first) or asked.get(last) for _, first, last in RANGES)
        return (
            (row["status"] in statuses or bool(named["id"]))
            and (dated or not over)
            and all(not wanted or str(row[name]) in wanted for name, wanted in named.items())
            and all(asked.spans(str(row[field]).rstrip("Z"), first, last) for field, first, last in RANGES)
        )

    def listed(self, asked: Asked, kind: str, rows: list[Record]) -> Reply:
        number = max(asked.number("page", 1), 1)
        page = self.faults.page(asked, rows, (number - 1) * PAGE, PAGE)
        link = f"http://{asked.headers['host']}{asked.path}?page={number + 1}" if page.more else None
        pages = {"nextPageExists": page.more, "nextPageLink": link}
        found = {"count": len(page.rows), "pages": pages, "data": list(page.rows)}
        return Reply.json({"success": True, "type": kind} | found)

    def property(self, house: str) -> Record:
        rooms = [each for each in self.world.listings.values() if each.house == house]
        return {
            "id": self.property_id(house),
            "name": house,
            "propertyType": "apartment",
            "currency": "EUR",
            "checkInStart": "15:00",
            "checkOutEnd": "11:00",
            "roomTypes": [{"id": self.room_id(room), "name": room.name, "qty": 1} for room in rooms],
        }

    def property_id(self, house: str) -> int:
        return 456_789 + self.houses.index(house)

    def room_id(self, listing: Listing) -> int:
        return 9_012_000 + listing.number

    def record(self, unit: Unit, asked: Asked) -> Record:
        grouped = unit.group != unit.number
        guest = {"firstName": unit.guest.first, "lastName": unit.guest.last}
        reach = {"email": unit.guest.email, "phone": unit.guest.phone, "country2": unit.guest.country}
        return {
            "id": unit.number,
            "masterId": unit.group if grouped else None,
            "propertyId": self.property_id(unit.listing.house),
            "roomId": self.room_id(unit.listing),
            "unitId": 1,
            "roomQty": 1,
            "status": "black" if unit.blocked else STATUSES[unit.status],
            "subStatus": "noShow" if unit.status is Status.NO_SHOW else "none",
            "arrival": str(unit.arrival),
            "departure": str(unit.departure),
            "numAdult": unit.adults,
            "numChild": unit.children,
            **({} if unit.blocked else guest | reach),
            "channel": CHANNELS.get(unit.channel, "direct"),
            "apiSource": SOURCES.get(unit.channel, ""),
            "apiReference": unit.code,
            "comments": unit.note,
            "bookingTime": utc(unit.made, _MOMENT),
            "modifiedTime": utc(unit.changed, _MOMENT),
            "cancelTime": utc(unit.changed, _MOMENT) if unit.status is Status.CANCELLED else None,
        }

    routes: ClassVar = {
        "GET /authentication/setup": setup,
        "GET /authentication/token": token,
        "GET /authentication/details": details,
        "GET /properties": properties,
        "GET /bookings": bookings,
    }


def failed(code: int, error: str) -> Reply:
    return Reply.json({"success": False, "type": "error", "code": code, "error": error}, code)
