"""The score of short histories, counted by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from rentalsync_pipeline.core.nightset import NightSet, between
from rentalsync_pipeline.core.scoring import Answered, Score, score, truth

MORNING = datetime(2026, 11, 20, 8, tzinfo=UTC)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def nights(first: str, count: int) -> NightSet:
    start = date.fromisoformat(first)
    return between(start, start + timedelta(days=count))


ANNA, BEN = nights("2026-12-01", 3), nights("2026-12-10", 2)
BOTH = ANNA | BEN


def asked(*told: tuple[float, NightSet | None]) -> list[Answered]:
    """What a connection showed, so many hours after the morning."""
    moments = [(MORNING + hours(after), shown) for after, shown in told]
    return [Answered(moment, moment.date(), shown) for moment, shown in moments]


def scored(answers: Sequence[Answered], *published: NightSet) -> Score:
    return score(answers, published)


def test_who_publishes_the_truth_makes_no_mistake() -> None:
    history = asked((0, BOTH), (1, ANNA), (9, ANNA))
    assert scored(history, BOTH, ANNA, ANNA) == Score(0, 0, (hours(0), hours(0)))


def test_a_taken_night_published_as_free_counts_until_the_next_answer() -> None:
    history = asked((0, BOTH), (2, BOTH), (3, BOTH))
    assert scored(history, ANNA, BOTH, BOTH) == Score(2 * 2, 0, ())


def test_a_free_night_published_as_taken_counts_until_the_next_answer() -> None:
    history = asked((0, BOTH), (1, ANNA), (9, ANNA))
    assert scored(history, BOTH, BOTH, ANNA) == Score(0, 8 * 2, (hours(8), hours(8)))


def test_what_the_last_answer_brings_has_no_hours() -> None:
    assert scored(asked((0, 0), (5, BOTH)), 0, 0) == Score(0, 0, ())


def test_a_failed_answer_says_nothing() -> None:
    assert truth(asked((0, BOTH), (1, None), (2, ANNA))) == [BOTH, BOTH, ANNA]
    assert truth(asked((0, None), (1, ANNA))) == [0, ANNA]


def test_a_night_that_is_back_within_six_hours_was_taken_all_the_time() -> None:
    assert truth(asked((0, BOTH), (1, ANNA), (4, 0), (7, BOTH))) == [BOTH] * 4


def test_a_night_that_is_back_later_was_free() -> None:
    assert truth(asked((0, BOTH), (1, ANNA), (7.1, BOTH))) == [BOTH, ANNA, BOTH]


def test_the_gap_of_one_night_does_not_fill_that_of_another() -> None:
    history = asked((0, BOTH), (1, BEN), (8, ANNA), (9, BOTH))
    assert truth(history) == [BOTH, BEN, BOTH, BOTH]


def test_nights_beyond_the_window_and_before_today_do_not_count() -> None:
    yesterday, far = nights("2026-11-19", 1), nights("2027-05-19", 9)
    history = asked((0, yesterday | far), (10, 0), (20, 0))
    assert scored(history, 0, 0, 0) == Score(0, 0, ())
    near = nights("2027-05-18", 1)
    assert scored(asked((0, near), (10, near)), 0, near).false_free == 10


def test_a_night_that_is_sold_again_before_it_was_freed_was_not_late() -> None:
    history = asked((0, BOTH), (1, ANNA), (9, BOTH), (10, BOTH))
    assert scored(history, BOTH, BOTH, BOTH, BOTH).delays == ()


def test_a_night_that_passes_before_it_was_freed_was_not_late() -> None:
    tonight = nights("2026-11-20", 1)
    history = asked((0, tonight), (1, 0), (24, 0))
    assert scored(history, tonight, tonight, 0).delays == ()
