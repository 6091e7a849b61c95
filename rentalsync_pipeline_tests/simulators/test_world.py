"""A world remembers what was true at every moment."""

from __future__ import annotations

from datetime import timedelta

from rentalsync_pipeline_tests.simulators.stays import day, stay
from rentalsync_pipeline_tests.simulators.world import Status, World

A, B = "house-01-a", "house-01-b"


def test_a_booking_takes_its_nights_until_it_is_cancelled(world: World) -> None:
    booking = world.book("airbnb", stay(A, 3, 2))
    assert world.taken(A) == {day(3), day(4)}
    assert world.taken(B) == set()
    world.cancel(booking.number)
    assert world.taken(A) == set()


def test_who_asks_for_a_moment_hears_what_was_known_then(world: World) -> None:
    booking = world.book("airbnb", stay(A, 3, 2))
    before = world.now
    world.now += timedelta(hours=1)
    world.move(booking.number, day(5), day(9))
    assert [each.arrival for each in world.bookings(before)] == [day(3)]
    assert [each.arrival for each in world.bookings()] == [day(5)]
    assert world.bookings(before - timedelta(seconds=1)) == []
    assert world.booking(booking.number).made == before


def test_a_moved_room_takes_the_nights_of_its_new_listing(world: World) -> None:
    booking = world.book("direct", stay(A, 3, 2), stay(None, 3, 4))
    world.assign(booking.number, B, A)
    assert (len(world.taken(A)), len(world.taken(B))) == (4, 2)


def test_requests_and_guests_who_never_came_hold_their_nights_and_inquiries_do_not(world: World) -> None:
    for place, status in enumerate(Status):
        world.book("vrbo", stay(A, 10 * place, 1), status=status)
    assert len(world.taken(A)) == 3


def test_a_block_holds_its_nights_until_it_is_lifted(world: World) -> None:
    block = world.block("airbnb", A, day(1), day(3))
    assert world.taken(A) == {day(1), day(2)}
    before = world.now
    world.now += timedelta(minutes=1)
    world.unblock(block.number)
    assert world.taken(A) == set()
    assert len(world.blocks(before)) == 1


def test_a_night_sold_twice_is_a_double_booking_and_a_change_of_guests_is_none(world: World) -> None:
    one = world.book("airbnb", stay(A, 3, 2))
    world.book("vrbo", stay(A, 5, 2))
    assert world.double_bookings(A) == []
    other = world.book("booking_com", stay(A, 4, 1))
    assert world.double_bookings(A) == [(one, other)]


def test_codes_look_like_those_of_their_channel(world: World) -> None:
    channels = ("airbnb", "booking_com", "vrbo", "direct")
    codes = [world.book(channel, stay(A, 1, 1)).code for channel in channels]
    assert codes[0].startswith("HM")
    assert len(codes[0]) == 10
    assert codes[1].isdigit()
    assert codes[2].startswith("HA-")
    assert codes[3] == ""
