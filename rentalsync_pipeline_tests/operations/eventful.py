"""A town in which a lot happens, by a seed: what hosts, guests, channels and machines do to calendars.

At each tick things happen and a sync follows, or dies on its way. What the channels show is in `shown`; a
channel that imports closes what others sold some ticks later.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from rentalsync_pipeline.core.conflicts import Verdict
from rentalsync_pipeline.core.plausibility import Decision
from rentalsync_pipeline.operations.deciding import quarantines
from rentalsync_pipeline.operations.looking.conflicts import conflicts
from rentalsync_pipeline.operations.stores import Run
from rentalsync_pipeline.operations.syncing.absorb import absorb
from rentalsync_pipeline.operations.syncing.ingest import ingest
from rentalsync_pipeline.operations.syncing.match import match
from rentalsync_pipeline.operations.syncing.publish import rebuild
from rentalsync_pipeline.operations.syncing.settle import reopen, resolve
from rentalsync_pipeline.operations.syncing.snapshot import take_snapshot
from rentalsync_pipeline_tests.operations.dialects import (
    Nights,
    airbnb,
    block,
    booking_com,
    closed,
    reservation,
    tail,
    vrbo,
    without_end,
)
from rentalsync_pipeline_tests.operations.town import Town

CHANNELS = ("airbnb", "booking-com", "fewo-direkt")
BAD = (None, "", "<html>", without_end(airbnb(reservation("HMTORN2345", "2026-12-01", 3))))


class Eventful:
    """Lets a town live through `tick`s; `minutes` are the least and the most that pass between two."""

    def __init__(self, town: Town, listings: int, seed: int, minutes: tuple[int, int] = (15, 400)) -> None:
        self.town, self.random, self._minutes = town, Random(seed), minutes
        self.shown: dict[str, list[Nights]] = {}
        self.happened: list[str] = []
        self._bad: dict[str, str | None] = {}
        self._echoes: list[tuple[int, str, Nights]] = []
        self._codes = 0
        for number in range(listings):
            for channel in CHANNELS[: 2 + number % 2]:
                name = f"home{number}-{channel}"
                town.connect(name)
                self.shown[name] = []
                for _ in range(3):
                    self._sold(name)
        town.apply()

    def tick(self, things: int = 1) -> None:
        """So many things happen, and then a sync, unless that is to die."""
        happen = self.random.choices(list(EVENTS), list(EVENTS.values()), k=things)
        self.happened += [each.__name__ for each in happen]
        for each in happen:
            if each is not die:
                each(self)
        self._import()
        for name, nights in self.shown.items():
            self.town.calendars[name] = self._bad.get(name, self._written(name, nights))
        if die in happen:
            die(self)
        else:
            self.town.sync(minutes=self.random.randint(*self._minutes))

    def run(self) -> Run:
        return self.town.begin(minutes=self.random.randint(*self._minutes))

    def any(self) -> str:
        return self.random.choice(sorted(self.shown))

    def _sold(self, name: str) -> None:
        self._codes += 1
        first = self.town.today + timedelta(days=self.random.randint(-2, 120))
        count, code = self.random.randint(1, 6), f"HM{self._codes:08}"
        channel = name.partition("-")[2]
        made = (
            closed(first, count)
            if channel == "booking-com"
            else reservation(code, first, count, f"Guest {code}")
        )
        self.shown[name].append(made)
        for other in self.shown:
            if other.startswith(name.partition("-")[0]) and other != name and self.random.random() < 0.7:
                echo = closed(first, count) if "booking" in other else block(first, count)
                self._echoes.append((len(self.happened) + self.random.randint(1, 4), other, echo))

    def _import(self) -> None:
        due = [each for each in self._echoes if each[0] <= len(self.happened)]
        self._echoes = [each for each in self._echoes if each not in due]
        for _, name, echo in due:
            self.shown[name].append(echo)

    def _written(self, name: str, nights: list[Nights]) -> str:
        today = self.town.today
        ahead = sorted((each for each in nights if each.end > today - timedelta(days=5)), key=_first)
        match name.partition("-")[2]:
            case "airbnb":
                return airbnb(*ahead, today=today)
            case "booking-com":
                horizon = today + timedelta(days=550)
                return booking_com(*ahead, tail(today + timedelta(days=400), horizon), today=today, room=name)
        return vrbo(*ahead)


def _first(nights: Nights) -> date:
    return nights.first


def nothing(life: Eventful) -> None:
    """The channels say again what they said."""


def sell(life: Eventful) -> None:
    life._sold(life.any())


def cancel(life: Eventful) -> None:
    sold = life.shown[life.any()]
    if sold:
        sold.pop(life.random.randrange(len(sold)))


def move(life: Eventful) -> None:
    sold = life.shown[life.any()]
    if sold:
        index = life.random.randrange(len(sold))
        first = sold[index].first + timedelta(days=life.random.randint(-4, 9))
        sold[index] = sold[index].moved(first=first, count=life.random.randint(1, 6))


def break_down(life: Eventful) -> None:
    life._bad[life.any()] = life.random.choice(BAD)


def recover(life: Eventful) -> None:
    life._bad.clear()


def lose_many(life: Eventful) -> None:
    """A calendar lacks all but one, until it recovers: it is quarantined."""
    name = life.any()
    life._bad[name] = life._written(name, life.shown[name][:1])


def decide(life: Eventful) -> None:
    control, now = life.town.stores.control, life.town.now
    for held in quarantines.quarantines(control)[:1]:
        decision = life.random.choice(list(Decision))
        quarantines.decide(control, held, decision, "a test", now)


def settle(life: Eventful) -> None:
    control, now = life.town.stores.control, life.town.now
    for conflict in conflicts(control, now)[:2]:
        verdict = Verdict.ECHO if conflict.may_be_echo and life.random.random() < 0.5 else Verdict.REAL
        resolve(control, conflict.id, verdict, "a test", now)
    for conflict in conflicts(control, now, resolved=True):
        if conflict.verdict and life.random.random() < 0.2:
            reopen(control, conflict.id, "a test", now)


def rotate(life: Eventful) -> None:
    slug = life.random.choice(sorted(life.town.listings))
    overlap = life.town.now + timedelta(days=2) if life.random.random() < 0.5 else None
    life.town.stores.control.rotate(slug, "a test", life.town.now, overlap)


def restyle(life: Eventful) -> None:
    options: dict[str, object] = life.random.choice(
        [
            {"feed": {"style": "timed"}},
            {"check_in": "17:00"},
            {"fields": ["guests"]},
            {"feed": {"blocks": "ignore"}},
        ]
    )
    slug = life.random.choice(sorted(life.town.listings))
    life.town.listings[slug] = life.town.listings[slug] | options
    life.town.apply()


def point_elsewhere(life: Eventful) -> None:
    """The channel gives a calendar another address; the file of the old one stays."""
    name = life.any()
    life.town.connections[name]["url"] = f"./{life.town.connections[name]['url']}"
    life.town.apply()


def switch(life: Eventful) -> None:
    """A connection is disabled, or enabled again."""
    connection = life.town.connections[life.any()]
    connection["enabled"] = not connection.get("enabled", True)
    life.town.apply()


def rename(life: Eventful) -> None:
    """A connection gets another name, and its calendar with it."""
    old = life.any()
    listing, _, channel = old.partition("-")
    new = f"{listing}x-{channel}"
    town = life.town
    town.connections[new] = town.connections.pop(old) | {"renamed_from": old}
    life.shown[new] = life.shown.pop(old)
    town.calendars[new] = town.calendars.pop(old, None)
    town.connections[new]["url"] = f"{new}.ics"
    life._echoes = [(at, new if name == old else name, echo) for at, name, echo in life._echoes]
    life._bad.pop(old, None)
    town.apply()
    del town.connections[new]["renamed_from"]


def press_again(life: Eventful) -> None:
    rebuild(life.town.stores, life.run(), [life.random.choice(sorted(life.town.listings))])


def die(life: Eventful) -> None:
    """A sync that ends after any of its steps."""
    lived = life.random.randint(1, 3)
    run = life.run()
    with life.town.opened() as stores:
        for step in (ingest, absorb, match)[:lived]:
            step(stores, run)
        take_snapshot(stores, run)


EVENTS: dict[Callable[[Eventful], None], int] = {
    nothing: 4,
    sell: 8,
    cancel: 4,
    move: 4,
    break_down: 2,
    recover: 4,
    lose_many: 2,
    decide: 3,
    settle: 2,
    rotate: 1,
    restyle: 1,
    point_elsewhere: 1,
    switch: 1,
    rename: 1,
    press_again: 1,
    die: 3,
}
"""What may happen, and how often beside the others."""
