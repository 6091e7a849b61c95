"""Hostaway, by its Public API v1 (api.hostaway.com/documentation; sources: github.com/Hostaway/api)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from rentalsync_pipeline.channels import fields
from rentalsync_pipeline.channels.account import AccountChannel
from rentalsync_pipeline.channels.base import ReadContext
from rentalsync_pipeline.channels.units import Unit, unit_of
from rentalsync_pipeline.channels.verbs import Sweep, since
from rentalsync_pipeline.channels.webhooks import Webhook
from rentalsync_pipeline.channels.windows import Window
from rentalsync_pipeline.channels.wire.auth import Tokens, client_credentials
from rentalsync_pipeline.channels.wire.pace import Rate
from rentalsync_pipeline.channels.wire.paging import Cursor, Offset
from rentalsync_pipeline.channels.wire.session import Api, Record, Session
from rentalsync_pipeline.core.model import Booking, Kind, Status

STATUSES = {
    "new": (Kind.RESERVATION, Status.CONFIRMED),
    "modified": (Kind.RESERVATION, Status.CONFIRMED),
    "ownerStay": (Kind.BLOCK, Status.CONFIRMED),
    "pending": (Kind.TENTATIVE, Status.PENDING),
    "unconfirmed": (Kind.TENTATIVE, Status.PENDING),
    "awaitingPayment": (Kind.TENTATIVE, Status.PENDING),
    "awaitingGuestVerification": (Kind.TENTATIVE, Status.PENDING),
    "cancelled": (Kind.RESERVATION, Status.CANCELLED),
    "declined": (Kind.RESERVATION, Status.CANCELLED),
    "expired": (Kind.RESERVATION, Status.CANCELLED),
}
"""*Reservation statuses*: those that "block calendar", and those that end one."""
INQUIRY = "inquiry"
"""How the statuses begin that hold no night: `inquiry`, `inquiryPreapproved`, `inquiryDenied`, …"""

PAGES = Cursor(items="result", param="afterId", size=("limit", 100), of_last="id")
"""`offset` is deprecated: with it, what is sold meanwhile shifts the pages."""
LISTINGS = Offset(items="result", skip="offset", size=("limit", 100), total="count")


async def _listings(session: Session) -> list[Unit]:
    found = await session.pages("listings", {}, LISTINGS, by=fields.id_of)
    return [unit_of(each, timezone="timeZoneName") for each in found]


async def _changed(session: Session, moment: datetime) -> Sequence[Record]:
    return await session.pages(
        "reservations", {"latestActivityStart": f"{moment:%Y-%m-%d}"}, PAGES, by=fields.id_of
    )


async def _window(session: Session, window: Window) -> Sequence[Record]:
    left = {"departureStartDate": str(window.first), "departureEndDate": str(window.last)}
    return await session.pages("reservations", left, PAGES, by=fields.id_of)


async def _booking(session: Session, known: str) -> Record | None:
    found = await session.find(f"reservations/{known}")
    return found and found["result"]


def _bookings_of(record: Record, _context: ReadContext) -> Iterator[Booking]:
    """A booking for each unit of a listing that has several, else one."""
    if record["status"].startswith(INQUIRY):
        return
    kind, status = STATUSES.get(record["status"], (Kind.RESERVATION, Status.CONFIRMED))
    if status is Status.CONFIRMED and record.get("bookingcomNoShowReportedAt"):
        status = Status.NO_SHOW
    check_in, check_out = fields.stay(fields.day(record["arrivalDate"]), fields.day(record["departureDate"]))
    house, source = str(record["listingMapId"]), record.get("channelName")
    units = [fields.text(each.get("listingUnitId")) for each in fields.items(record.get("reservationUnit"))]
    for unit in units or [None]:
        yield Booking(
            key=f"{fields.id_of(record)}/{unit}" if unit else fields.id_of(record),
            kind=kind,
            status=status,
            check_in=check_in,
            check_out=check_out,
            uid=fields.id_of(record),
            code=fields.text(record.get("confirmationCode"))
            or fields.text(record.get("channelReservationId"))
            or fields.id_of(record),
            upstream_listing=f"{house}/{unit}" if unit else house,
            origin=fields.origin(source),
            guest_name=fields.text(record.get("guestName")),
            phone_last4=fields.last4(record.get("phone")),
            guests=fields.count(record.get("numberOfGuests")),
            extras=fields.extras([("source", source), ("arrival_time", record.get("checkInTime"))]),
        )


ACCOUNT = AccountChannel(
    name="hostaway",
    title="Hostaway",
    color="darkorange",
    description="Reservations, requests and owners' stays of every listing of an account.",
    export="Settings > Hostaway API: create a key and copy it; client_id is the account's number",
    api=Api(
        base="https://api.hostaway.com/v1",
        hosts=frozenset({"api.hostaway.com"}),
        auth=(
            Tokens(
                ("client_id", "client_secret"),
                client_credentials("accessTokens", rest=1.0, scope="general"),
            ),
        ),
        rate=Rate(1.4),  # 15 in 10 seconds from one address
        refused=frozenset({401, 403}),  # 403 is how an expired token is refused
    ),
    bookings_of=_bookings_of,
    listings=_listings,
    booking=_booking,
    changes=since(_changed, timedelta(days=1)),  # asked by the day, whose zone is not documented
    sweep=Sweep(_window, months=3),
    webhook=Webhook(setup="Settings > Integrations > Webhooks: the secret as the password, any user name"),
)
