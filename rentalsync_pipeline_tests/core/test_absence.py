"""What becomes of a booking that a good answer does not hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rentalsync_pipeline.core.absence import AWAITED, CAUSES, OCCUPYING, Absent, Cause, Fate, State, fate
from rentalsync_pipeline.core.model import Kind
from rentalsync_pipeline.core.portfolio import AbsencePolicy

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
POLICY = AbsencePolicy(misses=2, wait=timedelta(minutes=30))
FIRST = NOW - timedelta(minutes=30)

AHEAD = (TODAY + timedelta(days=5), TODAY + timedelta(days=8))
RUNNING = (TODAY - timedelta(days=1), TODAY + timedelta(days=2))
ARRIVING = (TODAY, TODAY + timedelta(days=2))
ENDED = (TODAY - timedelta(days=3), TODAY)

COMPLETED = Fate(State.COMPLETED)
WITHDRAWN = Fate(State.RELEASED, cause=Cause.BLOCK_WITHDRAWN)
FIRST_MISS = Fate(State.MISSING, 1, NOW)


@pytest.mark.parametrize(
    ("kind", "nights", "expected"),
    [
        (Kind.RESERVATION, AHEAD, FIRST_MISS),
        (Kind.RESERVATION, ARRIVING, COMPLETED),
        (Kind.RESERVATION, RUNNING, COMPLETED),
        (Kind.RESERVATION, ENDED, COMPLETED),
        (Kind.TENTATIVE, AHEAD, FIRST_MISS),
        (Kind.TENTATIVE, RUNNING, COMPLETED),
        (Kind.BLOCK, AHEAD, WITHDRAWN),
        (Kind.BLOCK, RUNNING, WITHDRAWN),
        (Kind.BLOCK, ENDED, COMPLETED),
        (Kind.UNKNOWN, AHEAD, WITHDRAWN),
        (Kind.UNKNOWN, RUNNING, WITHDRAWN),
        (Kind.UNKNOWN, ENDED, COMPLETED),
        (Kind.HORIZON, AHEAD, WITHDRAWN),
        (Kind.HORIZON, ENDED, COMPLETED),
    ],
)
def test_a_first_absence(kind: Kind, nights: tuple[date, date], expected: Fate) -> None:
    assert fate(Absent(kind, *nights), POLICY, NOW, TODAY) == expected


@pytest.mark.parametrize("nights", [AHEAD, RUNNING])
def test_what_is_said_to_be_cancelled_is_believed_at_once(nights: tuple[date, date]) -> None:
    absent = Absent(Kind.RESERVATION, *nights, said_cancelled=True)
    assert fate(absent, POLICY, NOW, TODAY) == Fate(State.CANCELLED, cause=Cause.SAID_CANCELLED)


@pytest.mark.parametrize(
    ("misses_before", "since", "expected"),
    [
        (1, NOW - timedelta(minutes=10), State.MISSING),
        (1, NOW - timedelta(minutes=29, seconds=59), State.MISSING),
        (1, FIRST, State.CANCELLED),
        (5, NOW - timedelta(minutes=29), State.MISSING),
        (5, NOW - timedelta(days=1), State.CANCELLED),
    ],
)
def test_a_reservation_is_cancelled_by_enough_misses_far_enough_apart(
    misses_before: int, since: datetime, expected: State
) -> None:
    end = fate(Absent(Kind.RESERVATION, *AHEAD, misses_before, since), POLICY, NOW, TODAY)
    cause = Cause.CONFIRMED_ABSENT if expected is State.CANCELLED else None
    assert end == Fate(expected, misses_before + 1, since, cause)


def test_a_policy_of_one_miss_and_no_wait_cancels_at_once() -> None:
    policy = AbsencePolicy(misses=1, wait=timedelta())
    assert fate(Absent(Kind.RESERVATION, *AHEAD), policy, NOW, TODAY).state is State.CANCELLED


def test_a_policy_of_many_misses_waits_for_all_of_them() -> None:
    policy = AbsencePolicy(misses=4, wait=timedelta(minutes=30))
    absent = Absent(Kind.RESERVATION, *AHEAD, misses=2, missing_since=NOW - timedelta(days=1))
    assert fate(absent, policy, NOW, TODAY).state is State.MISSING
    assert fate(replace(absent, misses=3), policy, NOW, TODAY).state is State.CANCELLED


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("nights", [AHEAD, RUNNING, ENDED])
def test_an_event_that_could_not_be_read_is_there(kind: Kind, nights: tuple[date, date]) -> None:
    absent = Absent(kind, *nights, misses=1, missing_since=FIRST, unreadable=True)
    assert fate(absent, POLICY, NOW, TODAY) == Fate(State.PRESENT)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (Kind.BLOCK, Fate(State.PRESENT)),
        (Kind.UNKNOWN, Fate(State.PRESENT)),
        (Kind.HORIZON, WITHDRAWN),
        (Kind.RESERVATION, FIRST_MISS),
        (Kind.TENTATIVE, FIRST_MISS),
    ],
)
def test_what_the_tail_reaches_over_is_taken_as_before(kind: Kind, expected: Fate) -> None:
    assert fate(Absent(kind, *AHEAD, behind_tail=True), POLICY, NOW, TODAY) == expected


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("nights", [AHEAD, RUNNING, ENDED])
def test_another_address_proves_nothing(kind: Kind, nights: tuple[date, date]) -> None:
    absent = Absent(kind, *nights, misses=1, missing_since=FIRST, same_source=False)
    assert fate(absent, POLICY, NOW, TODAY) == Fate(State.ORPHANED)


def test_every_cause_is_explained() -> None:
    assert CAUSES.keys() == set(Cause)
    assert all(CAUSES.values())


absents = st.builds(
    lambda kind, first, nights, misses, since, *marks: Absent(
        kind, first, first + timedelta(days=nights), misses, since, *marks
    ),
    st.sampled_from(Kind),
    st.dates(TODAY - timedelta(days=40), TODAY + timedelta(days=400)),
    st.integers(1, 30),
    st.integers(0, 5),
    st.none() | st.datetimes(datetime(2026, 11, 1), datetime(2026, 11, 20), timezones=st.just(UTC)),  # noqa: DTZ001
    st.booleans(),
    st.booleans(),
    st.booleans(),
)


@given(absents)
def test_nights_are_let_go_with_a_cause_and_only_then(absent: Absent) -> None:
    end = fate(absent, POLICY, NOW, TODAY)
    assert (end.cause is None) == (end.state in OCCUPYING)


@given(absents)
def test_no_guest_who_has_arrived_is_cancelled(absent: Absent) -> None:
    if absent.kind in AWAITED and absent.check_in <= TODAY:
        assert fate(absent, POLICY, NOW, TODAY).state in OCCUPYING
