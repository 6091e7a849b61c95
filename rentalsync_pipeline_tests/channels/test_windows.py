"""Windows: together they hold every day ahead, none twice, and each has its turn."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rentalsync_pipeline.channels.windows import Tide, Window, due, windows

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
TIDE = Tide(near=timedelta(hours=1), all=timedelta(hours=24))


@given(st.dates(date(2020, 1, 1), date(2060, 1, 1)), st.sampled_from([1, 2, 3, 4, 6, 12]))
def test_every_day_of_three_years_lies_in_one_window(today: date, months: int) -> None:
    found = list(windows(today, months))

    assert today in found[0]
    assert all(one.last + timedelta(days=1) == other.first for one, other in pairwise(found))
    assert found[-1].last >= today + timedelta(days=2 * 365)
    assert len({window.name for window in found}) == len(found)


def test_a_window_keeps_its_name_as_time_passes() -> None:
    before = {window.name: window for window in windows(date(2026, 11, 20), 3)}
    after = {window.name: window for window in windows(date(2026, 12, 31), 3)}

    assert before["2026-10-01"] == Window(date(2026, 10, 1), date(2026, 12, 31))
    assert list(after)[: len(before)] == list(before)


@pytest.mark.parametrize(("hours", "asked"), [(0.5, 0), (1, 4), (23, 4), (24, 25)])
def test_near_windows_have_their_turn_before_far_ones(hours: float, asked: int) -> None:
    swept = {window.name: NOW for window in windows(NOW.date(), 1)}

    assert len(due(NOW.date(), 1, swept, NOW + timedelta(hours=hours), TIDE)) == asked


def test_what_was_never_asked_for_comes_first() -> None:
    swept = {"2026-11-01": NOW - timedelta(days=2), "2026-12-01": NOW}
    found = [window.name for window in due(NOW.date(), 1, swept, NOW, TIDE)]

    assert found[0] == "2027-01-01"
    assert found[-1] == "2026-11-01"
    assert "2026-12-01" not in found
