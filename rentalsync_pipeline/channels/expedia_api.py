"""Expedia, by EQC Booking Retrieval (developers.expediagroup.com), beside the property's own system.

To fetch what is pending marks it as fetched, and whoever does so answers for it. We look on: only what the
property's own system has fetched or confirmed is asked for, as far back as the interface goes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from xml.etree.ElementTree import Element, SubElement, tostring

from rentalsync_pipeline.channels import fields
from rentalsync_pipeline.channels.account import AccountChannel
from rentalsync_pipeline.channels.base import ReadContext
from rentalsync_pipeline.channels.markup import every, first, from_xml, said
from rentalsync_pipeline.channels.units import Unit
from rentalsync_pipeline.channels.verbs import Changes, Scope
from rentalsync_pipeline.channels.wire.auth import InMessage
from rentalsync_pipeline.channels.wire.pace import Rate
from rentalsync_pipeline.channels.wire.response import FetchError
from rentalsync_pipeline.channels.wire.session import Api, Record, Session
from rentalsync_pipeline.core.model import Booking, Kind, Status
from rentalsync_pipeline.core.verdict import Failure, Reason

NAMESPACE = "http://www.expediaconnect.com/EQC/BR/2014/01"
CANCEL = "Cancel"
TAKEN = ("retrieved", "confirmed")
"""States in which a booking can be looked at without changing it."""

LONGEST = 30
"""Days that the interface looks back."""
MOST = 125
"""Bookings in one answer."""

LOGIN_REFUSED = range(1000, 2000)
"""Codes of errors about who asks; the others are about what is asked."""


def _fault(document: Element) -> Failure | None:
    """Errors come with HTTP 200."""
    code = said(first(document, "Error"), "code")
    if code is None:
        return None
    refused = code.isdecimal() and int(code) in LOGIN_REFUSED
    return Failure(Reason.UNAUTHORISED if refused else Reason.REFUSED, f"error {code}")


async def _transactions(session: Session, state: str, days: int) -> list[Element]:
    root = Element("BookingRetrievalRQ", xmlns=NAMESPACE)
    login = {name: session.credential(name) for name in ("username", "password")}
    SubElement(root, "Authentication", login)
    chosen = SubElement(root, "ParamSet")
    SubElement(chosen, "NbDaysInPast").text = str(days)
    SubElement(chosen, "Status", value=state)
    message: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    answer = await session.post("br", message, repeatable=True, kind="text/xml")
    found = list(every(answer, "Booking"))
    if len(found) >= MOST:
        raise FetchError(Reason.INCOMPLETE, f"{MOST} bookings at once: more may have been left out")
    return found


async def _changes(session: Session, cursor: str | None) -> Changes:
    """What was changed since, by whole days."""
    now = session.now.astimezone(UTC)
    since = datetime.fromisoformat(cursor) if cursor else now - timedelta(days=LONGEST)
    days = min((now - since).days + 2, LONGEST)
    found = [each for state in TAKEN for each in await _transactions(session, state, days)]
    return Changes(_latest(found), now.isoformat())


def _latest(transactions: Sequence[Element]) -> list[Record]:
    """Each booking as its last transaction leaves it; a cancellation repeats neither room nor days."""
    records: dict[str | None, Record] = {}
    for each in sorted(transactions, key=lambda element: element.get("createDateTime", "")):
        told = {name: value for name, value in _record(each).items() if value is not None}
        records[each.get("id")] = {**records.get(each.get("id"), {}), **told}
    return list(records.values())


def _record(transaction: Element) -> Record:
    room, guest = first(transaction, "RoomStay"), first(transaction, "PrimaryGuest", "Name")
    stay, count = first(room, "StayDate"), first(room, "GuestCount")
    return {
        "id": transaction.get("id"),
        "type": transaction.get("type"),
        "source": transaction.get("source"),
        "hotel": said(first(transaction, "Hotel"), "id"),
        "room": said(room, "roomTypeID"),
        "arrival": said(stay, "arrival"),
        "departure": said(stay, "departure"),
        "adults": said(count, "adult"),
        "children": said(count, "child"),
        "given_name": said(guest, "givenName"),
        "surname": said(guest, "surname"),
    }


def _is_cancelled(record: Record) -> bool:
    return record["type"] == CANCEL and "arrival" not in record


def _bookings_of(record: Record, _context: ReadContext) -> Iterator[Booking]:
    check_in, check_out = fields.stay(fields.day(record["arrival"]), fields.day(record["departure"]))
    yield Booking(
        key=fields.id_of(record),
        kind=Kind.RESERVATION,
        status=Status.CANCELLED if record["type"] == CANCEL else Status.CONFIRMED,
        check_in=check_in,
        check_out=check_out,
        uid=fields.id_of(record),
        code=fields.id_of(record),
        upstream_listing=f"{record['hotel']}/{record['room']}",
        guest_name=fields.name(record.get("given_name"), record.get("surname")),
        guests=fields.count(record.get("adults"), record.get("children")),
        extras=fields.extras([("source", record.get("source"))]),
    )


async def _listings(session: Session) -> Sequence[Unit]:
    """The interface names no rooms but those that were sold: what is mapped is all that is known."""
    return [Unit(each, each) for each in session.units]


async def _scopes(session: Session) -> Sequence[Scope]:
    await _transactions(session, TAKEN[-1], 1)
    return (Scope("booking retrieval", True, "what the property's own system has confirmed"),)


ACCOUNT = AccountChannel(
    name="expedia",
    title="Expedia",
    color="gold",
    description="Bookings of the last 30 days of every property of an EQC account, once they are confirmed.",
    export="Ask Expedia's connectivity team for an EQC account of your properties, and copy its password",
    api=Api(
        base="https://services.expediapartnercentral.com/eqc",
        hosts=frozenset({"services.expediapartnercentral.com"}),
        auth=(InMessage(("username", "password")),),
        rate=Rate(1, burst=4),
        decode=from_xml,
        fault=_fault,
    ),
    bookings_of=_bookings_of,
    is_cancelled=_is_cancelled,
    listings=_listings,
    changes=_changes,
    scopes=_scopes,
)
