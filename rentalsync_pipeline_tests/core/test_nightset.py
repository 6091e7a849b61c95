"""Sets of nights hold what they were made of."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from rentalsync_pipeline.core.nightset import between, ranges, singly

FIRST = date(2026, 11, 20)

stretches = st.lists(st.tuples(st.integers(0, 400), st.integers(1, 30)), max_size=8)


@given(stretches)
def test_ranges_are_the_stretches_of_nights(stretches: list[tuple[int, int]]) -> None:
    nights = {FIRST + timedelta(days=start + n) for start, count in stretches for n in range(count)}
    held = 0
    for start, count in stretches:
        held |= between(FIRST + timedelta(days=start), FIRST + timedelta(days=start + count))
    found = list(ranges(held))
    assert nights == {first + timedelta(days=n) for first, end in found for n in range((end - first).days)}
    assert all(end < first for (_, end), (first, _) in pairwise(found))
    assert sum(1 for _ in singly(held)) == held.bit_count() == len(nights)


def test_no_night_lies_between_a_day_and_an_earlier_one() -> None:
    assert between(FIRST, FIRST) == between(FIRST, FIRST - timedelta(days=3)) == 0


def test_single_nights_come_in_order() -> None:
    three = between(FIRST, FIRST + timedelta(days=3))
    assert list(singly(three)) == [
        between(FIRST + timedelta(days=n), FIRST + timedelta(days=n + 1)) for n in range(3)
    ]
