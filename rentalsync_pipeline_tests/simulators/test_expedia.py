"""The simulator of Expedia's EQC interface against its Booking Retrieval and Confirmation documents."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from rentalsync_pipeline_tests.simulators.conftest import Calling
from rentalsync_pipeline_tests.simulators.expedia import CONFIRMATION, RETRIEVAL, Expedia
from rentalsync_pipeline_tests.simulators.stays import day, stay
from rentalsync_pipeline_tests.simulators.world import Status, World

A = "house-01-a"


@pytest.fixture
def expedia(world: World) -> Expedia:
    return Expedia(world)


@pytest.fixture
def ask(expedia: Expedia, calling: Calling) -> Iterator[Ask]:
    with calling(expedia) as client:
        yield Ask(expedia, client)


class Ask:
    """Requests as the documents write them."""

    def __init__(self, expedia: Expedia, client: httpx.Client) -> None:
        self._expedia, self._client = expedia, client

    def __call__(self, inner: str = "", *, password: str = "") -> ET.Element:
        account = self._expedia.account
        login = (
            f'<Authentication username="{account["username"]}" password="{password or account["password"]}"/>'
        )
        body = f'<BookingRetrievalRQ xmlns="{RETRIEVAL}">{login}{inner}</BookingRetrievalRQ>'
        return ET.fromstring(self._client.post("br", content=body).raise_for_status().content)

    def kinds(self, inner: str = "") -> list[str]:
        return [each.attrib["type"] for each in self(inner).iter(f"{{{RETRIEVAL}}}Booking")]

    def confirm(self, code: str, kind: str) -> bool:
        account = self._expedia.account
        number = f'<BookingConfirmNumber bookingID="{code}" bookingType="{kind}" confirmNumber="HTL-1"/>'
        login = f'<Authentication username="{account["username"]}" password="{account["password"]}"/>'
        body = f'<BookingConfirmRQ xmlns="{CONFIRMATION}">{login}{number}</BookingConfirmRQ>'
        answer = ET.fromstring(self._client.post("bc", content=body).content)
        return answer[0].tag.endswith("Success")


def test_who_is_not_known_is_told_so_in_a_200(ask: Ask) -> None:
    """*Booking Retrieval*, Error: code 1001."""
    (error,) = ask(password="wrong")
    assert (error.tag, error.attrib["code"]) == (f"{{{RETRIEVAL}}}Error", "1001")


def test_transactions_come_one_after_the_other_and_once(ask: Ask, world: World) -> None:
    """*Booking Retrieval*: without parameters what is pending; one transaction of a booking at a time."""
    booking = world.book("expedia", stay(A, 3, 2))
    world.now += timedelta(hours=1)
    world.move(booking.number, day(4), day(6))
    world.now += timedelta(hours=1)
    world.cancel(booking.number)
    assert [ask.kinds() for _ in range(4)] == [["Book"], ["Modify"], ["Cancel"], []]


def test_a_mirror_reads_what_somebody_else_confirmed(ask: Ask, world: World) -> None:
    """*Booking Retrieval*, ParamSet: NbDaysInPast, Status; *Booking Confirmation*."""
    booking = world.book("expedia", stay(A, 3, 2))
    confirmed = '<ParamSet><NbDaysInPast>30</NbDaysInPast><Status value="confirmed"/></ParamSet>'
    assert ask.kinds(confirmed) == []
    assert ask.kinds() == ["Book"]
    assert ask.confirm(booking.code, "Book")
    assert ask.kinds(confirmed) == ask.kinds(confirmed) == ["Book"]
    world.now += timedelta(days=31)
    assert ask.kinds(confirmed) == []
    assert ask.kinds(f'<Booking id="{booking.code}"/>') == ["Book"]


def test_a_booking_has_its_days_and_guests(ask: Ask, expedia: Expedia, world: World) -> None:
    """*Booking Retrieval*, Booking: RoomStay, StayDate, GuestCount; a request is none."""
    world.book("expedia", stay(A, 3, 2), children=1)
    world.book("expedia", stay(A, 7, 2), status=Status.REQUEST)
    world.book("expedia", stay("house-02-a", 7, 2))
    answer = ask(f'<Hotel id="{expedia.hotel_id("house-01")}"/>')
    (booking,) = answer.iter(f"{{{RETRIEVAL}}}Booking")
    (dates,) = booking.iter(f"{{{RETRIEVAL}}}StayDate")
    assert dates.attrib == {"arrival": str(day(3)), "departure": str(day(5))}
    (guests,) = booking.iter(f"{{{RETRIEVAL}}}GuestCount")
    assert (guests.attrib, len(guests)) == ({"adult": "2", "child": "1"}, 1)


def test_an_answer_holds_125_bookings(ask: Ask, world: World) -> None:
    """*Booking Retrieval*: 0 to 125 bookings an answer."""
    for number in range(130):
        world.book("expedia", stay(A, number, 1))
    assert [len(ask.kinds()) for _ in range(3)] == [125, 5, 0]
