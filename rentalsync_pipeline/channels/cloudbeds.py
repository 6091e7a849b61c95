"""Cloudbeds, by its property management API v1.3 (developers.cloudbeds.com; OpenAPI description of 2026-08).

Rooms are units (`property/room`), and so is each property: a room that is sold but not assigned yet belongs
to that. Answers are HTTP 200 with `success`, also when they refuse.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from rentalsync_pipeline.channels import fields
from rentalsync_pipeline.channels.account import AccountChannel
from rentalsync_pipeline.channels.cloudbeds_records import bookings_of, id_of
from rentalsync_pipeline.channels.units import Unit
from rentalsync_pipeline.channels.verbs import Scope, Sweep, since
from rentalsync_pipeline.channels.webhooks import Webhook, told
from rentalsync_pipeline.channels.windows import Window
from rentalsync_pipeline.channels.wire.auth import CodeFlow, Header, Tokens
from rentalsync_pipeline.channels.wire.pace import Rate
from rentalsync_pipeline.channels.wire.paging import Numbered, Place
from rentalsync_pipeline.channels.wire.response import FetchError
from rentalsync_pipeline.channels.wire.session import Api, Record, Session
from rentalsync_pipeline.core.verdict import Failure, Reason

MOMENT = "%Y-%m-%d %H:%M:%S"
OVERLAP = timedelta(hours=26)
"""The zone of `modifiedFrom` is not documented, and no property's clock is further from UTC than 14 hours."""

BLOCKS_AT_ONCE = 31
"""Days: `getRoomBlocks` takes up to 35, and a month is asked for at once."""

DETAILS = {"includeGuestsDetails": "true", "includeCustomFields": "true"}

OAUTH = CodeFlow(
    page="https://hotels.cloudbeds.com/api/v1.3/oauth",
    path="access_token",
    scopes=("read:hotel", "read:room", "read:reservation", "read:guest", "read:roomblock"),
)

CALLS = (
    ("read:hotel", "getHotels", "properties and their time zones"),
    ("read:room", "getRooms", "the rooms of the mapping"),
    ("read:reservation", "getReservations", "reservations"),
    ("read:roomblock", "getRoomBlocks", "nights that the owner has closed"),
)
"""Scopes, and the cheapest call that needs each."""


def fault(document: Any) -> Failure | None:
    """What `success: false` means; the vendor's text is not kept."""
    if not isinstance(document, dict):
        return Failure(Reason.TORN, "an answer that is no object")
    if "access_token" in document or str(document.get("success")).lower() == "true":
        return None
    return Failure(Reason.REFUSED, "success: false")


async def listings(session: Session) -> list[Unit]:
    """Properties, each before its rooms."""
    units = []
    for hotel in await _hotels(session):
        house, zone = str(hotel["propertyID"]), fields.text(hotel.get("propertyTimezone"))
        units.append(Unit(house, fields.text(hotel.get("propertyName")) or house, zone))
        rooms = await _rooms(session, house)
        units += [
            Unit(f"{house}/{each['roomID']}", fields.text(each["roomName"]) or house, zone) for each in rooms
        ]
    return units


async def modified(session: Session, moment: datetime) -> list[Record]:
    """Reservations that were modified since, deleted ones too."""
    return await _with_rates(session, {"modifiedFrom": f"{moment:{MOMENT}}", "includeDeleted": "true"})


async def window(session: Session, window: Window) -> list[Record]:
    """Reservations whose last room is left in the window, and blocks that touch it."""
    left = {"checkOutFrom": str(window.first), "checkOutTo": str(window.last), "includeAllRooms": "true"}
    paging = _paging("data")
    found = await session.pages("getReservations", {**DETAILS, **left}, paging, by=id_of)
    for hotel in await _hotels(session):
        found += await _blocks(session, str(hotel["propertyID"]), window)
    return found


