"""A reservation of a world in Booking.com's OTA XML: a night is a `RoomRate`, and a card comes with it."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable
from datetime import datetime

from rentalsync_pipeline_tests.simulators.units import utc
from rentalsync_pipeline_tests.simulators.world import Booking, Room, Status, World, days

NAMESPACE = "http://www.opentravel.org/OTA/2003/05"
CARD = "4111111111111111"
"""The number that card companies give away for tests."""
WORDS = {
    "OTA_HotelResNotifRQ": ("HotelReservations", "HotelReservation"),
    "OTA_HotelResModifyNotifRQ": ("HotelResModifies", "HotelResModify"),
}


def message(kind: str, reservations: Iterable[ET.Element], now: datetime) -> bytes:
    """A whole message of new, or of changed reservations."""
    outer, inner = WORDS[kind]
    root = ET.Element(kind, {"xmlns": NAMESPACE, "Version": "2.001", "Target": "Production"})
    root.set("TimeStamp", utc(now, "%Y-%m-%dT%H:%M:%S+00:00"))
    listed = ET.SubElement(root, outer)
    for each in reservations:
        each.tag = inner
        listed.append(each)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def reservation(booking: Booking, world: World, hotel_id: str) -> ET.Element:
    changed = "Modify" if booking.changed > booking.made else "Commit"
    status = "Cancel" if booking.status is Status.CANCELLED else changed
    root = ET.Element("HotelReservation", {"ResStatus": status})
    stays = ET.SubElement(root, "RoomStays")
    for place, room in enumerate(booking.rooms, 1):
        if room.listing and not room.cancelled:
            stays.append(
                _room_stay(
                    booking, room, f"{hotel_id}{world.listings[room.listing].number:02}", place, hotel_id
                )
            )
    root.append(_about(booking))
    return root


def _room_stay(booking: Booking, room: Room, room_type: str, place: int, hotel_id: str) -> ET.Element:
    stay = ET.Element("RoomStay", {"IndexNumber": str(10 * booking.number + place)})
    ET.SubElement(ET.SubElement(stay, "RoomTypes"), "RoomType", {"RoomTypeCode": room_type})
    rates = ET.SubElement(stay, "RoomRates")
    for night in days(room.arrival, room.departure):
        ET.SubElement(rates, "RoomRate", {"EffectiveDate": str(night), "RatePlanCode": "49111777"})
    counts = ET.SubElement(stay, "GuestCounts")
    for number, age in ((booking.adults, "10"), (booking.children, "8")):
        if number:
            ET.SubElement(counts, "GuestCount", {"Count": str(number), "AgeQualifyingCode": age})
    ET.SubElement(stay, "BasicPropertyInfo", {"HotelCode": hotel_id})
    return stay


def _about(booking: Booking) -> ET.Element:
    """What holds for all rooms: ids, the booker, and the card that a client must not keep."""
    about = ET.Element("ResGlobalInfo")
    stamp = utc(booking.made, "%Y-%m-%dT%H:%M:%S")
    ids = ET.SubElement(about, "HotelReservationIDs")
    ET.SubElement(ids, "HotelReservationID", {"ResID_Value": booking.code, "ResID_Date": stamp})
    if booking.note:
        ET.SubElement(ET.SubElement(ET.SubElement(about, "Comments"), "Comment"), "Text").text = booking.note
    accepted = ET.SubElement(ET.SubElement(about, "Guarantee"), "GuaranteesAccepted")
    card = {"CardCode": "VI", "CardNumber": CARD, "SeriesCode": "123", "ExpireDate": "1230"}
    ET.SubElement(ET.SubElement(accepted, "GuaranteeAccepted"), "PaymentCard", card)
    info = ET.SubElement(ET.SubElement(about, "Profiles"), "ProfileInfo")
    customer = ET.SubElement(ET.SubElement(info, "Profile"), "Customer")
    name = ET.SubElement(customer, "PersonName")
    ET.SubElement(name, "GivenName").text = booking.guest.first
    ET.SubElement(name, "Surname").text = booking.guest.last
    ET.SubElement(customer, "Telephone", {"PhoneNumber": booking.guest.phone})
    ET.SubElement(customer, "Email").text = f"relay.{booking.number}@guest.booking.com"
    return about
