"""Booking.com, by its Connectivity API for reservations (developers.booking.com/connectivity): for partners.

What is new and what changed wait in two queues until they are acknowledged, by the one system that answers
for them. Beside such a system we look on: what it has taken is asked for again by the moment of its change.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urljoin
from xml.etree.ElementTree import Element, SubElement, tostring

from rentalsync_pipeline.channels.account import AccountChannel
from rentalsync_pipeline.channels.booking_com_records import bookings_of, id_of, is_cancelled, record_of
from rentalsync_pipeline.channels.markup import every, first, from_xml
from rentalsync_pipeline.channels.units import Unit
from rentalsync_pipeline.channels.verbs import Changes, Scope
from rentalsync_pipeline.channels.wire.auth import Basic, Tokens, granted
from rentalsync_pipeline.channels.wire.pace import Rate
from rentalsync_pipeline.channels.wire.response import FetchError
from rentalsync_pipeline.channels.wire.session import Api, Record, Session
from rentalsync_pipeline.channels.wire.tokens import Keys
from rentalsync_pipeline.core.token import Token
from rentalsync_pipeline.core.verdict import Failure, Reason

BASE = "https://secure-supply-xml.booking.com/hotels/ota"
LOGIN = "https://connectivity-authentication.booking.com"
EXCHANGE = "/token-based-authentication/exchange"
LIFETIME = 3600
"""Seconds that a token lasts; the answer doesn't say so, the documents do. 30 an hour are given."""

QUEUES = {
    "OTA_HotelResNotif": ("HotelReservations", "HotelReservation"),
    "OTA_HotelResModifyNotif": ("HotelResModifies", "HotelResModify"),
}
"""What is new, then what changed, each with the names of its lists and of what is in them."""

NAMESPACE = "http://www.opentravel.org/OTA/2003/05"
MOST = 200
"""Reservations in one answer."""
OVERLAP = timedelta(hours=1)


def _decode(body: bytes) -> Any:
    """JSON where tokens are exchanged, else XML."""
    return json.loads(body) if body.lstrip().startswith(b"{") else from_xml(body)


def _fault(document: Any) -> Failure | None:
    refused = isinstance(document, Element) and (
        document.tag.rpartition("}")[2] == "fault" or first(document, "Errors") is not None
    )
    return Failure(Reason.REFUSED, "an error instead of reservations") if refused else None


async def _exchange(session: Session, keys: Keys, _held: Token | None) -> Token:
    place = urljoin(LOGIN if session.base == BASE else session.base, EXCHANGE)
    asked = {name: session.credential(name) for name in ("client_id", "client_secret")}

    async def ask() -> dict[str, Any]:
        answer = await session.post(place, asked, proven=False)
        return {"access_token": answer["jwt"], "expires_in": LIFETIME}

    return await granted(session, ask())


async def _waiting(session: Session, queue: str, **asked: str) -> list[Record]:
    document = await session.get(queue, {**asked, "limit": MOST})
    found = [record_of(each) for each in every(document, QUEUES[queue][1])]
    if asked and len(found) >= MOST:
        raise FetchError(Reason.INCOMPLETE, f"{MOST} changes at once: more may have been left out")
    return found


async def _changes(session: Session, cursor: str | None) -> Changes:
    """What waits, and what changed since; the last word on a reservation is that of the second queue."""
    now = session.now.astimezone(UTC)
    records: list[Record] = []
    receipts: list[str] = []
    for queue in QUEUES:
        waiting = await _waiting(session, queue)
        receipts += (f"{queue} {each['id']}" for each in waiting)
        if cursor:
            since = datetime.fromisoformat(cursor) - OVERLAP
            records += await _waiting(session, queue, last_change=f"{since:%Y-%m-%d %H:%M:%S}")
        records += waiting
    return Changes(records, now.isoformat(), tuple(receipts))


async def _acknowledge(session: Session, receipts: Sequence[str]) -> None:
    for queue in QUEUES:
        numbers = [
            number for where, _, number in (each.partition(" ") for each in receipts) if where == queue
        ]
        if numbers:
            await session.post(
                queue,
                _receipt(queue, numbers, session.now),
                repeatable=True,
                kind="application/xml",
            )


def _receipt(queue: str, numbers: Sequence[str], now: datetime) -> bytes:
    """The message that says which reservations have arrived."""
    many, one = QUEUES[queue]
    root = Element(f"{queue}RS", xmlns=NAMESPACE, Target="Production", Version="2.001")
    root.set("TimeStamp", f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%S+00:00}")
    SubElement(root, "Success")
    listed = SubElement(root, many)
    for number in numbers:
        about = SubElement(SubElement(listed, one), "ResGlobalInfo")
        SubElement(SubElement(about, "HotelReservationIDs"), "HotelReservationID", ResID_Value=number)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


async def _listings(session: Session) -> Sequence[Unit]:
    """These messages name no rooms but those that were sold: what is mapped is all that is known."""
    return [Unit(each, each) for each in session.units]


async def _scopes(session: Session) -> Sequence[Scope]:
    await _waiting(session, next(iter(QUEUES)))
    return (Scope("reservations", True, "what waits to be fetched"),)


ACCOUNT = AccountChannel(
    name="booking_com",
    title="Booking.com",
    color="royalblue",
    description="Reservations of every room of a connectivity partner's properties.",
    export="Connectivity portal > Machine accounts: make one with access to reservations, copy its password",
    api=Api(
        base=BASE,
        hosts=frozenset({"secure-supply-xml.booking.com", "connectivity-authentication.booking.com"}),
        auth=(Basic("username", "password"), Tokens(("client_id", "client_secret"), _exchange)),
        rate=Rate(1, burst=4),
        decode=_decode,
        fault=_fault,
    ),
    id_of=id_of,
    bookings_of=bookings_of,
    is_cancelled=is_cancelled,
    listings=_listings,
    changes=_changes,
    acknowledge=_acknowledge,
    scopes=_scopes,
)
