"""Whatever channels answer and people do: a night that becomes free does so by a row of the table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rentalsync_pipeline.core.conflicts import Verdict
from rentalsync_pipeline.core.plausibility import Decision
from rentalsync_pipeline.operations.deciding.quarantines import decide, quarantines
from rentalsync_pipeline.operations.keeping.maintenance import maintain
from rentalsync_pipeline.operations.looking.conflicts import conflicts
from rentalsync_pipeline.operations.stores import Run
from rentalsync_pipeline.operations.syncing.settle import resolve
from rentalsync_pipeline_tests.operations.dialects import (
    Nights,
    airbnb,
    block,
    booking_com,
    closed,
    reservation,
    vrbo,
)
from rentalsync_pipeline_tests.operations.freed import unexplained
from rentalsync_pipeline_tests.operations.town import MORNING, Town

TODAY = MORNING.date()
HOMES = 5
CHANNELS: dict[str, Callable[..., str]] = {"airbnb": airbnb, "fewo-direkt": vrbo, "booking-com": booking_com}

days = st.integers(0, 12).map(lambda ahead: TODAY + timedelta(days=ahead))
counts = st.integers(1, 5)
codes = st.sampled_from(["HMANNA2345", "HMBENN2345", "HMCLEO2345"])
guests = st.builds(reservation, codes, days, counts, st.just("Guest"))
by_channel: dict[str, st.SearchStrategy[Nights]] = {
    "airbnb": guests | st.builds(block, days, counts),
    "fewo-direkt": guests,
    "booking-com": st.builds(closed, days, counts),
}


def each_once(shown: list[Nights]) -> list[Nights]:
    return list({each.code or each.first: each for each in shown}.values())


def disable(town: Town, name: str) -> None:
    town.connections[name]["enabled"] = False
    town.apply()


def enable(town: Town, name: str) -> None:
    town.connections[name].pop("enabled", None)
    town.apply()


def let_go(town: Town, name: str) -> None:
    taken = town.connections.pop(name)
    town.apply(prune=True, free_nights=True)
    town.connections[name] = taken


def take_away(town: Town, name: str) -> None:
    taken = town.connections.pop(name)
    town.apply(prune=True)
    town.connections[name] = taken


def bring_back(town: Town, name: str) -> None:
    town.apply()


def look_after(town: Town, name: str) -> None:
    maintain(town.stores, Run(f"maintenance-{town.runs}", town.now))


def release(town: Town, name: str) -> None:
    for each in quarantines(town.stores.control)[:1]:
        decide(town.stores.control, each, Decision.RELEASE, "a test", town.now)


def reject(town: Town, name: str) -> None:
    for each in quarantines(town.stores.control)[:1]:
        decide(town.stores.control, each, Decision.REJECT, "a test", town.now)


def settle(town: Town, name: str) -> None:
    for each in conflicts(town.stores.control, town.now)[:2]:
        said = Verdict.ECHO if each.may_be_echo else Verdict.REAL
        resolve(town.stores.control, each.id, said, "a test", town.now)


def nothing(town: Town, name: str) -> None:
    """Most often people do nothing."""


DEEDS = (disable, enable, let_go, take_away, bring_back, look_after, release, reject, settle, nothing)
homes = st.fixed_dictionaries({name: st.lists(shown, max_size=4) for name, shown in by_channel.items()})
steps = st.tuples(
    st.lists(homes, min_size=HOMES, max_size=HOMES),
    st.sampled_from([15, 35, 9 * 60, 25 * 60]),
    st.tuples(st.sampled_from(DEEDS), st.integers(0, HOMES - 1), st.sampled_from(list(CHANNELS))),
)


@pytest.mark.slow
@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
@given(st.lists(steps, min_size=5, max_size=5))
def test_no_night_becomes_free_by_a_way_of_its_own(template: Path, story: list[tuple]) -> None:  # type: ignore[type-arg]
    with TemporaryDirectory() as folder:
        town = Town(Path(folder), template)
        for home in range(HOMES):
            for channel in CHANNELS:
                town.connect(f"home{home}-{channel}")
        town.apply()
        for shown, minutes, (deed, home, channel) in story:
            for number, told in enumerate(shown):
                for name, events in told.items():
                    town.calendars[f"home{number}-{name}"] = CHANNELS[name](*each_once(events))
            deed(town, f"home{home}-{channel}")
            town.sync(minutes=minutes)
            assert unexplained(town) == []
        town.close()
