"""Hostaway's Public API v1 (api.hostaway.com/documentation; its sources are github.com/Hostaway/api).

Client credentials for a token of 24 months; an expired or unknown one is a 403. 15 requests in 10 seconds
from one address. Reservations by `afterId`, or by the older `offset`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import ClassVar

from rentalsync_pipeline_tests.simulators.limits import Limits
from rentalsync_pipeline_tests.simulators.messages import Asked, Record, Reply
from rentalsync_pipeline_tests.simulators.people import hexadecimal
from rentalsync_pipeline_tests.simulators.server import Simulator
from rentalsync_pipeline_tests.simulators.tokens import Tokens
from rentalsync_pipeline_tests.simulators.units import Unit, units, utc
from rentalsync_pipeline_tests.simulators.world import Listing, Status, World

CHANNELS = {
    "airbnb": (2018, "airbnbOfficial"),
    "booking_com": (2005, "bookingcom"),
    "vrbo": (2002, "homeaway"),
    "expedia": (2007, "expedia"),
    "google": (2022, "google"),
    "direct": (2000, "direct"),
}
STATUSES = {
    Status.INQUIRY: "inquiry",
    Status.REQUEST: "pending",
    Status.CONFIRMED: "new",
    Status.NO_SHOW: "new",
    Status.CANCELLED: "cancelled",
}
RANGES = (
    ("arrivalDate", "arrivalStartDate", "arrivalEndDate"),
    ("departureDate", "departureStartDate", "departureEndDate"),
    ("latestActivityOn", "latestActivityStart", "latestActivityEnd"),
)


class Hostaway(Simulator):
    """An account with every listing of a world."""

    base = "/v1"

    def __init__(self, world: World, **options: Callable[[], float]) -> None:
        super().__init__(world, **options)
        self.client = {"client_id": "10450", "client_secret": hexadecimal("hostaway")}
        self.tokens = Tokens("hostaway", timedelta(days=730))
        self.limits = Limits({10: 15})

    def refusal(self, asked: Asked) -> Reply | None:
        if self.limits.take(asked.tick) is not None:
            return Reply.json({"status": "fail", "message": "Too Many Requests"}, 429)
        if asked.path.endswith("/accessTokens") or self.tokens.valid(asked.bearer, self.now):
            return None
        return Reply.json({"status": "fail", "message": "Unauthenticated"}, 403)

    def access_token(self, asked: Asked) -> Reply:
        wanted = self.client | {"grant_type": "client_credentials", "scope": "general"}
        if wanted != {name: asked.form.get(name) for name in wanted}:
            wrong = {"error": "invalid_client", "message": "Client authentication failed"}
            return Reply.json(wrong, 401)
        lifetime = int(self.tokens.lifetime.total_seconds())
        token = self.tokens.new(self.now)
        return Reply.json({"token_type": "Bearer", "expires_in": lifetime, "access_token": token})

    def listings(self, asked: Asked) -> Reply:
        return self.listed(asked, [self.listing(each) for each in self.world.listings.values()])

    def reservations(self, asked: Asked) -> Reply:
        rows = [self.record(unit) for unit in units(self.world, blocks=True) if self._wanted(asked, unit)]
        if asked.get("sortOrder") == "updatedOn":
            rows.sort(key=lambda row: str(row["updatedOn"]))
        return self.listed(asked, rows)

    def reservation(self, asked: Asked, number: str) -> Reply:
        for unit in units(self.world, blocks=True):
            if str(unit.number) == number:
                return Reply.json({"status": "success", "result": self.record(unit)})
        return Reply.json({"status": "fail", "message": "Reservation not found"}, 404)

    def listed(self, asked: Asked, rows: list[Record]) -> Reply:
        limit, offset = asked.number("limit", 100, 100), asked.number("offset", 0)
        following = [row for row in rows if row["id"] > asked.number("afterId", 0)]
        page = self.faults.page(asked, following, offset, limit)
        return Reply.json(
            {
                "status": "success",
                "result": list(page.rows),
                "limit": limit,
                "offset": offset,
                "count": page.total,
                "page": offset // limit + 1,
                "totalPages": -(-page.total // limit),
            }
        )

    def listing(self, listing: Listing) -> Record:
        return {
            "id": 40_160 + listing.number,
            "name": listing.name,
            "internalListingName": listing.slug,
            "timeZoneName": listing.timezone,
            "checkInTimeStart": 15,
            "checkOutTime": 11,
            "personCapacity": 4,
        }

    def record(self, unit: Unit) -> Record:
        number, name = CHANNELS.get(unit.channel, (2000, "direct"))
        return {
            "id": unit.number,
            "listingMapId": 40_160 + unit.listing.number,
            "channelId": number,
            "channelName": name,
            "source": name,
            "reservationId": unit.code or str(unit.number),
            "channelReservationId": unit.code or None,
            "confirmationCode": unit.code or None,
            "hostawayReservationId": str(unit.number),
            "reservationDate": utc(unit.made),
            "guestName": unit.guest.name,
            "guestFirstName": unit.guest.first,
            "guestLastName": unit.guest.last,
            "guestEmail": unit.guest.email,
            "phone": unit.guest.phone,
            "numberOfGuests": unit.adults + unit.children,
            "adults": unit.adults,
            "children": unit.children,
            "arrivalDate": str(unit.arrival),
            "departureDate": str(unit.departure),
            "isDatesUnspecified": 0,
            "checkInTime": None,
            "checkOutTime": None,
            "nights": unit.nights,
            "status": "ownerStay" if unit.blocked else STATUSES[unit.status],
            "cancellationDate": utc(unit.changed) if unit.status is Status.CANCELLED else None,
            "guestNote": unit.note or None,
            "bookingcomNoShowReportedAt": utc(unit.changed) if unit.status is Status.NO_SHOW else None,
            "latestActivityOn": utc(unit.changed),
            "updatedOn": utc(unit.changed),
            "customFieldValues": [],
        }

    def _wanted(self, asked: Asked, unit: Unit) -> bool:
        record = self.record(unit)
        listing, channel = str(record["listingMapId"]), str(record["channelId"])
        return (
            all(asked.spans(str(record[field])[:10], first, last) for field, first, last in RANGES)
            and asked.get("listingId", listing) == listing
            and asked.get("channelId", channel) == channel
        )

    routes: ClassVar = {
        "POST /accessTokens": access_token,
        "GET /listings": listings,
        "GET /reservations": reservations,
        "GET /reservations/{number}": reservation,
    }
