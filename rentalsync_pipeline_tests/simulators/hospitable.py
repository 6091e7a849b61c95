"""Hospitable's Public API v2 (developer.hospitable.com; its OpenAPI description of 2025-06).

Reservations of named properties only, and, unless a date or a kind of date is named, only those that begin
within two weeks. There is no way to ask for what changed. Days carry the listing's offset.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from rentalsync_pipeline_tests.simulators.messages import Asked, Record, Reply
from rentalsync_pipeline_tests.simulators.people import hexadecimal, uuid
from rentalsync_pipeline_tests.simulators.server import Simulator
from rentalsync_pipeline_tests.simulators.units import Unit, units, utc
from rentalsync_pipeline_tests.simulators.world import Listing, Status, World

PLATFORMS = {"airbnb": "airbnb", "booking_com": "booking", "vrbo": "homeaway", "direct": "direct"}
STATUSES = {
    Status.REQUEST: ("request", "request to book"),
    Status.CONFIRMED: ("accepted", "accepted"),
    Status.NO_SHOW: ("accepted", "accepted"),
    Status.CANCELLED: ("cancelled", "cancelled"),
}
"""Category and sub-category; an inquiry is none of the reservations."""
WINDOW = ("start_date", "end_date", "date_query")
SOON = timedelta(weeks=2)


class Hospitable(Simulator):
    """An account with every listing of a world as a property."""

    base = "/v2"

    def __init__(self, world: World, **options: Callable[[], float]) -> None:
        super().__init__(world, **options)
        self.key = f"pat_{hexadecimal('hospitable')}"

    def refusal(self, asked: Asked) -> Reply | None:
        if asked.bearer == self.key:
            return None
        return Reply.json({"message": "Unauthenticated."}, 401)

    def user(self, asked: Asked) -> Reply:
        return Reply.json({"data": {"id": uuid("user"), "email": "host@example.org", "name": "Host"}})

    def properties(self, asked: Asked) -> Reply:
        return self.listed(asked, [self.property(each) for each in self.world.listings.values()])

    def reservations(self, asked: Asked) -> Reply:
        named = {value for name in ("properties[]", "properties") for value in asked.names(name)}
        if not named:
            wrong = "The properties field is required."
            return Reply.json({"message": wrong, "errors": {"properties": [wrong]}}, 400)
        code = asked.get("platform_id")
        rows = [
            self.record(unit, asked.names("include"))
            for unit in self._units()
            if uuid("property", unit.listing.number) in named
            and self._in_window(asked, unit)
            and (not code or unit.code == code)
        ]
        return self.listed(asked, rows)

    def reservation(self, asked: Asked, number: str) -> Reply:
        for unit in self._units():
            if uuid("reservation", unit.number) == number:
                return Reply.json({"data": self.record(unit, asked.names("include"))})
        return Reply.json({"message": "Reservation not found."}, 404)

    def _units(self) -> list[Unit]:
        return [unit for unit in units(self.world) if unit.status in STATUSES]

    def _in_window(self, asked: Asked, unit: Unit) -> bool:
        today = self.now.date()
        if not any(asked.get(name) for name in WINDOW):
            return today <= unit.arrival <= today + SOON
        day = unit.departure if asked.get("date_query") == "checkout" else unit.arrival
        return asked.spans(str(day), "start_date", "end_date")

    def listed(self, asked: Asked, rows: list[Record]) -> Reply:
        size, number = asked.number("per_page", 10, 100), max(asked.number("page", 1), 1)
        page = self.faults.page(asked, rows, (number - 1) * size, size)
        last = max(-(-page.total // size), 1)
        meta = {"current_page": number, "last_page": last, "per_page": size, "total": page.total}
        following = f"http://{asked.headers['host']}{asked.path}?page={number + 1}" if page.more else None
        return Reply.json({"data": list(page.rows), "links": {"next": following}, "meta": meta})

    def property(self, listing: Listing) -> Record:
        return {
            "id": uuid("property", listing.number),
            "name": listing.slug,
            "public_name": listing.name,
            "timezone": _offset(listing, self),
            "listed": True,
            "check-in": "15:00",
            "check-out": "11:00",
            "listings": [{"platform": "airbnb", "platform_id": str(24_488 + listing.number)}],
        }

    def record(self, unit: Unit, include: set[str]) -> Record:
        offset = unit.local(unit.made, "%z")
        offset = f"{offset[:3]}:{offset[3:]}"
        category, sub_category = STATUSES[unit.status]
        stamp = utc(unit.changed, "%Y-%m-%dT%H:%M:%SZ")
        current = {"category": category, "sub_category": sub_category}
        guest = {
            "id": str(12_345 + unit.group),
            "first_name": unit.guest.first,
            "last_name": unit.guest.last,
            "email": unit.guest.email,
            "phone_numbers": [unit.guest.phone],
            "location": None,
        }
        more = {"guest": guest, "properties": [self.property(unit.listing)]}
        return {
            "id": uuid("reservation", unit.number),
            "conversation_id": uuid("conversation", unit.number),
            "platform": PLATFORMS.get(unit.channel, "manual"),
            "platform_id": unit.code or str(unit.number),
            "booking_date": utc(unit.made, "%Y-%m-%dT%H:%M:%SZ"),
            "arrival_date": f"{unit.arrival}T00:00:00{offset}",
            "departure_date": f"{unit.departure}T00:00:00{offset}",
            "nights": unit.nights,
            "check_in": f"{unit.arrival}T15:00:00{offset}",
            "check_out": f"{unit.departure}T11:00:00{offset}",
            "last_message_at": stamp,
            "status": category,
            "reservation_status": {"current": current, "history": [current | {"changed_at": stamp}]},
            "guests": {
                "total": unit.adults + unit.children,
                "adult_count": unit.adults,
                "child_count": unit.children,
                "infant_count": 0,
                "pet_count": 0,
            },
        } | {name: value for name, value in more.items() if name in include}

    routes: ClassVar = {
        "GET /user": user,
        "GET /properties": properties,
        "GET /reservations": reservations,
        "GET /reservations/{number}": reservation,
    }


def _offset(listing: Listing, simulator: Simulator) -> str:
    """The zone of a property as this vendor writes it: `+0200`."""
    return f"{simulator.now.astimezone(ZoneInfo(listing.timezone)):%z}"
