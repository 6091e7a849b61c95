"""Expedia's EQC interface (developers.expediagroup.com: Booking Retrieval and Confirmation): XML by POST.

Each change of a booking is a transaction; they are handed out one after the other, and to hand one out is to
mark it as retrieved. Errors come with HTTP 200. 125 bookings an answer. A booking has one room.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from rentalsync_pipeline_tests.simulators.messages import Asked, Reply
from rentalsync_pipeline_tests.simulators.people import hexadecimal
from rentalsync_pipeline_tests.simulators.server import Simulator
from rentalsync_pipeline_tests.simulators.units import utc
from rentalsync_pipeline_tests.simulators.world import Booking, Status, World

RETRIEVAL = "http://www.expediaconnect.com/EQC/BR/2014/01"
CONFIRMATION = "http://www.expediaconnect.com/EQC/BC/2007/09"
MOST = 125
UNTOLD = {Status.INQUIRY, Status.REQUEST}


@dataclass(frozen=True)
class Transaction:
    """One version of a booking."""

    booking: Booking
    place: int

    @property
    def kind(self) -> str:
        if self.booking.status is Status.CANCELLED:
            return "Cancel"
        return "Modify" if self.place else "Book"


class Expedia(Simulator):
    """The bookings that a world sold at Expedia. `states` says what became of each transaction."""

    base = "/eqc"

    def __init__(self, world: World, **options: Callable[[], float]) -> None:
        super().__init__(world, **options)
        self.account = {"username": "EQCdemo", "password": hexadecimal("expedia")}
        self.states: dict[Transaction, str] = {}

    def hotel_id(self, house: str) -> str:
        return str(111 + sorted({each.house for each in self.world.listings.values()}).index(house))

    def retrieve(self, asked: Asked) -> Reply:
        root, error = self._read(asked, RETRIEVAL)
        if root is None:
            return error
        hotel, wanted = root.find("{*}Hotel"), root.find("{*}Booking")
        found = [
            each
            for each in self._chosen(root)
            if (hotel is None or self.hotel_id(each.booking.house) == hotel.get("id"))
            and (wanted is None or each.booking.code == wanted.get("id"))
        ][:MOST]
        page = self.faults.page(asked, [{"transaction": each} for each in found], 0, MOST)
        answer = ET.Element("BookingRetrievalRS", {"xmlns": RETRIEVAL})
        bookings = ET.SubElement(answer, "Bookings")
        for row in page.rows:
            bookings.append(self.element(row["transaction"]))
            if self.states.get(row["transaction"], "pending") == "pending":
                self.states[row["transaction"]] = "retrieved"
        return _xml(answer)

    def confirm(self, asked: Asked) -> Reply:
        root, error = self._read(asked, CONFIRMATION)
        if root is None:
            return error
        for number in root.findall(".//{*}BookingConfirmNumber"):
            for each in self._transactions():
                if (each.booking.code, each.kind) == (number.get("bookingID"), number.get("bookingType")):
                    self.states[each] = "confirmed"
        answer = ET.Element("BookingConfirmRS", {"xmlns": CONFIRMATION})
        ET.SubElement(answer, "Success")
        return _xml(answer)

    def _read(self, asked: Asked, namespace: str) -> tuple[ET.Element | None, Reply]:
        """The request, or the answer that refuses it."""
        try:
            root = ET.fromstring(asked.body)
        except ET.ParseError:
            return None, failed(namespace, 2001, "Parse error")
        login = root.find("{*}Authentication")
        if login is None or dict(login.attrib) != self.account:
            return None, failed(namespace, 1001, "Authentication failed")
        return root, Reply()

    def _chosen(self, root: ET.Element) -> Iterator[Transaction]:
        """By status and age where parameters say so, else what is pending: the first of each booking."""
        days, status = root.find("{*}ParamSet/{*}NbDaysInPast"), root.find("{*}ParamSet/{*}Status")
        since = self.now - timedelta(days=int(days.text or 1)) if days is not None else None
        wanted = status.get("value") if status is not None else None
        handed: set[int] = set()
        for each in self._transactions():
            state = self.states.get(each, "pending")
            if wanted or since or root.find("{*}Booking") is not None:
                if (not wanted or state == wanted) and (not since or each.booking.changed >= since):
                    yield each
            elif state == "pending" and each.booking.number not in handed:
                handed.add(each.booking.number)
                yield each

    def _transactions(self) -> Iterator[Transaction]:
        for booking in self.world.bookings():
            if booking.channel == "expedia" and booking.rooms[0].listing:
                told = (each for each in self.world.history(booking.number) if each.status not in UNTOLD)
                yield from (Transaction(version, place) for place, version in enumerate(told))

    def element(self, transaction: Transaction) -> ET.Element:
        booking, room = transaction.booking, transaction.booking.rooms[0]
        root = ET.Element(
            "Booking",
            {
                "id": booking.code,
                "type": transaction.kind,
                "createDateTime": utc(booking.changed, "%Y-%m-%dT%H:%M:%SZ"),
                "source": "Expedia",
                "status": self.states.get(transaction, "pending"),
            },
        )
        ET.SubElement(root, "Hotel", {"id": self.hotel_id(booking.house)})
        if transaction.kind != "Cancel":
            number = self.world.listings[room.listing or ""].number
            stay = ET.SubElement(
                root, "RoomStay", {"roomTypeID": str(200_123_000 + number), "ratePlanID": "201A"}
            )
            ET.SubElement(stay, "StayDate", {"arrival": str(room.arrival), "departure": str(room.departure)})
            guests = ET.SubElement(
                stay, "GuestCount", {"adult": str(booking.adults), "child": str(booking.children)}
            )
            for _ in range(booking.children):
                ET.SubElement(guests, "Child", {"age": "7"})
            name = ET.SubElement(ET.SubElement(root, "PrimaryGuest"), "Name")
            name.attrib |= {"givenName": booking.guest.first, "surname": booking.guest.last}
        return root

    routes: ClassVar = {"POST /br": retrieve, "POST /bc": confirm}


def failed(namespace: str, code: int, text: str) -> Reply:
    """An error of this vendor, which comes with HTTP 200."""
    name = "BookingRetrievalRS" if namespace == RETRIEVAL else "BookingConfirmRS"
    answer = ET.Element(name, {"xmlns": namespace})
    ET.SubElement(answer, "Error", {"code": str(code)}).text = text
    return _xml(answer)


def _xml(root: ET.Element) -> Reply:
    return Reply.of(ET.tostring(root, encoding="utf-8", xml_declaration=True), "text/xml")
