"""Which complete answers are doubted, and what ends a doubt."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rentalsync_pipeline.core.plausibility import (
    DOUBTS,
    Comparison,
    Decision,
    Doubt,
    Ending,
    Quarantine,
    doubts,
    rule,
)
from rentalsync_pipeline.core.verdict import Verdict

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
DAY = timedelta(hours=24)
WELL = Comparison(events=12, known=12, future=10, made=NOW, made_before=NOW - timedelta(hours=1))


def losing(count: int, of: int) -> Comparison:
    return replace(WELL, future=of, lost=frozenset(f"booking {n}" for n in range(count)))


def spread(losing: int, of: int) -> Comparison:
    """The answer of an account as a whole, which lost a booking of so many of its listings."""
    lost = frozenset(f"booking {n}" for n in range(losing))
    return replace(WELL, future=10 * of, lost=lost, listings=of, listings_losing=losing)


def held(beside: Comparison, ago: timedelta, decision: Decision | None = None) -> Comparison:
    """The same, with a quarantine of just these losses that began so long ago."""
    return replace(beside, quarantine=Quarantine(NOW - ago, beside.lost, decision))


@pytest.mark.parametrize(
    ("beside", "expected"),
    [
        (WELL, ()),
        (replace(WELL, events=0), (Doubt.EMPTY,)),
        (replace(WELL, events=0, known=0), ()),
        (replace(WELL, tail_before=True), (Doubt.TAIL_GONE,)),
        (replace(WELL, tail_before=True, tail_now=True), ()),
        (replace(WELL, tail_now=True), ()),
        (losing(1, of=1), ()),
        (losing(2, of=7), ()),
        (losing(2, of=6), (Doubt.MASS_LOSS,)),
        (losing(2, of=2), (Doubt.MASS_LOSS,)),
        (losing(3, of=100), (Doubt.MASS_LOSS,)),
        (spread(2, of=2), ()),
        (spread(3, of=60), (Doubt.WIDESPREAD_LOSS,)),
        (spread(3, of=61), ()),
        (spread(19, of=400), ()),
        (spread(20, of=5000), (Doubt.WIDESPREAD_LOSS,)),
        (held(spread(2, of=60), timedelta(hours=1)), (Doubt.WIDESPREAD_LOSS,)),
        (replace(WELL, made=NOW - timedelta(hours=2)), (Doubt.OLDER,)),
        (replace(WELL, made=NOW - timedelta(hours=1)), ()),
        (replace(WELL, made=None), ()),
        (replace(WELL, made_before=None), ()),
        (held(losing(2, of=100), timedelta(hours=1)), (Doubt.MASS_LOSS,)),
        (held(losing(1, of=100), timedelta(hours=1)), ()),
    ],
)
def test_what_is_doubted(beside: Comparison, expected: tuple[Doubt, ...]) -> None:
    assert doubts(beside) == expected


def test_an_answer_without_a_doubt_is_accepted_and_ends_what_stood() -> None:
    assert rule(WELL, NOW, DAY).verdict is Verdict.ACCEPTED
    assert rule(WELL, NOW, DAY).ending is None
    ruling = rule(replace(WELL, quarantine=Quarantine(NOW, frozenset({"a", "b"}))), NOW, DAY)
    assert (ruling.verdict, ruling.ending, ruling.quarantine) == (Verdict.ACCEPTED, Ending.RESTORED, None)


def test_a_doubtful_answer_begins_a_quarantine() -> None:
    beside = losing(3, of=5)
    ruling = rule(beside, NOW, DAY)
    assert (ruling.verdict, ruling.quarantine) == (Verdict.QUARANTINED, Quarantine(NOW, beside.lost))
    assert ruling.confirmed == frozenset()


def test_the_same_loss_is_believed_when_the_time_is_over() -> None:
    beside = losing(3, of=5)
    early = rule(held(beside, DAY - timedelta(seconds=1)), NOW, DAY)
    assert (early.verdict, early.ending) == (Verdict.QUARANTINED, None)
    ruling = rule(held(beside, DAY), NOW, DAY)
    assert (ruling.verdict, ruling.ending, ruling.quarantine) == (Verdict.ACCEPTED, Ending.CONFIRMED, None)
    assert ruling.confirmed == beside.lost


def test_losing_more_begins_anew() -> None:
    stood = Quarantine(NOW - 2 * DAY, losing(3, of=5).lost)
    ruling = rule(replace(losing(4, of=5), quarantine=stood), NOW, DAY)
    assert ruling.quarantine == Quarantine(NOW, losing(4, of=5).lost)


def test_losing_fewer_goes_on() -> None:
    stood = Quarantine(NOW - DAY / 2, losing(4, of=5).lost)
    ruling = rule(replace(losing(2, of=3), quarantine=stood), NOW, DAY)
    assert ruling.quarantine == Quarantine(stood.since, losing(2, of=3).lost)


def test_what_a_person_released_is_believed_and_no_more_than_that() -> None:
    beside = held(losing(3, of=5), timedelta(), Decision.RELEASE)
    ruling = rule(beside, NOW, DAY)
    assert (ruling.verdict, ruling.ending, ruling.confirmed) == (
        Verdict.ACCEPTED,
        Ending.RELEASED,
        beside.lost,
    )
    more = replace(losing(4, of=5), quarantine=beside.quarantine)
    assert rule(more, NOW, DAY).quarantine == Quarantine(NOW, more.lost)


def test_what_a_person_rejected_is_never_believed() -> None:
    beside = held(losing(3, of=5), 30 * DAY, Decision.REJECT)
    assert rule(beside, NOW, DAY).verdict is Verdict.QUARANTINED
    more = rule(replace(losing(4, of=5), quarantine=beside.quarantine), NOW, DAY)
    assert more.quarantine
    assert more.quarantine.decision is Decision.REJECT
    assert rule(replace(WELL, quarantine=beside.quarantine), NOW, DAY).ending is Ending.RESTORED


def test_every_doubt_is_explained() -> None:
    assert DOUBTS.keys() == set(Doubt)
    assert all(DOUBTS.values())


keys = st.frozensets(st.sampled_from("abcdef"))
comparisons = st.builds(
    Comparison,
    events=st.integers(0, 5),
    known=st.integers(0, 5),
    future=st.integers(0, 9),
    lost=keys,
    tail_before=st.booleans(),
    tail_now=st.booleans(),
    quarantine=st.none()
    | st.builds(
        Quarantine,
        st.integers(0, 48).map(lambda hours: NOW - timedelta(hours=hours)),
        keys,
        st.none() | st.sampled_from(Decision),
    ),
)


@given(comparisons)
def test_a_doubtful_answer_is_only_believed_after_the_time_or_a_person(beside: Comparison) -> None:
    ruling = rule(beside, NOW, DAY)
    stood = beside.quarantine
    if ruling.verdict is Verdict.ACCEPTED and doubts(beside):
        assert stood
        assert beside.lost <= stood.lost
        assert stood.decision is Decision.RELEASE or (stood.decision is None and stood.since <= NOW - DAY)
    assert (ruling.quarantine is None) == (ruling.verdict is Verdict.ACCEPTED)
    assert (ruling.ending is not None) == (ruling.verdict is Verdict.ACCEPTED and stood is not None)
