"""Smoobu's API (docs.smoobu.com): keys with hyphens, local times, and cancellations only when asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rentalsync_pipeline_tests.simulators.limits import Limits
from rentalsync_pipeline_tests.simulators.messages import Asked, Record, Reply
from rentalsync_pipeline_tests.simulators.people import hexadecimal
from rentalsync_pipeline_tests.simulators.server import Simulator
from rentalsync_pipeline_tests.simulators.units import Unit, units
from rentalsync_pipeline_tests.simulators.world import Listing, Status, World

CHANNELS = {
    "airbnb": (456, "Airbnb"),
    "booking_com": (14, "Booking.com"),
    "vrbo": (10, "HomeAway"),
    "expedia": (20, "Expedia"),
    "direct": (13, "Direct booking"),
}
BLOCKED = (11, "Blocked channel")
RANGES = (
    ("arrival", "arrivalFrom", "arrivalTo"),
    ("departure", "departureFrom", "departureTo"),
    ("created-at", "createdFrom", "createdTo"),
    ("modified-at", "modifiedFrom", "modifiedTo"),
)
_MOMENT = "%Y-%m-%d %H:%M"


class Smoobu(Simulator):
    """An account with every listing of a world. A request or an inquiry is none of its bookings."""

    base = "/api"

    def __init__(self, world: World, **options: Callable[[], float]) -> None:
        super().__init__(world, **options)
        self.key = hexadecimal("smoobu")
        self.limits = Limits({60: 1000})

    def refusal(self, asked: Asked) -> Reply | None:
        if asked.headers.get("api-key") != self.key:
            return Reply.json({"status": 401, "title": "Unauthorized", "detail": "Unauthorized"}, 401)
        wait = self.limits.take(asked.tick)
        if wait is None:
            return None
        again = {"X-RateLimit-Retry-After": int(self.now.timestamp() + wait) + 1}
        refused = {"status": 429, "title": "Too Many Requests", "detail": "Too many requests"}
        return Reply.json(refused, 429).with_headers(again)

    def answer(self, asked: Asked) -> Reply:
        reply, left = super().answer(asked), self.limits.left(60, asked.tick)
        return reply.with_headers({"X-RateLimit-Limit": 1000, "X-RateLimit-Remaining": left})

    def me(self, asked: Asked) -> Reply:
        return Reply.json({"id": 7, "firstName": "Host", "lastName": "Example", "email": "host@example.org"})

    def apartments(self, asked: Asked) -> Reply:
        rows = [self.apartment(each) for each in self.world.listings.values()]
        return Reply.json({"apartments": rows})

    def apartment_details(self, asked: Asked, number: str) -> Reply:
        for each in self.world.listings.values():
            if str(self.apartment(each)["id"]) == number:
                return Reply.json({"timeZone": each.timezone, "rooms": {"maxOccupancy": 4}})
        return self.not_found()

    def reservations(self, asked: Asked) -> Reply:
        rows = [self.record(unit) for unit in self._units() if self._wanted(asked, unit)]
        size, number = asked.number("pageSize", 25, 100), max(asked.number("page", 1), 1)
        page = self.faults.page(asked, rows, (number - 1) * size, size)
        return Reply.json(
            {
                "page_count": -(-page.total // size),
                "page_size": size,
                "total_items": page.total,
                "page": number,
                "bookings": list(page.rows),
            }
        )

    def reservation(self, asked: Asked, number: str) -> Reply:
        for unit in self._units():
            if str(unit.number) == number:
                return Reply.json(self.record(unit))
        return Reply.json({"status": 404, "title": "Not Found", "detail": "Booking not found"}, 404)

    def _units(self) -> list[Unit]:
        unknown = (Status.REQUEST, Status.INQUIRY)
        return [unit for unit in units(self.world, blocks=True) if unit.status not in unknown]

    def _wanted(self, asked: Asked, unit: Unit) -> bool:
        """`from` and `to` bound the stay, the other ranges one day of it."""
        record, apartment = self.record(unit), asked.get("apartmentId")
        return (
            all(asked.spans(str(record[field])[:10], first, last) for field, first, last in RANGES)
            and asked.get("from") <= str(unit.departure)
            and (not asked.get("to") or str(unit.arrival) <= asked.get("to"))
            and (unit.status is not Status.CANCELLED or asked.asks_for("showCancellation"))
            and not (unit.blocked and asked.asks_for("excludeBlocked"))
            and (not apartment or str(record["apartment"]["id"]) == apartment)
        )

    def apartment(self, listing: Listing) -> Record:
        return {"id": 3_327_000 + listing.number, "name": listing.slug}

    def record(self, unit: Unit) -> Record:
        number, name = BLOCKED if unit.blocked else CHANNELS.get(unit.channel, CHANNELS["direct"])
        changed = "modification of booking" if unit.changed > unit.made else "reservation"
        return {
            "id": unit.number,
            "reference-id": unit.code or None,
            "type": "cancellation" if unit.status is Status.CANCELLED else changed,
            "arrival": str(unit.arrival),
            "departure": str(unit.departure),
            "created-at": unit.local(unit.made, _MOMENT),
            "modified-at": unit.local(unit.changed, _MOMENT),
            "apartment": self.apartment(unit.listing),
            "channel": {"id": number, "name": name},
            "guest-name": "" if unit.blocked else unit.guest.name,
            "email": unit.guest.email,
            "phone": unit.guest.phone,
            "adults": unit.adults,
            "children": unit.children,
            "check-in": "15:00",
            "check-out": "11:00",
            "notice": unit.note,
            "price": 100 * unit.nights,
            "is-blocked-booking": unit.blocked,
        }

    routes: ClassVar = {
        "GET /me": me,
        "GET /apartments": apartments,
        "GET /apartments/{number}": apartment_details,
        "GET /reservations": reservations,
        "GET /reservations/{number}": reservation,
    }
