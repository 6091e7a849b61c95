"""A booking that moves to another room's listing takes its stay along: the same UID, counting on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from rentalsync_pipeline.operations.replaying.replay import Rules, replay
from rentalsync_pipeline_tests.operations.dialects import airbnb, reservation
from rentalsync_pipeline_tests.operations.hotel import Hotel, opened, room
from rentalsync_pipeline_tests.operations.town import Event, Row, Town, nights
from rentalsync_pipeline_tests.simulators.world import World

HOUSE, EAST, WEST, SOUTH = "house-01", "house-01-a", "house-01-b", "house-01-c"
FIRST = "2026-12-04"
SOLD = nights(FIRST, 3)
FAR = reservation("HMFARR2345", "2027-03-01", 1)
CONFIRMED = 31
"""Minutes after which a second answer confirms that the old room was left."""


pytestmark = pytest.mark.usefixtures("no_waiting")


@pytest.fixture
def hotel(town: Town) -> Iterator[Hotel]:
    with opened(town, rooms=3, in_house=3) as hotel:
        yield hotel


@contextmanager
def settled(town: Town) -> Iterator[Hotel]:
    """The rooms are a family, and what has no room yet is the house's."""
    with opened(town, rooms=3, in_house=3) as hotel:
        mapped = town.connections["hotel"]["listings"]
        town.listing(HOUSE, rooms=[EAST, WEST, SOUTH])
        mapped[next(iter(mapped)).partition("/")[0]] = HOUSE
        town.apply()
        yield hotel


@pytest.fixture
def villa(town: Town) -> Iterator[Hotel]:
    with settled(town) as hotel:
        yield hotel


def only(town: Town, listing: str) -> Event:
    (event,) = town.events(listing)
    return event


def open_conflicts(town: Town) -> list[Row]:
    return town.table("FROM conflicts WHERE resolved IS NULL")


def confirm(hotel: Hotel) -> None:
    hotel.sync()
    hotel.sync(minutes=CONFIRMED)


def test_the_event_in_the_new_room_is_that_of_the_old_one_counted_on(hotel: Hotel) -> None:
    sold = hotel.world.book("direct", room(EAST, FIRST, 3))
    hotel.sync()
    before = only(hotel.town, EAST)
    hotel.world.assign(sold.number, WEST)
    hotel.sync()
    after = only(hotel.town, WEST)
    assert (after.uid, after.nights) == (before.uid, SOLD)
    assert after.sequence > before.sequence
    assert after.modified == hotel.town.now


def test_what_waits_in_the_old_room_is_held_under_a_name_of_its_own(hotel: Hotel) -> None:
    sold = hotel.world.book("direct", room(EAST, FIRST, 3))
    hotel.sync()
    before = only(hotel.town, EAST)
    hotel.world.assign(sold.number, WEST)
    hotel.sync()
    waiting = only(hotel.town, EAST)
    assert waiting.uid != before.uid
    assert waiting.nights == SOLD
    confirm(hotel)
    assert hotel.town.events(EAST) == []
    assert only(hotel.town, WEST).uid == before.uid


def test_a_booking_that_returns_to_its_room_has_its_name_again(hotel: Hotel) -> None:
    """Before its old nights were given up, and long after."""
    sold = hotel.world.book("direct", room(EAST, FIRST, 3))
    hotel.sync()
    first = only(hotel.town, EAST)
    hotel.world.assign(sold.number, WEST)
    hotel.sync()
    hotel.world.assign(sold.number, EAST)
    hotel.sync()
    assert only(hotel.town, EAST).uid == first.uid
    confirm(hotel)
    assert hotel.town.events(WEST) == []
    hotel.world.assign(sold.number, WEST)
    confirm(hotel)
    hotel.world.assign(sold.number, EAST)
    confirm(hotel)
    assert only(hotel.town, EAST).uid == first.uid
    assert only(hotel.town, EAST).sequence > first.sequence


def test_a_room_that_is_assigned_takes_over_the_stay_of_the_house(villa: Hotel) -> None:
    """The house shows one event of it, before and after; no feed ever has one UID twice."""
    town = villa.town
    sold = villa.world.book("direct", room(None, FIRST, 3), house=HOUSE)
    villa.sync()
    before = only(town, HOUSE)
    villa.world.assign(sold.number, EAST)
    villa.sync()
    uids = [event.uid for event in town.events(HOUSE)]
    assert before.uid in uids
    assert len(set(uids)) == len(uids) == 2
    confirm(villa)
    after = only(town, HOUSE)
    assert after.uid == only(town, EAST).uid == before.uid
    assert after.sequence > before.sequence
    assert town.events(WEST) == []


def test_two_bookings_that_change_rooms_keep_their_names(hotel: Hotel) -> None:
    one = hotel.world.book("direct", room(EAST, FIRST, 3))
    other = hotel.world.book("direct", room(WEST, "2026-12-05", 3))
    hotel.sync()
    before = only(hotel.town, EAST).uid, only(hotel.town, WEST).uid
    hotel.world.assign(one.number, WEST)
    hotel.world.assign(other.number, EAST)
    hotel.sync()
    assert open_conflicts(hotel.town) == []
    confirm(hotel)
    assert (only(hotel.town, WEST).uid, only(hotel.town, EAST).uid) == before


