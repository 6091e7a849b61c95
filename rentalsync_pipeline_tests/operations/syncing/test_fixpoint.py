"""Publish, import, publish: whatever two channels make of our feeds, no ghost survives.

Many homes live through it side by side, as one sync of ten costs little more than one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from rentalsync_pipeline.core.matching import GRACE
from rentalsync_pipeline_tests.operations.dialects import Nights, closed, reservation
from rentalsync_pipeline_tests.operations.importers import Importer, live
from rentalsync_pipeline_tests.operations.town import MORNING, Town

HOURS = timedelta(hours=1)
SLOWEST = 4
"""Hours from one import of a channel to the next."""
SETTLING = 2 * SLOWEST + 1
"""Hours until news has gone through both channels, and what each closed around it through the other."""
GONE = 2
"""Hours until a missing reservation is believed to be gone: two answers, an hour apart."""

ALWAYS = {
    "airbnb": reservation("HMFARR2345", date(2027, 6, 1), 2),
    "booking_com": closed(date(2027, 7, 1), 2),
}
"""A stay of each channel that is never cancelled, so that no calendar is ever empty."""


@dataclass(frozen=True)
class Life:
    """Two channels with their habits, and a guest of each who come one after the other."""

    lags: tuple[int, int]
    preparation: tuple[int, int]
    ahead: int
    gap: int
    counts: tuple[int, int]

    @property
    def anna(self) -> Nights:
        return reservation("HMANNA2345", MORNING.date() + timedelta(days=self.ahead), self.counts[0])

    @property
    def guest(self) -> Nights:
        """Beside Anna, on nights that are still on sale."""
        return closed(self.anna.end + timedelta(days=max(self.gap, *self.preparation)), self.counts[1])

    def channels(self, home: str) -> tuple[Importer, Importer]:
        airbnb, booking = (
            Importer(home, channel, lag * HOURS, preparation, {"always": ALWAYS[channel]})
            for channel, lag, preparation in zip(ALWAYS, self.lags, self.preparation, strict=True)
        )
        return airbnb, booking


def pairs(low: int, high: int) -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(st.integers(low, high), st.integers(low, high))


lives = st.builds(Life, pairs(1, SLOWEST), pairs(0, 2), st.integers(5, 25), st.integers(0, 3), pairs(1, 5))


@pytest.mark.slow
@settings(max_examples=2, phases=[Phase.generate])
@given(st.lists(lives, min_size=10, max_size=10, unique=True))
def test_channels_that_import_each_other_through_us_keep_no_ghost(template: Path, street: list[Life]) -> None:
    with TemporaryDirectory() as folder:
        town = Town(Path(folder), template)
        homes = {f"home{number}": life for number, life in enumerate(street)}
        channels = {home: life.channels(home) for home, life in homes.items()}
        everybody = [each for pair in channels.values() for each in pair]
        for each in everybody:
            town.connect(each.name, absence={"misses": 2, "minutes": 30})
        town.apply()
        live(town, everybody, SETTLING)
        quiet = {home: town.nights(home, "busy") for home in homes}

        for home, (airbnb, _) in channels.items():
            airbnb.sold["anna"] = homes[home].anna
        live(town, everybody, SLOWEST + 1)
        for home, (_, booking) in channels.items():
            booking.sold["guest"] = homes[home].guest
        live(town, everybody, SETTLING)
        settled = town.files()
        live(town, everybody, SLOWEST)
        assert town.files() == settled
        taken = {home: quiet[home] | life.anna.nights | life.guest.nights for home, life in homes.items()}
        assert not {homes[home]: lost for home in homes if (lost := taken[home] - town.nights(home, "busy"))}
        assert town.table("FROM conflicts") == []

        for airbnb, booking in channels.values():
            del airbnb.sold["anna"], booking.sold["guest"]
        live(town, everybody, GONE + SLOWEST + GRACE // HOURS)
        assert not {homes[home]: now for home in homes if (now := town.nights(home, "busy")) != quiet[home]}
        town.close()


ROOMS = ("east", "west")
ALL_CLOSE = 3
"""Nights that every calendar of a family closes around what it imports, at the most."""


Channels = dict[int, dict[tuple[str, str], Importer]]


@dataclass(frozen=True)
class Family:
    """A house and two rooms, each at both channels with its own habits, and a guest for each of them."""

    lags: tuple[int, ...]
    preparation: tuple[int, ...]
    counts: tuple[int, int, int]

    def guests(self) -> dict[tuple[str, str], Nights]:
        """Far enough from each other that none is sold a night that another one's channel prepares for."""
        anna, bob, cleo = self.counts
        return {
            ("east", "airbnb"): reservation("HMANNA2345", date(2026, 12, 5), anna),
            ("west", "booking_com"): closed(date(2026, 12, 12), bob),
            ("house", "airbnb"): reservation("HMCLEO2345", date(2026, 12, 20), cleo),
        }

    def channels(self, number: int) -> dict[tuple[str, str], Importer]:
        """Booking.com closes no nights by itself."""
        lags, preparation = iter(self.lags), iter(self.preparation)
        return {
            (who, channel): Importer(
                f"{who}{number}",
                channel,
                next(lags) * HOURS,
                next(preparation) if channel == "airbnb" else 0,
                {"always": ALWAYS[channel]} if who == "house" else {},
            )
            for who in ("house", *ROOMS)
            for channel in ALWAYS
        }


def several(low: int, high: int, count: int) -> st.SearchStrategy[tuple[int, ...]]:
    return st.tuples(*[st.integers(low, high)] * count)


families = st.builds(Family, several(1, SLOWEST, 6), several(1, ALL_CLOSE, 3), several(1, 4, 3))


@pytest.mark.slow
@settings(max_examples=1, phases=[Phase.generate])
@given(st.lists(families, min_size=3, max_size=3, unique=True))
def test_calendars_of_a_family_that_all_prepare_do_not_drive_each_other(
    template: Path, village: list[Family]
) -> None:
    with TemporaryDirectory() as folder:
        town = Town(Path(folder), template)
        channels = {number: family.channels(number) for number, family in enumerate(village)}
        everybody = [each for family in channels.values() for each in family.values()]
        for number in channels:
            town.listing(f"house{number}", rooms=[f"{room}{number}" for room in ROOMS])
        for each in everybody:
            town.connect(each.name, absence={"misses": 2, "minutes": 30})
        town.apply()
        live(town, everybody, 1)

        for number, family in enumerate(village):
            for where, guest in family.guests().items():
                channels[number][where].sold["guest"] = guest
        live(town, everybody, SETTLING + SLOWEST)
        settled = town.files()
        live(town, everybody, SLOWEST)
        assert town.files() == settled
        assert town.table("FROM conflicts") == []
        assert {slug: town.nights(slug, "busy") for slug in town.listings} == sold(village, channels)

        for those in channels.values():
            del those["house", "airbnb"].sold["guest"]
        live(town, everybody, GONE + 2 * SLOWEST + GRACE // HOURS)
        assert {slug: town.nights(slug, "busy") for slug in town.listings} == sold(village, channels)
        town.close()


def sold(village: list[Family], channels: Channels) -> dict[str, set[date]]:
    """What is not for sale at each listing: what it sold, and its relatives."""
    taken: dict[str, set[date]] = {}
    for number in range(len(village)):
        own = {
            who: {
                night
                for channel in ALWAYS
                for each in channels[number][who, channel].sold.values()
                for night in each.nights
            }
            for who in ("house", *ROOMS)
        }
        taken[f"house{number}"] = set().union(*own.values())
        taken |= {f"{room}{number}": own[room] | own["house"] for room in ROOMS}
    return taken
