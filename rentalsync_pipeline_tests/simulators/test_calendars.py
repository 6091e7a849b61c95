"""Exports in the dialects of Airbnb, Booking.com and Vrbo's sites, and what imports become there.

Held to what these channels were measured to write (their formats are not documented).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import httpx
import icalendar
import pytest

from rentalsync_pipeline_tests.simulators.calendars import Calendars
from rentalsync_pipeline_tests.simulators.conftest import Calling
from rentalsync_pipeline_tests.simulators.desks import Desk, desks
from rentalsync_pipeline_tests.simulators.stays import day, stay
from rentalsync_pipeline_tests.simulators.world import Status, World

A, B = "house-01-a", "house-01-b"


@pytest.fixture
def channels(world: World) -> dict[str, Desk]:
    return desks(world)


@pytest.fixture
def shown(world: World, channels: dict[str, Desk], calling: Calling) -> Iterator[Show]:
    calendars = Calendars(world, channels)
    with calling(calendars) as client:
        yield Show(calendars, client)


class Show:
    """What a channel exports, over HTTP."""

    def __init__(self, calendars: Calendars, client: httpx.Client) -> None:
        self._calendars, self._client = calendars, client

    def __call__(self, channel: str, listing: str = A) -> list[icalendar.Component]:
        answer = self._client.get(self._calendars.path(channel, listing))
        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
        return icalendar.Calendar.from_ical(answer.content).walk("VEVENT")

    def stays(self, channel: str, listing: str = A) -> list[tuple[date, date]]:
        """All events but the tail behind the booking window."""
        events = [(each.decoded("DTSTART"), each.decoded("DTEND")) for each in self(channel, listing)]
        return sorted(each for each in events if each[1] < day(300))


def test_only_who_knows_the_token_sees_a_calendar(shown: Show, world: World) -> None:
    assert len({shown._calendars.path(name, A) for name in ("airbnb", "booking_com", "vrbo")}) == 3
    assert shown._client.get(shown._calendars.path("airbnb", A) + "0").status_code == 404


def test_each_channel_tells_of_a_stay_in_its_own_words(shown: Show, world: World) -> None:
    codes = {name: world.book(name, stay(A, 3, 2)).code for name in ("airbnb", "booking_com", "vrbo")}
    world.now += timedelta(minutes=10)
    airbnb, booking_com, vrbo = (shown(name)[0] for name in codes)
    assert airbnb["SUMMARY"] == "Reserved"
    assert codes["airbnb"] in str(airbnb["DESCRIPTION"])
    assert str(airbnb["UID"]).startswith("1418fb94e984-")
    assert booking_com["SUMMARY"] == "CLOSED - Not available"
    assert str(booking_com["UID"]).endswith("@booking.com")
    assert str(vrbo["SUMMARY"]).startswith("Reserved - ")
    assert {each.decoded("DTSTAMP") for each in (airbnb, booking_com, vrbo)} == {world.now}


def test_what_is_cancelled_is_gone_without_a_word(shown: Show, world: World) -> None:
    booking = world.book("airbnb", stay(A, 3, 2))
    assert len(shown.stays("airbnb")) == 2, "the stay, and a night of preparation"
    world.cancel(booking.number)
    assert shown.stays("airbnb") == []


def test_a_moved_reservation_keeps_its_uid_at_airbnb_and_gets_a_new_one_at_booking_com(
    shown: Show, world: World
) -> None:
    numbers = {name: world.book(name, stay(A, 3, 2)).number for name in ("airbnb", "booking_com")}
    before = {name: shown(name)[0]["UID"] for name in numbers}
    for number in numbers.values():
        world.move(number, day(4), day(6))
    after = {name: shown(name)[0]["UID"] for name in numbers}
    assert before["airbnb"] == after["airbnb"]
    assert before["booking_com"] != after["booking_com"]


def test_an_import_comes_back_as_a_closure_that_names_nobody(
    shown: Show, world: World, channels: dict[str, Desk]
) -> None:
    world.book("vrbo", stay(A, 3, 2))
    world.now += timedelta(minutes=10)
    channels["airbnb"].take_in(A, "vrbo", channels["vrbo"].shown(A))
    block, tail = shown("airbnb")
    assert (block["SUMMARY"], tail["SUMMARY"]) == ("Airbnb (Not available)",) * 2
    assert str(block["UID"]).startswith("7f662ec65913-")
    assert shown.stays("airbnb") == [(day(3), day(5))]
    assert shown.stays("airbnb", B) == []


def test_adjacent_closed_nights_are_one_event(shown: Show, channels: dict[str, Desk]) -> None:
    channels["vrbo"].take_in(A, "other", {day(3), day(4), day(5), day(9)})
    assert shown.stays("vrbo") == [(day(3), day(6)), (day(9), day(10))]


def test_booking_com_writes_a_stay_and_the_closure_after_it_as_one(
    shown: Show, world: World, channels: dict[str, Desk]
) -> None:
    world.book("booking_com", stay(A, 3, 2))
    channels["booking_com"].take_in(A, "other", {day(5), day(6)})
    assert shown.stays("booking_com") == [(day(3), day(7))]


def test_a_closure_that_has_begun_is_cut_at_airbnb_and_booking_com(
    shown: Show, world: World, channels: dict[str, Desk]
) -> None:
    for desk in channels.values():
        desk.take_in(A, "other", {day(n) for n in range(10)})
    world.book("booking_com", stay(B, 0, 10))
    world.now += timedelta(days=5)
    assert shown.stays("airbnb") == [(day(3), day(10))]
    assert shown.stays("booking_com") == [(day(5), day(10))]
    assert shown.stays("vrbo") == [(day(0), day(10))]
    assert shown.stays("booking_com", B) == [(day(0), day(10))]


def test_behind_the_booking_window_all_is_closed_up_to_a_horizon_that_moves(
    shown: Show, world: World
) -> None:
    for channel, horizon in (("airbnb", date(2027, 11, 20)), ("booking_com", date(2028, 5, 20))):
        (tail,) = shown(channel)
        assert (tail.decoded("DTSTART"), tail.decoded("DTEND")) == (day(300), horizon)
    world.now += timedelta(days=1)
    assert shown("airbnb")[0].decoded("DTEND") == date(2027, 11, 21)
    assert shown("vrbo") == []


def test_vrbo_tells_of_requests_and_of_the_past(shown: Show, world: World) -> None:
    world.book("vrbo", stay(A, 3, 2), status=Status.REQUEST)
    world.book("vrbo", stay(A, 9, 2))
    world.now += timedelta(days=30)
    assert {str(each["SUMMARY"]).partition(" - ")[0] for each in shown("vrbo")} == {"Tentative", "Reserved"}


def test_an_export_is_as_late_as_its_channel(shown: Show, world: World) -> None:
    world.book("vrbo", stay(A, 3, 2))
    assert shown.stays("vrbo") == []
    world.now += timedelta(minutes=10)
    assert shown.stays("vrbo") == [(day(3), day(5))]


def test_a_channel_sells_what_it_believes_to_be_free(world: World, channels: dict[str, Desk]) -> None:
    room = stay(A, 3, 2)
    world.book("vrbo", room)
    assert channels["airbnb"].can_sell(A, room), "it has not heard of it"
    channels["airbnb"].take_in(A, "vrbo", world.taken(A))
    assert not channels["airbnb"].can_sell(A, room)
    assert not channels["vrbo"].can_sell(A, stay(A, 299, 5)), "behind the booking window"
