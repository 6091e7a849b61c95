"""Whether a record that appeared is the one that vanished."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rentalsync_pipeline.core.model import Kind
from rentalsync_pipeline.core.succession import Trace, successors


def trace(
    key: str,
    first: int,
    end: int,
    kind: Kind = Kind.UNKNOWN,
    code: str | None = None,
    name: str | None = None,
) -> Trace:
    """A record of nights in December 2026."""
    return Trace(key, kind, date(2026, 12, first), date(2026, 12, end), code, name)


def linked(old: Trace, new: Trace) -> bool:
    return successors([old], [new]) == {old.key: new.key}


def test_a_closure_that_was_clipped_at_midnight_is_the_same() -> None:
    assert linked(trace("a", 1, 9), trace("b", 2, 9))


def test_a_closure_that_shares_no_night_is_another() -> None:
    assert not linked(trace("a", 1, 5), trace("b", 5, 9))


def test_a_reservation_without_a_name_is_known_by_nothing() -> None:
    assert not linked(trace("a", 1, 5, Kind.RESERVATION), trace("b", 1, 5, Kind.RESERVATION))


@pytest.mark.parametrize(
    ("first", "end", "name", "same"),
    [
        (1, 7, "Anna", True),
        (3, 5, "Anna", True),
        (2, 6, "Anna", False),
        (1, 7, "Bea", False),
    ],
)
def test_a_named_reservation_is_known_by_its_guest_and_one_end(
    first: int, end: int, name: str, same: bool
) -> None:
    old = trace("a", 1, 5, Kind.RESERVATION, name="Anna")
    assert linked(old, trace("b", first, end, Kind.RESERVATION, name=name)) is same


@pytest.mark.parametrize(
    ("old", "new", "same"), [("X", "X", True), ("X", "Y", False), ("X", None, False), (None, "X", False)]
)
def test_a_code_outweighs_everything(old: str | None, new: str | None, same: bool) -> None:
    before = trace("a", 1, 5, Kind.RESERVATION, old, "Anna")
    assert linked(before, trace("b", 1, 5, Kind.RESERVATION, new, "Anna")) is same


@pytest.mark.parametrize("kind", [Kind.RESERVATION, Kind.TENTATIVE])
def test_a_guest_never_becomes_a_closure(kind: Kind) -> None:
    assert not linked(trace("a", 1, 5, kind, name="Anna"), trace("b", 1, 5, name="Anna"))
    assert not linked(trace("a", 1, 5, name="Anna"), trace("b", 1, 5, kind, name="Anna"))


def test_a_request_becomes_a_reservation() -> None:
    old = trace("a", 1, 5, Kind.TENTATIVE, name="Anna")
    assert linked(old, trace("b", 1, 5, Kind.RESERVATION, name="Anna"))


def test_of_two_candidates_the_one_with_more_shared_nights_is_taken() -> None:
    assert successors([trace("a", 1, 10)], [trace("b", 1, 4), trace("c", 4, 10)]) == {"a": "c"}


def test_a_successor_is_nobody_else_s() -> None:
    old = [trace("a", 1, 10), trace("b", 10, 12)]
    assert successors(old, [trace("c", 1, 12)]) == {"a": "c"}


kinds = st.sampled_from(Kind)
traces = st.builds(
    lambda key, first, nights, kind, code, name: Trace(
        key,
        kind,
        date(2026, 12, 1) + timedelta(days=first),
        date(2026, 12, 1) + timedelta(days=first + nights),
        code,
        name,
    ),
    st.text("abcdef", min_size=1, max_size=3),
    st.integers(0, 20),
    st.integers(1, 8),
    kinds,
    st.sampled_from([None, None, "X", "Y"]),
    st.sampled_from([None, "Anna", "Bea"]),
)
some = st.lists(traces, max_size=6, unique_by=lambda each: each.key)


@given(some, some, st.randoms())
def test_the_order_given_does_not_matter(old: list[Trace], new: list[Trace], random: Random) -> None:
    expected = successors(old, new)
    random.shuffle(old)
    random.shuffle(new)
    assert successors(old, new) == expected


@given(some, some)
def test_each_record_is_used_once_and_shares_nights(old: list[Trace], new: list[Trace]) -> None:
    links = successors(old, new)
    assert len(set(links.values())) == len(links)
    before, after = {each.key: each for each in old}, {each.key: each for each in new}
    for vanished, appeared in links.items():
        assert before[vanished].check_in < after[appeared].check_out
        assert after[appeared].check_in < before[vanished].check_out
