"""Booking.com's Connectivity API for reservations (developers.booking.com/connectivity): XML in two queues.

What is new waits in `OTA_HotelResNotif`, what changed since in `OTA_HotelResModifyNotif`, each until it is
acknowledged by a POST to the same address; a change before the first acknowledgement stays among the new. A
machine account logs in by Basic, or exchanges its secret for a JWT of one hour, 30 times an hour at most.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from base64 import b64encode
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import ClassVar

from rentalsync_pipeline_tests.simulators.booking_com_records import NAMESPACE, message, reservation
from rentalsync_pipeline_tests.simulators.messages import Asked, Reply, moment
from rentalsync_pipeline_tests.simulators.people import hexadecimal
from rentalsync_pipeline_tests.simulators.server import Simulator, as_json
from rentalsync_pipeline_tests.simulators.tokens import Tokens
from rentalsync_pipeline_tests.simulators.world import Booking, Status, World

EXCHANGES_AN_HOUR, MOST = 30, 200
UNTOLD = {Status.INQUIRY, Status.REQUEST}


class BookingCom(Simulator):
    """What a world sold at Booking.com. `acknowledged` has the version of each that was taken."""

    base = "/hotels/ota"

    def __init__(self, world: World, **options: Callable[[], float]) -> None:
        super().__init__(world, **options)
        self.account = ("machine", hexadecimal("booking.com"))
        self.client = {"client_id": "demo", "client_secret": hexadecimal("booking.com client")}
        self.tokens = Tokens("jwt", timedelta(hours=1))
        self.acknowledged: dict[str, datetime] = {}

    def refusal(self, asked: Asked) -> Reply | None:
        basic = f"Basic {b64encode(':'.join(self.account).encode()).decode()}"
        known = asked.headers.get("authorization") == basic or self.tokens.valid(asked.bearer, self.now)
        if known or asked.path.endswith("/exchange"):
            return None
        return Reply.of(b"<html><h1>Authorization Required</h1></html>", "text/html", 401)

    def exchange(self, asked: Asked) -> Reply:
        if as_json(asked.body) != self.client:
            return Reply.json({"errors": ["Invalid credentials"]}, 401)
        if sum(made > self.now - timedelta(hours=1) for made in self.tokens.issued) >= EXCHANGES_AN_HOUR:
            return Reply.json({"errors": ["Too many requests"]}, 429)
        return Reply.json({"jwt": self.tokens.new(self.now), "ruid": hexadecimal(len(self.asked))})

    def new(self, asked: Asked) -> Reply:
        return self.queue(asked, "OTA_HotelResNotifRQ", lambda each: each.code not in self.acknowledged)

    def changed(self, asked: Asked) -> Reply:
        return self.queue(
            asked,
            "OTA_HotelResModifyNotifRQ",
            lambda each: self.acknowledged.get(each.code, each.changed) < each.changed,
        )

    def queue(self, asked: Asked, kind: str, waits: Callable[[Booking], bool]) -> Reply:
        """What waits; for a recovery by `id` or `last_change` also what doesn't."""
        since, wanted, hotels = asked.get("last_change"), asked.get("id"), asked.names("hotel_ids")
        found = [
            each
            for each in self.world.bookings()
            if each.channel == "booking_com"
            and each.status not in UNTOLD
            and (waits(each) or wanted == each.code or bool(since and each.changed >= moment(since)))
            and (not wanted or wanted == each.code)
            and (not hotels or self.hotel_id(each.house) in hotels)
        ]
        rows = [{"booking": each} for each in found]
        page = self.faults.page(asked, rows, 0, asked.number("limit", MOST, MOST))
        shown = (
            reservation(row["booking"], self.world, self.hotel_id(row["booking"].house)) for row in page.rows
        )
        return Reply.of(message(kind, shown, self.now), "application/xml")

    def acknowledge(self, asked: Asked) -> Reply:
        """Take note of what was taken; what is not in the answer is sent again."""
        kind = asked.path.rpartition("/")[2]
        try:
            ids = [
                each.get("ResID_Value", "")
                for each in ET.fromstring(asked.body).iter(f"{{{NAMESPACE}}}HotelReservationID")
            ]
        except ET.ParseError:
            return Reply.of(b"<fault code='1001' string='failed to parse XML'/>", "application/xml", 400)
        known = {each.code: each for each in self.world.bookings()}
        self.acknowledged |= {code: known[code].changed for code in ids if code in known}
        return Reply.of(f'<{kind}RS xmlns="{NAMESPACE}"><Success/></{kind}RS>'.encode(), "application/xml")

    def hotel_id(self, house: str) -> str:
        return str(12_963_000 + sorted({each.house for each in self.world.listings.values()}).index(house))

    routes: ClassVar = {
        "GET /OTA_HotelResNotif": new,
        "GET /OTA_HotelResModifyNotif": changed,
        "POST /OTA_HotelResNotif": acknowledge,
        "POST /OTA_HotelResModifyNotif": acknowledge,
    }
    elsewhere: ClassVar = {"POST /token-based-authentication/exchange": exchange}
