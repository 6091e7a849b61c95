"""Lodgify's Public API v2 (docs.lodgify.com): bookings by where in time they lie, usually upcoming."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import ClassVar

from rentalsync_pipeline_tests.simulators.limits import Limits
from rentalsync_pipeline_tests.simulators.messages import Asked, Record, Reply, moment
from rentalsync_pipeline_tests.simulators.people import hexadecimal
from rentalsync_pipeline_tests.simulators.server import Simulator
from rentalsync_pipeline_tests.simulators.units import Unit, units, utc
from rentalsync_pipeline_tests.simulators.world import Listing, Status, World

SOURCES = {
    "airbnb": "AirbnbIntegration",
    "booking_com": "BookingCom",
    "vrbo": "HomeAway",
    "expedia": "Expedia",
}
STATUSES = {
    Status.INQUIRY: "Open",
    Status.REQUEST: "Tentative",
    Status.CONFIRMED: "Booked",
    Status.NO_SHOW: "Booked",
    Status.CANCELLED: "Declined",
}
STAYS: Mapping[str, Callable[[Unit, date], bool]] = {
    "Upcoming": lambda unit, today: unit.arrival > today,
    "Current": lambda unit, today: unit.arrival <= today < unit.departure,
    "Historic": lambda unit, today: unit.departure <= today,
    "All": lambda unit, today: True,
}
_MOMENT = "%Y-%m-%dT%H:%M:%S+00:00"


class Lodgify(Simulator):
    """An account with every listing of a world as a property of one room type."""

    base = "/v2"

    def __init__(self, world: World, **options: Callable[[], float]) -> None:
        super().__init__(world, **options)
        self.key = hexadecimal("lodgify")
        self.limits = Limits({60: 100})

    def refusal(self, asked: Asked) -> Reply | None:
        if asked.headers.get("x-apikey") != self.key:
            return Reply.json({"message": "Invalid API key", "code": 401}, 401)
        wait = self.limits.take(asked.tick)
        return None if wait is None else Reply.json({"message": "API calls quota exceeded"}, 429)

    def properties(self, asked: Asked) -> Reply:
        return self.listed(asked, [self.property(each) for each in self.world.listings.values()])

    def bookings(self, asked: Asked) -> Reply:
        stay = STAYS.get(asked.get("stayFilter", "Upcoming"))
        if not stay:
            return Reply.json({"message": "The value is not valid for StayFilter.", "code": 400}, 400)
        since = moment(asked.get("updatedSince", "0001-01-01T00:00:00Z"))
        today = self.now.date()
        found = [unit for unit in units(self.world) if stay(unit, today) and unit.changed >= since]
        return self.listed(asked, [self.record(unit) for unit in found])

    def booking(self, asked: Asked, number: str) -> Reply:
        for unit in units(self.world):
            if str(unit.number) == number:
                return Reply.json(self.record(unit))
        return Reply.json({"message": "Booking not found", "code": 404}, 404)

    def listed(self, asked: Asked, rows: list[Record]) -> Reply:
        """A page; `count` is null unless `includeCount` is set."""
        size, number = asked.number("size", 50, 50), max(asked.number("page", 1), 1)
        page = self.faults.page(asked, rows, (number - 1) * size, size)
        count = page.total if asked.asks_for("includeCount") else None
        return Reply.json({"count": count, "items": list(page.rows)})

    def property(self, listing: Listing) -> Record:
        room = {"id": 90_000 + listing.number, "name": listing.name}
        return {"id": 10_000 + listing.number, "name": listing.slug, "is_active": True, "rooms": [room]}

    def record(self, unit: Unit) -> Record:
        cancelled = unit.status is Status.CANCELLED
        return {
            "id": unit.number,
            "arrival": str(unit.arrival),
            "departure": str(unit.departure),
            "property_id": 10_000 + unit.listing.number,
            "rooms": [{"room_type_id": 90_000 + unit.listing.number, "people": unit.adults}],
            "guest": {"name": unit.guest.name, "email": unit.guest.email, "phone": unit.guest.phone},
            "status": STATUSES[unit.status],
            "is_deleted": False,
            "source": SOURCES.get(unit.channel, "Manual"),
            "source_text": unit.code or None,
            "created_at": utc(unit.made, _MOMENT),
            "updated_at": utc(unit.changed, _MOMENT),
            "canceled_at": utc(unit.changed, _MOMENT) if cancelled else None,
            "language": "en",
            "notes": unit.note or None,
        }

    routes: ClassVar = {
        "GET /properties": properties,
        "GET /reservations/bookings": bookings,
        "GET /reservations/bookings/{number}": booking,
    }
