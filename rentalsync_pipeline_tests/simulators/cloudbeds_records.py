"""A world in the records of Cloudbeds' PMS API v1.3, types as it sends them: ids and counts are text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from rentalsync_pipeline_tests.simulators.messages import Record
from rentalsync_pipeline_tests.simulators.world import Booking, Listing, Room, Status, World, days

SOURCES = {
    "airbnb": ("Airbnb", "ss-1001-1"),
    "booking_com": ("Booking.com", "ss-2-1"),
    "expedia": ("Expedia", "ss-3-1"),
    "vrbo": ("Vrbo", "ss-4-1"),
    "direct": ("Website/Booking Engine", "s-1"),
}
STATUSES = {Status.REQUEST: "not_confirmed", Status.CANCELLED: "canceled", Status.NO_SHOW: "no_show"}
"""Beside these, a confirmed booking is `confirmed`, `checked_in` or `checked_out` by the day."""


class Records:
    """The ids of a world's houses and rooms, and how its bookings read."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.houses = sorted({listing.house for listing in world.listings.values()})
        self.guests_as_list = False

    def property_id(self, house: str) -> str:
        return str(310_046 + self.houses.index(house))

    def house_of(self, property_id: str) -> str | None:
        return {self.property_id(house): house for house in self.houses}.get(property_id)

    def rooms_of(self, house: str) -> list[Listing]:
        return [each for each in self.world.listings.values() if each.house == house]

    def room_id(self, listing: Listing) -> str:
        return f"{self.type_id(listing.house)}-{self.rooms_of(listing.house).index(listing)}"

    def unit_id(self, listing: Listing) -> str:
        """Property and room in one, as a mapping names them."""
        return f"{self.property_id(listing.house)}/{self.room_id(listing)}"

    def type_id(self, house: str) -> str:
        return str(601_917 + self.houses.index(house))

    def local(self, house: str, moment: datetime) -> str:
        zone = self.rooms_of(house)[0].timezone
        return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S}"

    # Houses and rooms

    def hotel(self, house: str) -> Record:
        return {
            "propertyID": self.property_id(house),
            "organizationID": "200001",
            "propertyName": house.replace("-", " ").title(),
            "propertyImage": "",
            "propertyDescription": "",
            "propertyTimezone": self.rooms_of(house)[0].timezone,
            "propertyCurrency": [
                {"currencyCode": "EUR", "currencySymbol": "€", "currencyPosition": "before"}
            ],
        }

    def hotel_details(self, house: str) -> Record:
        policy = {"propertyCheckInTime": "15:00:00", "propertyCheckOutTime": "11:00:00"}
        names = ("propertyID", "organizationID", "propertyName", "propertyDescription")
        return {name: self.hotel(house)[name] for name in names} | {
            "propertyType": "apartment",
            "propertyCurrency": {"currencyCode": "EUR", "currencySymbol": "€", "currencyPosition": "before"},
            "propertyPolicy": policy | {"propertyLateCheckOutAllowed": False},
        }

    def room(self, listing: Listing) -> Record:
        return {
            "roomID": self.room_id(listing),
            "roomName": listing.name,
            "roomDescription": "",
            "maxGuests": 4,
            "isPrivate": True,
            "isVirtual": False,
            "roomBlocked": self.world.now.date() in self.world.taken(listing.slug),
            "roomTypeID": self.type_id(listing.house),
            "roomTypeName": "Apartment",
            "roomTypeNameShort": "APT",
        }

    # Bookings

    def reservation(self, booking: Booking) -> Record:
        """What both lists say."""
        source, source_id = SOURCES.get(booking.channel, ("Walk-In", "s-2"))
        return {
            "propertyID": self.property_id(booking.house),
            "reservationID": str(8_176_082_000_000 + booking.number),
            "dateCreated": self.local(booking.house, booking.made),
            "dateModified": self.local(booking.house, booking.changed),
            "status": self.status(booking),
            "guestID": str(163_000_000 + booking.number),
            "guestName": booking.guest.name,
            "balance": 0,
            "sourceName": source,
            "sourceID": source_id,
            "thirdPartyIdentifier": booking.code,
            "origin": source,
        }

    def listed(self, booking: Booking) -> Record:
        """An entry of `getReservations`."""
        return self.reservation(booking) | {
            "startDate": str(booking.arrival),
            "endDate": str(booking.departure),
            "adults": str(booking.adults),
            "children": str(booking.children),
        }

    def with_rates(self, booking: Booking) -> Record:
        """An entry of `getReservationsWithRateDetails`; with its cancellation, where there is one."""
        listed = self.reservation(booking)
        cancelled = {
            "dateCancelled": listed["dateModified"],
            "dateCancelledUTC": _utc(booking.changed),
        }
        return listed | {
            "isDeleted": booking.deleted,
            "dateCreatedUTC": _utc(booking.made),
            "dateModifiedUTC": _utc(booking.changed),
            **(cancelled if booking.status is Status.CANCELLED else {}),
            "reservationCheckIn": str(booking.arrival),
            "reservationCheckOut": str(booking.departure),
            "guestCountry": booking.guest.country,
            "source": {
                "name": listed["sourceName"],
                "paymentCollect": "hotel",
                "sourceID": listed["sourceID"],
                "category": "OTA" if booking.code else "Direct",
            },
            "sourceReservationID": booking.code,
            "propertyCurrency": "EUR",
            "rooms": self.rooms(booking, rates=True),
            "total": 100 * sum(len(room.nights) for room in booking.rooms),
        }

    def alone(self, booking: Booking) -> Record:
        """The answer of `getReservation`: rooms with and without an assignment apart."""
        listed = self.listed(booking)
        rooms = [
            {
                "reservationRoomID": room["reservationRoomID"],
                "roomTypeName": room["roomTypeName"],
                "roomTypeNameShort": "APT",
                "roomTypeIsVirtual": False,
                "roomTypeID": room["roomTypeID"],
                "subReservationID": room["subReservationID"],
                "startDate": room["roomCheckIn"],
                "endDate": room["roomCheckOut"],
                "adults": room["adults"],
                "children": room["children"],
                "dailyRates": [{"date": str(day), "rate": 100} for day in days(one.arrival, one.departure)],
                "roomTotal": f"{100 * len(one.nights)}.00",
                **({"roomID": room["roomID"], "roomName": room["roomName"]} if room["roomID"] else {}),
            }
            for one, room in zip(booking.rooms, self.rooms(booking), strict=True)
            if not one.cancelled
        ]
        dropped = ("balance", "sourceName", "guestID", "adults", "children")
        return {name: value for name, value in listed.items() if name not in dropped} | {
            "guestEmail": booking.guest.email,
            "isAnonymized": False,
            "guestList": self.guest_list(booking),
            "source": listed["sourceName"],
            "assigned": [room for room in rooms if "roomID" in room],
            "unassigned": [room for room in rooms if "roomID" not in room],
            "cardsOnFile": [{"cardID": "87559501", "cardNumber": "9723", "cardType": "master"}],
            "customFields": self.custom_fields(booking),
        }

    def status(self, booking: Booking) -> str:
        if booking.status is not Status.CONFIRMED:
            return STATUSES[booking.status]
        today = self.local(booking.house, self.world.now)[:10]
        if today >= str(booking.departure):
            return "checked_out"
        return "checked_in" if today >= str(booking.arrival) else "confirmed"

    def rooms(self, booking: Booking, *, rates: bool = False) -> list[Record]:
        """The rooms of a booking; `roomID` is null, and `roomName` absent, until one is assigned."""
        return [self._room_of(booking, place, room, rates) for place, room in enumerate(booking.rooms, 1)]

    def _room_of(self, booking: Booking, place: int, room: Room, rates: bool) -> Record:
        listing = self.world.listings[room.listing] if room.listing else None
        reservation = self.reservation(booking)
        number = reservation["reservationID"]
        detailed = {"rateID": "1", "rateName": "Base", "detailedRoomRates": _rates(room)} if rates else {}
        return detailed | {
            "roomTypeID": self.type_id(booking.house),
            "roomTypeName": "Apartment",
            "roomTypeIsVirtual": False,
            "subReservationID": number if place == 1 else f"{number}-{place}",
            "isRoomLocked": False,
            "guestID": reservation["guestID"],
            "guestName": booking.guest.name,
            "adults": str(booking.adults),
            "children": str(booking.children),
            "reservationRoomID": str(213_000_000 + 10 * booking.number + place),
            "roomID": self.room_id(listing) if listing else None,
            **({"roomName": listing.name} if listing else {}),
            "roomCheckIn": str(room.arrival),
            "roomCheckOut": str(room.departure),
            "roomStatus": self._room_status(booking, room),
        }

    def _room_status(self, booking: Booking, room: Room) -> str:
        if room.cancelled or booking.status is Status.CANCELLED:
            return "cancelled"
        told = {"checked_in": "in_house", "checked_out": "checked_out"}
        return told.get(self.status(booking), "not_checked_in")

    def guest_list(self, booking: Booking) -> dict[str, Record] | list[Record]:
        """A map by guest id as documented; a list once `guests_as_list` is set, as PHP sends some maps."""
        number = self.reservation(booking)["guestID"]
        guest = {
            "guestID": number,
            "guestFirstName": booking.guest.first,
            "guestLastName": booking.guest.last,
            "guestEmail": booking.guest.email,
            "guestPhone": "",
            "guestCellPhone": booking.guest.phone,
            "guestCountry": booking.guest.country,
            "assignedRoom": any(room.listing for room in booking.rooms),
            "isMainGuest": True,
            "isAnonymized": False,
        }
        return [guest] if self.guests_as_list else {number: guest}

    def custom_fields(self, booking: Booking) -> list[Record]:
        if not booking.note:
            return []
        return [{"customFieldName": "Special Requests", "customFieldValue": booking.note}]

    def blocks(self, house: str, first: str, last: str) -> Iterable[Record]:
        """The owner's blocks that include a day from `first` to `last`; `endDate` is the last night."""
        for block in self.world.blocks():
            listing = self.world.listings[block.listing]
            if listing.house == house and str(block.first) <= last and first < str(block.end):
                yield {
                    "roomBlockID": str(block.number),
                    "roomBlockType": "blocked_dates",
                    "roomBlockReason": "Owner",
                    "startDate": str(block.first),
                    "endDate": str(max(block.nights)),
                    "rooms": [self._blocked(listing, block.number)],
                }

    def _blocked(self, listing: Listing, number: int) -> Record:
        return {
            "eventID": f"9{number}",
            "roomID": self.room_id(listing),
            "roomTypeID": self.type_id(listing.house),
            "isSource": True,
        }


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def _rates(room: Room) -> Mapping[str, int]:
    return {str(day): 100 for day in days(room.arrival, room.departure)}
