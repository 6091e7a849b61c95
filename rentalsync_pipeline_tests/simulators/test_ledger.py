"""The ledger sees what is published wrongly: without it the simulated month could not fail."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest

from rentalsync_pipeline_tests.simulators.conftest import MORNING
from rentalsync_pipeline_tests.simulators.feeds import Feeds
from rentalsync_pipeline_tests.simulators.ledger import Alarm, Ledger, Why
from rentalsync_pipeline_tests.simulators.stays import day, stay
from rentalsync_pipeline_tests.simulators.streets import Streets

HOME = "through-us-01"
Publish = Callable[[Iterable[date]], None]
LATER = timedelta(hours=1)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    feeds = Feeds(tmp_path)
    return Ledger(Streets({"through-us": 1}, MORNING, feeds.nights, seed=1), feeds)


@pytest.fixture
def publish(tmp_path: Path) -> Publish:
    """Writes the feed that everybody may read, with these nights."""
    path = tmp_path / "public" / f"{HOME}-busy-{'a' * 26}.ics"
    path.parent.mkdir()

    def write(nights: Iterable[date]) -> None:
        lines = [
            f"DTSTART;VALUE=DATE:{night:%Y%m%d}\r\nDTEND;VALUE=DATE:{night + timedelta(days=1):%Y%m%d}\r\n"
            for night in [*nights, date(2035, 1, 1)]
        ]
        path.write_bytes("".join(lines).encode())

    return write


def pass_time(ledger: Ledger, by: timedelta = LATER) -> None:
    ledger.streets.world.now += by


def test_a_night_that_is_sold_and_not_published_is_wrongly_free(ledger: Ledger, publish: Publish) -> None:
    ledger.streets.world.book("airbnb", stay(HOME, 3, 2))
    publish([day(3)])
    ledger.look(ledger.now, [])
    assert ledger.free == [], "its channel may not have told us yet"
    pass_time(ledger)
    ledger.look(ledger.now, [])
    assert ledger.free == [(HOME, day(4), ledger.now)]


def test_a_night_that_nobody_holds_is_wrongly_taken_for_as_long_as_it_is_published(
    ledger: Ledger, publish: Publish
) -> None:
    publish([day(3)])
    ledger.look(ledger.now, [])
    assert ledger.open == {(HOME, day(3)): (Why.ECHO, MORNING)}
    pass_time(ledger)
    publish([])
    ledger.look(ledger.now, [])
    assert [(wrong.night, wrong.lasted) for wrong in ledger.taken] == [(day(3), LATER)]


def test_it_says_why_a_night_is_wrongly_taken(ledger: Ledger, publish: Publish) -> None:
    world = ledger.streets.world
    world.cancel(world.book("airbnb", stay(HOME, 3, 1)).number)
    gone = world.book("airbnb", stay(HOME, 8, 1))
    pass_time(ledger)
    world.cancel(gone.number)
    ledger.streets.desks["vrbo"].take_in(HOME, "ours", {day(20)})
    pass_time(ledger)
    publish([day(8), day(14), day(20)])
    ledger.look(ledger.now, [])
    assert {night.day: why for (_, night), (why, _) in ledger.open.items()} == {
        day(8).day: Why.UNCONFIRMED,
        day(14).day: Why.ECHO,
        day(20).day: Why.SHOWN,
    }


def test_nights_that_a_channel_keeps_for_preparation_are_rightly_taken(
    ledger: Ledger, publish: Publish
) -> None:
    ledger.streets.world.book("airbnb", stay(HOME, 3, 1))
    pass_time(ledger)
    publish([day(3), day(4), day(5)])
    ledger.look(ledger.now, [])
    assert set(ledger.open) == {(HOME, day(5))}


def test_what_is_sold_twice_needs_an_alarm_and_an_alarm_a_sale(ledger: Ledger, publish: Publish) -> None:
    world = ledger.streets.world
    pair = {world.book(channel, stay(HOME, 3, 2)).number for channel in ("airbnb", "vrbo")}
    publish([day(3), day(4)])
    pass_time(ledger)
    right = Alarm(1, HOME, day(4), day(4), certain=True)
    wrong = Alarm(2, HOME, day(8), day(9), certain=False)
    ledger.look(ledger.now, [right])
    assert (ledger.sold_twice, ledger.unseen, ledger.false_alarms) == ({frozenset(pair)}, set(), {})
    ledger.look(ledger.now, [wrong])
    assert (ledger.unseen, ledger.false_alarms) == ({frozenset(pair)}, {wrong: 0})
