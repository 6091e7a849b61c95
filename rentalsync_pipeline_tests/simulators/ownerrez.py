"""OwnerRez's API v2 (api.ownerrez.com/help/v2): bookings of named properties, or since a moment; never all.

300 requests in five minutes from one address; a client that doesn't say who it is, is refused.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from typing import ClassVar
from urllib.parse import urlencode

from rentalsync_pipeline_tests.simulators.limits import Limits
from rentalsync_pipeline_tests.simulators.messages import Asked, Record, Reply, moment
from rentalsync_pipeline_tests.simulators.people import hexadecimal
from rentalsync_pipeline_tests.simulators.server import Simulator
from rentalsync_pipeline_tests.simulators.units import Unit, units, utc
from rentalsync_pipeline_tests.simulators.world import Listing, Status, World

SITES = {"airbnb": "Airbnb", "booking_com": "Booking.com", "vrbo": "Vrbo", "expedia": "Expedia"}
PAGE = 100
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"


class OwnerRez(Simulator):
    """An account with every listing of a world as a property. Inquiries are none of its bookings."""

    base = "/v2"

    def __init__(self, world: World, **options: Callable[[], float]) -> None:
        super().__init__(world, **options)
        self.user, self.token = "host@example.org", f"pt_{hexadecimal('ownerrez')}"
        self.limits = Limits({300: 300})

    def refusal(self, asked: Asked) -> Reply | None:
        basic = b64encode(f"{self.user}:{self.token}".encode()).decode()
        if asked.headers.get("authorization") not in (f"Basic {basic}", f"Bearer {self.token}"):
            return failed(401, "Authorization has been denied for this request.")
        if not asked.headers.get("user-agent"):
            return failed(403, "A User-Agent header is required.")
        if self.limits.take(asked.tick) is not None:
            return failed(429, "Too many requests.")
        return None

    def me(self, asked: Asked) -> Reply:
        return Reply.json({"id": 1, "email_address": self.user, "first_name": "Host", "last_name": "Example"})

    def properties(self, asked: Asked) -> Reply:
        return self.listed(asked, [self.property(each) for each in self.world.listings.values()])

    def bookings(self, asked: Asked) -> Reply:
        named, since = asked.names("property_ids"), asked.get("since_utc")
        if not named and not since:
            return failed(400, "Either property_ids or since_utc is required.")
        rows = [
            self.record(unit, asked)
            for unit in units(self.world, blocks=True)
            if unit.status is not Status.INQUIRY
            and (not named or str(self.property(unit.listing)["id"]) in named)
            and (not since or unit.changed >= moment(since))
            and asked.get("from") <= str(unit.departure)
            and (not asked.get("to") or str(unit.arrival) <= asked.get("to"))
        ]
        wanted = asked.get("status")
        return self.listed(asked, [row for row in rows if not wanted or row["status"] == wanted])

    def booking(self, asked: Asked, number: str) -> Reply:
        for unit in units(self.world, blocks=True):
            if str(unit.number) == number:
                return Reply.json(self.record(unit, asked))
        return failed(404, "Booking not found.")

    def listed(self, asked: Asked, rows: list[Record]) -> Reply:
        limit, offset = asked.number("limit", PAGE, PAGE), asked.number("offset", 0)
        page = self.faults.page(asked, rows, offset, limit)
        kept = {name: values[-1] for name, values in asked.query.items()} | {"offset": offset + limit}
        following = f"http://{asked.headers['host']}{asked.path}?{urlencode(kept)}" if page.more else None
        body = {"items": list(page.rows), "count": page.total, "limit": limit, "offset": offset}
        return Reply.json(body | {"next_page_url": following})

    def property(self, listing: Listing) -> Record:
        return {
            "id": 182_918_000 + listing.number,
            "name": listing.slug,
            "time_zone": listing.timezone,
            "check_in": "15:00",
            "check_out": "11:00",
            "active": True,
        }

    def record(self, unit: Unit, asked: Asked) -> Record:
        guest = {
            "id": 34_000 + unit.group,
            "first_name": unit.guest.first,
            "last_name": unit.guest.last,
            "email_addresses": [{"address": unit.guest.email}],
            "phones": [{"number": unit.guest.phone}],
        }
        named = {} if unit.blocked else {"guest_id": guest["id"]}
        cancelled = unit.status is Status.CANCELLED
        return {
            "id": unit.number,
            "property_id": self.property(unit.listing)["id"],
            "arrival": str(unit.arrival),
            "departure": str(unit.departure),
            "check_in": "15:00",
            "check_out": "11:00",
            "adults": unit.adults,
            "children": unit.children,
            "infants": 0,
            "pets": 0,
            "is_block": unit.blocked,
            "type": "block" if unit.blocked else "booking",
            "status": "canceled" if cancelled else "pending" if unit.status is Status.REQUEST else "active",
            "listing_site": SITES.get(unit.channel),
            "platform_reservation_number": unit.code or None,
            "created_utc": utc(unit.made, _MOMENT),
            "updated_utc": utc(unit.changed, _MOMENT),
            "canceled_utc": utc(unit.changed, _MOMENT) if cancelled else None,
            "notes": unit.note or None,
            **named,
            **({"guest": guest} if named and asked.asks_for("include_guest") else {}),
        }

    routes: ClassVar = {
        "GET /users/me": me,
        "GET /properties": properties,
        "GET /bookings": bookings,
        "GET /bookings/{number}": booking,
    }


def failed(status: int, message: str) -> Reply:
    return Reply.json({"status": status, "messages": [message]}, status)