def test_of_a_booking_with_two_rooms_the_one_that_moves_keeps_its_own_name(hotel: Hotel) -> None:
    sold = hotel.world.book("direct", room(EAST, FIRST, 3), room(WEST, FIRST, 3))
    hotel.sync()
    east, west = only(hotel.town, EAST), only(hotel.town, WEST)
    hotel.world.assign(sold.number, EAST, SOUTH)
    confirm(hotel)
    assert only(hotel.town, EAST) == east
    assert only(hotel.town, SOUTH).uid == west.uid
    assert hotel.town.events(WEST) == []


def test_a_stay_that_its_channel_tells_of_too_goes_where_the_account_says(hotel: Hotel) -> None:
    """Airbnb's own calendar of the old room goes on for a while: those nights stay held."""
    town = hotel.town
    sold = hotel.world.book("airbnb", room(EAST, FIRST, 3))
    told = reservation(sold.code, FIRST, 3)
    town.connect("east-airbnb", airbnb(told, FAR), listing=EAST)
    town.connect("west-airbnb", airbnb(), listing=WEST)
    town.apply()
    hotel.sync()
    before, far = town.events(EAST)
    hotel.world.assign(sold.number, WEST)
    confirm(hotel)
    assert only(town, WEST).uid == before.uid
    still, _ = town.events(EAST)
    assert (still.uid != before.uid, still.nights) == (True, SOLD)
    town.show(east_airbnb=airbnb(FAR), west_airbnb=airbnb(told))
    confirm(hotel)
    assert only(town, WEST).uid == before.uid
    assert town.events(EAST) == [far]


def test_the_old_nights_of_a_booking_that_moved_are_no_double_booking(hotel: Hotel) -> None:
    """It was moved because they had been sold twice."""
    sold = hotel.world.book("direct", room(EAST, FIRST, 3))
    hotel.town.connect("east-airbnb", airbnb(reservation("HMANNA2345", FIRST, 3)), listing=EAST)
    hotel.town.apply()
    hotel.sync()
    assert len(open_conflicts(hotel.town)) == 1
    hotel.world.assign(sold.number, WEST)
    hotel.sync()
    assert open_conflicts(hotel.town) == []
    assert len(hotel.town.events(EAST)) == 2


ROOMS = (EAST, WEST, SOUTH, None)
deeds = st.tuples(
    st.integers(0, 2),
    st.sampled_from(["assign", "assign", "assign", "move", "nothing"]),
    st.sampled_from(ROOMS),
    st.sampled_from([5, 20, 75]),
)


@pytest.mark.slow
@settings(max_examples=2, deadline=None, phases=[Phase.generate])
@given(st.lists(deeds, min_size=10, max_size=10))
def test_whatever_moves_no_booking_ever_changes_its_name(
    template: Path, story: list[tuple[int, str, str | None, int]]
) -> None:
    with TemporaryDirectory() as folder, settled(Town(Path(folder), template)) as villa:
        town, world, witness = villa.town, villa.world, Witness(villa.town)
        sold = [world.book("airbnb", room(slug, FIRST, 3), house=HOUSE) for slug in (EAST, WEST, None)]
        for number, deed, slug, minutes in story:
            booking = world.booking(sold[number].number)
            if deed == "assign":
                world.assign(booking.number, slug)
            elif deed == "move":
                day = timedelta(days=1)
                world.move(booking.number, booking.arrival + day, booking.departure + 2 * day)
            villa.sync(minutes=minutes)
            witness.look(world)
        again = replay(town.stores.control, town.now, Rules.CURRENT, town.now)
        assert all(feed.is_identical for feed in again.feeds)
        town.close()


@dataclass
class Witness:
    """What the owner's feeds have shown: who bears which UID, and its SEQUENCE in each feed."""

    town: Town
    named: dict[str, str] = field(default_factory=dict)
    counted: dict[str, dict[str, int]] = field(default_factory=dict)

    def look(self, world: World) -> None:
        """Every booking has its name still, is shown where it is, and counts on."""
        shown = {slug: self.town.events(slug) for slug in self.town.listings}
        for booking in world.bookings():
            slug = booking.rooms[0].listing or HOUSE
            uid = self.named.setdefault(booking.code, self._stay_of(booking.code, slug))
            (event,) = (event for event in shown[slug] if event.uid == uid)
            assert event.nights == booking.rooms[0].nights
            assert self._stay_of(booking.code, slug) == uid
        for slug, events in shown.items():
            assert len({event.uid for event in events}) == len(events)
            assert all(self._counts_on(slug, event) for event in events)
        for slug, events in shown.items():
            for event in events:
                self.counted.setdefault(event.uid, {})[slug] = event.sequence

    def _counts_on(self, slug: str, event: Event) -> bool:
        """In a feed SEQUENCE never falls; what is new there comes higher than any other had it."""
        known = self.counted.get(event.uid, {})
        return (
            event.sequence >= known[slug]
            if slug in known
            else event.sequence > max(known.values(), default=-1)
        )

    def _stay_of(self, code: str, listing: str) -> str:
        (row,) = self.town.table(
            "SELECT stay FROM bookings JOIN stays USING (stay, listing) "
            f"WHERE active AND state = 'present' AND listing = '{listing}' AND bookings.code = '{code}'"
        )
        return str(row["stay"])
