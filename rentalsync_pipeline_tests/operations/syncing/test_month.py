"""A simulated month of forty homes on six channels: what is published wrongly, for how long, and why?

Double bookings are made as in the world, by channels that don't know yet what others sold; copies come from
their imports. Every third day something happens for half an hour; then a sync asks all. When channels have
had time to import, another one asks again where something happened, and a last one where a loss waits to be
confirmed, as the sensor would.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from rentalsync_pipeline.channels import windows
from rentalsync_pipeline.channels.wire.pace import Pace
from rentalsync_pipeline.operations.stores import Scope
from rentalsync_pipeline_tests.operations.town import Town
from rentalsync_pipeline_tests.simulators.feeds import Feeds
from rentalsync_pipeline_tests.simulators.ledger import Alarm, Ledger
from rentalsync_pipeline_tests.simulators.streets import Streets

HOMES = {"through-us": 16, "each-other": 12, "hotel": 12}
DAYS, DEEDS = 30, 50
SETTLING = timedelta(hours=3)
"""How long the channels have imported each other's calendars when we are connected."""
SWEPT = timedelta(hours=1)
"""How late an account's blocks may come, which only a sweep of its windows tells of."""
CONFIRMED = timedelta(minutes=31)
"""When a second answer confirms that a booking is gone."""
LONGEST = timedelta(days=3)
"""How long a night may stay wrongly taken: until the next of the syncs that ask all."""


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loopback needs no pace, and half a year of windows is as far as anybody books here."""
    monkeypatch.setattr(Pace, "reserve", lambda *_: 0.0)
    monkeypatch.setattr(windows, "AHEAD", 1)
    monkeypatch.setattr(windows, "BEYOND", 6)


@pytest.mark.slow
def test_a_month_of_forty_homes_on_six_channels(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    feeds = Feeds(town.home.feeds)
    streets = Streets(HOMES, town.now, feeds.nights, seed=1)
    ledger = Ledger(streets, feeds)
    with streets.serving() as document:
        _configure(town, document)
        streets.live(SETTLING, 0)
        _sync(town, streets, Scope())
        streets.live(SWEPT, 0)
        for _ in range(0, DAYS, 3):
            _live(town, streets, ledger)
    with capsys.disabled():
        print(f"\n{_told(ledger)}")
    answers = town.table("SELECT DISTINCT channel, verdict FROM fetches")
    assert len({row["channel"] for row in answers}) == 6
    assert {row["verdict"] for row in answers} <= {"accepted", "unchanged", "quarantined"}
    assert ledger.free == []
    assert ledger.unseen == set()
    assert len(ledger.sold_twice) > DAYS / 2
    assert not any(alarm.certain for alarm in ledger.false_alarms)
    assert all(shown > 1 for shown in ledger.false_alarms.values()), "no two channels gave cause"
    assert [wrong for wrong in ledger.taken if wrong.lasted > LONGEST] == []
    still = {night: each for night, each in ledger.open.items() if town.now - each[1] > LONGEST}
    assert still == {}


def _live(town: Town, streets: Streets, ledger: Ledger) -> None:
    """A day in which something happens, and two in which nothing does."""
    before = town.now
    streets.live(timedelta(minutes=30), DEEDS)
    _sync(town, streets, Scope())
    ledger.look(town.now, _alarms(town))
    streets.live(timedelta(hours=4), 0)
    _sync(town, streets, Scope(listings=streets.stirred(before)))
    ledger.look(town.now, _alarms(town))
    streets.live(CONFIRMED, 0)
    if lost := town.table("SELECT DISTINCT listing FROM bookings WHERE state = 'missing'"):
        _sync(town, streets, Scope(listings=tuple(row["listing"] for row in lost)))
        ledger.look(town.now - CONFIRMED, _alarms(town))
    streets.live(timedelta(hours=67, minutes=30) - CONFIRMED, 0)


def _configure(town: Town, document: dict[str, Any]) -> None:
    rows = {name: document.pop(name) for name in ("listings", "connections")}
    town.document = document
    town.listings = {row.pop("slug"): row for row in rows["listings"]}
    town.connections = {row.pop("id"): row for row in rows["connections"]}
    town.apply()


def _sync(town: Town, streets: Streets, scope: Scope) -> None:
    town.sync(minutes=(streets.world.now - town.now) / timedelta(minutes=1), scope=scope)


def _alarms(town: Town) -> Iterator[Alarm]:
    open_ = "FROM conflicts WHERE resolved IS NULL AND certainty IN ('certain', 'possible')"
    for row in town.table(open_):
        certain = row["certainty"] == "certain"
        yield Alarm(row["conflict"], row["listing"], row["first_night"], row["last_night"], certain)


def _told(ledger: Ledger) -> str:
    """The month in a few lines, for who runs it."""
    counts = Counter(wrong.why for wrong in ledger.taken)
    longest = {why: max(each.lasted for each in ledger.taken if each.why is why) for why in counts}
    bookings = len(ledger.streets.world.bookings())
    return "\n".join(
        [
            f"{bookings} bookings; {len(ledger.free)} nights wrongly free",
            f"{len(ledger.sold_twice)} pairs sold twice, {len(ledger.unseen)} of them not seen",
            f"{len(ledger.false_alarms)} alarms for what was no sale, each shown by two channels",
            *(f"{counts[why]} nights wrongly taken, {longest[why]} at the longest: {why}" for why in counts),
        ]
    )
