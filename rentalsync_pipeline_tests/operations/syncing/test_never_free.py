"""Whatever the channels answer: what they last told of as taken is never published as free.

Many listings live through random answers side by side, as one sync of twelve costs little more than one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rentalsync_pipeline_tests.operations.dialects import (
    Nights,
    airbnb,
    block,
    booking_com,
    closed,
    other,
    reservation,
    without_end,
)
from rentalsync_pipeline_tests.operations.freed import unexplained
from rentalsync_pipeline_tests.operations.town import MORNING, Town

TODAY = MORNING.date()
CHANNELS = {"airbnb": airbnb, "ical": other, "booking-com": booking_com}
WHOLE = airbnb(reservation("HMTORN2345", "2026-12-01", 3))
BAD = (None, "<html>", '{"code": 500}', "", without_end(WHOLE), airbnb())

days = st.integers(0, 14).map(lambda ahead: TODAY + timedelta(days=ahead))
counts = st.integers(1, 5)
guests = st.builds(
    reservation, st.sampled_from(["HMANNA2345", "HMBENN2345", "HMCLEO2345"]), days, counts, st.just("Guest")
)
maybe_cancelled = st.builds(
    lambda each, gone: each.cancelled if gone else each, guests, st.sampled_from([False] * 4 + [True])
)


def each_once(shown: list[Nights]) -> list[Nights]:
    return list({(each.code or each.first): each for each in shown}.values())


@dataclass(frozen=True)
class Answer:
    """What one channel answers: nights, or something that is no good."""

    shown: tuple[Nights, ...] = ()
    bad: int | None = None

    def written(self, channel: str) -> str | None:
        return CHANNELS[channel](*self.shown) if self.bad is None else BAD[self.bad]

    def taken(self, echoes: set[date]) -> set[date]:
        """The nights that it holds; a closure does not hold those that it only copied."""
        held = (each for each in self.shown if not each.status)
        return {
            night
            for each in held
            for night in (each.first + timedelta(days=n) for n in range(each.count))
            if each.kind == "reservation" or night not in echoes
        }


def answers(events: st.SearchStrategy[Nights]) -> st.SearchStrategy[Answer]:
    good = st.lists(events, max_size=4).map(each_once).map(lambda shown: Answer(tuple(shown)))
    return st.one_of(good, good, good, st.builds(Answer, bad=st.integers(0, len(BAD) - 1)))


by_channel = {
    "airbnb": answers(st.one_of(maybe_cancelled, maybe_cancelled, st.builds(block, days, counts))),
    "ical": answers(maybe_cancelled),
    "booking-com": answers(st.builds(closed, days, counts)),
}
STEPS = 4
lives = st.lists(st.fixed_dictionaries(by_channel), min_size=STEPS, max_size=STEPS)
Life = list[Mapping[str, Answer]]


@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
@given(
    st.lists(lives, min_size=12, max_size=12),
    st.lists(st.sampled_from([5, 15, 30, 24 * 60]), min_size=STEPS, max_size=STEPS),
)
def test_no_night_that_is_taken_is_published_as_free(
    template: Path, homes: list[Life], passing: list[int]
) -> None:
    with TemporaryDirectory() as folder:
        town = Town(Path(folder), template)
        for number in range(len(homes)):
            for channel in CHANNELS:
                town.connect(f"home{number}-{channel}")
        town.apply()
        last: dict[str, Answer] = {}
        for step, minutes in enumerate(passing):
            shown = {
                f"home{number}-{channel}": (answer, answer.written(channel))
                for number, life in enumerate(homes)
                for channel, answer in life[step].items()
            }
            town.calendars |= {name: written for name, (_, written) in shown.items()}
            town.sync(minutes=minutes)
            log = town.log()
            by = {
                verdict: {
                    name: answer for name, (answer, _) in shown.items() if log[name]["verdict"] == verdict
                }
                for verdict in ("accepted", "quarantined")
            }
            last |= by["accepted"]
            echoes = outlived(town)
            for number in range(len(homes)):
                taken = {
                    night
                    for channel in CHANNELS
                    for name in [f"home{number}-{channel}"]
                    for told in (last, by["quarantined"])
                    for night in told.get(name, Answer()).taken(echoes[name])
                    if night >= town.today
                }
                assert taken <= town.nights(f"home{number}", "busy")
            assert unexplained(town) == []
        town.close()


def outlived(town: Town) -> dict[str, set[date]]:
    """By connection, nights of echoes that hold nothing: their original is gone, or they are preparation."""
    found: dict[str, set[date]] = defaultdict(set)
    for row in town.table(
        """
        SELECT bookings.connection, nights.night
        FROM bookings
        JOIN stays USING (stay),
            generate_series(bookings.check_in, bookings.check_out - 1, INTERVAL 1 DAY) AS nights (night)
        LEFT JOIN closed_nights
            ON closed_nights.listing = bookings.listing AND closed_nights.connection = bookings.connection
           AND closed_nights.night = nights.night
        WHERE state = 'present' AND bookings.kind IN ('block', 'unknown')
          AND (coalesce(copy_until < 'infinity', false) OR (NOT active AND copy_until IS NULL))
        """
    ):
        found[row["connection"]].add(row["night"].date())
    return found
