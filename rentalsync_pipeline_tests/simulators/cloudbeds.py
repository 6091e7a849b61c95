"""Cloudbeds' PMS API v1.3 (developers.cloudbeds.com; its OpenAPI description of 2026-08).

Answers are HTTP 200 with `success`, also when they refuse; only who is not let in is told so with a 401.
The vendor documents no 429: who asks more than 5 times a second is written to, and locked out; a test reads
`fastest()`. Whether a block's `endDate` is its last night is not documented either; here it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import ClassVar

from rentalsync_pipeline_tests.simulators.cloudbeds_access import CloudbedsAccess, failed
from rentalsync_pipeline_tests.simulators.messages import Asked, Record, Reply
from rentalsync_pipeline_tests.simulators.world import Booking, Status

LONGEST_WINDOW = 35
Told = Callable[[Booking], str]


class Cloudbeds(CloudbedsAccess):
    """The calls that read properties, rooms, blocks and reservations."""

    # Properties and rooms

    def hotels(self, asked: Asked) -> Reply:
        return self.listed(asked, [self.records.hotel(house) for house in self.houses(asked)], 20)

    def hotel_details(self, asked: Asked) -> Reply:
        return Reply.json({"success": True, "data": self.records.hotel_details(self.houses(asked)[0])})

    def rooms(self, asked: Asked) -> Reply:
        """Rooms within their properties; `count` is that of the properties, `total` that of the rooms."""
        rooms = [
            {"propertyID": self.records.property_id(house), "room": self.records.room(listing)}
            for house in self.houses(asked)
            for listing in self.records.rooms_of(house)
            if not self._assigned(asked, listing.slug)
        ]
        page = self.faults.page(asked, rooms, *self.place(asked, 20))
        properties: dict[str, list[Record]] = {}
        for row in page.rows:
            properties.setdefault(row["propertyID"], []).append(row["room"])
        data = [{"propertyID": number, "rooms": found} for number, found in properties.items()]
        return Reply.json({"success": True, "data": data, "count": len(data), "total": page.total})

    def _assigned(self, asked: Asked, slug: str) -> bool:
        """With dates, only rooms that nobody has then are listed."""
        first, end = asked.get("startDate"), asked.get("endDate")
        return bool(first) and any(first <= str(night) < end for night in self.world.taken(slug))

    def room_blocks(self, asked: Asked) -> Reply:
        today = str(self.now.date())
        first, last = asked.get("startDate", today), asked.get("endDate", today)
        if (date.fromisoformat(last) - date.fromisoformat(first)).days > LONGEST_WINDOW:
            return failed("Date range must be 35 days or less")
        house = self.houses(asked)[0]
        room = asked.get("roomID")
        blocks = [
            block
            for block in self.records.blocks(house, first, last)
            if not room or block["rooms"][0]["roomID"] == room
        ]
        page = self.faults.page(asked, blocks, *self.place(asked, 20))
        data = {"propertyID": self.records.property_id(house), "roomBlocks": list(page.rows)}
        return Reply.json({"success": True, "data": data, "count": len(page.rows), "total": page.total})

    # Reservations

    def reservations(self, asked: Asked) -> Reply:
        ranges: Iterable[tuple[str, Told]] = (
            ("results", lambda each: self.records.local(each.house, each.made)),
            ("modified", lambda each: self.records.local(each.house, each.changed)),
            ("checkIn", lambda each: str(each.arrival)),
            ("checkOut", lambda each: str(each.departure)),
        )
        status, source = asked.get("status"), asked.get("sourceReservationId")
        found = [
            each
            for each in self._told(asked)
            if not each.deleted
            and _within(asked, each, ranges)
            and (not status or self.records.status(each) == status)
            and (not source or each.code == source)
        ]
        rows = [
            self.records.listed(each)
            | ({"rooms": self.records.rooms(each)} if asked.asks_for("includeAllRooms") else {})
            | self._extras(asked, each)
            for each in self._sorted(asked, found)
        ]
        return self.listed(asked, rows, 100, most=100)

    def with_rate_details(self, asked: Asked) -> Reply:
        ranges: Iterable[tuple[str, Told]] = (
            ("results", lambda each: self.records.local(each.house, each.made)),
            ("modified", lambda each: self.records.local(each.house, each.changed)),
            ("reservationCheckOut", lambda each: str(each.departure)),
        )
        excluded, wanted = asked.names("excludeStatuses"), asked.names("reservationID")
        found = [
            each
            for each in self._told(asked)
            if (not each.deleted or asked.asks_for("includeDeleted"))
            and _within(asked, each, ranges)
            and self.records.status(each) not in excluded
            and (not wanted or self.records.reservation(each)["reservationID"] in wanted)
        ]
        rows = [
            self.records.with_rates(each) | self._extras(asked, each) for each in self._sorted(asked, found)
        ]
        return self.listed(asked, rows, 100, most=100)

    def reservation(self, asked: Asked) -> Reply:
        wanted = asked.get("reservationID")
        for booking in self._told(asked):
            if self.records.reservation(booking)["reservationID"] == wanted and not booking.deleted:
                return Reply.json({"success": True, "data": self.records.alone(booking)})
        return failed("Reservation not found")

    def _told(self, asked: Asked) -> list[Booking]:
        """What these properties know of: an inquiry elsewhere is none of theirs."""
        houses = self.houses(asked)
        return [
            each
            for each in self.world.bookings()
            if each.house in houses and each.status is not Status.INQUIRY
        ]

    def _sorted(self, asked: Asked, found: list[Booking]) -> list[Booking]:
        recent = asked.asks_for("sortByRecent")
        return sorted(found, key=lambda each: each.changed, reverse=True) if recent else found

    def _extras(self, asked: Asked, booking: Booking) -> Record:
        extras: Record = {}
        if asked.asks_for("includeGuestsDetails") and "read:guest" in self.scopes:
            extras["guestList"] = self.records.guest_list(booking)
        if asked.asks_for("includeCustomFields"):
            extras["customFields"] = self.records.custom_fields(booking)
        return extras

    # Envelopes

    def place(self, asked: Asked, size: int, most: int | None = None) -> tuple[int, int]:
        """The first record of the page that is asked for, and how many a page has."""
        size = asked.number("pageSize", size, most)
        return (max(asked.number("pageNumber", 1), 1) - 1) * size, size

    def listed(self, asked: Asked, rows: list[Record], size: int, most: int | None = None) -> Reply:
        page = self.faults.page(asked, rows, *self.place(asked, size, most))
        return Reply.json(
            {"success": True, "data": list(page.rows), "count": len(page.rows), "total": page.total}
        )

    routes: ClassVar = {
        "POST /access_token": CloudbedsAccess.access_token,
        "GET /oauth/metadata": CloudbedsAccess.metadata,
        "GET /getHotels": hotels,
        "GET /getHotelDetails": hotel_details,
        "GET /getRooms": rooms,
        "GET /getRoomBlocks": room_blocks,
        "GET /getReservations": reservations,
        "GET /getReservationsWithRateDetails": with_rate_details,
        "GET /getReservation": reservation,
        "POST /postWebhook": CloudbedsAccess.post_webhook,
        "GET /getWebhooks": CloudbedsAccess.get_webhooks,
        "DELETE /deleteWebhook": CloudbedsAccess.delete_webhook,
    }


def _within(asked: Asked, booking: Booking, ranges: Iterable[tuple[str, Told]]) -> bool:
    """Whether a booking lies in every range that is asked for, as `modifiedFrom` to `modifiedTo`."""
    return all(asked.spans(told(booking), f"{name}From", f"{name}To") for name, told in ranges)
