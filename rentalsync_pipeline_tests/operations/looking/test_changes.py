"""The timeline of published nights: what changed, why, in which version of which feed; and no noise."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rentalsync_pipeline.operations.deciding import rollbacks
from rentalsync_pipeline.operations.looking.history import NightsChanged, changes
from rentalsync_pipeline_tests.operations.dialects import (
    Nights,
    airbnb,
    block,
    booking_com,
    closed,
    reservation,
    tail,
    vrbo,
)
from rentalsync_pipeline_tests.operations.town import MORNING, Town

TODAY = MORNING.date()
ANNA, BEN = reservation("HMANNA2345", "2026-12-01", 3), reservation("HMBENN2345", "2026-12-10", 2)
AT_ONCE = {"absence": {"misses": 1, "minutes": 0}}


@pytest.fixture
def loft(town: Town) -> Town:
    town.connect("loft-airbnb", airbnb(ANNA), **AT_ONCE)
    town.apply()
    town.sync(minutes=0)
    return town


def last(town: Town) -> list[NightsChanged]:
    """What the last sync changed."""
    return changes(town.stores.control, town.now)


def short(change: NightsChanged) -> tuple[str, str, bool, str]:
    return str(change.first_night), str(change.last_night), change.busy, change.cause


def test_a_first_version_is_new(loft: Town) -> None:
    (change,) = last(loft)
    assert short(change) == ("2026-12-01", "2026-12-03", True, "new")
    assert (change.channel, change.kind, change.why) == ("airbnb", "reservation", "it was sold or closed")
    assert (change.feeds, change.run_id) == ({"busy": 1, "owner": 1}, "run-1")
    assert change.stay == loft.events("loft")[0].uid


STORIES = {
    "sold": (airbnb(ANNA, BEN), [("2026-12-10", "2026-12-11", True, "new")]),
    "longer": (airbnb(ANNA.moved(count=5)), [("2026-12-04", "2026-12-05", True, "moved")]),
    "shorter": (airbnb(ANNA.moved(count=2)), [("2026-12-03", "2026-12-03", False, "moved")]),
    "gone": (airbnb(), [("2026-12-01", "2026-12-03", False, "confirmed_absent")]),
    "said": (airbnb(ANNA.cancelled), [("2026-12-01", "2026-12-03", False, "said_cancelled")]),
    "other words": (airbnb(reservation("HMOTHER234", "2026-12-01", 3)), []),
}


@pytest.mark.parametrize("story", STORIES)
def test_each_change_has_its_cause(loft: Town, story: str) -> None:
    shown, expected = STORIES[story]
    loft.show(loft_airbnb=shown)
    loft.sync()
    if story == "gone":  # an empty calendar is believed after a day
        loft.sync(days=2)
    assert [short(each) for each in last(loft)] == expected
    assert all(each.feeds == {"busy": 2, "owner": 2} for each in last(loft))


def test_what_returns_is_back_and_a_block_is_withdrawn(loft: Town) -> None:
    for shown in (airbnb(ANNA, BEN, block("2026-12-20", 2)), airbnb(ANNA), airbnb(ANNA, BEN)):
        loft.show(loft_airbnb=shown)
        loft.sync(days=1)
    found = [short(each) for each in changes(loft.stores.control, loft.now - timedelta(days=2))]
    assert found == [
        ("2026-12-10", "2026-12-11", True, "back"),
        ("2026-12-10", "2026-12-11", False, "confirmed_absent"),
        ("2026-12-20", "2026-12-21", False, "block_withdrawn"),
    ]


def test_a_feed_that_shows_a_stay_no_more_and_one_that_is_rolled_back_say_so(loft: Town) -> None:
    loft.show(loft_airbnb=airbnb(ANNA, block("2026-12-20", 2)))
    loft.sync()
    loft.listing("loft", feed={"blocks": "ignore"})
    loft.apply()
    loft.sync()
    (change,) = last(loft)
    assert (short(change), change.feeds) == (("2026-12-20", "2026-12-21", False, "not_shown"), {"busy": 3})
    rollbacks.roll_back(
        loft.stores.control, "loft", "busy", 2, free_nights=False, asked_by="me", now=loft.now
    )
    loft.sync()
    (change,) = last(loft)
    assert (short(change), change.feeds) == (("2026-12-20", "2026-12-21", True, "rolled_back"), {"busy": 4})


def test_a_night_that_another_stay_holds_as_well_does_not_become_free(town: Town) -> None:
    town.connect("loft-airbnb", airbnb(ANNA), **AT_ONCE)
    town.connect("loft-fewo-direkt", vrbo(reservation("cleo", "2026-12-02", 1, "Cleo")))
    town.apply()
    town.sync(minutes=0)
    town.show(loft_airbnb=airbnb(ANNA.cancelled))
    town.sync()
    freed = [short(each) for each in last(town) if "owner" in each.feeds]
    assert freed == [
        ("2026-12-01", "2026-12-01", False, "said_cancelled"),
        ("2026-12-03", "2026-12-03", False, "said_cancelled"),
    ]


class Noise:
    """A calendar as its channel writes the same nights from day to day."""

    def __init__(self, starts: list[int], joined: list[bool]) -> None:
        days = sorted({TODAY + timedelta(days=start) for start in starts} | {TODAY + timedelta(days=150)})
        self._bounds, self._joined = list(pairwise(days)), joined

    def airbnb(self, today: date, tick: int) -> str:
        """Blocks in another order, cut to two days ago; the tail a day further."""
        blocks = [block(first, (end - first).days) for first, end in self._bounds[::2]]
        shown = [each for each in blocks if each.end > today - timedelta(days=2)]
        end = today + timedelta(days=365)
        return airbnb(*shown[:: -1 if tick % 2 else 1], tail(TODAY + timedelta(days=300), end), today=today)

    def booking_com(self, today: date, tick: int) -> str:
        """Neighbours as one event or as two, cut to today; the tail a day further."""
        shown: list[Nights] = []
        for number, (first, end) in enumerate(self._bounds[::2]):
            half = first + (end - first) // 2
            split = half > first and self._joined[(number + tick) % len(self._joined)]
            bounds = [(first, half), (half, end)] if split else [(first, end)]
            shown += [closed(start, (stop - start).days) for start, stop in bounds]
        beyond = tail(TODAY + timedelta(days=400), today + timedelta(days=550))
        return booking_com(*shown, beyond, today=today)


noises = st.builds(
    Noise,
    st.lists(st.integers(-3, 140), min_size=2, max_size=12),
    st.lists(st.booleans(), min_size=1, max_size=4),
)


@pytest.mark.slow
@settings(max_examples=2, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(houses=st.lists(st.tuples(noises, noises), min_size=4, max_size=4))
def test_what_channels_write_without_meaning_anything_is_no_change(
    template: Path, houses: list[tuple[Noise, Noise]]
) -> None:
    with TemporaryDirectory() as folder:
        town = Town(Path(folder) / "town", template)
        for number, _ in enumerate(houses):
            town.connect(f"home{number}a-airbnb", "")
            town.connect(f"home{number}b-booking-com", "")
        town.apply()
        for tick in range(4):
            for number, (one, other) in enumerate(houses):
                day = (town.now + timedelta(days=tick > 0)).date()
                town.calendars[f"home{number}a-airbnb"] = one.airbnb(day, tick)
                town.calendars[f"home{number}b-booking-com"] = other.booking_com(day, tick)
            town.sync(minutes=0, days=tick > 0)
        assert changes(town.stores.control, MORNING + timedelta(minutes=1)) == []
        assert {each.cause for each in changes(town.stores.control, MORNING)} <= {"new"}
        town.close()
