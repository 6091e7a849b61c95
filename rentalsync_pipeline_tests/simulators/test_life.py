"""A life from a seed: the same each time, and with everything in it that channels have to tell of."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from rentalsync_pipeline_tests.simulators.conftest import MORNING
from rentalsync_pipeline_tests.simulators.desks import desks
from rentalsync_pipeline_tests.simulators.life import Life
from rentalsync_pipeline_tests.simulators.world import Status, World, village

CHANNELS = ("airbnb", "booking_com", "vrbo")


def lived(seed: int, *, days: int = 40, importing: bool = True) -> Life:
    world = World(village(10), MORNING)
    channels = desks(world)
    life = Life(world, channels, dict.fromkeys(world.listings, CHANNELS), seed)
    for listing in world.listings if importing else ():
        for channel in CHANNELS:
            others = (each for each in CHANNELS if each != channel)
            life.sources[channel, listing] = {
                other: partial(channels[other].shown, listing) for other in others
            }
    life.until(MORNING + timedelta(days=days))
    return life


def double_bookings(life: Life) -> int:
    return sum(len(life.world.double_bookings(listing)) for listing in life.world.listings)


def test_the_same_seed_is_the_same_life() -> None:
    one, same, other = (lived(seed).world.bookings() for seed in (7, 7, 8))
    assert one == same
    assert one != other


def test_a_life_has_everything_in_it() -> None:
    life = lived(1)
    bookings = life.world.bookings()
    assert len(bookings) > 150
    assert {each.channel for each in bookings} == set(CHANNELS)
    assert {each.status for each in bookings} >= {Status.CONFIRMED, Status.CANCELLED, Status.NO_SHOW}
    assert sum(each.changed > each.made for each in bookings) > 40
    assert any(life.world.blocks(MORNING + timedelta(days=passed)) for passed in range(40))


def test_channels_that_import_each_other_sell_a_night_twice_only_before_they_know() -> None:
    deaf, hearing = lived(3, importing=False), lived(3)
    assert 0 < double_bookings(hearing) < double_bookings(deaf) / 3