async def booking(session: Session, known: str) -> Record | None:
    """A reservation, deleted or not. A block has no question of its own: its window has told of it or not."""
    house, _, number = known.partition("/")
    if number.startswith("block-"):
        return None
    found = await _with_rates(
        session, {"propertyID": house, "reservationID": number, "includeDeleted": "true"}
    )
    return found[0] if found else None


async def scopes(session: Session) -> list[Scope]:
    """Each scope, by a call that needs it."""
    found: list[Scope] = []
    for scope, call, serves in CALLS:
        try:
            await session.get(call, {"pageSize": 1, **(await _one_house(session) if found else {})})
        except FetchError as error:
            if error.failure.reason not in (Reason.UNAUTHORISED, Reason.REFUSED):
                raise
            found.append(Scope(scope, False, serves))
        else:
            found.append(Scope(scope, True, serves))
    return found


def _paging(items: Place) -> Numbered:
    return Numbered(items=items, number="pageNumber", size=("pageSize", 100), total="total")


async def _hotels(session: Session) -> list[Record]:
    async def ask() -> list[Record]:
        return await session.pages("getHotels", {}, _paging("data"), by=lambda hotel: hotel["propertyID"])

    return await session.once("hotels", ask)


async def _one_house(session: Session) -> dict[str, str]:
    """The parameters by which calls that are about one property name it."""
    house = str((await _hotels(session))[0]["propertyID"])
    return {"propertyID": house, "propertyIDs": house}


async def _rooms(session: Session, house: str) -> list[Record]:
    """The rooms of a property. They come inside of it, but are counted, and cut into pages, by themselves."""

    def rooms(document: Any) -> list[Record]:
        return [room for hotel in fields.items(document.get("data")) for room in fields.items(hotel["rooms"])]

    return await session.pages(
        "getRooms", {"propertyIDs": house}, _paging(rooms), by=lambda room: room["roomID"]
    )


async def _with_rates(session: Session, asked: dict[str, str]) -> list[Record]:
    return await session.pages(
        "getReservationsWithRateDetails", {**DETAILS, **asked}, _paging("data"), by=id_of
    )


async def _blocks(session: Session, house: str, window: Window) -> list[Record]:
    """The blocks of a property that touch a window, each once though it may touch two questions."""
    found: dict[str, Record] = {}
    for days in range(0, (window.last - window.first).days + 1, BLOCKS_AT_ONCE):
        first = window.first + timedelta(days=days)
        last = min(first + timedelta(days=BLOCKS_AT_ONCE - 1), window.last)
        asked = {"propertyID": house, "startDate": str(first), "endDate": str(last)}
        blocks = await session.pages(
            "getRoomBlocks", asked, _paging("data.roomBlocks"), by=lambda block: block["roomBlockID"]
        )
        found |= {block["roomBlockID"]: {**block, "propertyID": house} for block in blocks}
    return list(found.values())


ACCOUNT = AccountChannel(
    name="cloudbeds",
    title="Cloudbeds",
    color="slateblue",
    description="Reservations and blocks of every room of an account's properties.",
    export="Account > Apps & Marketplace > API Credentials: make a key with the read scopes and copy it",
    api=Api(
        base="https://api.cloudbeds.com/api/v1.3",
        hosts=frozenset({"api.cloudbeds.com", "hotels.cloudbeds.com"}),
        auth=(
            Header("api_key", name="x-api-key"),
            Tokens(("client_id", "client_secret"), OAUTH.refresh),
        ),
        rate=Rate(4),  # 5 a second for a property's own key; more, and the vendor locks it out
        fault=fault,
    ),
    id_of=id_of,
    bookings_of=bookings_of,
    listings=listings,
    booking=booking,
    changes=since(modified, OVERLAP),
    sweep=Sweep(window),
    scopes=scopes,
    oauth=OAUTH,
    drop=frozenset({"detailedroomrates", "detailedrates", "balancedetailed"}),
    webhook=Webhook(
        date=told("timestamp"),  # neither an id nor a signature (integrations.cloudbeds.com, Webhooks)
        setup="`POST /postWebhook` of its API, once for each object and action; the secret in the address",
    ),
)
