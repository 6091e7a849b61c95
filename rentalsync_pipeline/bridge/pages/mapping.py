"""Which room of an account is which listing.

Belongs here: the rooms that are known of, and a form for so many of them as fit on a page. Does not: finding
out what an account has, which is asked for by a button, as it takes seconds and counts against its limits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from rentalsync_pipeline.bridge.errors import Refused
from rentalsync_pipeline.bridge.pages.frame import ByAdmin, ByOperator, Given, Page, Reading
from rentalsync_pipeline.channels.units import Unit
from rentalsync_pipeline.control.written.problems import WrongValueError
from rentalsync_pipeline.core.portfolio import Connection
from rentalsync_pipeline.operations.configuring.adopting import adopt
from rentalsync_pipeline.operations.configuring.configure_connections import change_connection
from rentalsync_pipeline.operations.configuring.probing import probe
from rentalsync_pipeline.operations.health import Level
from rentalsync_pipeline.operations.watching.connections import find_link
from rentalsync_pipeline.operations.watching.status import status

router = APIRouter(prefix="/integrations/{name}/mapping")

_ROOMS = 100
_FIELD = "room:"
Skipped = Annotated[int, Query(alias="from", ge=0, le=1_000_000)]


@dataclass(frozen=True, slots=True)
class Room:
    """A room of an account. Its name is known only just after the account was asked."""

    id: str
    listing: str
    name: str = ""
    bookings: int = 0
    """Those that have no listing to belong to."""

    @property
    def field(self) -> str:
        """What its choice is sent as."""
        return _FIELD + self.id


@router.get("")
def mapping(page: Reading, name: str, skipped: Skipped = 0) -> Response:
    """The rooms that are mapped, or that bookings told of."""
    return _show(page, _account(page, name), (), skipped)


@router.post("/rooms")
def ask(page: ByOperator, name: str) -> Response:
    """Ask the account which rooms it has, and show them."""
    its = _account(page, name)
    (found,) = probe(page.here.control, {name}, page.here.now)
    if found.failure:
        return page.go(f"/integrations/{name}/mapping", f"Not asked: {found.failure.message}.", Level.FAIL)
    wanted = {each.id for each in found.unmapped} | its.listings.keys()
    return _show(page, its, [each for each in found.units if each.id in wanted])


@router.post("")
def keep(page: ByAdmin, name: str, form: Given) -> Response:
    """Keep what was chosen; what the form did not show stays as it is."""
    sent = {key.removeprefix(_FIELD): slug.strip() for key, slug in form.items() if key.startswith(_FIELD)}
    after = {unit: slug for unit, slug in {**_account(page, name).listings, **sent}.items() if slug}
    try:
        change_connection(page.here.control, name, {"listings": after}, page.by, page.here.now())
    except WrongValueError as error:
        return page.go(
            f"/integrations/{name}/mapping", f"Not kept: {error.message}; {error.remedy}.", Level.FAIL
        )
    page.here.shelf.forget()
    return page.go(f"/integrations/{name}/mapping", "Kept. The next sync goes by it.")


@router.post("/listings")
def make_listings(page: ByAdmin, name: str) -> Response:
    """Make a listing of each room that is none, for somebody to publish."""
    _account(page, name)
    failure = adopt(page.here.control, name, page.by, page.here.now())
    if failure:
        return page.go(f"/integrations/{name}/mapping", f"Not asked: {failure.message}.", Level.FAIL)
    page.here.shelf.forget()
    return page.go(
        f"/integrations/{name}/mapping", "Every room is a listing now; publish those that are yours."
    )


def _account(page: Page, name: str) -> Connection:
    its = find_link(page.here.control, name, page.here.now()).connection
    if not its.is_account:
        raise Refused(404, "A calendar has no rooms", "its listing is one of its settings")
    return its


def _show(page: Page, its: Connection, told: Iterable[Unit], skipped: int = 0) -> Response:
    control = page.here.control
    homeless = {
        each.upstream_listing: each.bookings
        for each in status(control, page.here.now()).unmapped
        if each.connection == its.id
    }
    rooms = _rooms(its.listings, homeless, {each.id: each.name for each in told})
    place = f"/integrations/{its.id}/mapping"
    return page.show(
        "mapping.html",
        its=its,
        rooms=rooms[skipped : skipped + _ROOMS],
        listings=control.portfolio().names(),
        later=f"{place}?from={max(skipped - _ROOMS, 0)}" if skipped else "",
        earlier=f"{place}?from={skipped + _ROOMS}" if len(rooms) > skipped + _ROOMS else "",
    )


def _rooms(mapped: Mapping[str, str], homeless: Mapping[str, int], told: Mapping[str, str]) -> list[Room]:
    """All that are known, those without a listing first."""
    known = [
        Room(each, mapped.get(each, ""), told.get(each, ""), homeless.get(each, 0))
        for each in mapped.keys() | homeless.keys() | told.keys()
    ]
    return sorted(known, key=lambda room: (bool(room.listing), room.name, room.id))
