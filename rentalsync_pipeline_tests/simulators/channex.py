"""Channex' PMS API v1 (docs.channex.io): bookings, and revisions of them that wait to be acknowledged."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rentalsync_pipeline_tests.simulators.messages import Asked, Record, Reply
from rentalsync_pipeline_tests.simulators.people import hexadecimal, uuid
from rentalsync_pipeline_tests.simulators.server import Simulator
from rentalsync_pipeline_tests.simulators.units import utc
from rentalsync_pipeline_tests.simulators.world import Booking, Listing, Room, Status, World, days

OTAS = {"airbnb": ("Airbnb", "ABB"), "booking_com": ("Booking.com", "BDC"), "expedia": ("Expedia", "EXP")}
OFFLINE = ("Offline", "OSA")
UNTOLD = {Status.INQUIRY, Status.REQUEST}
RANGES = ("inserted_at", "arrival_date", "departure_date")


class Channex(Simulator):
    """An account with every house of a world as a property, and its listings as room types."""

    base = "/api/v1"

    def __init__(self, world: World, **options: Callable[[], float]) -> None:
        super().__init__(world, **options)
        self.key = hexadecimal("channex")
        self.houses = sorted({listing.house for listing in world.listings.values()})
        self.acknowledged: set[str] = set()

    def refusal(self, asked: Asked) -> Reply | None:
        if asked.headers.get("user-api-key") == self.key:
            return None
        return failed(401, "unauthorized", "Unauthorized")

    def properties(self, asked: Asked) -> Reply:
        zone = next(iter(self.world.listings.values())).timezone
        rows = [
            _object("property", uuid("property", house), {"title": house, "timezone": zone})
            for house in self.houses
        ]
        return self.listed(asked, rows)

    def room_types(self, asked: Asked) -> Reply:
        wanted = asked.get("filter[property_id]")
        rows = [
            _object("room_type", self.room_type(each), {"title": each.name, "count_of_rooms": 1})
            | {
                "relationships": {
                    "property": {"data": {"type": "property", "id": uuid("property", each.house)}}
                }
            }
            for each in self.world.listings.values()
            if not wanted or uuid("property", each.house) == wanted
        ]
        return self.listed(asked, rows)

    def bookings(self, asked: Asked) -> Reply:
        told = [each for each in self.world.bookings() if each.status not in UNTOLD and not each.deleted]
        rows = [_object("booking", uuid("booking", each.number), self.attributes(each)) for each in told]
        return self.listed(asked, [row for row in rows if _wanted(asked, row["attributes"])])

    def booking(self, asked: Asked, number: str) -> Reply:
        for each in self.world.bookings():
            if uuid("booking", each.number) == number and not each.deleted:
                return Reply.json({"data": _object("booking", number, self.attributes(each))})
        return failed(404, "resource_not_found", "Resource Not Found")

    def feed(self, asked: Asked) -> Reply:
        """The revisions that nobody acknowledged, the oldest first."""
        revisions = [
            version
            for booking in self.world.bookings()
            for version in self.world.history(booking.number)
            if version.status not in UNTOLD and _revision(version) not in self.acknowledged
        ]
        revisions.sort(key=lambda each: each.changed)
        rows = [_object("booking_revision", _revision(each), self.attributes(each)) for each in revisions]
        return self.listed(asked, rows)

    def acknowledge(self, asked: Asked, number: str) -> Reply:
        self.acknowledged.add(number)
        return Reply.json({"meta": {"message": "Success"}})

    def listed(self, asked: Asked, rows: list[Record]) -> Reply:
        size = asked.number("pagination[limit]", asked.number("limit", 10), 100)
        number = max(asked.number("pagination[page]", asked.number("page", 1)), 1)
        page = self.faults.page(asked, rows, (number - 1) * size, min(size, 100))
        return Reply.json(
            {"data": list(page.rows), "meta": {"page": number, "total": page.total, "limit": min(size, 100)}}
        )

    def room_type(self, listing: Listing) -> str:
        return uuid("room type", listing.number)

    def attributes(self, booking: Booking) -> Record:
        name, prefix = OTAS.get(booking.channel, OFFLINE)
        code = booking.code or str(booking.number)
        changed = "modified" if booking.changed > booking.made else "new"
        return {
            "id": uuid("booking", booking.number),
            "property_id": uuid("property", booking.house),
            "revision_id": _revision(booking),
            "unique_id": f"{prefix}-{code}",
            "ota_reservation_code": code,
            "ota_name": name,
            "status": "cancelled" if booking.status is Status.CANCELLED else changed,
            "rooms": [self._room(booking, room) for room in booking.rooms if not room.cancelled],
            "customer": {
                "name": booking.guest.first,
                "surname": booking.guest.last,
                "mail": booking.guest.email,
                "phone": booking.guest.phone,
                "country": booking.guest.country,
            },
            "occupancy": {"adults": booking.adults, "children": booking.children, "infants": 0},
            "arrival_date": str(booking.arrival),
            "departure_date": str(booking.departure),
            "amount": f"{100 * sum(len(room.nights) for room in booking.rooms)}.00",
            "currency": "EUR",
            "notes": booking.note or None,
            "inserted_at": utc(booking.changed, "%Y-%m-%dT%H:%M:%S.%f"),
        }

    def _room(self, booking: Booking, room: Room) -> Record:
        """A room that Channex can't map to one of its types has none."""
        listing = self.world.listings[room.listing] if room.listing else None
        return {
            "checkin_date": str(room.arrival),
            "checkout_date": str(room.departure),
            "room_type_id": self.room_type(listing) if listing else None,
            "rate_plan_id": uuid("rate plan", room.listing),
            "days": {str(day): "100.00" for day in days(room.arrival, room.departure)},
            "occupancy": {"adults": booking.adults, "children": booking.children, "infants": 0},
        }

    routes: ClassVar = {
        "GET /properties": properties,
        "GET /room_types": room_types,
        "GET /bookings": bookings,
        "GET /bookings/{number}": booking,
        "GET /booking_revisions/feed": feed,
        "POST /booking_revisions/{number}/ack": acknowledge,
    }


def failed(status: int, code: str, title: str) -> Reply:
    return Reply.json({"errors": {"code": code, "title": title}}, status)


def _object(kind: str, number: str, attributes: Record) -> Record:
    return {"type": kind, "id": number, "attributes": attributes | {"id": number}}


def _revision(booking: Booking) -> str:
    return uuid("revision", booking.number, booking.changed)


def _wanted(asked: Asked, attributes: Record) -> bool:
    property_id = asked.get("filter[property_id]", attributes["property_id"])
    return property_id == attributes["property_id"] and all(
        asked.spans(str(attributes[name]), f"filter[{name}][gte]", f"filter[{name}][lte]") for name in RANGES
    )
