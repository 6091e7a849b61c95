"""The simulator of Booking.com's reservations API against developers.booking.com/connectivity."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from rentalsync_pipeline_tests.simulators.booking_com import BookingCom
from rentalsync_pipeline_tests.simulators.booking_com_records import CARD
from rentalsync_pipeline_tests.simulators.conftest import Calling
from rentalsync_pipeline_tests.simulators.stays import day, stay
from rentalsync_pipeline_tests.simulators.world import Status, World

A, B = "house-01-a", "house-01-b"
NEW, CHANGED = "OTA_HotelResNotif", "OTA_HotelResModifyNotif"
ACKNOWLEDGED = (
    '<{0}RS xmlns="http://www.opentravel.org/OTA/2003/05" TimeStamp="2026-11-20T08:00:00+00:00" '
    'Target="Production" Version="2.001"><Success/><HotelReservations><HotelReservation><ResGlobalInfo>'
    '<HotelReservationIDs><HotelReservationID ResID_Value="{1}"/></HotelReservationIDs></ResGlobalInfo>'
    "</HotelReservation></HotelReservations></{0}RS>"
)


@pytest.fixture
def booking_com(world: World) -> BookingCom:
    return BookingCom(world)


@pytest.fixture
def api(booking_com: BookingCom, calling: Calling) -> Iterator[httpx.Client]:
    with calling(booking_com) as client:
        client.auth = httpx.BasicAuth(*booking_com.account)
        yield client


def codes(api: httpx.Client, queue: str, **params: str) -> list[str]:
    root = ET.fromstring(api.get(queue, params=params).content)
    return [each.attrib["ResID_Value"] for each in root.iter() if each.tag.endswith("HotelReservationID")]


def acknowledge(api: httpx.Client, queue: str, code: str) -> None:
    answer = api.post(queue, content=ACKNOWLEDGED.format(queue, code))
    assert ET.fromstring(answer.content)[0].tag.endswith("Success")


def test_a_machine_account_or_a_token_opens(calling: Calling, booking_com: BookingCom, world: World) -> None:
    """*Authentication*: Basic; *Token-based authentication*: a JWT for one hour, 30 exchanges an hour."""
    with calling(booking_com) as client:
        assert client.get(NEW).status_code == 401
        assert client.get(NEW, auth=booking_com.account).is_success
        address = str(client.base_url).replace("/hotels/ota/", "/token-based-authentication/exchange")
        answers = [client.post(address, json=booking_com.client) for _ in range(31)]
        assert [each.status_code for each in answers[29:]] == [200, 429]
        assert client.post(address, json={}).status_code == 401
        bearer = {"Authorization": f"Bearer {answers[0].json()['jwt']}"}
        assert client.get(NEW, headers=bearer).is_success
        world.now += timedelta(hours=1)
        assert client.get(NEW, headers=bearer).status_code == 401


def test_what_is_new_waits_until_it_is_acknowledged(api: httpx.Client, world: World) -> None:
    """*OTA_HotelResNotif*: GET, then POST of an OTA_HotelResNotifRS."""
    booking = world.book("booking_com", stay(A, 3, 2))
    world.book("airbnb", stay(B, 3, 2))
    assert codes(api, NEW) == codes(api, NEW) == [booking.code]
    acknowledge(api, NEW, booking.code)
    assert codes(api, NEW) == codes(api, CHANGED) == []
    assert codes(api, NEW, last_change="2026-11-20 00:00:00") == [booking.code], "to recover what was lost"
    assert codes(api, NEW, id=booking.code) == [booking.code]


def test_a_change_waits_among_the_changed_once_the_booking_is_known(api: httpx.Client, world: World) -> None:
    """*OTA_HotelResModifyNotif*; a change before the first acknowledgement stays among the new."""
    booking = world.book("booking_com", stay(A, 3, 2))
    world.now += timedelta(minutes=5)
    world.move(booking.number, day(4), day(6))
    assert (codes(api, NEW), codes(api, CHANGED)) == ([booking.code], [])
    acknowledge(api, NEW, booking.code)
    world.now += timedelta(minutes=5)
    world.cancel(booking.number)
    assert (codes(api, NEW), codes(api, CHANGED)) == ([], [booking.code])
    modified = ET.fromstring(api.get(CHANGED).content)[0][0]
    assert (modified.tag.rpartition("}")[2], modified.attrib["ResStatus"]) == ("HotelResModify", "Cancel")
    acknowledge(api, CHANGED, booking.code)
    assert codes(api, CHANGED) == []


def test_a_night_is_a_rate_and_a_card_comes_with_the_booking(
    api: httpx.Client, booking_com: BookingCom, world: World
) -> None:
    """*OTA_HotelResNotifRQ*: RoomRate/@EffectiveDate, RoomStay for each room, PaymentCard."""
    world.book("booking_com", stay(A, 3, 2), stay(B, 4, 3), children=1)
    world.book("booking_com", stay("house-02-a", 4, 3), status=Status.REQUEST)
    answer = api.get(NEW, params={"hotel_ids": booking_com.hotel_id("house-01")})
    assert CARD.encode() in answer.content
    root = ET.fromstring(answer.content)
    stays = [each for each in root.iter() if each.tag.endswith("RoomStay")]
    nights = [
        [rate.attrib["EffectiveDate"] for rate in each.iter() if rate.tag.endswith("RoomRate")]
        for each in stays
    ]
    assert nights == [[str(day(3)), str(day(4))], [str(day(4)), str(day(5)), str(day(6))]]
    assert {each.attrib["HotelCode"] for each in root.iter() if "HotelCode" in each.attrib} == {"12963000"}
    assert codes(api, NEW, hotel_ids="1") == []


def test_an_answer_that_is_no_xml_is_refused(api: httpx.Client) -> None:
    """*Errors*."""
    assert api.post(NEW, content="no").status_code == 400
